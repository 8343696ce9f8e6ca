//! The sample workflow for other people's repositories: the server takes it, and its promises hold in the founding case.

use wp_gate::change::Event;
use wp_gate::cli::ExitStatus;
use wp_gate::plan::{Outcome, Verdict};
use wp_gate::source::{Source, Sources};

use crate::gates::planned;
use crate::shell::{Repo, run};

const SAMPLE: &str = "action/woodpecker.yaml";

#[test]
fn the_server_runs_it_when_gates_change_and_only_then() {
    let mut files = Sources::new();
    files.add(Source::new(".woodpecker/gates.yaml", crate::read(SAMPLE)));
    let plan = planned(&files, Event::PullRequest, &[".woodpecker/publish.yml"]);
    assert!(plan.problems.is_empty() && plan.findings.is_empty(), "{:?} {:?}", plan.problems, plan.findings);
    assert_eq!(plan.outcome, Outcome::Run);
    assert!(plan.workflows.iter().flat_map(|workflow| &workflow.steps).all(|step| step.verdict == Verdict::Run));
    assert_eq!(planned(&files, Event::PullRequest, &["apps/web/y.ts"]).outcome, Outcome::None);
}

#[test]
fn its_promises_hold_in_the_founding_case_and_can_fail() {
    let founding = Repo::founding();
    let sample = crate::read(SAMPLE);
    let promises: Vec<&str> = sample.lines().filter_map(|line| line.trim().strip_prefix("- wp-gate ")).collect();
    assert_eq!(promises.len(), 3);
    for promise in promises {
        let ran = run(&founding, &format!("wp-gate {promise}"));
        assert_eq!(ran.status, ExitStatus::Clean, "{promise}: {ran:?}");
        let [was, other] = if promise.contains("--expect run") { ["run", "skip"] } else { ["skip", "run"] };
        let turned = promise.replace(&format!("--expect {was}"), &format!("--expect {other}"));
        assert_eq!(run(&founding, &format!("wp-gate {turned}")).status, ExitStatus::Findings, "{turned}");
    }
}
