//! The rules, one file each, with its page beside it.

mod case_mismatch;
mod clone_only_run;
mod dead_glob;
mod dependency_cycle;
mod double_star_inside_segment;
mod duplicate_gate;
mod duplicate_step;
mod escape_eaten;
mod evaluate_error;
mod exclude_and_include_interact;
mod filter_always_true;
mod filter_changes_order;
mod filtered_dependency;
mod forge_truncation;
mod glob_never_matches;
mod implicit_on_empty;
mod invalid_glob;
mod old_exclude_semantics;
mod platform_never_matches;
mod redundant_glob;
mod self_excluded;
mod server;
mod shadowed_entry;
mod split_and;
mod stale_build;
mod step_never_runs;
mod undecided;
mod ungated_events;
mod ungated_step;
mod unknown_workflow_dependency;
mod unused_anchor;
mod vanishing_workflow;
mod version_too_old;
mod wasted_build;

use std::sync::LazyLock;

pub(super) use undecided::undecided;

use super::rule::Rule;
use crate::rule::{self, UNUSED_ALLOW};

/// The rule that asks for the past.
pub(super) const DEAD_GLOB: &str = dead_glob::ID;

/// Every rule and how it is found, sorted by its name.
pub(super) static RULES: &[&Rule] = &[
    &server::ALIAS_CYCLE,
    &server::BAD_MERGE,
    &server::BAD_SUBSTITUTION,
    &case_mismatch::RULE,
    &clone_only_run::RULE,
    &dead_glob::RULE,
    &dependency_cycle::RULE,
    &server::DEPRECATED,
    &double_star_inside_segment::RULE,
    &duplicate_gate::RULE,
    &server::DUPLICATE_KEY,
    &server::DUPLICATE_SERVICE,
    &duplicate_step::RULE,
    &server::EMPTY_AXIS,
    &escape_eaten::RULE,
    &evaluate_error::RULE,
    &exclude_and_include_interact::RULE,
    &filter_always_true::RULE,
    &filter_changes_order::RULE,
    &filtered_dependency::RULE,
    &forge_truncation::RULE,
    &glob_never_matches::RULE,
    &implicit_on_empty::RULE,
    &server::INSUFFICIENT_TRUST,
    &invalid_glob::RULE,
    &server::INVALID_KEY,
    &server::MISSING_IMAGE,
    &server::MISSING_STEPS,
    &server::NO_EVENT_FILTER,
    &old_exclude_semantics::RULE,
    &platform_never_matches::RULE,
    &server::PRIVILEGED_PLUGIN,
    &redundant_glob::RULE,
    &server::SCHEMA,
    &self_excluded::RULE,
    &server::SETTINGS_AND_COMMANDS,
    &server::SETTINGS_AND_ENVIRONMENT,
    &shadowed_entry::RULE,
    &split_and::RULE,
    &stale_build::RULE,
    &step_never_runs::RULE,
    &server::TOO_LARGE,
    &undecided::RULE,
    &ungated_events::RULE,
    &ungated_step::RULE,
    &server::UNKNOWN_DEPENDENCY,
    &unknown_workflow_dependency::RULE,
    &server::UNTRUSTED_CLONE,
    &unused_anchor::RULE,
    &vanishing_workflow::RULE,
    &version_too_old::RULE,
    &wasted_build::RULE,
    &server::WRONG_TYPE,
    &server::WRONG_VALUE,
    &server::YAML_SYNTAX,
];

/// What people know of the rules about workflow files, sorted by their names.
pub fn rules() -> &'static [rule::Rule] {
    static ABOUT: LazyLock<Vec<rule::Rule>> = LazyLock::new(|| {
        let mut about: Vec<rule::Rule> = RULES.iter().map(|rule| rule.about()).chain([UNUSED_ALLOW]).collect();
        about.sort_by_key(|rule| rule.id);
        about
    });
    &ABOUT
}
