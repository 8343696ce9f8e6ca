//! What the server's schema says about a workflow file: the warnings of Woodpecker's linter that come from its JSON schema.
//!
//! The schema is data of our own: a small tree of [`Rule`]s ([`WORKFLOW`] is the root), which [`check`] evaluates and [`json`] publishes
//! for editors. The files, in the order in which a text passes them:
//!
//! - `value`, `key`: a [`Document`] as JSON, as the server converts it;
//! - [`rule`], `tables`: what a rule is, and the rules of a workflow file;
//! - `walk`: a value against a rule, and which of several rules it was meant for;
//! - `hint`, `uri`: what to say about an unknown key; absolute URIs;
//! - [`finding`]: what was found, in words;
//! - `render`: the rules as JSON Schema.
//!
//! **Where the behaviour comes from.** The tables say what `pipeline/frontend/yaml/linter/schema/schema.json` says at v2.8.3, at each release from
//! v3.0.0 to v3.17.0, and on the main branch of 2026-08-22; keys and rules that not all of them have say which do ([`rule::Key::listed`],
//! [`Rule::Since`]). The evaluator reproduces xeipuuv/gojsonschema v1.2.0 and the filter in `schema.go` beside it. The server has that filter since
//! 3.15; before, it reports one fault several times. It is used for those releases too: whether a document has findings is the same with it and
//! without, and each that is left is one of the server's, at the server's path.
//!
//! **What is checked** is the first document of the text as it is in the repository, before `${…}` is substituted, with aliases and merges
//! resolved. The server checks only workflows whose own `when` matches, and its list stops at the first workflow with an error; both are up to the caller.

pub mod finding;
mod hint;
mod key;
mod render;
pub mod rule;
mod tables;
#[cfg(test)]
mod tests;
mod uri;
mod value;
mod walk;

pub use finding::{Finding, Kind};
pub use render::json;
pub use rule::{Kinds, Rule};
pub use tables::WORKFLOW;

use crate::server::Version;
use crate::source::Span;
use crate::yaml::{Dialect, Document};
use value::Value;
use walk::{Found, Limits};

/// The most findings of one document. The server has no bound.
pub const MAX_FINDINGS: usize = 1000;

/// The most bytes that the paths and unknown keys of one document's findings take together.
const MAX_BYTES: usize = 1 << 20;

/// Checks a document, which was parsed as `server` does, against the schema of `server`.
///
/// One [`Finding`] for each warning of the server (before 3.15: for each that its later filter keeps), in the order of the document as far as the rules follow it (the server's own order changes
/// from run to run), but at most [`MAX_FINDINGS`]; where there are more, a last one says so ([`Kind::TooMany`]).
///
/// Empty, too, when the server cannot decode the document, or convert it to JSON: duplicate keys, a cycle of aliases, `.nan`. Time is linear in the
/// size of the document with its aliases expanded, which the yaml room bounds.
pub fn check(document: &Document<'_>, server: Version) -> Vec<Finding> {
    let Some(value) = Value::of(document, Dialect::from(server)) else { return Vec::new() };
    let limits = Limits { findings: MAX_FINDINGS, bytes: MAX_BYTES };
    let (found, more) = walk::walk(&value, &WORKFLOW, server, limits);
    let mut findings = filter(found);
    if more {
        let span = findings.last().map_or(Span::at(0), |last| last.span);
        findings.push(Finding { field: "(root)".to_owned(), span, kind: Kind::TooMany, primary: true });
    }
    findings
}

/// Drops what the server's filter drops: that none of several rules fits, where something more specific is said about the same value or one
/// inside of it. Marks what only repeats something more specific and is not dropped.
fn filter(found: Vec<Found>) -> Vec<Finding> {
    let mut specific: Vec<&str> =
        found.iter().filter(|found| !is_composition(&found.kind)).map(|found| &*found.field).collect();
    specific.sort_unstable();
    let mut telling: Vec<&str> =
        found.iter().filter(|found| !found.kind.is_structural()).map(|found| &*found.field).collect();
    telling.sort_unstable();
    let keep: Vec<(bool, bool)> = found
        .iter()
        .map(|Found { field, kind, .. }| {
            let keep = !is_composition(kind) || !is_covered(field, &specific);
            (keep, !kind.is_structural() || !is_covered(field, &telling))
        })
        .collect();
    found
        .into_iter()
        .zip(keep)
        .filter(|(_, (keep, _))| *keep)
        .map(|(Found { field, span, kind }, (_, primary))| Finding { field, span, kind, primary })
        .collect()
}

fn is_composition(kind: &Kind) -> bool {
    matches!(kind, Kind::Alternatives { .. })
}

/// Whether one of the sorted `fields` is `field` or lies inside of it. Like the server, this looks at the paths as text.
fn is_covered(field: &str, fields: &[&str]) -> bool {
    if field == "(root)" {
        return !fields.is_empty();
    }
    if fields.binary_search(&field).is_ok() {
        return true;
    }
    let prefix = format!("{field}.");
    let at = fields.partition_point(|other| **other < *prefix);
    fields.get(at).is_some_and(|other| other.starts_with(&prefix))
}
