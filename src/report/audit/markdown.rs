//! `audit` for the summary of a job or a comment: the table, the policies, the difference that other gates would make.

use std::io::{self, Write};

use super::figures::{count, duration, percent};
use super::human::{balance, breaking, groups, lists_said, said};
use super::{AuditAnswer, names};
use crate::audit::Commit;
use crate::calendar::day;
use crate::report::markdown::{code, phrase};
use crate::report::plural;
use crate::text::escape;

/// How many commits are named of each kind before the rest is counted: hosts refuse long comments.
const COMMITS_SHOWN: usize = 20;

/// Writes `answer` as Markdown, as GitHub and its likes read it, with whatever came from a repository escaped.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_audit_markdown(out: &mut dyn Write, answer: &AuditAnswer<'_>) -> io::Result<()> {
    let AuditAnswer { head, record, tally } = *answer;
    let on =
        head.branch.as_ref().map(|branch| format!(" on {}", code(&escape(branch).to_string()))).unwrap_or_default();
    let what = plural(record.commits.len(), if head.pull_requests { "pull request" } else { "commit" });
    let event = code(&escape(&head.event).to_string());
    writeln!(
        out,
        "**wp-gate** {what} as {event}{on}, Woodpecker {}, files as {} lists them",
        head.woodpecker, head.forge
    )?;
    let priced = tally.is_priced();
    if !record.columns.is_empty() {
        let (titles, rules) = if priced { (" cost | saved |", " ---: | ---: |") } else { ("", "") };
        writeln!(
            out,
            "\n| workflow | step | runs | share | skips |{titles}\n| --- | --- | ---: | ---: | ---: |{rules}"
        )?;
    }
    for number in groups(answer).into_iter().flatten() {
        let (column, step) = (&record.columns[number], &tally.steps[number as usize]);
        let name = if column.step.is_some() { code(&names::step(column)) } else { String::new() };
        let share = step.share().map(percent).unwrap_or_default();
        let (runs, skips) = (count(step.runs), count(step.skips));
        write!(out, "| {} | {name} | {runs} | {share} | {skips} |", code(&names::workflow(column)))?;
        if priced {
            let [spent, saved] = [step.spent(), step.saved()].map(|cost| cost.map(duration).unwrap_or_default());
            write!(out, " {spent} | {saved} |")?;
        }
        writeln!(out)?;
    }
    if priced {
        writeln!(out, "\n{} spent, {} saved", duration(tally.spent()), duration(tally.saved()))?;
    }
    for (at, tally) in tally.policies.iter().enumerate() {
        let name = head.policies.get(at).map(String::as_str).unwrap_or_default();
        let mark = if tally.broken > 0 { "❌" } else { "✅" };
        writeln!(out, "\n{mark} {}: {}", code(&escape(name).to_string()), said(tally))?;
        let told = |held| names::unlisted(held, record).map(|told| phrase(&told));
        commits(out, breaking(answer, at, tally).into_iter().map(|(commit, held)| (commit, told(held))))?;
    }
    if let Some(said) = lists_said(answer) {
        writeln!(out, "\n{said}")?;
        commits(out, tally.lists.commits().into_iter().map(|at| (&record.commits[at], None)))?;
    }
    if let Some(what_if) = &tally.what_if {
        let mut differing: Vec<usize> = what_if.differences.iter().map(|difference| difference.commit).collect();
        differing.dedup();
        let gates = code(&names::gates(head));
        let price = if priced { format!(": {}", balance(what_if)) } else { String::new() };
        let (some, all) = (count(differing.len() as u64), plural(record.commits.len(), "commit"));
        writeln!(out, "\nwith the workflows of {gates}, {some} of {all} differ{price}")?;
        commits(out, differing.into_iter().map(|at| (&record.commits[at], None)))?;
    }
    let notes: Vec<String> = head.notes.iter().map(|note| format!("- note: {}", phrase(note))).collect();
    if !notes.is_empty() {
        writeln!(out, "\n{}", notes.join("\n"))?;
    }
    Ok(())
}

/// A line for each of `commits`, with what is to be said of it.
fn commits<'c>(
    out: &mut dyn Write,
    commits: impl ExactSizeIterator<Item = (&'c Commit, Option<String>)>,
) -> io::Result<()> {
    let more = commits.len().saturating_sub(COMMITS_SHOWN);
    for (commit, told) in commits.take(COMMITS_SHOWN) {
        let hex = commit.hex();
        let id = code(hex.get(..10).unwrap_or(&hex));
        let told = told.map(|told| format!(": {told}")).unwrap_or_default();
        writeln!(out, "- {id} {} {}{told}", day(commit.date), code(&escape(&commit.subject).to_string()))?;
    }
    if more > 0 {
        writeln!(out, "- and {more} more")?;
    }
    Ok(())
}
