//! Policies for programs: what `explain` and `check` say of them, and the breaches of `prove`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::PolicyAnswer;
use crate::plan::Plan;
use crate::policy::Breach;
use crate::report::json::{HiddenJson, ReasonJson, hidden, reasons};
use crate::source::Sources;

#[derive(Serialize)]
pub(in crate::report) struct PolicyJson<'a> {
    name: &'a str,
    status: &'static str,
    breaches: Vec<BreachJson<'a>>,
    because: Option<String>,
    unlisted: Option<HiddenJson<'a>>,
}

#[derive(Serialize)]
pub(in crate::report) struct BreachJson<'a> {
    promise: &'static str,
    workflow: Option<&'a str>,
    matrix: Option<&'a BTreeMap<String, String>>,
    step: Option<&'a str>,
    verdict: &'static str,
    reasons: Vec<ReasonJson<'a>>,
}

pub(in crate::report) fn policy<'a>(answer: &'a PolicyAnswer, plan: &'a Plan, files: &'a Sources) -> PolicyJson<'a> {
    PolicyJson {
        name: &answer.name,
        status: answer.status(),
        breaches: answer.outcome.breaches().iter().map(|it| breach(it, plan, files)).collect(),
        because: answer.because(plan),
        unlisted: answer.unlisted.as_ref().map(hidden),
    }
}

pub(in crate::report) fn breach<'a>(breach: &Breach, plan: &'a Plan, files: &'a Sources) -> BreachJson<'a> {
    let (workflow, step) = breach.target.of(plan);
    let why = step.map(|step| &step.reasons).or(workflow.map(|workflow| &workflow.reasons));
    BreachJson {
        promise: breach.promise.name(),
        workflow: workflow.map(|workflow| workflow.name.as_str()),
        matrix: workflow.map(|workflow| &workflow.axis),
        step: step.map(|step| step.name.as_str()),
        verdict: breach.verdict.name(),
        reasons: workflow.zip(why).map(|(workflow, why)| reasons(why, workflow.file, files)).unwrap_or_default(),
    }
}
