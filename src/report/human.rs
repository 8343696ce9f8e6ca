//! `explain` for people.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::{self, Write};

use super::Explanation;
use super::fact::{Fact, lines as fact_lines};
use super::frame::write_problem;
use super::plural;
use super::policies::write_policies;
use super::style::{Paint, Style};
use crate::plan::{Kind, Outcome, Plan, Reason, StepPlan, Verdict, WorkflowPlan};
use crate::source::{FileId, Sources, Span};
use crate::text::escape;

/// How many changed files are named before the rest is counted.
const FILES_SHOWN: usize = 10;
/// How many problems are told before the rest is counted: nobody reads more, and each takes time with the length of its file.
const PROBLEMS_SHOWN: usize = 100;
/// Names longer than this do not widen the column.
const NAME_WIDTH: usize = 28;

/// Writes `explanation` for a person: the change, each workflow with its steps and what decided, the problems, a summary.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_explanation(out: &mut dyn Write, explanation: &Explanation<'_>, style: Style) -> io::Result<()> {
    write_change(out, explanation, style)?;
    for workflow in explanation.workflows() {
        write_workflow(out, workflow, explanation, style)?;
    }
    writeln!(out)?;
    write_problems(out, explanation, style)?;
    summary(out, explanation, style)?;
    write_policies(out, explanation, style)
}

/// The plan's problems, each as a code frame.
pub(super) fn write_problems(out: &mut dyn Write, explanation: &Explanation<'_>, style: Style) -> io::Result<()> {
    let problems = &explanation.plan.problems;
    let shown = style.shown(PROBLEMS_SHOWN);
    for problem in problems.iter().take(shown) {
        write_problem(out, problem, explanation.files, style)?;
    }
    if let Some(more) = problems.len().checked_sub(shown).filter(|&more| more > 0) {
        writeln!(out, "{}\n", style.paint(Paint::Dim, format!("and {}", plural(more, "more problem"))))?;
    }
    Ok(())
}

/// The change, its files, and what was assumed.
pub(super) fn write_change(out: &mut dyn Write, explanation: &Explanation<'_>, style: Style) -> io::Result<()> {
    let context = explanation.context;
    let event = style.paint(Paint::Bold, context.event().as_str().to_owned());
    write!(out, "{event}")?;
    if let Some(branch) = context.branch() {
        write!(out, " on {}", style.paint(Paint::Bold, escape(branch)))?;
    }
    if let Some(commit) = context.commit() {
        let subject = context.message().lines().next().unwrap_or_default();
        let short = commit.get(..10).unwrap_or(commit);
        write!(out, ", {} {}", style.paint(Paint::Place, escape(short)), escape(subject))?;
    }
    writeln!(out)?;
    let files = context.files();
    let count = match files.len() {
        0 => "no changed file".to_owned(),
        1 => "1 changed file".to_owned(),
        count => format!("{count} changed files"),
    };
    writeln!(out, "Woodpecker {}, {count} (as {} lists them)", explanation.server, context.forge())?;
    let shown = style.shown(FILES_SHOWN);
    for file in files.iter().take(shown) {
        writeln!(out, "  {}", escape(file.as_slice()))?;
    }
    if let Some(more) = files.len().checked_sub(shown).filter(|&more| more > 0) {
        writeln!(out, "  {}", style.paint(Paint::Dim, format!("and {more} more")))?;
    }
    for note in explanation.notes {
        writeln!(out, "{} {note}", style.paint(Paint::Doubt, "note:"))?;
    }
    Ok(())
}

fn write_workflow(
    out: &mut dyn Write,
    workflow: &WorkflowPlan,
    explanation: &Explanation<'_>,
    style: Style,
) -> io::Result<()> {
    let files = explanation.files;
    writeln!(out)?;
    let axis: Vec<String> =
        workflow.axis.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    let axis = if axis.is_empty() { String::new() } else { format!(" [{}]", axis.join(", ")) };
    let name = style.paint(Paint::Bold, escape(&workflow.name));
    let verdict = style.paint(workflow.verdict.into(), workflow.verdict.name());
    let file = style.paint(Paint::Dim, escape(files[workflow.file].name()));
    writeln!(out, "{} {name}{axis}  {verdict}  {file}", bullet(workflow.verdict, style))?;
    for line in lines(&workflow.reasons, workflow.file, files, style) {
        writeln!(out, "    {line}")?;
    }
    // When the workflow itself does not run, its steps have nothing of their own to say.
    if !runs(workflow) && explanation.step.is_none() && !style.verbose {
        return Ok(());
    }
    let steps: Vec<&StepPlan> = explanation.steps(workflow).collect();
    let names = steps.iter().map(|step| display_width(&step.name)).filter(|&width| width <= NAME_WIDTH);
    let verdicts = steps.iter().map(|step| step.verdict.name().len());
    let columns = Columns { name: names.max().unwrap_or(0), verdict: verdicts.max().unwrap_or(0) };
    let mut told: HashMap<Told, &StepPlan> = HashMap::new();
    for step in steps {
        let same = match told_of(step).filter(|_| !style.verbose).map(|it| told.entry(it)) {
            Some(Entry::Occupied(earlier)) => Some(*earlier.get()),
            Some(Entry::Vacant(first)) => {
                first.insert(step);
                None
            }
            None => None,
        };
        write_step(out, step, same, workflow.file, files, columns, style)?;
    }
    Ok(())
}

/// Whether the workflow runs, as far as is known.
fn runs(workflow: &WorkflowPlan) -> bool {
    matches!(workflow.verdict, Verdict::Run | Verdict::Unknown)
}

/// The widths of the columns of a workflow's steps.
#[derive(Clone, Copy)]
struct Columns {
    name: usize,
    verdict: usize,
}

fn write_step(
    out: &mut dyn Write,
    step: &StepPlan,
    same: Option<&StepPlan>,
    file: FileId,
    files: &Sources,
    columns: Columns,
    style: Style,
) -> io::Result<()> {
    let pad = " ".repeat(columns.name.saturating_sub(display_width(&step.name)));
    let verdict = style.paint(step.verdict.into(), format!("{:<1$}", step.verdict.name(), columns.verdict));
    write!(out, "  {} {}{pad}  {verdict}  ", bullet(step.verdict, style), escape(&step.name))?;
    let mut lines = match same {
        Some(same) => vec![style.paint(Paint::Dim, format!("as {}", escape(&same.name))).to_string()],
        None => lines(&step.reasons, file, files, style),
    };
    let after = match (step.verdict, step.on_success, step.on_failure) {
        (Verdict::Run | Verdict::Unknown, true, true) => Some("also after a failure"),
        (Verdict::Run | Verdict::Unknown, false, true) => Some("only after a failure"),
        (Verdict::Run | Verdict::Unknown, false, false) => Some("neither after success nor after a failure"),
        _ => None,
    };
    if let Some(after) = after {
        lines.insert(0, after.to_owned());
    }
    let indent = columns.name + columns.verdict + 8;
    writeln!(out, "{}", lines.join(&format!("\n{}", " ".repeat(indent))))
}

/// What decided, one line a reason.
pub(super) fn lines(reasons: &[Reason], file: FileId, files: &Sources, style: Style) -> Vec<String> {
    let source = &files[file];
    let fact = |reason: &Reason| Fact {
        entry: reason.entry,
        span: reason.span,
        at: reason.span.map(|span| source.position(span.start)),
        via: reason.via.iter().map(|&alias| (source.slice(alias).to_owned(), alias)).collect(),
        text: reason.to_string(),
    };
    fact_lines(reasons.iter().map(fact).collect(), style)
}

fn bullet(verdict: Verdict, style: Style) -> impl std::fmt::Display {
    style.paint(verdict.into(), style.bullet(verdict))
}

/// A verdict and its reasons, which are told once for all steps that share them. The aliases they came through may differ.
type Told = (Verdict, Vec<(Kind, Option<Span>, Option<u32>, String)>);

/// What is told of `step`; `None` where that is as short as a reference to another step.
fn told_of(step: &StepPlan) -> Option<Told> {
    let told = |reason: &Reason| (reason.kind, reason.span, reason.entry, reason.to_string());
    let placed = step.reasons.iter().any(|reason| reason.span.is_some());
    placed.then(|| (step.verdict, step.reasons.iter().map(told).collect()))
}

/// How many columns `text` takes, as it is shown.
pub(super) fn display_width(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(format!("{}", escape(text)).as_str())
}

/// What the pipeline comes to, in a line.
pub(super) fn summary(out: &mut dyn Write, explanation: &Explanation<'_>, style: Style) -> io::Result<()> {
    let paint = if explanation.plan.is_refused() { Paint::Bad } else { Paint::Bold };
    writeln!(out, "{}", style.paint(paint, outcome_line(explanation.plan)))
}

/// What `plan` comes to, as a phrase.
pub fn outcome_line(plan: &Plan) -> String {
    let scheduled: Vec<&WorkflowPlan> = plan.workflows.iter().filter(|workflow| runs(workflow)).collect();
    let steps = |verdict| scheduled.iter().flat_map(|it| &it.steps).filter(|it| it.verdict == verdict).count();
    match plan.outcome {
        Outcome::Error => {
            format!("no pipeline: the server refuses it ({})", plural(plan.errors().count(), "error"))
        }
        Outcome::None if plan.skip_ci => "no pipeline: the message asks for none".to_owned(),
        Outcome::None if plan.workflows.is_empty() => "no pipeline: there are no workflow files".to_owned(),
        Outcome::None if plan.is_unreported() => "no pipeline: the forge's report makes none".to_owned(),
        Outcome::None => "no pipeline: no workflow is left to run".to_owned(),
        Outcome::Run => {
            let unknown = match steps(Verdict::Unknown) {
                0 => String::new(),
                unknown => format!(", {unknown} hang on the server"),
            };
            let workflows = match (scheduled.len(), plan.workflows.len()) {
                (scheduled, all) if scheduled == all => plural(all, "workflow"),
                (scheduled, all) => format!("{scheduled} of {}", plural(all, "workflow")),
            };
            let (run, skipped) = (plural(steps(Verdict::Run), "step"), steps(Verdict::Skip));
            format!("{workflows}: {run} run, {skipped} skipped{unknown}")
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::admission::Policy;
    use crate::change::{ChangedFiles, Event, Forge, Metadata};
    use crate::plan::{Context, Request, plan};
    use crate::server::Version;
    use crate::source::Source;

    fn told(workflow: &str) -> String {
        let mut files = Sources::new();
        files.add(Source::new(".woodpecker/ci.yaml", workflow));
        let mut metadata = Metadata::default();
        metadata.current.event = Event::Push;
        let changed: ChangedFiles = ["docs/a.md"].into_iter().collect();
        let context = Context::predicted(metadata, changed, Forge::Git, BTreeMap::new());
        let (server, policy, variables) = (Version::default(), Policy::default(), BTreeMap::new());
        let request = Request { server, context: &context, variables: &variables, policy: &policy, findings: false };
        let plan = plan(&files, &request);
        let explanation = Explanation {
            context: &context,
            notes: &[],
            plan: &plan,
            files: &files,
            server,
            policies: &[],
            step: None,
        };
        let mut out = Vec::new();
        write_explanation(&mut out, &explanation, Style::PLAIN).expect("memory takes all");
        String::from_utf8(out).expect("it is text")
    }

    #[test]
    fn of_very_many_problems_the_rest_is_counted() {
        let steps = |count| (0..count).map(|at| format!("  s{at}: {{image: [x]}}\n")).collect::<Vec<_>>().concat();
        let all = told(&format!("steps:\n{}", steps(PROBLEMS_SHOWN)));
        assert!(all.contains("(100 errors)") && !all.contains("more problem"), "{all}");
        let most = told(&format!("steps:\n{}", steps(PROBLEMS_SHOWN + 2)));
        assert!(most.contains("\nand 2 more problems\n") && most.contains("(102 errors)"), "{most}");
        assert_eq!(most.matches("[wrong-type]").count(), all.matches("[wrong-type]").count(), "{most}");
    }

    #[test]
    fn what_steps_share_is_told_once() {
        let text = told(
            "variables: [&gate {path: 'src/**'}]\nsteps:\n  - {name: one, image: x, when: *gate}\n  \
             - {name: other, image: x, when: {path: 'lib/**'}}\n  - {name: two, image: x, when: *gate}\n  \
             - {name: three, image: x}\n  - {name: four, image: x}\n",
        );
        let line = |name: &str| text.lines().find(|line| line.contains(name)).unwrap_or_default().to_owned();
        assert!(line("two").ends_with("skip  as one"), "{text}");
        assert!(line("○ one").contains("no changed file matches"), "{text}");
        assert!(line("other").contains("no changed file matches"), "{text}");
        assert!(line("three").contains("always runs") && line("four").contains("always runs"), "{text}");
    }
}
