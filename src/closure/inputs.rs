//! The files that a build reads, and what says so.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bstr::{BString, ByteSlice as _};

use super::dockerfile::{self, Arguments, Needs, Read};
use super::ignore::Ignore;
use super::step::{self, Build};
use super::tree::{Library, below, join};
use super::workspace::{self, Way, Workspace};
use super::{filepath, habit, narrow};
use crate::source::{Source, Span};
use crate::text::escape;
use crate::workflow::{Content, Step};

/// What says that a file is read.
#[derive(Clone, Debug)]
pub struct Because {
    /// The file that says so; `None`: the workflow.
    pub file: Option<Arc<Source>>,
    /// Its bytes.
    pub span: Span,
    /// What is there: a short phrase.
    pub text: String,
}

/// A file that a build reads.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its path.
    pub path: BString,
    /// Whether the build is about it. Others are copied along with their folder, and nothing shows that they are used.
    pub firm: bool,
    /// Why it is one: an index into [`Inputs::reasons`].
    pub reason: usize,
}

/// The files that a build reads, of those that git tracks.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// Where the workflow asks for the build.
    pub at: Span,
    /// The files, in the order of their paths.
    pub files: Vec<Input>,
    /// What makes files inputs: each a way from the build to what reads the file.
    pub reasons: Vec<Vec<Because>>,
    /// What is read, too, but not known.
    pub unknown: Vec<Because>,
}

/// What each build of `step`, which does `content`, reads. `holes` are the bytes of the workflow's file whose values hang on the change.
pub fn inputs(step: &Step, content: &Content, holes: &[Span], library: &Library<'_>) -> Vec<Inputs> {
    let read = |build: Result<Build, step::Unknown>| match build {
        Ok(build) => Reader { library, build: &build, inputs: Inputs { at: build.at, ..Inputs::default() } }.read(),
        Err((span, text)) => {
            Inputs { at: span, unknown: vec![Because { file: None, span, text }], ..Inputs::default() }
        }
    };
    step::builds(step, content, holes).into_iter().map(read).collect()
}

struct Reader<'r, 't> {
    library: &'r Library<'t>,
    build: &'r Build,
    inputs: Inputs,
}

/// A workspace, and which of its packages a build is about.
struct Narrowed {
    workspace: Workspace,
    /// The packages, and where the Dockerfile says so; `None` when that is not known.
    built: Option<Vec<(usize, Span)>>,
    /// These and the packages that they need.
    needed: BTreeSet<usize>,
}

impl Narrowed {
    fn new(workspace: Workspace, needs: &Needs) -> Self {
        let built = narrow::packages(&workspace, &needs.runs).ok();
        let start: Vec<usize> = built.iter().flatten().map(|&(member, _)| member).collect();
        let needed = workspace.closure(&start).into_keys().collect();
        Self { workspace, built, needed }
    }

    /// What it says of the file at `path`, which is read with the folder `copied`; `None`: nothing.
    fn place(&self, path: &[u8], copied: &str) -> Option<Place> {
        let Self { workspace, built, needed } = self;
        let package = |owner: &usize| !workspace.members[*owner].folder.is_empty();
        // A folder that is named, and lies in one package, is read whatever is built.
        if workspace.owner(format!("{copied}/").as_bytes()).is_some_and(|owner| package(&owner)) {
            return Some(Place::Firm);
        }
        let owner = workspace.owner(path).filter(|owner| built.is_none() || package(owner) || needed.contains(owner));
        match (owner, built) {
            (Some(owner), None) => package(&owner).then_some(Place::Soft(None)),
            (Some(owner), Some(_)) if !needed.contains(&owner) => Some(Place::Outside),
            (Some(owner), Some(_)) => {
                let aside = below(path, &workspace.members[owner].folder).is_some_and(habit::is_aside);
                Some(if aside { Place::Soft(Some(owner)) } else { Place::Package(owner) })
            }
            (None, Some(_)) => {
                // Beside the packages: lock files and configuration at the root count.
                let inside = below(path, &workspace.root)?;
                let counts = inside.starts_with(b".cargo/") || (!inside.contains_str("/") && !habit::is_aside(inside));
                Some(if counts { Place::Firm } else { Place::Outside })
            }
            (None, None) => None,
        }
    }

    /// What leads from the Dockerfile to the package `member`: what is built, and who needs whom.
    fn way(&self, member: usize, dockerfile: &Arc<Source>) -> Vec<Because> {
        let Self { workspace, built, .. } = self;
        let start: Vec<usize> = built.iter().flatten().map(|&(member, _)| member).collect();
        let closure = workspace.closure(&start);
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

impl Reader<'_, '_> {
    fn read(mut self) -> Inputs {
        let Some(file) = self.dockerfile() else { return self.inputs };
        let named = self.build.named_at.unwrap_or(self.build.at);
        let here = Because { file: None, span: named, text: format!("builds `{}`", escape(file.name())) };
        self.add_file(file.name(), vec![here]);
        let Some(ignore) = self.ignore(file.name()) else { return self.inputs };
        let arguments = Arguments { values: &self.build.arguments, complete: self.build.complete };
        let needs = dockerfile::read(file.text(), self.build.target.as_deref(), &arguments);
        for (span, why) in &needs.unknown {
            self.inputs.unknown.push(Because { file: Some(Arc::clone(&file)), span: *span, text: why.clone() });
        }
        self.files(&file, &needs, &ignore);
        self.inputs.files.sort_by(|one, other| (&one.path, !one.firm).cmp(&(&other.path, !other.firm)));
        self.inputs.files.dedup_by(|one, other| one.path == other.path);
        self.inputs
    }

    fn unknown(&mut self, span: Span, text: String) {
        self.inputs.unknown.push(Because { file: None, span, text });
    }

    /// The Dockerfile; `None`, and it is said, when it is not known.
    fn dockerfile(&mut self) -> Option<Arc<Source>> {
        let at = self.build.named_at.unwrap_or(self.build.at);
        for path in &self.build.dockerfiles {
            match self.library.file(path) {
                Ok(Some(file)) => return Some(file),
                Ok(None) => {}
                Err(why) => {
                    self.unknown(at, why);
                    return None;
                }
            }
        }
        let path = self.build.dockerfiles.first().map_or("Dockerfile", String::as_str);
        self.unknown(at, format!("git tracks no `{}`", escape(path)));
        None
    }

    /// What keeps files out of the context: a file beside the Dockerfile goes before the one of the context. `None`, and it is said, when
    /// it cannot be read.
    fn ignore(&mut self, dockerfile: &str) -> Option<Ignore> {
        let mut paths = vec![format!("{dockerfile}.dockerignore")];
        let context = |name: &str| join(&self.build.context, name).unwrap_or_default();
        if self.build.containerignore {
            paths.insert(0, format!("{dockerfile}.containerignore"));
            paths.push(context(".containerignore"));
        }
        paths.push(context(".dockerignore"));
        for path in paths {
            match self.library.file(&path) {
                Ok(None) => {}
                Ok(Some(file)) => {
                    let ignore = Ignore::parse(Arc::clone(&file));
                    if let Some(span) = ignore.malformed {
                        let text = "this pattern is malformed".to_owned();
                        self.inputs.unknown.push(Because { file: Some(file), span, text });
                        return None;
                    }
                    let here = Because {
                        file: None,
                        span: self.build.at,
                        text: format!("leaves out what `{}` says", escape(&path)),
                    };
                    self.add_file(&path, vec![here]);
                    return Some(ignore);
                }
                Err(why) => {
                    self.unknown(self.build.at, why);
                    return None;
                }
            }
        }
        Some(Ignore::default())
    }

    fn add_file(&mut self, path: &str, because: Vec<Because>) {
        let reason = self.reason(because);
        self.inputs.files.push(Input { path: path.into(), firm: true, reason });
    }

    fn reason(&mut self, because: Vec<Because>) -> usize {
        self.inputs.reasons.push(because);
        self.inputs.reasons.len() - 1
    }

    /// Finds the files of the context that `needs` reads.
    fn files(&mut self, dockerfile: &Arc<Source>, needs: &Needs, ignore: &Ignore) {
        let context = self.build.context.clone();
        let covers: Vec<(Read, Cover)> = needs.reads.iter().map(|read| (read.clone(), Cover::new(read))).collect();
        let copy = |read: &Read| {
            let text = if read.source.is_empty() { "reads the whole context" } else { "reads it" };
            Because { file: Some(Arc::clone(dockerfile)), span: read.span, text: text.to_owned() }
        };
        let mut reasons: BTreeMap<(usize, Option<(usize, usize)>), usize> = BTreeMap::new();
        let mut seen = vec![false; covers.len()];
        let mut narrowed: Option<Vec<Narrowed>> = None;
        for path in self.library.tracked().paths() {
            let Some(inside) = below(path, &context) else { continue };
            let covering = covers.iter().enumerate().filter_map(|(at, (_, cover))| Some((at, cover.of(inside)?)));
            // What names the file itself says more than what copies its folder.
            let Some((at, extent)) = covering.max_by_key(|&(at, extent)| (extent, std::cmp::Reverse(at))) else {
                continue;
            };
            if ignore.ignores(inside) {
                continue;
            }
            covers
                .iter()
                .enumerate()
                .filter(|(_, (_, cover))| cover.of(inside).is_some())
                .for_each(|(at, _)| seen[at] = true);
            let (mut workspace, mut place) = (None, Place::Firm);
            if extent == Extent::Folder {
                let narrowed = narrowed.get_or_insert_with(|| narrow_all(self.library, &context, needs));
                let copied = join(&context, &covers[at].0.source).unwrap_or_default();
                let places = narrowed.iter().enumerate();
                let said = places.into_iter().find_map(|(of, narrowed)| Some((of, narrowed.place(path, &copied)?)));
                if let Some((of, said)) = said {
                    (workspace, place) = (Some(of), said);
                }
                // What copies the whole repository shows nothing of what it is after.
                let all = workspace.is_none() && copied.is_empty();
                if matches!(place, Place::Firm) && (all || habit::is_aside(inside)) {
                    place = Place::Soft(None);
                }
            }
            let (firm, member) = match place {
                Place::Firm => (true, None),
                Place::Soft(member) => (false, member),
                Place::Package(member) => (true, Some(member)),
                Place::Outside => continue,
            };
            let member = workspace.zip(member);
            let reason = *reasons.entry((at, member)).or_insert_with(|| {
                let mut because = vec![copy(&covers[at].0)];
                if let (Some((of, member)), Some(all)) = (member, &narrowed) {
                    because.extend(all[of].way(member, dockerfile));
                }
                self.reason(because)
            });
            self.inputs.files.push(Input { path: path.into(), firm, reason });
        }
        for ((read, _), _) in covers.iter().zip(seen).filter(|((read, _), seen)| !seen && !read.source.is_empty()) {
            let text = format!(
                "git tracks nothing there{}",
                if ignore.source.is_some() { " that the build gets" } else { "" }
            );
            self.inputs.unknown.push(Because { file: Some(Arc::clone(dockerfile)), span: read.span, text });
        }
    }
}

/// What the packages say of a file.
enum Place {
    /// Nothing: it is read.
    Firm,
    /// It is copied, and nothing shows that it is used; the package that it belongs to, if that is needed.
    Soft(Option<usize>),
    /// It belongs to a package that the build needs.
    Package(usize),
    /// It belongs to none that the build needs.
    Outside,
}

fn narrow_all(library: &Library<'_>, context: &str, needs: &Needs) -> Vec<Narrowed> {
    let all = workspace::load(library, context).into_iter();
    all.filter(|workspace| workspace.members.len() > 1).map(|workspace| Narrowed::new(workspace, needs)).collect()
}

/// How much a source names: the file, or a folder that it is in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Extent {
    Folder,
    File,
}

/// The files that one source covers.
struct Cover {
    source: String,
    pattern: bool,
    exclude: Ignore,
}

impl Cover {
    fn new(read: &Read) -> Self {
        let pattern = filepath::has_meta(&read.source);
        Self {
            source: read.source.clone(),
            pattern,
            exclude: Ignore::of_lines(read.exclude.iter().map(String::as_str)),
        }
    }

    /// Whether the file at `path` of the context is read.
    fn of(&self, path: &[u8]) -> Option<Extent> {
        let (extent, rest) = if self.source.is_empty() {
            (Extent::Folder, path)
        } else if self.pattern {
            self.matched(path)?
        } else if path == self.source.as_bytes() {
            (Extent::File, path)
        } else {
            (Extent::Folder, below(path, &self.source)?)
        };
        // `--exclude` counts from the copied folder, or from the context: builders differ, and either keeps a file out here.
        let excluded = self.exclude.ignores(rest) || self.exclude.ignores(path);
        (!excluded).then_some(extent)
    }

    /// A pattern has as many segments as the path that it matches: of a file, or of a folder that is read with all that is in it.
    fn matched<'p>(&self, path: &'p [u8]) -> Option<(Extent, &'p [u8])> {
        let segments = self.source.split('/').count();
        let end = path.find_iter("/").nth(segments - 1).unwrap_or(path.len());
        let head = std::str::from_utf8(path.get(..end)?).ok()?;
        let matches = filepath::is_match(&self.source, head) == Some(true);
        let rest = path.get(end + 1..);
        matches.then_some(rest.map_or((Extent::File, path), |rest| (Extent::Folder, rest)))
    }
}
