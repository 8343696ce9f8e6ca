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
use super::run::of_findings;
use super::{ExitStatus, Streams, fleet, lint, settings};
use crate::ci::{System, Variables};
use crate::diag::{Problem, Severity};
use crate::git::Repository;
use crate::plan::Plan;
use crate::policy::Policy;
use crate::report::{self, CheckAnswer, Explanation, Findings, PolicyAnswer};
use crate::text::escape;

use super::case::Case;
use change::Chosen;
use proofs::Proved;
use sections::Sections;

pub(super) fn run(args: &CheckArgs, common: &Common, streams: &mut Streams<'_>) -> Result<ExitStatus, Failure> {
    let config = settings::load(common)?;
    let system = System::of(streams.variables).filter(|_| !args.no_ci);
    let chosen = Chosen::new(args, system, streams.variables, &config)?;
    let mut sections = Sections::new(common.quiet);
    let server = chosen.server(&config);
    match lint::of_workflows(server, common, &config) {
        Ok(found) => sections.add_found("workflows", found),
        Err(failure) => sections.add_undone("workflows", failure)?,
    }
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
    let mut proved = None;
    if !config.policies.is_empty() && !args.no_proofs {
        let case = judged.as_ref().map(|judged| &judged.case);
        match proofs::prove(server, &args.change, case, &config, common) {
            Ok(found) => {
                let problems = found.problems(args.allow_undecided);
                sections.add("proofs", found.proofs().standing(), &found.files, &problems);
                proved = Some(found);
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
    let proofs = proved.as_ref().map(Proved::proofs);
    let answer = CheckAnswer { explanation, proofs, sections: &sections.list, findings: sections.findings() };
    write(&answer, args, streams)?;
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
        let answers = case.judge(&plan);
        let judged = case.config.policies.iter().zip(&answers);
        let problem = |(policy, answer): (&Policy, &PolicyAnswer)| {
            policy.problem(&answer.outcome, answer.unlisted.as_ref(), &case.context, &plan)
        };
        let broken = judged.filter_map(problem);
        let policy_problems = broken.chain(case.policy_flaws(&plan)).collect();
        let notes = case.notes(&plan);
        Self { case, plan, notes, answers, policy_problems }
    }

    fn explanation(&self) -> Explanation<'_> {
        let Case { context, files, server, .. } = &self.case;
        let (notes, plan, policies) = (&self.notes, &self.plan, &self.answers);
        Explanation { context, notes, plan, files, server: *server, policies, step: None }
    }

    fn report(&self, sections: &mut Sections) {
        let files = &self.case.files;
        sections.add("change", report::outcome_line(&self.plan), files, &self.plan.problems);
        if !self.answers.is_empty() {
            sections.add("policies", report::standing(&self.answers), files, &self.policy_problems);
        }
    }
}

/// Writes `answer` in the form that is asked for. A log of Actions gets annotations as well, and nothing else in it is taken for a command.
fn write(answer: &CheckAnswer<'_>, args: &CheckArgs, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let style = streams.style;
    let is_log = System::of(streams.variables).is_some_and(System::is_actions);
    let format = args.format.unwrap_or(FindingsFormat::Human);
    let mut guarded;
    let out: &mut dyn Write = match of_findings(format).filter(|_| is_log) {
        Some(written) => {
            guarded = Guard::new(streams.out, written);
            &mut guarded
        }
        None => streams.out,
    };
    match format {
        FindingsFormat::Human => report::write_check(out, answer, style)?,
        FindingsFormat::Json => report::write_check_json(out, answer)?,
        FindingsFormat::Sarif => report::write_findings_sarif(out, &answer.findings)?,
        FindingsFormat::Github => report::write_findings_github(out, &answer.findings)?,
        FindingsFormat::Junit => report::write_findings_junit(out, &answer.findings)?,
        FindingsFormat::Markdown => report::write_check_markdown(out, answer)?,
    }
    if args.format.is_none() && is_log {
        // Only ten annotations of a kind are shown: none is spent on a note.
        let wrong: Vec<Problem> =
            answer.findings.problems.iter().filter(|problem| problem.severity > Severity::Note).cloned().collect();
        report::write_findings_github(streams.out, &Findings { problems: &wrong, ..answer.findings })?;
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
