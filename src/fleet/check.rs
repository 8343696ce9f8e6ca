//! All rosters of a run, checked in parallel.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::rules::{self, BOOT_SURVIVAL, RULES, Subject, rules};
use super::{Profile, Settings, lower};
use crate::diag::Problem;
use crate::rule::{Allows, settle};
use crate::source::{FileId, Sources};

/// What is wrong with some rosters.
#[derive(Debug)]
pub struct Checked {
    /// Each roster, in the order of the files.
    pub rosters: Vec<CheckedRoster>,
    /// What is wrong, in the order of the files and of the places in them; then what concerns the rosters together, and no place in them.
    pub problems: Vec<Problem>,
}

/// What is known of one roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedRoster {
    /// Its file.
    pub file: FileId,
    /// Its profile; `None` when the file is no YAML.
    pub profile: Option<Profile>,
    /// The number of agents that could be read.
    pub agents: usize,
}

/// Checks the rosters in `files`, whose names are paths relative to the repository's root where they lie in it. Uses all processors; the
/// answer does not depend on how many there are.
pub fn check(files: &Sources, settings: &Settings) -> Checked {
    let ids: Vec<FileId> = files.iter().map(|(id, _)| id).collect();
    let checked: Vec<(CheckedRoster, Vec<Problem>, Names)> =
        ids.par_iter().map(|&id| check_one(files, id, settings)).collect();
    let mut names = Names { complete: true, ..Names::default() };
    let mut rosters = Vec::with_capacity(checked.len());
    let mut problems = Vec::new();
    for (roster, own, its) in checked {
        names.complete &= its.complete;
        names.known.extend(its.known);
        rosters.push(roster);
        problems.extend(own);
    }
    problems.extend(rules::orphans(names.complete.then_some(&names.known), settings));
    Checked { rosters, problems }
}

/// The names of agents.
#[derive(Default)]
struct Names {
    known: BTreeSet<String>,
    /// Whether these are all.
    complete: bool,
}

fn check_one(files: &Sources, file: FileId, settings: &Settings) -> (CheckedRoster, Vec<Problem>, Names) {
    let source = &files[file];
    let (roster, mut problems) = lower(source, file);
    let Some(roster) = roster else {
        let allows = Allows::read(source, file, None, rules());
        let problems = settle(problems, allows, rules(), &settings.levels, |_| false);
        return (CheckedRoster { file, profile: None, agents: 0 }, problems, Names::default());
    };
    let profile = Profile::of(&roster, source.name(), settings);
    let subject = Subject { file, roster: &roster, profile: &profile, settings };
    for rule in RULES.iter().filter(|rule| rule.is_on(&settings.levels)) {
        rule.checks.iter().for_each(|check| check(&subject, &mut problems));
    }
    let looked_for = |id: &str| id != BOOT_SURVIVAL.id || settings.units.is_some();
    let allows = Allows::read(source, file, Some(&roster.document), rules());
    let problems = settle(problems, allows, rules(), &settings.levels, looked_for);
    let agents = &roster.agents;
    let known = agents.list.iter().filter_map(|agent| agent.name.given()).map(|name| name.value.clone());
    let names = Names {
        known: known.collect(),
        complete: !agents.uncertain && agents.list.iter().all(|agent| !agent.name.is_unreadable()),
    };
    (CheckedRoster { file, profile: Some(profile), agents: agents.list.len() }, problems, names)
}
