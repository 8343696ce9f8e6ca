//! `audit` for people at a terminal.

use std::io::{self, Write};
use std::time::Duration;

use super::figures::{count, duration, percent};
use super::{AuditAnswer, facts, names};
use indexmap::IndexMap;

use crate::audit::{Breach, Commit, Difference, Held, Holding, PolicyTally, StepTally, WhatIf};
use crate::calendar::day;
use crate::plan::{Outcome, Verdict};
use crate::report::{Paint, Style, plural};
use crate::text::escape;

/// How many commits are named of each kind before the rest is counted.
const COMMITS_SHOWN: usize = 5;

/// Writes `answer` for a person: what was replayed, a table of the steps, the policies with the commits that broke them, what other
/// gates would have done.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_audit(out: &mut dyn Write, answer: &AuditAnswer<'_>, style: Style) -> io::Result<()> {
    heading(out, answer, style)?;
    table(out, answer, style)?;
    refused(out, answer, style)?;
    for (at, tally) in answer.tally.policies.iter().enumerate() {
        policy(out, at, tally, answer, style)?;
    }
    lists(out, answer, style)?;
    if let Some(what_if) = &answer.tally.what_if {
        differences(out, what_if, answer, style)?;
    }
    writeln!(out)?;
    summary(out, answer, style)
}

fn heading(out: &mut dyn Write, answer: &AuditAnswer<'_>, style: Style) -> io::Result<()> {
    let AuditAnswer { head, record, .. } = *answer;
    let on = head.branch.as_ref().map(|branch| format!(" on {}", style.paint(Paint::Bold, escape(branch))));
    let what = plural(record.commits.len(), if head.pull_requests { "pull request" } else { "commit" });
    let dates = record.commits.iter().map(|commit| commit.date);
    let span = match (dates.clone().min(), dates.max()) {
        (Some(first), Some(last)) => format!(", {} to {}", day(first), day(last)),
        _ => String::new(),
    };
    let event = style.paint(Paint::Bold, escape(&head.event));
    writeln!(out, "{event}{}, {what}{span}", on.unwrap_or_default())?;
    let gates = match &head.gates {
        Some(_) => format!("workflows of {}", names::gates(head)),
        None => "each commit's own workflows".to_owned(),
    };
    writeln!(out, "Woodpecker {}, files as {} lists them, {gates}", head.woodpecker, head.forge)?;
    for note in &head.notes {
        writeln!(out, "{} {note}", style.paint(Paint::Doubt, "note:"))?;
    }
    Ok(())
}

/// A line of the table: a name, then cells that are aligned to the right.
struct Line {
    name: String,
    indent: usize,
    cells: Vec<String>,
    paint: Option<Paint>,
}

fn table(out: &mut dyn Write, answer: &AuditAnswer<'_>, style: Style) -> io::Result<()> {
    let AuditAnswer { record, tally, .. } = *answer;
    if groups(answer).is_empty() {
        return Ok(());
    }
    let any = |of: fn(&StepTally) -> u64| tally.steps.iter().any(|step| of(step) > 0);
    let (unknown, errors, priced) = (any(|step| step.unknown), any(|step| step.errors), tally.is_priced());
    let row = |step: &StepTally| {
        let mut cells = vec![count(step.runs), step.share().map(percent).unwrap_or_default(), count(step.skips)];
        cells.extend(unknown.then(|| count(step.unknown)));
        cells.extend(errors.then(|| count(step.errors)));
        if priced {
            cells.extend([step.spent(), step.saved()].map(|cost| cost.map(duration).unwrap_or_default()));
        }
        cells
    };
    let mut titles = vec!["runs", "share", "skips"];
    titles.extend(unknown.then_some("unknown"));
    titles.extend(errors.then_some("refused"));
    titles.extend(priced.then_some(["cost", "saved"]).into_iter().flatten());
    let titles = titles.into_iter().map(str::to_owned).collect();
    let mut lines = vec![Line { name: String::new(), indent: 0, cells: titles, paint: Some(Paint::Dim) }];
    for group in groups(answer) {
        for &number in &group {
            let (column, step) = (&record.columns[number], &tally.steps[number as usize]);
            let paint = if column.step.is_none() { Some(Paint::Bold) } else { None };
            lines.push(Line {
                name: names::step(column),
                indent: usize::from(column.step.is_some()) * 2,
                cells: row(step),
                paint,
            });
        }
    }
    if priced {
        let mut cells = vec![String::new(); lines[0].cells.len() - 2];
        cells.extend([tally.spent(), tally.saved()].map(duration));
        lines.push(Line { name: "together".to_owned(), indent: 0, cells, paint: Some(Paint::Bold) });
    }
    writeln!(out)?;
    write_lines(out, &lines, style)
}

fn write_lines(out: &mut dyn Write, lines: &[Line], style: Style) -> io::Result<()> {
    let width = |text: &str| unicode_width::UnicodeWidthStr::width(text);
    let name = lines.iter().map(|line| line.indent + width(&line.name)).max().unwrap_or(0).min(style.width / 2);
    let columns = lines.iter().map(|line| line.cells.len()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|at| lines.iter().filter_map(|line| line.cells.get(at)).map(|it| width(it)).max().unwrap_or(0))
        .collect();
    for line in lines {
        if line.indent + width(&line.name) > name {
            // Too long a name has a line of its own.
            writeln!(
                out,
                "{}{}",
                " ".repeat(line.indent),
                line.paint.map_or(line.name.clone(), |paint| style.paint(paint, &line.name).to_string())
            )?;
        }
        let shown = if line.indent + width(&line.name) > name { "" } else { &line.name };
        let pad = name.saturating_sub(line.indent + width(shown));
        let mut text = format!("{}{}{}", " ".repeat(line.indent), shown, " ".repeat(pad));
        for (cell, &wide) in line.cells.iter().zip(&widths) {
            text.push_str(&" ".repeat(2 + wide - width(cell)));
            text.push_str(cell);
        }
        let text = text.trim_end();
        match line.paint {
            Some(paint) => writeln!(out, "{}", style.paint(paint, text))?,
            None => writeln!(out, "{text}")?,
        }
    }
    Ok(())
}

/// Each workflow with its steps, in the order in which they were met: those that some commit had. What only its own gates have, beside others
/// that decide, is none of them.
pub(super) fn groups(answer: &AuditAnswer<'_>) -> Vec<Vec<u32>> {
    let mut groups: IndexMap<(&str, &std::collections::BTreeMap<String, String>), Vec<u32>> = IndexMap::new();
    for ((number, column), _) in
        (0..).zip(answer.record.columns.iter()).zip(&answer.tally.steps).filter(|(_, tally)| tally.seen() > 0)
    {
        groups.entry((&column.workflow, &column.axis)).or_default().push(number);
    }
    groups.into_values().collect()
}

fn commit_line(commit: &Commit, style: Style) -> String {
    let hex = commit.hex();
    let id = style.paint(Paint::Place, hex.get(..10).unwrap_or(&hex).to_owned());
    format!("{id} {} {}", day(commit.date), escape(&commit.subject))
}

fn more(out: &mut dyn Write, all: usize, style: Style, indent: &str) -> io::Result<()> {
    match all.checked_sub(style.shown(COMMITS_SHOWN)).filter(|&more| more > 0) {
        Some(more) => writeln!(out, "{indent}{}", style.paint(Paint::Dim, format!("and {more} more"))),
        None => Ok(()),
    }
}

/// The commits whose pipeline the server refuses.
fn refused(out: &mut dyn Write, answer: &AuditAnswer<'_>, style: Style) -> io::Result<()> {
    let record = answer.record;
    let refused = |commit: &&Commit| record.shapes[commit.shape].pipeline == Outcome::Error;
    let commits: Vec<&Commit> = record.commits.iter().filter(refused).collect();
    if commits.is_empty() {
        return Ok(());
    }
    let title = format!("the server refuses {}", plural(commits.len(), "pipeline"));
    writeln!(out, "\n{} {}", style.paint(Paint::Bad, style.bullet(Verdict::Error)), style.paint(Paint::Bold, title))?;
    for commit in commits.iter().take(style.shown(COMMITS_SHOWN)) {
        writeln!(out, "  {}", commit_line(commit, style))?;
        for &trouble in record.shapes[commit.shape].troubles.iter().take(style.shown(1)) {
            writeln!(out, "    {}", names::trouble(&record.troubles[trouble]))?;
        }
    }
    more(out, commits.len(), style, "  ")
}

fn policy(
    out: &mut dyn Write,
    at: usize,
    tally: &PolicyTally,
    answer: &AuditAnswer<'_>,
    style: Style,
) -> io::Result<()> {
    let name = answer.head.policies.get(at).map(String::as_str).unwrap_or_default();
    let concerned = tally.concerned();
    let verdict = match (tally.broken, tally.unclear) {
        (0, 0) if concerned == 0 => Verdict::Skip,
        (0, 0) => Verdict::Run,
        (0, _) => Verdict::Unknown,
        _ => Verdict::Error,
    };
    let bullet = style.paint(verdict.into(), style.bullet(verdict));
    writeln!(out, "\n{bullet} {}: {}", style.paint(Paint::Bold, escape(name)), said(tally))?;
    let rows = breaking(answer, at, tally);
    for (commit, held) in rows.iter().take(style.shown(COMMITS_SHOWN)) {
        writeln!(out, "  {}", commit_line(commit, style))?;
        breaches(out, commit, &held.breaches, answer, style)?;
        if let Some(unlisted) = names::unlisted(held, answer.record) {
            writeln!(out, "      {unlisted}")?;
        }
    }
    more(out, rows.len(), style, "  ")
}

/// How a policy was kept, as a phrase.
pub(super) fn said(tally: &PolicyTally) -> String {
    let concerned = tally.concerned();
    let said = match (tally.broken, tally.unclear) {
        (0, 0) if concerned == 0 => "concerns no commit here".to_owned(),
        (0, 0) => format!("kept by all {}", count(concerned)),
        (0, unclear) => format!("{} of {} hang on the server", count(unclear), count(concerned)),
        (broken, _) => format!("broken by {} of {}", count(broken), count(concerned)),
    };
    let wasted =
        if tally.wasted > Duration::ZERO { format!(", {} wasted", duration(tally.wasted)) } else { String::new() };
    format!("{said}{wasted}")
}

/// The commits that break the policy `at`; if there are none, those that may.
pub(super) fn breaking<'a>(answer: &AuditAnswer<'a>, at: usize, tally: &PolicyTally) -> Vec<(&'a Commit, &'a Held)> {
    let holding = if tally.broken > 0 { Holding::Broken } else { Holding::Unclear };
    let said = |held: &&Held| held.policy as usize == at && held.holding == holding;
    answer.record.commits.iter().filter_map(|commit| Some((commit, commit.held.iter().find(said)?))).collect()
}

/// What breaks a policy: steps with one verdict and one reason are named together.
fn breaches(
    out: &mut dyn Write,
    commit: &Commit,
    breaches: &[Breach],
    answer: &AuditAnswer<'_>,
    style: Style,
) -> io::Result<()> {
    let record = answer.record;
    let mut told: IndexMap<(Verdict, Vec<String>), Vec<String>> = IndexMap::new();
    for breach in breaches {
        let (who, why) = match breach.column {
            Some(column) => {
                let why = names::cell(breach, commit, record)
                    .map(|cell| facts::of_cell(cell, &commit.mentions, record, style))
                    .unwrap_or_default();
                (names::step_of(&record.columns[column], record), why)
            }
            None => ("the pipeline".to_owned(), Vec::new()),
        };
        told.entry((breach.verdict, why)).or_default().push(who);
    }
    for ((verdict, why), who) in told {
        writeln!(out, "    {}  {}", style.paint(verdict.into(), verdict.name()), who.join(", "))?;
        for line in why {
            writeln!(out, "      {line}")?;
        }
    }
    Ok(())
}

fn differences(out: &mut dyn Write, what_if: &WhatIf, answer: &AuditAnswer<'_>, style: Style) -> io::Result<()> {
    let AuditAnswer { head, record, tally } = *answer;
    let rows = by_commit(&what_if.differences);
    let title = format!("{} of {} differ", count(rows.len() as u64), plural(record.commits.len(), "commit"));
    let title = style.paint(Paint::Bold, format!("with the workflows of {}, {title}", names::gates(head)));
    let price = if tally.is_priced() { format!(": {}", balance(what_if)) } else { String::new() };
    writeln!(out, "\n{title}{price}")?;
    for (&at, differences) in rows.iter().take(style.shown(COMMITS_SHOWN)) {
        writeln!(out, "  {}", commit_line(&record.commits[at], style))?;
        let mut told: IndexMap<_, Vec<String>> = IndexMap::new();
        for difference in differences {
            let name = names::step_of(&record.columns[difference.column], record);
            told.entry((difference.own, difference.other)).or_default().push(name);
        }
        for ((own, other), who) in told {
            let [own, other] = [own, other].map(|it| shown(it, style));
            writeln!(out, "    {own} {} {other}  {}", style.arrow(), who.join(", "))?;
        }
    }
    more(out, rows.len(), style, "  ")
}

fn by_commit(differences: &[Difference]) -> IndexMap<usize, Vec<&Difference>> {
    let mut rows: IndexMap<usize, Vec<&Difference>> = IndexMap::new();
    for difference in differences {
        rows.entry(difference.commit).or_default().push(difference);
    }
    rows
}

fn shown(verdict: Option<Verdict>, style: Style) -> String {
    match verdict {
        Some(verdict) => style.paint(verdict.into(), verdict.name()).to_string(),
        None => style.paint(Paint::Dim, "absent").to_string(),
    }
}

/// The commits of which the forge does not list just what changed, and what that makes of them.
fn lists(out: &mut dyn Write, answer: &AuditAnswer<'_>, style: Style) -> io::Result<()> {
    let AuditAnswer { record, tally, .. } = *answer;
    let Some(said) = lists_said(answer) else { return Ok(()) };
    writeln!(out, "\n{}", style.paint(Paint::Bold, said))?;
    let rows = by_commit(&tally.lists.differences);
    for (&at, differences) in rows.iter().take(style.shown(COMMITS_SHOWN)) {
        writeln!(out, "  {}", commit_line(&record.commits[at], style))?;
        let mut told: IndexMap<_, Vec<String>> = IndexMap::new();
        for difference in differences {
            let name = names::step_of(&record.columns[difference.column], record);
            let file = difference.unlisted(record);
            told.entry((difference.own, difference.other, file)).or_default().push(name);
        }
        for ((own, other, file), who) in told {
            let [own, other] = [own, other].map(|it| shown(it, style));
            writeln!(out, "    {other} instead of {own}  {}", who.join(", "))?;
            if let Some(file) = file {
                writeln!(out, "      `{}` changed, and is not listed", escape(&file.0))?;
            }
        }
    }
    more(out, rows.len(), style, "  ")
}

/// The same as a phrase; `None` if the forge lists just what changed.
pub(super) fn lists_said(answer: &AuditAnswer<'_>) -> Option<String> {
    let lists = &answer.tally.lists;
    let unlike = plural(usize::try_from(lists.unlike).ok().filter(|unlike| *unlike > 0)?, "commit");
    let otherwise = match lists.commits().len() as u64 {
        0 => "which decides nothing".to_owned(),
        1 => "1 comes out otherwise than by what changed".to_owned(),
        some => format!("{} come out otherwise than by what changed", count(some)),
    };
    Some(format!("{} does not list just what changed in {unlike}: {otherwise}", answer.head.forge))
}

/// `20h 00m instead of 70h 00m, 50h 00m saved`.
pub(super) fn balance(what_if: &WhatIf) -> String {
    let WhatIf { own, other, .. } = what_if;
    let change = match (own.checked_sub(*other), other.checked_sub(*own)) {
        (Some(Duration::ZERO), _) => "no difference".to_owned(),
        (Some(saved), _) => format!("{} saved", duration(saved)),
        (None, more) => format!("{} more", duration(more.unwrap_or_default())),
    };
    format!("{} instead of {}, {change}", duration(*other), duration(*own))
}

fn summary(out: &mut dyn Write, answer: &AuditAnswer<'_>, style: Style) -> io::Result<()> {
    let AuditAnswer { record, tally, .. } = *answer;
    let mut parts = vec![plural(tally.ran as usize, "pipeline")];
    for (number, what) in [
        (tally.refused, "refused"),
        (tally.skip_ci, "with [skip ci]"),
        (tally.unreported, "that the forge's report makes no pipeline of"),
        (tally.empty, "with nothing left to run"),
        (tally.without_workflows, "without workflow files"),
        (record.unseen.len() as u64, "not looked at"),
    ] {
        parts.extend((number > 0).then(|| format!("{} {what}", count(number))));
    }
    if tally.is_priced() {
        parts.push(format!("{} spent, {} saved", duration(tally.spent()), duration(tally.saved())));
    }
    if !tally.policies.is_empty() {
        let broken = tally.policies.iter().filter(|policy| policy.broken > 0).count();
        parts.push(format!("{} of {} broken", broken, plural_of(tally.policies.len())));
    }
    let what = if answer.head.pull_requests { "pull request" } else { "commit" };
    let line = format!("{}: {}", plural(record.commits.len(), what), parts.join(", "));
    writeln!(out, "{}", style.paint(Paint::Bold, line))
}

fn plural_of(policies: usize) -> String {
    if policies == 1 { "1 policy".to_owned() } else { format!("{policies} policies") }
}
