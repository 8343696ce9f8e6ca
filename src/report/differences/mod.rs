//! How two pipelines differ, for people, for programs and for a review.

#[cfg(feature = "cli")]
mod human;
mod json;
mod markdown;

#[cfg(feature = "cli")]
pub use human::write_differences;
pub use json::write_differences_json;
pub use markdown::write_differences_markdown;

use serde::Serialize;

use super::plural;
use crate::plan::{Key, Verdict};
use crate::prove::{Comparison, Differing, Target};
use crate::server::Version;
use crate::text::escape;
use crate::workflow::Axis;

/// What `diff` has to say.
#[derive(Clone, Copy, Debug)]
pub struct Differences<'a> {
    /// What the first side is called. It may hold anything.
    pub before: &'a str,
    /// What the second side is called. It may hold anything.
    pub after: &'a str,
    /// What differs.
    pub comparison: &'a Comparison,
    /// The server that was asked for.
    pub server: Version,
    /// What was found on the way: whole phrases, safe to print.
    pub notes: &'a [String],
    /// What landed last, with both, if that was asked for.
    pub replay: Option<&'a Replay>,
}

/// Commits that were planned with both gates.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Replay {
    /// Whose lists of changed files they were planned by.
    pub forge: &'static str,
    /// How many there were.
    pub commits: usize,
    /// Those that run something else, newest first.
    pub differing: Vec<ReplayedCommit>,
    /// Those of which the list is not known, newest first: not among `commits`.
    pub unseen: Vec<UnseenCommit>,
}

/// A commit of which what the forge lists is not known.
#[derive(Clone, Debug, Serialize)]
pub struct UnseenCommit {
    /// Its id, in hexadecimal.
    pub id: String,
    /// Why, as a phrase that is safe to print.
    pub why: String,
}

/// A commit that runs something else.
#[derive(Clone, Debug, Serialize)]
pub struct ReplayedCommit {
    /// Its id, in hexadecimal.
    pub id: String,
    /// The first line of its message. It may hold anything.
    pub subject: String,
    /// The steps, as `workflow/step`, that ran and no longer would. They may hold anything.
    pub lost: Vec<String>,
    /// The steps that did not run and now would.
    pub gained: Vec<String>,
}

/// How many of the commits that were replayed are told before the rest is counted.
const COMMITS_SHOWN: usize = 10;

/// How many of what was not decided are told before the rest is counted.
const UNDECIDED_SHOWN: usize = 10;

/// How many commits run something else, as a phrase.
fn of_commits(replay: &Replay) -> String {
    let unseen = match replay.unseen.as_slice() {
        [] => String::new(),
        [first, rest @ ..] => {
            let id = first.id.get(..10).unwrap_or(&first.id);
            let more = if rest.is_empty() { String::new() } else { format!(", and {} more", rest.len()) };
            format!("; not looked at: {id} ({}){more}", first.why)
        }
    };
    format!(
        "{} of the newest {} would have come out otherwise, by the files that {} lists{unseen}",
        replay.differing.len(),
        plural(replay.commits, "commit"),
        replay.forge,
    )
}

/// Steps that one side runs and the other does not: `-publish/build-web +ci/lint`; safe to print.
fn steps(commit: &ReplayedCommit) -> String {
    let lost = commit.lost.iter().map(|step| format!("-{}", escape(step)));
    let all: Vec<String> = lost.chain(commit.gained.iter().map(|step| format!("+{}", escape(step)))).collect();
    all.join(" ")
}

/// What differs, as a phrase: `build-a`, `build-b` of workflow `publish`; safe to print.
fn named(targets: &[Target]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut steps: Vec<String> = Vec::new();
    for (at, target) in targets.iter().enumerate() {
        match target {
            Target::Pipeline => parts.push("the pipeline".to_owned()),
            Target::Workflow { name, axis } => parts.push(format!("workflow {}", of(name, axis))),
            Target::Step { workflow, axis, name, nth } => {
                let nth = if *nth > 0 { format!(" ({})", nth + 1) } else { String::new() };
                steps.push(format!("`{}`{nth}", escape(name)));
                let goes_on = matches!(targets.get(at + 1), Some(Target::Step { workflow: next, axis: of, .. })
                    if (next, of) == (workflow, axis));
                if !goes_on {
                    parts.push(format!("{} of workflow {}", steps.join(", "), of(workflow, axis)));
                    steps.clear();
                }
            }
        }
    }
    parts.join("; ")
}

fn of(workflow: &str, axis: &Axis) -> String {
    let axis: Vec<String> = axis.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    let axis = if axis.is_empty() { String::new() } else { format!(" [{}]", axis.join(", ")) };
    format!("`{}`{axis}", escape(workflow))
}

/// What becomes of such changes: "ran, now skipped".
fn fate(kind: &Differing) -> String {
    let before = match kind.before {
        None => "was not there",
        Some(Verdict::Run) => "ran",
        Some(Verdict::Skip) => "was skipped",
        Some(Verdict::Dropped) => "was dropped",
        Some(Verdict::Error) => "was refused",
        Some(Verdict::Unknown) => "hung on the server",
    };
    let after = match kind.after {
        None => "is gone",
        Some(Verdict::Run) => "runs",
        Some(Verdict::Skip) => "is skipped",
        Some(Verdict::Dropped) => "is dropped",
        Some(Verdict::Error) => "is refused",
        Some(Verdict::Unknown) => "hangs on the server",
    };
    format!("{before}, now {after}")
}

/// An example, as a phrase that is safe to print; `None` where the kind says it all.
fn example(kind: &Differing) -> Option<String> {
    let change = &kind.class.change;
    if change.files.is_empty() {
        return None;
    }
    let event = kind.events.first()?;
    let branch = change.value(Key::Branch).map(|branch| format!(" on {}", escape(branch))).unwrap_or_default();
    let files: Vec<String> = change.files.iter().map(|file| escape(file).to_string()).collect();
    Some(format!("{event}{branch} of {}", files.join(", ")))
}

#[cfg(all(test, feature = "cli"))]
mod tests {
    use super::*;
    use crate::report::Style;

    #[test]
    fn of_very_much_that_was_not_decided_the_rest_is_counted() {
        let undecided = (0..25).map(|at| format!("step {at}")).collect();
        let comparison = Comparison { undecided, ..Comparison::default() };
        let differences = Differences {
            before: "a",
            after: "b",
            comparison: &comparison,
            server: Version::NEWEST,
            notes: &[],
            replay: None,
        };
        let (mut human, mut verbose, mut markdown) = (Vec::new(), Vec::new(), Vec::new());
        write_differences(&mut human, &differences, Style::PLAIN).expect("memory takes all");
        write_differences(&mut verbose, &differences, Style { verbose: true, ..Style::PLAIN })
            .expect("memory takes all");
        write_differences_markdown(&mut markdown, &differences).expect("memory takes all");
        let text = |bytes| String::from_utf8(bytes).expect("it is text");
        let (human, verbose, markdown) = (text(human), text(verbose), text(markdown));
        assert!(human.contains("? step 9\n  and 15 more\n") && !human.contains("step 10"), "{human}");
        assert!(verbose.contains("step 24") && !verbose.contains("more"), "{verbose}");
        assert!(markdown.contains("- not decided: step 9\n- not decided: 15 more\n"), "{markdown}");
    }
}
