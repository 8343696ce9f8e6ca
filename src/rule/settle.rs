//! What was found in a file, as it is reported.

use std::collections::HashSet;

use super::about::{Level, Levels, Rule};
use super::allow::Allows;
use crate::diag::Problem;

/// `problems` of one file as they are reported: each once, without those that `allows` suppresses, at the levels of `levels`, in the order
/// of the file; and what is wrong with the suppressions. `rules` are those that speak of such files, sorted by their names;
/// `looked_for` says whether the flaws of one would have been found.
pub(crate) fn settle(
    mut problems: Vec<Problem>,
    mut allows: Allows,
    rules: &[Rule],
    levels: &Levels,
    looked_for: impl Fn(&str) -> bool,
) -> Vec<Problem> {
    let mut seen = HashSet::new();
    problems.retain(|problem| {
        let place = problem.labels.first().map(|label| label.span);
        seen.insert((problem.code, problem.message.clone(), place)) && !allows.suppress(problem)
    });
    problems.extend(allows.problems(looked_for));
    problems.retain_mut(|problem| set_level(problem, rules, levels));
    problems.sort_by_key(|problem| (problem.labels.first().map(|label| label.span.start), problem.code));
    problems
}

/// Gives `problem` the level that is configured for its rule; false when that is off.
fn set_level(problem: &mut Problem, rules: &[Rule], levels: &Levels) -> bool {
    let Some(level) = levels.get(problem.code) else {
        return Rule::find(rules, problem.code).is_none_or(|rule| rule.level != Level::Off);
    };
    level.severity().inspect(|&severity| problem.severity = severity).is_some()
}
