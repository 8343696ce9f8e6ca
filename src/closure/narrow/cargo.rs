//! What a cargo command builds: the packages that it names, or the one in whose folder it runs.

use super::super::shell::Word;
use super::{Command, Effect, options};

impl Command<'_> {
    pub(super) fn cargo(&self, words: &[Word]) -> Effect {
        let taking = [
            "-p",
            "--package",
            "--manifest-path",
            "--path",
            "--bin",
            "--target",
            "--features",
            "-F",
            "--profile",
            "--target-dir",
            "--root",
            "-j",
            "-Z",
        ];
        let (options, rest) = options(words, &taking);
        let command = rest.iter().filter_map(|word| word.known()).find(|word| !word.starts_with('+'));
        let value = |names: &[&str]| options.iter().find(|(name, _)| names.contains(name)).map(|(_, value)| *value);
        match command {
            Some(
                "build" | "b" | "rustc" | "run" | "test" | "check" | "zigbuild" | "install" | "auditable" | "bench",
            ) => {}
            // Dependencies only, or nothing of the workspace.
            Some("fetch" | "vendor" | "chef" | "add" | "update" | "generate-lockfile" | "binstall") => {
                return Effect::None;
            }
            _ => return Effect::Whole,
        }
        if let Some(path) = value(&["--manifest-path"]) {
            return path
                .and_then(|path| path.strip_suffix("Cargo.toml"))
                .map_or(Effect::Whole, |path| self.at_path(path));
        }
        if command == Some("install") {
            return match value(&["--path"]) {
                Some(path) => path.map_or(Effect::Whole, |path| self.at_path(path)),
                None => Effect::None,
            };
        }
        let packages: Vec<Option<&str>> =
            options.iter().filter(|(name, _)| matches!(*name, "-p" | "--package")).map(|(_, value)| *value).collect();
        if !packages.is_empty() {
            let members: Option<Vec<usize>> = packages.into_iter().map(|name| self.workspace.by_name(name?)).collect();
            return members.map_or(Effect::Whole, Effect::Builds);
        }
        if words.iter().any(|word| matches!(word.text.as_str(), "--workspace" | "--all")) {
            return Effect::Whole;
        }
        // Without a package at the root, all members are built there.
        self.here()
    }
}
