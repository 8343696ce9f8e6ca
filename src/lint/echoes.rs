//! What the server's schema only repeats, in vaguer words than a rule that has spoken.

use std::collections::HashSet;

use super::context::Context;
use super::rule::Echo;
use super::rules::RULES;
use crate::admission::Finding;
use crate::diag::Problem;
use crate::source::Span;
use crate::workflow::File;
use crate::yaml::{Data, Document};

/// What rules have told of one file that the schema may say, too.
pub(super) struct Echoes<'f> {
    /// The bytes of flaws.
    told: HashSet<Span>,
    /// Keys that are missing, and where that was told.
    missing: Vec<(&'static str, Span)>,
    document: Option<&'f Document<'f>>,
}

impl<'f> Echoes<'f> {
    /// What `problems`, which are about `file`, have told.
    pub(super) fn of(problems: &[Problem], context: &Context<'_>, file: &'f File<'_>) -> Self {
        let mut echoes = Self { told: HashSet::new(), missing: Vec::new(), document: file.document() };
        for problem in problems {
            let rule = RULES.iter().find(|rule| rule.id == problem.code && rule.is_on(context.levels));
            match (rule.and_then(|rule| rule.echo), problem.labels.first()) {
                (Some(Echo::SameBytes), Some(label)) => drop(echoes.told.insert(label.span)),
                (Some(Echo::Missing(key)), Some(label)) => echoes.missing.push((key, label.span)),
                _ => {}
            }
        }
        echoes
    }

    /// Whether `finding`, which is the schema's, says nothing new.
    pub(super) fn hold(&self, finding: &Finding) -> bool {
        let Some(span) = finding.place.as_ref().map(|place| place.span) else { return false };
        if finding.absent.is_empty() {
            // Some rules point at a value with its quotes, some at what is in them.
            return [span, Span::new(span.start + 1, span.end.saturating_sub(1))]
                .iter()
                .any(|it| self.told.contains(it));
        }
        let lacking = self.lacking(span);
        let is_it = |&(key, told): &(&str, Span)| {
            finding.absent.contains(&key) && (told == span || lacking.start <= told.start && told.end <= lacking.end)
        };
        self.missing.iter().any(is_it)
    }

    /// The map whose first key is at `span`, the outermost one with all that is around it; else `span`, which is the key of the map.
    fn lacking(&self, span: Span) -> Span {
        let Some(document) = self.document else { return span };
        let starts = |pairs: &[(_, _)]| pairs.first().is_some_and(|&(key, _)| document.node(key).span == span);
        let found =
            document.nodes().find(|(_, node)| matches!(&node.data, Data::Mapping { pairs, .. } if starts(pairs)));
        match found {
            // What the whole file lacks has no place of its own: it is told at its start.
            Some((id, node)) if Some(id) == document.root() => Span::new(0, node.span.end),
            Some((_, node)) => node.span,
            None => span,
        }
    }
}
