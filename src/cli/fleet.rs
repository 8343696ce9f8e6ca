//! `fleet`: from paths, globs or a revision to rosters, and from these to an answer.

mod rosters;

use super::args::{Common, FleetArgs};
use super::failure::Failure;
use super::findings::Found;
use super::{ExitStatus, Streams, baseline, settings};
use crate::config::{self, Config};
use crate::fleet::{self, Settings, Units};
use crate::glob::Pattern;
use crate::text::escape;

pub(super) fn run(args: &FleetArgs, common: &Common, streams: &mut Streams<'_>) -> Result<ExitStatus, Failure> {
    let config = settings::load(common)?;
    found(args, common, &config)?.answer(args.format, common, streams)
}

/// What is found in the rosters that are asked for.
pub(super) fn found(args: &FleetArgs, common: &Common, config: &Config) -> Result<Found, Failure> {
    let settings = fleet_settings(args, common, config)?;
    let rosters::Found { files, unread } = find(args, common, config)?;
    let checked = fleet::check(&files, &settings);
    let found = Found { problems: checked.problems, files, rosters: checked.rosters, unread, notes: Vec::new() };
    baseline::apply(&args.baseline, config, common, found)
}

fn find(args: &FleetArgs, common: &Common, config: &Config) -> Result<rosters::Found, Failure> {
    let globs = config.fleet.rosters.iter().map(|text| glob("fleet.rosters", text)).collect::<Result<Vec<_>, _>>()?;
    if args.paths.is_empty() && globs.is_empty() {
        let help = "`wp-gate fleet PATH`, or `fleet: {rosters: [\"fleet/**/*.yaml\"]}` in `.wp-gate.yaml`";
        return Err(Failure::new("no roster is named").help(help));
    }
    match &args.rev {
        Some(rev) => rosters::at_revision(rev, &args.paths, globs, common),
        None if args.paths.is_empty() => rosters::matching(globs, common),
        None => rosters::at(&args.paths, common),
    }
}

/// What the rules go by: what was typed, and what is configured.
fn fleet_settings(args: &FleetArgs, common: &Common, config: &Config) -> Result<Settings, Failure> {
    let config::Fleet { classes, runtimes, transports, keys, profiles, .. } = config.fleet.clone();
    let units = args.units.as_ref().map(|dir| Units::load(&common.directory.join(dir))).transpose();
    let profiles =
        profiles.into_iter().map(|(text, profile)| Ok::<_, Failure>((glob("fleet.profiles", &text)?, profile)));
    Ok(Settings {
        classes,
        runtimes,
        transports,
        keys,
        profile: args.profile.clone(),
        profiles: profiles.collect::<Result<_, _>>()?,
        units: units.map_err(|error| Failure::new(error.to_string()))?,
        levels: config.lint.rules.clone(),
    })
}

/// A glob of the configuration, which stands under `key`.
fn glob(key: &str, text: &str) -> Result<Pattern, Failure> {
    let pattern = Pattern::parse(text);
    match pattern.error() {
        Some(error) => Err(Failure::new(format!("`{key}`: `{}`: {error}", escape(text)))),
        None => Ok(pattern),
    }
}
