//! Which packages of a workspace a build is about, when it copies the whole of it: what its `RUN`s build.
//!
//! A claim that is made only when every command that could read the workspace says which package it reads. One that does not, or
//! that we do not know, and the whole workspace is read.
//!
//! | file | does |
//! | --- | --- |
//! | `mod` | goes through the commands; programs that build nothing; options |
//! | `node` | npm, pnpm, yarn, bun and turbo |
//! | `cargo` | cargo |
//! | `golang` | go |

mod cargo;
mod golang;
mod node;

#[cfg(test)]
mod tests;

use super::dockerfile::{Needs, Run};
use super::shell::{self, Simple, Word};
use super::tree::{below, join};
use super::workspace::{Kind, Workspace};
use crate::source::Span;
use crate::text::escape;

/// What one command has to do with the packages.
enum Effect {
    /// It reads none of them; installing is left to the lock file.
    None,
    Builds(Vec<usize>),
    /// It may read all of them.
    Whole,
}

/// Why it is not known what is built: a phrase, and the bytes of the Dockerfile that leave it open, if it is some.
pub(super) type Open = (Option<Span>, String);

/// The packages that a Dockerfile builds which `needs` these, each with the bytes that say so. A `RUN` that has no package in its stage reads none.
///
/// # Errors
/// Why that is not known.
pub(super) fn packages(workspace: &Workspace, needs: &Needs) -> Result<Vec<(usize, Span)>, Open> {
    if let Some(problem) = &workspace.problem {
        return Err((None, problem.clone()));
    }
    let mut found = Vec::new();
    for run in with_packages(workspace, needs) {
        let mut variables = run.variables.clone();
        let script = shell::read(&run.script, &mut variables);
        if !script.complete {
            let whole = run.map.to_source(Span::from(0..run.script.len()));
            return Err((Some(whole), "is not understood, and may read any package".to_owned()));
        }
        let mut folder = run.folder.as_deref().and_then(|folder| join(&workspace.root, folder));
        for simple in &script.commands {
            if simple.words.first().and_then(Word::known) == Some("cd") {
                let to = simple.words.get(1).and_then(Word::known).filter(|path| !path.starts_with('/'));
                folder = folder.zip(to).and_then(|(folder, to)| join(&folder, to));
                continue;
            }
            let reader = Command { workspace, folder: folder.as_deref() };
            let last = simple.words.len().saturating_sub(1).min(12);
            let span = run.map.to_source(simple.words[0].span.join(simple.words[last].span));
            match reader.effect(&simple.words) {
                Effect::None => {}
                Effect::Builds(members) => found.extend(members.into_iter().map(|member| (member, span))),
                Effect::Whole => return Err((Some(span), format!("`{}` may read any package", shown(simple)))),
            }
        }
    }
    if found.is_empty() { Err((None, "no `RUN` says which of them is built".to_owned())) } else { Ok(found) }
}

/// The `RUN`s in whose stages packages may be.
fn with_packages<'n>(workspace: &Workspace, needs: &'n Needs) -> impl Iterator<Item = &'n Run> {
    let brings: Vec<bool> = needs.reads.iter().map(|read| holds_packages(&read.source, workspace)).collect();
    let mut all: Vec<bool> = Vec::new();
    let mut others: Vec<bool> = Vec::new();
    for stage in &needs.stages {
        let other = stage.open || stage.from.iter().any(|&from| all.get(from).copied().unwrap_or(true));
        others.push(other);
        all.push(other || brings[stage.reads.clone()].contains(&true));
    }
    needs.runs.iter().filter(move |run| {
        let own = needs.stages.get(run.stage).and_then(|stage| brings.get(stage.reads.start..run.before));
        others.get(run.stage).is_none_or(|other| *other) || own.is_none_or(|own| own.contains(&true))
    })
}

/// Whether there may be packages in what is copied of the context from `source`.
fn holds_packages(source: &str, workspace: &Workspace) -> bool {
    let plain = match source.find(['*', '?', '[', '\\']) {
        Some(at) => source[..at].rsplit_once('/').map_or("", |(folder, _)| folder),
        None => source,
    };
    let Some(path) = join(&workspace.root, plain) else { return true };
    let within = |inner: &str, outer: &str| below(inner.as_bytes(), outer).is_some() || inner == outer;
    workspace.members.iter().any(|member| within(&member.folder, &path) || within(&path, &member.folder))
}

fn shown(simple: &Simple) -> String {
    let words: Vec<&str> =
        simple.words.iter().take(4).map(|word| word.unknown.as_deref().unwrap_or(&word.text)).collect();
    let text: String = words.join(" ").chars().take(60).collect();
    escape(&text).to_string()
}

/// Programs that build nothing. Where they name a package's folder, they read it.
const HARMLESS: &[&str] = &[
    "[",
    "addgroup",
    "adduser",
    "apk",
    "apt",
    "apt-get",
    "awk",
    "cat",
    "chmod",
    "chown",
    "corepack",
    "cp",
    "curl",
    "date",
    "dnf",
    "echo",
    "exit",
    "export",
    "false",
    "find",
    "git",
    "grep",
    "groupadd",
    "install",
    "ldconfig",
    "ln",
    "ls",
    "microdnf",
    "mkdir",
    "mv",
    "printf",
    "pwd",
    "rm",
    "rustup",
    "sed",
    "set",
    "sleep",
    "strip",
    "tar",
    "tee",
    "test",
    "touch",
    "true",
    "unzip",
    "update-ca-certificates",
    "useradd",
    "usermod",
    "wget",
    "yum",
];

/// One command, and the folder that it runs in.
struct Command<'c> {
    workspace: &'c Workspace,
    folder: Option<&'c str>,
}

impl Command<'_> {
    fn effect(&self, words: &[Word]) -> Effect {
        let Some(program) = words.first().and_then(Word::known) else { return Effect::Whole };
        let program = program.rsplit('/').next().unwrap_or_default();
        let rest = &words[1..];
        if HARMLESS.contains(&program) {
            return self.named(rest);
        }
        match (self.workspace.kind, program) {
            (Kind::Node, "npx" | "bunx" | "dotenv") => self.tool(rest),
            (Kind::Node, "pnpm" | "npm" | "yarn" | "bun") => self.manager(program, rest),
            (Kind::Node, "turbo") => self.turbo(rest),
            (Kind::Node, _) => self.here(),
            (Kind::Cargo, "cargo") => self.cargo(rest),
            (Kind::Go, "go") => self.go(rest),
            _ => Effect::Whole,
        }
    }

    /// The package in whose folder it runs.
    fn here(&self) -> Effect {
        self.at(self.folder)
    }

    fn at(&self, folder: Option<&str>) -> Effect {
        let owner = folder.and_then(|folder| self.workspace.owner(format!("{folder}/").as_bytes()));
        owner.map_or(Effect::Whole, |owner| Effect::Builds(vec![owner]))
    }

    fn at_path(&self, path: &str) -> Effect {
        self.at(self.folder.and_then(|folder| join(folder, path)).as_deref())
    }

    /// The packages whose folders the words name.
    fn named(&self, words: &[Word]) -> Effect {
        let folder = self.folder.unwrap_or(&self.workspace.root);
        let paths =
            words.iter().filter(|word| !word.text.starts_with(['-', '/'])).filter_map(|word| join(folder, &word.text));
        let members: Vec<usize> =
            paths.filter_map(|path| self.workspace.owner(format!("{path}/").as_bytes())).collect();
        if members.is_empty() { Effect::None } else { Effect::Builds(members) }
    }
}

/// Takes options from words: those in `taking` have a value, which is `None` where it is not known; other words that begin with `-` are
/// switches. Behind `--`, nothing is an option.
fn options<'w>(words: &'w [Word], taking: &[&str]) -> (Vec<(&'w str, Option<&'w str>)>, Vec<&'w Word>) {
    let (mut options, mut rest) = (Vec::new(), Vec::new());
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word.text == "--" {
            break;
        }
        if !word.text.starts_with('-') {
            rest.push(word);
            continue;
        }
        let (name, value) =
            word.text.split_once('=').map_or((word.text.as_str(), None), |(name, value)| (name, Some(value)));
        if taking.contains(&name) {
            let value = match value {
                Some(value) => word.unknown.is_none().then_some(value),
                None => words.next().and_then(Word::known),
            };
            options.push((name, value));
        }
    }
    (options, rest)
}
