use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::request::Request;
use crate::admission::{Policy, Setting};
use crate::change::Metadata;
use crate::expr::{self, Outcome};
use crate::glob::Pattern;
use crate::plan::{self, Context, Plan, Verdict, WorkflowPlan};
use crate::server::Version;
use crate::source::{Source, Sources};
use crate::subst;

/// Answers one request, as the given server would; the answer is one line of JSON without its line break.
pub fn answer(line: &[u8], server: Version) -> String {
    let request: Request = match serde_json::from_slice(line) {
        Ok(request) => request,
        Err(error) => return json!({ "error": format!("not a request: {error}") }).to_string(),
    };
    let Request { pattern, path, template, expr, env, files, metadata, envs, privileged_plugins } = request;
    match (pattern, path, template, expr, files, metadata) {
        (Some(pattern), Some(path), None, None, None, None) => glob(&pattern, &path).to_string(),
        (None, None, Some(template), None, None, None) => substitution(&template, &env).to_string(),
        (None, None, None, Some(expr), None, None) => expression(&expr, &env, server).to_string(),
        (None, None, None, None, Some(files), Some(metadata)) => {
            pipeline(files, metadata, &envs, privileged_plugins, server)
        }
        _ => json!({ "error": "not a request: expected `pattern` and `path`, `template`, `expr`, or `files` and `metadata`" })
            .to_string(),
    }
}

fn glob(pattern: &str, path: &str) -> Value {
    let pattern = Pattern::parse(pattern);
    let valid = pattern.error().is_none();
    match pattern.try_match(path.as_bytes()) {
        Ok(matched) => json!({ "match": matched, "valid": valid }),
        Err(_) => json!({ "match": false, "valid": valid, "bad": true }),
    }
}

fn substitution(template: &str, env: &BTreeMap<String, String>) -> Value {
    match subst::substitute(template, env) {
        Ok(substituted) => json!({ "out": substituted.text }),
        Err(error) => json!({ "error": error.to_string() }),
    }
}

fn expression(text: &str, env: &BTreeMap<String, String>, server: Version) -> Value {
    match expr::evaluate(text, env, server) {
        Ok(Outcome::Bool(result)) => json!({ "result": result }),
        Ok(Outcome::Unknown { name }) => json!({ "unknown": name }),
        Err(error) => json!({ "error": error.kind.name(), "detail": error.message }),
    }
}

#[derive(Serialize)]
struct PipelineAnswer<'a> {
    workflows: Option<Vec<Workflow<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    skip_ci: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lint: Vec<Lint<'a>>,
}

#[derive(Serialize)]
struct Workflow<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    matrix: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    depends_on: &'a [String],
    stages: Vec<Vec<Step<'a>>>,
}

#[derive(Serialize)]
struct Step<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    step_type: &'static str,
    on_success: bool,
    on_failure: bool,
}

#[derive(Serialize)]
struct Lint<'a> {
    #[serde(rename = "type")]
    class: &'static str,
    message: &'a str,
    warning: bool,
    file: &'a str,
    field: &'a str,
}

fn pipeline(
    files: BTreeMap<String, String>,
    metadata: Metadata,
    variables: &BTreeMap<String, String>,
    privileged_plugins: Option<Vec<String>>,
    server: Version,
) -> String {
    let mut sources = Sources::new();
    for (path, text) in files {
        sources.add(Source::new(path, text));
    }
    let policy = Policy {
        privileged_plugins: Setting::Known(privileged_plugins),
        trust: Setting::Known(metadata.repo.trusted.into()),
        // A request has no secrets to list: as in the recorded runs, only `from_secret` finds what it names.
        listed_secrets_exist: false,
        ..Policy::default()
    };
    let context = Context::recorded(metadata);
    let asked = plan::Request { server, context: &context, variables, policy: &policy, findings: true };
    let plan = plan::plan(&sources, &asked);
    // Large answers: not by way of a `Value`.
    serde_json::to_string(&pipeline_answer(&plan))
        .unwrap_or_else(|error| json!({ "error": error.to_string() }).to_string())
}

fn pipeline_answer(plan: &Plan) -> PipelineAnswer<'_> {
    let lint = plan.findings.iter().map(|(_, name, finding)| Lint {
        class: finding.class,
        message: &finding.message,
        warning: finding.warning,
        file: name,
        field: &finding.field,
    });
    let scheduled = plan.workflows.iter().filter(|workflow| workflow.verdict == Verdict::Run);
    PipelineAnswer {
        workflows: (!plan.is_refused()).then(|| scheduled.map(workflow).collect()),
        error: plan.errors().next().map(|problem| format!("blocked: {}", problem.message)),
        skip_ci: plan.skip_ci,
        lint: lint.collect(),
    }
}

fn workflow(workflow: &WorkflowPlan) -> Workflow<'_> {
    let mut stages: Vec<Vec<Step<'_>>> = Vec::new();
    stages.resize_with(workflow.stages, Vec::new);
    for step in &workflow.steps {
        if let Some(stage) = step.stage.and_then(|stage| stages.get_mut(stage as usize)) {
            stage.push(Step {
                name: &step.name,
                step_type: step.step_type.name(),
                on_success: step.on_success,
                on_failure: step.on_failure,
            });
        }
    }
    Workflow { name: &workflow.name, matrix: &workflow.axis, depends_on: &workflow.depends_on, stages }
}
