//! Workspaces: which packages a repository has, and which of them need which.
//!
//! | file | reads |
//! | --- | --- |
//! | `node`, `pnpm` | `package.json`, `pnpm-workspace.yaml`, `pnpm-lock.yaml`: pnpm, npm, yarn |
//! | `cargo` | `Cargo.toml` |
//! | `golang` | `go.work`, `go.mod` |
//!
//! A package needs another when its manifest says so. What code reads past its manifest (`../../other/file`) is not seen.

mod cargo;
mod golang;
mod node;
mod pnpm;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use bstr::ByteSlice as _;

use super::tree::{Library, below, join};
use crate::glob::PatternSet;
use crate::source::{Source, Span};

/// Most packages of one workspace.
const MAX_MEMBERS: usize = 2000;

/// Whose workspace it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Node,
    Cargo,
    Go,
}

/// A package.
#[derive(Debug)]
pub(super) struct Member {
    /// Its name: of a Go module, its path.
    pub name: String,
    /// Its folder.
    pub folder: String,
    pub needs: Vec<Need>,
}

/// That a package needs another one, and where its manifest says so.
#[derive(Debug)]
pub(super) struct Need {
    pub member: usize,
    pub manifest: Arc<Source>,
    pub span: Span,
}

/// The packages of a folder.
#[derive(Debug)]
pub(super) struct Workspace {
    pub kind: Kind,
    /// The folder.
    pub root: String,
    pub members: Vec<Member>,
    /// The members by their folders.
    folders: HashMap<String, usize>,
    /// Why it is not known as a whole: a manifest that cannot be read. Nothing is concluded from it then.
    pub problem: Option<String>,
}

/// What leads to a package: the packages on the way and what each says of the next one, from the one that is built.
pub(super) type Way<'w> = Vec<(&'w Member, &'w Need)>;

/// The workspaces whose root is `folder`.
pub(super) fn load(library: &Library<'_>, folder: &str) -> Vec<Workspace> {
    [node::load(library, folder), cargo::load(library, folder), golang::load(library, folder)]
        .into_iter()
        .flatten()
        .collect()
}

impl Workspace {
    fn new(kind: Kind, root: &str) -> Self {
        Self { kind, root: root.to_owned(), members: Vec::new(), folders: HashMap::new(), problem: None }
    }

    /// Adds a package that needs nothing yet.
    fn push(&mut self, name: String, folder: String) {
        self.folders.entry(folder.clone()).or_insert(self.members.len());
        self.members.push(Member { name, folder, needs: Vec::new() });
    }

    fn refuse(&mut self, why: impl Into<String>) {
        self.problem.get_or_insert_with(|| why.into());
    }

    /// The package that the file at `path` belongs to: the one in the innermost folder.
    pub(super) fn owner(&self, path: &[u8]) -> Option<usize> {
        let mut folder = path;
        while let Some((outer, _)) = folder.rsplit_once_str("/") {
            folder = outer;
            if let Some(at) = folder.to_str().ok().and_then(|folder| self.by_folder(folder)) {
                return Some(at);
            }
        }
        self.by_folder("")
    }

    pub(super) fn by_folder(&self, folder: &str) -> Option<usize> {
        self.folders.get(folder).copied()
    }

    pub(super) fn by_name(&self, name: &str) -> Option<usize> {
        self.members.iter().position(|member| member.name == name)
    }

    /// The packages that `start` need, each with the shortest way there; those of `start` have an empty one.
    pub(super) fn closure(&self, start: &[usize]) -> BTreeMap<usize, Way<'_>> {
        let mut ways: BTreeMap<usize, Way<'_>> = start.iter().map(|&at| (at, Vec::new())).collect();
        let mut open: VecDeque<usize> = start.iter().copied().collect();
        while let Some(at) = open.pop_front() {
            let Some(member) = self.members.get(at) else { continue };
            for need in &member.needs {
                if !ways.contains_key(&need.member) {
                    let mut way = ways.get(&at).cloned().unwrap_or_default();
                    way.push((member, need));
                    ways.insert(need.member, way);
                    open.push_back(need.member);
                }
            }
        }
        ways
    }
}

/// The folders below `root` that hold a file `manifest` which git tracks and that `wanted` chooses, the root aside; sorted.
fn folders_with(library: &Library<'_>, root: &str, manifest: &str, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let paths = library.tracked().paths().filter_map(|path| std::str::from_utf8(path).ok());
    let folders =
        paths.filter_map(|path| path.rsplit_once('/').filter(|(_, name)| *name == manifest).map(|(folder, _)| folder));
    let inside = folders.filter(|folder| {
        below(folder.as_bytes(), root)
            .and_then(|rest| std::str::from_utf8(rest).ok())
            .is_some_and(|rest| !rest.is_empty() && wanted(rest))
    });
    inside.map(str::to_owned).take(MAX_MEMBERS + 1).collect()
}

/// Whether a folder is chosen by patterns, of which those with a `!` take back.
fn choose(patterns: &[String]) -> impl Fn(&str) -> bool {
    let clean = |pattern: &str| join("", pattern.trim_start_matches("./")).unwrap_or_default();
    let set = |taken_back: bool| -> PatternSet {
        let of = patterns.iter().filter(|pattern| pattern.starts_with('!') == taken_back);
        of.map(|pattern| crate::glob::Pattern::parse(&clean(pattern.trim_start_matches('!')))).collect()
    };
    let (wanted, taken_back) = (set(false), set(true));
    move |folder| wanted.is_match(folder.as_bytes()) && !taken_back.is_match(folder.as_bytes())
}
