//! A policy that is not kept, as a problem: which steps break it, where they are, and on what change.

use super::breach::{NAMED, told};
use super::{Breach, Outcome, Policy, Promise};
use crate::change::Hidden;
use crate::diag::{Problem, Severity};
use crate::plan::{Context, Plan};
use crate::text::escape;

/// The code of what is wrong with a policy, or a change by it.
const CODE: &str = "policy";
/// The code of what is wrong with a policy by a proof.
const PROOF: &str = "proof";

impl Policy {
    /// What is wrong by `outcome`, which [`Policy::check`] found for the change of `context` and its `plan`: an error where the policy is
    /// broken, a note where that hangs on the server. `unlisted` is the file of [`Changes::unlisted`](super::Changes::unlisted).
    pub fn problem(
        &self,
        outcome: &Outcome,
        unlisted: Option<&Hidden>,
        context: &Context,
        plan: &Plan,
    ) -> Option<Problem> {
        let (name, told) = (escape(&self.name), outcome.told(plan)?);
        let (severity, message) = match outcome {
            Outcome::Broken(_) => (Severity::Error, format!("policy `{name}` is broken: {told}")),
            _ => (Severity::Note, format!("whether policy `{name}` is broken is not known: {told}")),
        };
        let problem = placed(Problem { severity, ..Problem::error(CODE, message) }, outcome.breaches(), plan);
        let unlisted = unlisted.map(|file| format!("; {}", file.told())).unwrap_or_default();
        Some(problem.help(format!("the change: {}{unlisted}", change(context))))
    }

    /// What is wrong where a proof has found a change that breaks the policy by `breaches`: that of `context`, with its `plan`.
    pub fn refuted(&self, breaches: &[Breach], context: &Context, plan: &Plan) -> Problem {
        let message = format!("policy `{}` does not hold for every change", escape(&self.name));
        let witness = format!("a change that breaks it: {}; {}", change(context), told(breaches, plan));
        placed(Problem::error(PROOF, message), breaches, plan).help(witness)
    }

    /// What is wrong where a proof was not found, `because`: a warning, as what cannot be shown is not promised.
    pub fn undecided(&self, because: &str) -> Problem {
        let name = escape(&self.name);
        Problem::warning(PROOF, format!("it was not decided whether every change keeps policy `{name}`: {because}"))
    }

    /// A warning where globs of the policy name nothing in `plan`.
    pub fn unnamed_problem(&self, plan: &Plan) -> Option<Problem> {
        let unnamed = self.unnamed(plan);
        let (first, meant) = unnamed.first()?;
        let globs: Vec<String> = unnamed.iter().map(|(glob, _)| format!("`{}`", escape(glob.text()))).collect();
        let what = format!("{} of policy `{}` names no step or workflow", globs.join(", "), escape(&self.name));
        let problem = Problem::warning(CODE, what);
        Some(match meant {
            Some(meant) => problem.help(format!("did you mean `{}`?", escape(meant))),
            None => problem
                .help(format!("a promise about `{}` says nothing: remove it or mend its name", escape(first.text()))),
        })
    }
}

/// `problem` with the places of what breaks the promise, and of what decided so for the first.
fn placed(problem: Problem, breaches: &[Breach], plan: &Plan) -> Problem {
    let shown = breaches.iter().take(NAMED).enumerate();
    shown.fold(problem, |problem, (at, breach)| placed_one(problem, *breach, plan, at == 0))
}

fn placed_one(mut problem: Problem, breach: Breach, plan: &Plan, reasons: bool) -> Problem {
    let (Some(workflow), step) = breach.target.of(plan) else { return problem };
    let (span, why) = step.map_or((None, &workflow.reasons), |step| (step.span, &step.reasons));
    if let Some(span) = span {
        let promised = match breach.promise {
            Promise::Always => "is to run",
            Promise::Never => "is not to run",
        };
        problem = problem.label(workflow.file, span, promised);
    }
    for reason in why.iter().filter(|_| reasons) {
        if let Some(span) = reason.span {
            problem = problem.label(workflow.file, span, reason.to_string());
        }
    }
    problem
}

/// The change, in a phrase.
fn change(context: &Context) -> String {
    let branch = context.branch().map(|branch| format!(" on `{}`", escape(branch))).unwrap_or_default();
    let files = context.files();
    let named: Vec<String> = files.iter().take(NAMED).map(|file| format!("`{}`", escape(file.as_slice()))).collect();
    let more = files.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let files = if named.is_empty() { "no changed file".to_owned() } else { named.join(", ") + &more };
    format!("{}{branch}, {files}", escape(context.event().as_str()))
}
