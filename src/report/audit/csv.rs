//! `audit` as a table for spreadsheets: a line for each commit and step.
//!
//! The form is that of RFC 4180: commas, CRLF, quotes where they are needed, a line of titles. What came from the repository is escaped
//! as for a terminal. A spreadsheet takes a text that begins with `=`, `+`, `-` or `@` for a formula, so such a text gets a `'` in
//! front, which spreadsheets do not show.

use std::borrow::Cow;
use std::io::{self, Write};

use super::{AuditAnswer, names};
use crate::audit::{Breach, Cell, Column, Commit, Held, Holding, Record};
use crate::calendar::timestamp;
use crate::plan::Verdict;
use crate::text::escape;

const TITLES: [&str; 15] = [
    "commit",
    "date",
    "author",
    "subject",
    "changed_files",
    "pipeline",
    "workflow",
    "matrix",
    "step",
    "verdict",
    "cost_seconds",
    "reason",
    "forge",
    "by_changes",
    "breaks",
];

/// Writes `answer`: a line for each step of each commit; one without a step for a commit that has none.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_audit_csv(out: &mut dyn Write, answer: &AuditAnswer<'_>) -> io::Result<()> {
    let AuditAnswer { head, record, tally } = *answer;
    line(out, &TITLES.map(Cow::Borrowed))?;
    for commit in &record.commits {
        let shape = &record.shapes[commit.shape];
        let why = names::pipeline(commit, record).unwrap_or_default();
        let of_commit: [Cow<'_, str>; 6] = [
            commit.hex().into(),
            timestamp(commit.date).into(),
            text(&record.authors[commit.author]).into(),
            text(&commit.subject).into(),
            commit.changed.to_string().into(),
            shape.pipeline.name().into(),
        ];
        let mut any = false;
        for cell in &shape.cells {
            let column = &record.columns[cell.column];
            let Some(step) = &column.step else { continue };
            any = true;
            let cost = tally.steps[cell.column as usize].cost.filter(|_| cell.verdict == Verdict::Run);
            let by_changes = by_changes(commit, cell.column, record);
            let of_step: [Cow<'_, str>; 9] = [
                text(&column.workflow).into(),
                matrix(column).into(),
                text(&step.name).into(),
                cell.verdict.name().into(),
                cost.map(|cost| cost.as_secs().to_string()).unwrap_or_default().into(),
                reason(cell, commit, record).into(),
                head.forge.as_str().into(),
                by_changes.map(Verdict::name).unwrap_or_default().into(),
                breaks(commit, Some(cell.column), answer).into(),
            ];
            line(out, &[&of_commit[..], &of_step[..]].concat())?;
        }
        if !any {
            let nothing = [""; 5].map(Cow::Borrowed);
            let breaks = breaks(commit, None, answer);
            let of_all: [Cow<'_, str>; 4] = [why.into(), head.forge.as_str().into(), "".into(), breaks.into()];
            line(out, &[&of_commit[..], &nothing[..], &of_all[..]].concat())?;
        }
    }
    Ok(())
}

/// The verdict of a step by all that changed, if the forge does not list just that.
fn by_changes(commit: &Commit, column: u32, record: &Record) -> Option<Verdict> {
    let (shape, _) = commit.by_git.as_ref()?;
    let cells = &record.shapes[*shape].cells;
    cells.iter().find(|cell| cell.column == column).map(|cell| cell.verdict)
}

/// The policies that a step of `commit` breaks, or the whole pipeline, with the file that is not listed.
fn breaks(commit: &Commit, column: Option<u32>, answer: &AuditAnswer<'_>) -> String {
    let by = |breach: &Breach| breach.column.is_none() || breach.column == column;
    let broken = |held: &&Held| held.holding == Holding::Broken && held.breaches.iter().any(by);
    let told = |held: &Held| {
        let name = answer.head.policies.get(held.policy as usize).map(String::as_str).unwrap_or_default();
        let unlisted = names::unlisted(held, answer.record).map(|told| format!(" ({told})"));
        format!("{}{}", escape(name), unlisted.unwrap_or_default())
    };
    harmless(commit.held.iter().filter(broken).map(told).collect::<Vec<_>>().join("; "))
}

fn line(out: &mut dyn Write, fields: &[Cow<'_, str>]) -> io::Result<()> {
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            out.write_all(b",")?;
        }
        if field.contains([',', '"', '\r', '\n']) {
            write!(out, "\"{}\"", field.replace('"', "\"\""))?;
        } else {
            out.write_all(field.as_bytes())?;
        }
    }
    out.write_all(b"\r\n")
}

/// A text from the repository, harmless in a terminal and in a spreadsheet.
fn text(text: &str) -> String {
    harmless(escape(text).to_string())
}

fn harmless(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text }
}

fn matrix(column: &Column) -> String {
    let pairs = column.axis.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value)));
    harmless(pairs.collect::<Vec<_>>().join(" "))
}

fn reason(cell: &Cell, commit: &Commit, record: &Record) -> String {
    let phrase = |ground: &crate::audit::Ground| {
        let cause = &record.causes[ground.cause];
        let file = ground.mention.and_then(|at| commit.mentions.get(at as usize)).map(|&path| &record.paths[path].0);
        match (&cause.after, file) {
            (Some(after), Some(file)) => format!("{}{}{after}", cause.before, escape(file)),
            _ => cause.before.clone(),
        }
    };
    harmless(record.grounds[cell.ground].iter().map(phrase).collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_and_no_formula() {
        let mut out = Vec::new();
        let fields =
            ["a", "b,c", "say \"x\"", "=1+1", "+1", "-1", "@x", "\x1b[2J\n", "'"].map(|it| Cow::Owned(text(it)));
        line(&mut out, &fields).expect("memory takes all");
        let expected = "a,\"b,c\",\"say \"\"x\"\"\",'=1+1,'+1,'-1,'@x,\\x1b[2J\\n,'\r\n";
        assert_eq!(String::from_utf8(out).expect("it is text"), expected);
    }
}
