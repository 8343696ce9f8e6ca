//! `check`: all that can be said before a merge, in one answer: workflow files, the change at hand, policies, on it and on every
//! other change, and fleet manifests.

mod change;
mod proofs;
mod sections;

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::args::{BaselineArgs, CheckArgs, Common, FindingsFormat, FleetArgs};
use super::failure::Failure;
use super::guard::Guard;
use super::{ExitStatus, Streams, fleet, lint, settings};
use crate::ci::{System, Variables};
use crate::diag::{Problem, Severity};
use crate::git::Repository;
use crate::plan::Plan;
use crate::policy::Outcome;
use crate::report::{self, CheckAnswer, Explanation, Findings, PolicyAnswer};
use crate::text::escape;

use super::case::Case;
use change::Chosen;
use sections::Sections;

pub(super) fn run(args: &CheckArgs, common: &Common, streams: &mut Streams<'_>) -> Result<ExitStatus, Failure> {
    let config = settings::load(common)?;
    let system = System::of(streams.variables).filter(|_| !args.no_ci);
    let chosen = Chosen::new(args, system, streams.variables, &config)?;
    let mut sections = Sections::new(common.quiet);
    let server = chosen.server(&config);
    sections.add_found("workflows", lint::of_workflows(server, common, &config)?);
    let judged = match chosen.read(common, streams) {
        Ok(case) => Some(Judged::new(case)),
        Err(failure) => {
            let failure = match system.filter(|_| is_shallow(common)) {
                Some(system) => failure.or_help(system.whole_history()),
                None => failure,
            };
            sections.add_undone("change", failure)?;
            None
        }
    };
    if let Some(judged) = &judged {
        judged.report(&mut sections);
    }
    let mut proofs = Vec::new();
    if !config.policies.is_empty() && !args.no_proofs {
        let context = judged.as_ref().map(|judged| &judged.case.context);
        match proofs::prove(server, context, common, &config) {
            Ok(proofs::Proved { answers, problems, files }) => {
                sections.add("proofs", proofs::standing(&answers), &files, &problems);
                proofs = answers;
            }
            Err(failure) => sections.add_undone("proofs", failure)?,
        }
    }
    if !config.fleet.rosters.is_empty() {
        let all = FleetArgs {
            paths: Vec::new(),
            rev: None,
            profile: None,
            units: None,
            baseline: BaselineArgs::default(),
            format: FindingsFormat::Human,
        };
        match fleet::found(&all, common, &config) {
            Ok(found) => sections.add_found("fleet", found),
            Err(failure) => sections.add_undone("fleet", failure)?,
        }
    }
    let explanation = judged.as_ref().map(Judged::explanation);
    let policies = judged.as_ref().map(|judged| judged.answers.as_slice()).unwrap_or_default();
    let findings = sections.findings();
    let answer = CheckAnswer { explanation, policies, proofs: &proofs, sections: &sections.list, findings };
    write(&answer, args, system, streams)?;
    if let Some(path) = summary_file(args, system, streams.variables, &common.directory) {
        append(&path, &answer)?;
    }
    for unread in answer.findings.unread {
        writeln!(streams.err, "error: {}", unread.message)?;
    }
    Ok(if sections.is_undone() {
        ExitStatus::Failed
    } else if answer.findings.is_wrong() {
        ExitStatus::Findings
    } else {
        ExitStatus::Clean
    })
}

/// Whether the clone lacks history.
fn is_shallow(common: &Common) -> bool {
    Repository::open(&settings::location(common)).is_ok_and(|repository| repository.is_shallow())
}

/// A change, what the server would do with it, and how the policies stand.
struct Judged {
    case: Case,
    plan: Plan,
    notes: Vec<String>,
    answers: Vec<PolicyAnswer>,
    policy_problems: Vec<Problem>,
}

impl Judged {
    fn new(case: Case) -> Self {
        let plan = case.plan();
        let mut answers = Vec::new();
        let mut policy_problems = Vec::new();
        for policy in &case.config.policies {
            let outcome = policy.check(&case.context, &plan, case.server);
            policy_problems.extend(policy.problem(&outcome, &case.context, &plan));
            // Of a file that cannot be read, no step is known.
            policy_problems.extend(policy.unnamed_problem(&plan).filter(|_| !plan.is_refused()));
            answers.push(PolicyAnswer { name: policy.name.clone(), outcome });
        }
        let notes = case.notes(&plan);
        Self { case, plan, notes, answers, policy_problems }
    }

    fn explanation(&self) -> Explanation<'_> {
        let Case { context, files, server, .. } = &self.case;
        Explanation { context, notes: &self.notes, plan: &self.plan, files, server: *server, step: None }
    }

    fn report(&self, sections: &mut Sections) {
        let files = &self.case.files;
        sections.add("change", report::outcome_line(&self.plan), files, &self.plan.problems);
        if !self.answers.is_empty() {
            sections.add("policies", standing(&self.answers), files, &self.policy_problems);
        }
    }
}

/// `1 broken, 2 kept, 1 not about this change`.
fn standing(answers: &[PolicyAnswer]) -> String {
    let count = |is: fn(&Outcome) -> bool| answers.iter().filter(|answer| is(&answer.outcome)).count();
    let counts = [
        (count(|it| matches!(it, Outcome::Broken(_))), "broken"),
        (count(|it| matches!(it, Outcome::Unclear(_))), "not clear"),
        (count(|it| matches!(it, Outcome::Kept)), "kept"),
        (count(|it| matches!(it, Outcome::NotConcerned)), "not about this change"),
    ];
    let there = counts.into_iter().filter(|(count, _)| *count > 0);
    there.map(|(count, what)| format!("{count} {what}")).collect::<Vec<_>>().join(", ")
}

/// Writes `answer` in the form that is asked for. A log of Actions gets annotations as well, and nothing else in it is taken for a command.
fn write(
    answer: &CheckAnswer<'_>,
    args: &CheckArgs,
    system: Option<System>,
    streams: &mut Streams<'_>,
) -> Result<(), Failure> {
    let Streams { out, style, .. } = streams;
    let is_log = system.is_some_and(System::is_actions);
    match args.format {
        None if is_log => {
            report::write_check(&mut Guard::new(*out), answer, *style)?;
            // Only ten annotations of a kind are shown: none is spent on a note.
            let wrong: Vec<Problem> =
                answer.findings.problems.iter().filter(|problem| problem.severity > Severity::Note).cloned().collect();
            report::write_findings_github(*out, &Findings { problems: &wrong, ..answer.findings })?;
        }
        Some(FindingsFormat::Human) if is_log => report::write_check(&mut Guard::new(*out), answer, *style)?,
        Some(FindingsFormat::Markdown) if is_log => report::write_check_markdown(&mut Guard::new(*out), answer)?,
        None | Some(FindingsFormat::Human) => report::write_check(*out, answer, *style)?,
        Some(FindingsFormat::Json) => report::write_check_json(*out, answer)?,
        Some(FindingsFormat::Sarif) => report::write_findings_sarif(*out, &answer.findings)?,
        Some(FindingsFormat::Github) => report::write_findings_github(*out, &answer.findings)?,
        Some(FindingsFormat::Junit) => report::write_findings_junit(*out, &answer.findings)?,
        Some(FindingsFormat::Markdown) => report::write_check_markdown(*out, answer)?,
    }
    Ok(())
}

/// Where the summary goes: where it is asked for, else where Actions show one.
fn summary_file(args: &CheckArgs, system: Option<System>, variables: &Variables, base: &Path) -> Option<PathBuf> {
    let of_job = || {
        let actions = system.is_some_and(System::is_actions);
        variables.get("GITHUB_STEP_SUMMARY").filter(|path| actions && !path.is_empty()).map(PathBuf::from)
    };
    args.summary.as_ref().map(|path| base.join(path)).or_else(of_job)
}

fn append(path: &Path, answer: &CheckAnswer<'_>) -> Result<(), Failure> {
    let mut text = Vec::new();
    report::write_check_markdown(&mut text, answer)?;
    let written = OpenOptions::new().create(true).append(true).open(path).and_then(|mut file| file.write_all(&text));
    written.map_err(|error| {
        let path = escape(path.as_os_str().as_encoded_bytes()).to_string();
        Failure::new(format!("cannot write the summary to `{path}`: {error}"))
    })
}
