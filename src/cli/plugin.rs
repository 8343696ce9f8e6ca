//! `check`, with its options in environment variables: how a plugin of Woodpecker gets its settings, and the action its inputs. No shell has to
//! quote them.

use std::ffi::OsString;

use super::args::Common;
use super::failure::Failure;
use crate::ci::Variables;
use crate::text::{escape, nearest};

/// What the variables of settings begin with.
const PREFIX: &str = "PLUGIN_";

/// The settings, sorted, and the options that they stand for.
pub(super) const SETTINGS: [(&str, Setting); 13] = [
    ("allow_undecided", Setting::Flag("--allow-undecided")),
    ("branch", Setting::Value("--branch")),
    ("change", Setting::Change),
    ("color", Setting::Value("--color")),
    ("config", Setting::Value("--config")),
    ("directory", Setting::Value("--directory")),
    ("event", Setting::Value("--event")),
    ("format", Setting::Value("--format")),
    ("no_proofs", Setting::Flag("--no-proofs")),
    ("quiet", Setting::Flag("--quiet")),
    ("summary", Setting::Value("--summary")),
    ("verbose", Setting::Flag("--verbose")),
    ("woodpecker", Setting::Value("--woodpecker")),
];

/// What a setting stands for.
#[derive(Clone, Copy)]
pub(super) enum Setting {
    /// An option with this value.
    Value(&'static str),
    /// An option that is there if the value is `true`.
    Flag(&'static str),
    /// The revision.
    Change,
}

/// The command line that the settings in `variables` stand for, with the options that were typed. A setting that is empty is none.
pub(super) fn arguments(variables: &Variables, typed: &Common) -> Result<Vec<OsString>, Failure> {
    let mut arguments: Vec<OsString> = vec!["wp-gate".into(), "check".into()];
    arguments.extend(typed.arguments());
    let mut change = None;
    for (name, value) in variables {
        let Some(name) = name.strip_prefix(PREFIX).filter(|_| !value.is_empty()) else { continue };
        let name = name.to_ascii_lowercase();
        let setting = SETTINGS.binary_search_by(|(known, _)| (*known).cmp(&name)).map_err(|_| unknown(&name))?;
        match SETTINGS[setting].1 {
            Setting::Value(option) => arguments.push(format!("{option}={value}").into()),
            Setting::Flag(option) => match value.as_str() {
                "true" => arguments.push(option.into()),
                "false" => {}
                _ => {
                    return Err(Failure::new(format!(
                        "setting `{name}` is `true` or `false`, not `{}`",
                        escape(value)
                    )));
                }
            },
            Setting::Change => change = Some(value),
        }
    }
    if let Some(change) = change {
        arguments.extend(["--".into(), change.into()]);
    }
    Ok(arguments)
}

fn unknown(name: &str) -> Failure {
    let failure = Failure::new(format!("there is no setting `{}`", escape(name)));
    let names = SETTINGS.iter().map(|(name, _)| *name);
    match nearest(name, names.clone()) {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None => failure.help(format!("the settings are {}", names.collect::<Vec<_>>().join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> Result<String, String> {
        let variables = pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        let line = |arguments: Vec<OsString>| arguments.join(" ".as_ref()).to_string_lossy().into_owned();
        arguments(&variables, &Common::default()).map(line).map_err(|failure| failure.to_string())
    }

    #[test]
    fn settings_become_options_and_stay_in_one_word() {
        assert_eq!(of(&[("PATH", "x"), ("PLUGIN_FORMAT", "")]).as_deref(), Ok("wp-gate check"));
        assert_eq!(
            of(&[("PLUGIN_QUIET", "true"), ("PLUGIN_VERBOSE", "false"), ("PLUGIN_CONFIG", "a b; rm")]).as_deref(),
            Ok("wp-gate check --config=a b; rm --quiet")
        );
        assert_eq!(of(&[("PLUGIN_CHANGE", "--worktree")]).as_deref(), Ok("wp-gate check -- --worktree"));
    }

    #[test]
    fn what_is_no_setting_is_said() {
        assert_eq!(of(&[("PLUGIN_FROMAT", "json")]), Err("there is no setting `fromat`".to_owned()));
        assert_eq!(of(&[("PLUGIN_QUIET", "yes")]), Err("setting `quiet` is `true` or `false`, not `yes`".to_owned()));
        assert!(SETTINGS.is_sorted_by_key(|(name, _)| *name));
    }
}
