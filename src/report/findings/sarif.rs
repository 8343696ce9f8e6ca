//! Findings as SARIF 2.1.0 (OASIS Standard, 27 March 2020), which code hosts and editors read.
//!
//! Columns count Unicode code points from 1, bytes from 0; the paths of files are relative to the repository's root. What was found comes with
//! the rules that found it; a file that could not be read is a notification of the run.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::Findings;
use crate::catalogue;
use crate::diag::{Fingerprint, Fix, Label, Problem};
use crate::report::json::write_json;
use crate::rule::Rule;
use crate::source::{Source, Span};

/// Writes `findings` as one SARIF log with one run, indented, with a line break at the end.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_findings_sarif(out: &mut dyn Write, findings: &Findings<'_>) -> io::Result<()> {
    let mut rules: Vec<&str> = findings.problems.iter().map(|problem| problem.code).collect();
    rules.sort_unstable();
    rules.dedup();
    let mut seen = HashMap::new();
    let results = findings.problems.iter().map(|problem| {
        let fingerprint = Fingerprint::of(problem, findings.files);
        let nth = seen.entry(fingerprint.clone()).or_insert(0_usize);
        *nth += 1;
        result(problem, &rules, fingerprint.digest(*nth - 1), findings)
    });
    let notifications = findings.unread.iter().map(|unread| {
        json!({
            "level": "error",
            "message": {"text": message(&unread.message)},
            "locations": [{"physicalLocation": {"artifactLocation": artifact(&unread.file)}}],
        })
    });
    let notes = findings.notes.iter().map(|note| json!({"level": "note", "message": {"text": message(note)}}));
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "wp-gate",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|id| descriptor(id)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": findings.unread.is_empty(),
                "toolExecutionNotifications": notifications.chain(notes).collect::<Vec<_>>(),
            }],
            "artifacts": findings
                .files
                .iter()
                .map(|(_, source)| json!({"location": artifact(source.name()), "length": source.text().len()}))
                .collect::<Vec<_>>(),
            "results": results.collect::<Vec<_>>(),
        }],
    });
    write_json(out, &log)
}

/// What a reader is told of the rule `id`. Problems that no rule finds have their name only.
fn descriptor(id: &str) -> Value {
    let Some(rule) = catalogue::rule(id) else { return json!({"id": id}) };
    let Rule { id, group, level, since, summary, page, .. } = *rule;
    let (enabled, level) = level.severity().map_or((false, "note"), |severity| (true, severity.name()));
    json!({
        "id": id,
        "shortDescription": {"text": message(summary)},
        "help": {"text": message(page), "markdown": page},
        "defaultConfiguration": {"enabled": enabled, "level": level},
        "properties": {"group": group.name(), "since": since, "tags": [group.name()]},
    })
}

fn result(problem: &Problem, rules: &[&str], fingerprint: u64, findings: &Findings<'_>) -> Value {
    let text = match &problem.help {
        Some(help) => format!("{}\nhelp: {help}", problem.message),
        None => problem.message.clone(),
    };
    let mut result = Map::new();
    result.insert("ruleId".to_owned(), json!(problem.code));
    result.insert("ruleIndex".to_owned(), json!(rules.binary_search(&problem.code).ok()));
    result.insert("level".to_owned(), json!(problem.severity.name()));
    result.insert("message".to_owned(), json!({"text": message(&text)}));
    if let Some((primary, related)) = problem.labels.split_first() {
        result.insert("locations".to_owned(), json!([location(primary, findings)]));
        let related = related.iter().enumerate().map(|(at, label)| {
            let mut location = location(label, findings);
            location["id"] = json!(at + 1);
            location
        });
        let related: Vec<Value> = related.collect();
        if !related.is_empty() {
            result.insert("relatedLocations".to_owned(), json!(related));
        }
    }
    let fixes: Vec<Value> = problem.fixes.iter().map(|it| fix(it, findings)).collect();
    if !fixes.is_empty() {
        result.insert("fixes".to_owned(), json!(fixes));
    }
    result.insert("partialFingerprints".to_owned(), json!({"wpGate/v1": format!("{fingerprint:016x}")}));
    Value::Object(result)
}

fn location(label: &Label, findings: &Findings<'_>) -> Value {
    let source = &findings.files[label.file];
    let mut location = json!({"physicalLocation": {
        "artifactLocation": artifact(source.name()),
        "region": region(source, label.span),
    }});
    if !label.text.is_empty() {
        location["message"] = json!({"text": message(&label.text)});
    }
    location
}

fn region(source: &Source, span: Span) -> Value {
    let (start, end) = (source.position(span.start), source.position(span.end));
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "byteOffset": span.start,
        "byteLength": span.len(),
    })
}

/// A fix, file by file: its edits are in the order of the files.
fn fix(fix: &Fix, findings: &Findings<'_>) -> Value {
    let changes = fix.edits.chunk_by(|one, next| one.file == next.file).map(|edits| {
        let source = &findings.files[edits[0].file];
        let replacements = edits
            .iter()
            .map(|edit| json!({"deletedRegion": region(source, edit.span), "insertedContent": {"text": edit.text}}));
        json!({"artifactLocation": artifact(source.name()), "replacements": replacements.collect::<Vec<_>>()})
    });
    json!({"description": {"text": message(&fix.title)}, "artifactChanges": changes.collect::<Vec<_>>()})
}

/// Where a file is: its path, percent-encoded, from the root of the sources unless it is absolute.
fn artifact(path: &str) -> Value {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            write!(uri, "%{byte:02X}").expect("internal: a string takes all that is written");
        }
    }
    if path.starts_with('/') {
        // A path that begins with two slashes would name a host.
        return json!({"uri": format!("file:///{}", uri.trim_start_matches('/'))});
    }
    json!({"uri": uri, "uriBaseId": "%SRCROOT%"})
}

/// `text` as a message, in which `[text](target)` would be a link.
fn message(text: &str) -> String {
    if text.contains("](") { text.replace('[', "\\[").replace(']', "\\]") } else { text.to_owned() }
}
