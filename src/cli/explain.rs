//! `explain`: from what was typed to a plan, and from the plan to an answer.

use super::args::{Common, Expect, ExplainArgs, Format};
use super::case::Case;
use super::failure::Failure;
use super::{ExitStatus, Streams, input};
use crate::glob::Pattern;
use crate::plan::{Plan, Verdict};
use crate::report::{self, Explanation};
use crate::text::escape;

pub(super) fn run(args: &ExplainArgs, common: &Common, streams: &mut Streams<'_>) -> Result<ExitStatus, Failure> {
    let step = args.step.as_deref().map(|text| input::glob("--step", text)).transpose()?;
    let case = Case::read(&args.change, common, streams.input)?;
    let plan = case.plan();
    let policies = case.judge(&plan);
    let mut notes = case.notes(&plan);
    notes.extend(case.policy_flaws(&plan).into_iter().filter(|_| !common.quiet).map(|problem| match problem.help {
        Some(help) => format!("{}: {help}", problem.message),
        None => problem.message,
    }));
    let Case { context, files, server, .. } = &case;
    let (policies, step) = (policies.as_slice(), step.as_ref());
    let explanation = Explanation { context, notes: &notes, plan: &plan, files, server: *server, policies, step };
    match args.format {
        Format::Human => report::write_explanation(streams.out, &explanation, streams.style)?,
        Format::Json => report::write_explanation_json(streams.out, &explanation)?,
    }
    let expected = match (args.expect, step) {
        (Some(expect), Some(step)) => Some(meets(expect, step, &plan, streams)?),
        _ => None,
    };
    Ok(match expected {
        Some(true) => ExitStatus::Clean,
        None if !plan.is_refused() => ExitStatus::Clean,
        Some(false) | None => ExitStatus::Findings,
    })
}

/// Whether every step that `pattern` names has the expected verdict; says on standard error which has not.
fn meets(expect: Expect, pattern: &Pattern, plan: &Plan, streams: &mut Streams<'_>) -> Result<bool, Failure> {
    let wanted = match expect {
        Expect::Run => Verdict::Run,
        Expect::Skip => Verdict::Skip,
    };
    let named = |name: &str| pattern.is_match(name.as_bytes());
    let steps: Vec<_> = plan
        .workflows
        .iter()
        .flat_map(|workflow| workflow.steps.iter().map(move |step| (workflow, step)))
        .filter(|(_, step)| named(&step.name))
        .collect();
    if steps.is_empty() {
        let message = format!("no step is named `{}`", escape(pattern.text()));
        return Err(Failure::new(message).help("`wp-gate explain` lists the steps"));
    }
    let mut met = true;
    for (workflow, step) in steps.iter().filter(|(_, step)| step.verdict != wanted) {
        met = false;
        writeln!(
            streams.err,
            "step `{}` of workflow `{}`: expected {}, got {}",
            escape(&step.name),
            escape(&workflow.name),
            wanted.name(),
            step.verdict.name(),
        )?;
    }
    Ok(met)
}
