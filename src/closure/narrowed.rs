//! A workspace that a build copies, as the files of it that the build is about.

use std::collections::BTreeSet;
use std::sync::Arc;

use bstr::ByteSlice as _;

use super::dockerfile::Needs;
use super::filepath::literal;
use super::inputs::Because;
use super::tree::{Library, below};
use super::workspace::{Kind, Way, Workspace};
use super::{habit, narrow};
use crate::source::{Source, Span};
use crate::text::escape;

/// A workspace, and which of its packages a build is about.
#[derive(Clone, Debug)]
pub(super) struct Narrowed {
    workspace: Arc<Workspace>,
    /// The packages, and where the Dockerfile says so; or why that is not known.
    built: Result<Vec<(usize, Span)>, narrow::Open>,
    /// These and the packages that they need.
    needed: BTreeSet<usize>,
}

/// Globs, of which the last that matches decides: the files that are copied, and those of them that the build is about.
#[derive(Default)]
pub(super) struct Lists {
    pub copied: Vec<(String, bool)>,
    pub about: Vec<(String, bool)>,
    /// Those that are copied and that the build may well use. A package that is needed counts wherever it lies.
    pub used: Vec<(String, bool)>,
}

impl Narrowed {
    pub(super) fn new(workspace: Arc<Workspace>, needs: &Needs) -> Self {
        let built = narrow::packages(&workspace, needs);
        let start: Vec<usize> = built.iter().flatten().map(|&(member, _)| member).collect();
        let needed = workspace.closure(&start).into_keys().collect();
        Self { workspace, built, needed }
    }

    /// Whether it is known what is built.
    pub(super) fn is_known(&self) -> bool {
        self.built.is_ok()
    }

    /// Whether `folder` lies in one package: then all of it is read, whatever is built.
    pub(super) fn is_of_one(&self, folder: &str) -> bool {
        let owner = self.workspace.owner(format!("{folder}/").as_bytes());
        owner.is_some_and(|owner| !self.workspace.members[owner].folder.is_empty())
    }

    /// The globs of what lies in packages of their own folders.
    pub(super) fn packages(&self) -> Vec<String> {
        let folders = self.workspace.members.iter().map(|member| &member.folder).filter(|folder| !folder.is_empty());
        folders.map(|folder| format!("{}/**/*", literal(folder))).collect()
    }

    /// The files that what is built needs: those of the packages, and the files at the root, lock files and configuration. A file belongs
    /// to the package in the innermost folder. What else lies at the root, or is new there, is only copied.
    ///
    /// `are_folders_aside`: what lies in a folder that is beside what is built is not used, unless a package that is needed lies there.
    pub(super) fn lists(&self, library: &Library<'_>, are_folders_aside: bool) -> Lists {
        let Self { workspace, needed, .. } = self;
        let mut lists = Lists::default();
        let prefix = |folder: &str| if folder.is_empty() { String::new() } else { format!("{}/", literal(folder)) };
        let mut order: Vec<usize> = (0..workspace.members.len()).collect();
        order.sort_by_key(|&at| workspace.members[at].folder.len());
        let is_root_needed = order.iter().any(|at| workspace.members[*at].folder.is_empty() && needed.contains(at));
        let root = prefix(&workspace.root);
        if !is_root_needed {
            let aside = [(habit::names(), false), (habit::prose(), false)];
            lists.copied.extend([(format!("{root}*"), true)].into_iter().chain(aside));
            if workspace.kind == Kind::Cargo {
                lists.copied.push((format!("{root}.cargo/**/*"), true));
            }
        }
        lists.used.clone_from(&lists.copied);
        for at in order {
            let folder = prefix(&workspace.members[at].folder);
            let is_needed = needed.contains(&at);
            // Of a root that is not built, only what lies directly in it counts.
            if folder.is_empty() && !is_needed {
                continue;
            }
            lists.copied.push((format!("{folder}**/*"), is_needed));
            lists.used.push((format!("{folder}**/*"), is_needed));
            lists.about.push((format!("{folder}**/*"), is_needed));
            if is_needed {
                if folder == root && are_folders_aside {
                    lists.used.push((habit::folders(&folder), false));
                }
                lists.about.push((habit::folders(&folder), false));
            }
        }
        if !is_root_needed {
            let paths = library.tracked().paths().filter_map(|path| Some((path, below(path, &workspace.root)?)));
            let settings = |inside: &[u8]| workspace.kind == Kind::Cargo && inside.starts_with(b".cargo/");
            let files = paths.filter(|(_, inside)| settings(inside) || is_configuration(inside, workspace.kind));
            let names = files.filter_map(|(path, _)| std::str::from_utf8(path).ok());
            lists.about.extend(names.map(|path| (literal(path), true)));
        }
        lists.about.extend([(habit::names(), false), (habit::prose(), false)]);
        lists
    }

    /// What leads from the Dockerfile to the package of the file at `path`: what is built, and who needs whom. Where it is not known what is
    /// built, the line that leaves it open.
    pub(super) fn way(&self, path: &[u8], dockerfile: &Arc<Source>) -> Vec<Because> {
        let Self { workspace, built, .. } = self;
        if let Err((span, why)) = built {
            let open = |&span| Because { file: Some(Arc::clone(dockerfile)), span, text: why.clone() };
            return span.iter().map(open).collect();
        }
        let start: Vec<usize> = built.iter().flatten().map(|&(member, _)| member).collect();
        let closure = workspace.closure(&start);
        let Some(member) = workspace.owner(path) else { return Vec::new() };
        let Some(way): Option<&Way<'_>> = closure.get(&member) else { return Vec::new() };
        let name = |member: usize| escape(&workspace.members[member].name).to_string();
        let begins = way.first().map_or(Some(member), |(from, _)| workspace.by_folder(&from.folder));
        let run = built.iter().flatten().find(|(built, _)| Some(*built) == begins);
        let built = run.map(|&(member, span)| Because {
            file: Some(Arc::clone(dockerfile)),
            span,
            text: format!("builds `{}`", name(member)),
        });
        let needs = way.iter().map(|(from, need)| Because {
            file: Some(Arc::clone(&need.manifest)),
            span: need.span,
            text: format!("`{}` needs `{}`", escape(&from.name), name(need.member)),
        });
        built.into_iter().chain(needs).collect()
    }
}

/// Whether the file at `path` of a workspace's root is one that builds of its packages go by: a manifest, a lock file, settings of compilers
/// and bundlers.
fn is_configuration(path: &[u8], kind: Kind) -> bool {
    let (names, endings): (&[&str], &[&str]) = match kind {
        Kind::Node => (NODE_NAMES, NODE_SETTINGS),
        Kind::Cargo => (&["Cargo.toml", "Cargo.lock", "build.rs", "rust-toolchain", "rust-toolchain.toml"], &[]),
        Kind::Go => (&["go.mod", "go.sum", "go.work", "go.work.sum"], &[]),
    };
    let is_settings = endings.iter().any(|ending| path.ends_with(ending.as_bytes()));
    let is_of_tests = || DEVELOPMENT.iter().any(|tool| path.starts_with(tool.as_bytes()));
    let is_compilers = kind == Kind::Node && path.ends_with(b".json") && path.starts_with(b"tsconfig");
    let is_at_root = !path.contains_str("/");
    is_at_root && (names.iter().any(|name| path == name.as_bytes()) || is_compilers || (is_settings && !is_of_tests()))
}

/// Endings of the settings of Node's builders.
const NODE_SETTINGS: &[&str] =
    &[".config.cjs", ".config.cts", ".config.js", ".config.json", ".config.mjs", ".config.mts", ".config.ts"];

/// Manifests, lock files and settings of Node's package managers and builders.
const NODE_NAMES: &[&str] = &[
    ".babelrc",
    ".babelrc.json",
    ".browserslistrc",
    ".npmrc",
    ".nvmrc",
    ".pnpmfile.cjs",
    ".swcrc",
    ".yarnrc",
    ".yarnrc.yml",
    "bun.lock",
    "bun.lockb",
    "bunfig.toml",
    "jsconfig.json",
    "lerna.json",
    "npm-shrinkwrap.json",
    "nx.json",
    "package-lock.json",
    "package.json",
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    "turbo.json",
    "turbo.jsonc",
    "yarn.lock",
];

/// Tools whose settings no image is built by.
const DEVELOPMENT: &[&str] = &[
    "commitlint",
    "cypress",
    "eslint",
    "jest",
    "karma",
    "knip",
    "lint-staged",
    "playwright",
    "prettier",
    "release",
    "stylelint",
    "vitest",
];
