//! What a command of a Node workspace builds: its package managers and turbo, by their filters.

use super::super::shell::Word;
use super::super::tree::join;
use super::{Command, Effect, options};
use crate::glob::Pattern;

/// Commands of package managers that install, or look at nothing but their own state.
const INSTALLING: &[&str] = &[
    "add",
    "approve-builds",
    "audit",
    "cache",
    "ci",
    "clean-install",
    "config",
    "dedupe",
    "env",
    "fetch",
    "i",
    "import",
    "install",
    "pkg",
    "prune",
    "rebuild",
    "set",
    "setup",
    "store",
    "up",
    "update",
    "version",
];

impl Command<'_> {
    /// A tool that `npx` or its like runs.
    pub(super) fn tool(&self, words: &[Word]) -> Effect {
        let skipped = words.iter().take_while(|word| word.text.starts_with('-')).count();
        match words.get(skipped).and_then(Word::known) {
            Some(tool) if tool.split('@').next() == Some("turbo") => self.turbo(&words[skipped + 1..]),
            Some(_) => self.here(),
            None => Effect::Whole,
        }
    }

    pub(super) fn manager(&self, program: &str, words: &[Word]) -> Effect {
        let (options, rest) = options(
            words,
            &["--filter", "--filter-prod", "-F", "-w", "--workspace", "-C", "--dir", "--prefix", "--cwd"],
        );
        let Some(command) = rest.first().map_or(Some("install"), |word| word.known()) else { return Effect::Whole };
        match (program, command) {
            ("yarn", "workspace") => {
                return rest.get(1).and_then(|word| self.filter(word.known()?)).map_or(Effect::Whole, Effect::Builds);
            }
            ("yarn", "workspaces") if rest.get(1).and_then(|word| word.known()) == Some("focus") => {
                return Effect::None;
            }
            ("yarn", "workspaces") => return Effect::Whole,
            (_, command) if INSTALLING.contains(&command) => return Effect::None,
            (_, "turbo") => {
                return self.turbo(&words[words.iter().position(|word| word.text == "turbo").map_or(0, |at| at + 1)..]);
            }
            (_, "exec" | "dlx" | "x") => {
                let at = words.iter().position(|word| word.text == command).map_or(0, |at| at + 1);
                if options.is_empty() {
                    return self.tool(&words[at..]);
                }
            }
            _ => {}
        }
        let all = ["-r", "--recursive", "--workspaces", "-ws", "--parallel"];
        if words.iter().any(|word| all.contains(&word.text.as_str())) && options.is_empty() {
            return Effect::Whole;
        }
        let mut members = Vec::new();
        let mut at = None;
        for (name, value) in options {
            let Some(value) = value else { return Effect::Whole };
            match name {
                "-C" | "--dir" | "--prefix" | "--cwd" => at = Some(value),
                // To pnpm, `-w` is the root.
                "-w" if program == "pnpm" => return Effect::Whole,
                _ => match self.filter(value) {
                    Some(more) => members.extend(more),
                    None => return Effect::Whole,
                },
            }
        }
        match (members.is_empty(), at) {
            (false, _) => Effect::Builds(members),
            (true, Some(path)) => self.at_path(path),
            (true, None) => self.here(),
        }
    }

    pub(super) fn turbo(&self, words: &[Word]) -> Effect {
        let (options, rest) = options(
            words,
            &["--filter", "-F", "--scope", "--cwd", "--out-dir", "--concurrency", "--env-mode", "--cache-dir"],
        );
        let prunes = rest.first().and_then(|word| word.known()) == Some("prune");
        let mut filters: Vec<Option<&str>> = Vec::new();
        filters.extend(
            options.iter().filter(|(name, _)| matches!(*name, "--filter" | "-F" | "--scope")).map(|(_, value)| *value),
        );
        if prunes {
            filters.extend(rest.iter().skip(1).map(|word| word.known()));
        }
        if filters.is_empty() {
            return self.here();
        }
        let members: Option<Vec<Vec<usize>>> = filters.into_iter().map(|filter| self.filter(filter?)).collect();
        members.map_or(Effect::Whole, |members| Effect::Builds(members.concat()))
    }

    /// The packages that a filter of pnpm or turbo, or a workspace's name, chooses; `None` when that is not modelled, or nothing.
    fn filter(&self, filter: &str) -> Option<Vec<usize>> {
        let name = filter.strip_suffix("...").unwrap_or(filter);
        if name.starts_with(['!', '[']) || name.contains("...") || name.contains(['^', '[']) {
            return None;
        }
        let members = &self.workspace.members;
        let folder = name.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
        let is_folder = folder.is_some() || name.starts_with('.') || (name.contains('/') && !name.starts_with('@'));
        let found: Vec<usize> = if is_folder {
            let pattern = join(self.folder.unwrap_or(&self.workspace.root), folder.unwrap_or(name))?;
            let pattern = Pattern::parse(&pattern);
            (0..members.len()).filter(|&at| pattern.is_match(members[at].folder.as_bytes())).collect()
        } else if name.contains('*') {
            let pattern = Pattern::parse(name);
            (0..members.len()).filter(|&at| pattern.is_match(members[at].name.as_bytes())).collect()
        } else {
            let bare = |at: &usize| members[*at].name.rsplit('/').next() == Some(name);
            self.workspace.by_name(name).map_or_else(|| (0..members.len()).filter(bare).collect(), |at| vec![at])
        };
        (!found.is_empty()).then_some(found)
    }
}
