//! What a build reads, line by line, and what says so.

use std::sync::Arc;

use super::cover::{Cover, Part};
use super::dockerfile::{self, Arguments, Needs};
use super::filepath::literal;
use super::ignore::Ignore;
use super::narrowed::Narrowed;
use super::step::{self, Build};
use super::tree::{Library, join};
use crate::glob::{Rules, Selection};
use crate::source::{Source, Span};
use crate::text::escape;
use crate::workflow::{Content, Step};

/// Most lines of one build that are followed.
const MAX_READS: usize = 1000;

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

/// How much a line names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extent {
    /// The file that says what does not belong to the context.
    Ignore,
    /// The whole context, of which nothing shows what is used.
    Whole,
    /// A folder with all that is in it, or the packages of a workspace.
    Folder,
    /// A pattern for names.
    Pattern,
    /// One file.
    File,
}

/// The files that one line makes a build read: a set of paths, whether git tracks them now or not.
#[derive(Clone, Debug)]
pub struct Reads {
    /// Those that the build is about.
    pub firm: Option<Selection>,
    /// Those and the ones that are copied along with their folder, where nothing shows that they are used.
    pub all: Selection,
    /// Those of `all` that the build may well use: not what hardly any build is about, such as a `README` or a forge's settings, unless
    /// they are named.
    pub used: Selection,
    /// How much the line names.
    pub extent: Extent,
    /// The line.
    because: Because,
    /// Of a workspace's packages, who needs whom: an index into the narrowed workspaces.
    narrowed: Option<usize>,
}

/// What a build reads.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// Where the workflow asks for the build.
    pub at: Span,
    /// The lines, and what they read.
    pub reads: Vec<Reads>,
    /// What is read, too, but not known.
    pub unknown: Vec<Because>,
    narrowed: Vec<Narrowed>,
}

impl Inputs {
    /// Those of a build that is asked for at `at`: nothing so far.
    pub fn at(at: Span) -> Self {
        Self { at, ..Self::default() }
    }

    /// What reads the file at `path`: the line that says most of it, and whether the build is about it.
    pub fn of(&self, path: &[u8]) -> Option<(usize, bool)> {
        let reading = self.reads.iter().enumerate().filter(|(_, reads)| reads.all.is_match(path));
        let ranked = reading.map(|(at, reads)| {
            let firm = reads.firm.as_ref().is_some_and(|firm| firm.is_match(path));
            (firm, reads.extent, std::cmp::Reverse(at))
        });
        ranked.max().map(|(firm, _, at)| (at.0, firm))
    }

    /// Whether the build may well use the file at `path`.
    pub fn is_used(&self, path: &[u8]) -> bool {
        self.reads.iter().any(|reads| reads.used.is_match(path))
    }

    /// The way from the build to the file at `path`, which the line `at` reads: the line, and the packages that lead there.
    pub fn because(&self, at: usize, path: &[u8]) -> Vec<Because> {
        let Some(reads) = self.reads.get(at) else { return Vec::new() };
        let mut because = vec![reads.because.clone()];
        if let (Some(narrowed), Some(file)) = (reads.narrowed.and_then(|it| self.narrowed.get(it)), &reads.because.file)
        {
            because.extend(narrowed.way(path, file));
        }
        because
    }

    /// Adds that the line `because` reads what a glob says, which the build is about.
    ///
    /// # Errors
    /// The glob, if it does not describe paths by rules that can be reasoned with.
    pub fn declare(&mut self, glob: &str, because: Because) -> Result<(), String> {
        self.name(glob.to_owned(), Extent::Folder, because)
    }

    fn name(&mut self, glob: String, extent: Extent, because: Because) -> Result<(), String> {
        let all = Selection::of(Rules::any([glob])?);
        let firm = (extent != Extent::Ignore).then(|| all.clone());
        self.reads.push(Reads { firm, used: all.clone(), all, extent, because, narrowed: None });
        Ok(())
    }
}

/// What each build of `step`, which does `content`, reads. `holes` are the bytes of the workflow's file whose values hang on the change.
pub fn inputs(step: &Step, content: &Content, holes: &[Span], library: &Library<'_>) -> Vec<Inputs> {
    let read = |build: Result<Build, step::Unknown>| match build {
        Ok(build) => Reader { library, build: &build, inputs: Inputs::at(build.at) }.read(),
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

impl Reader<'_, '_> {
    fn read(mut self) -> Inputs {
        let Some(file) = self.dockerfile() else { return self.inputs };
        let named = self.build.named_at.unwrap_or(self.build.at);
        self.named(file.name(), Extent::File, named, format!("builds `{}`", escape(file.name())));
        let Some(ignore) = self.ignore(file.name()) else { return self.inputs };
        let arguments = Arguments { values: &self.build.arguments, complete: self.build.complete };
        let needs = dockerfile::read(file.text(), self.build.target.as_deref(), &arguments);
        for (span, why) in &needs.unknown {
            self.unknown_in(&file, *span, why.clone());
        }
        // Where nothing is read of the context, it does not matter what belongs to it.
        if let (Some(ignore), false) = (&ignore.source, needs.reads.is_empty()) {
            let text = format!("leaves out what `{}` says", escape(ignore.name()));
            self.named(ignore.name(), Extent::Ignore, self.build.at, text);
        }
        self.files(&file, &needs, &ignore);
        self.inputs
    }

    fn unknown(&mut self, span: Span, text: String) {
        self.inputs.unknown.push(Because { file: None, span, text });
    }

    fn unknown_in(&mut self, file: &Arc<Source>, span: Span, text: impl Into<String>) {
        self.inputs.unknown.push(Because { file: Some(Arc::clone(file)), span, text: text.into() });
    }

    /// Adds a file that the workflow leads to.
    fn named(&mut self, path: &str, extent: Extent, span: Span, text: String) {
        let because = Because { file: None, span, text };
        let named = self.inputs.name(literal(path), extent, because);
        named.expect("internal: a path by itself is not odd");
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
                    if let Some((span, why)) = ignore.unclear {
                        self.unknown_in(&file, span, why);
                        return None;
                    }
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

    /// Finds what `needs` reads of the context.
    fn files(&mut self, dockerfile: &Arc<Source>, needs: &Needs, ignore: &Ignore) {
        let left = Arc::new(ignore.rules(&self.build.context).inverted());
        let mut is_narrowed = false;
        for read in needs.reads.iter().take(MAX_READS) {
            let copied = join(&self.build.context, &read.source).unwrap_or_default();
            // A file that is named is read whatever package it is of.
            if !is_narrowed && !self.library.tracked().contains_path(copied.as_bytes()) {
                is_narrowed = true;
                let workspaces = self.library.workspaces(&self.build.context).into_iter();
                let large = workspaces.filter(|workspace| workspace.members.len() > 1);
                self.inputs.narrowed = large.map(|workspace| Narrowed::new(workspace, needs)).collect();
            }
            let cover =
                Cover { library: self.library, read, context: &self.build.context, copied: &copied, left: &left };
            let parts = match cover.parts(&self.inputs.narrowed) {
                Ok(parts) => parts,
                Err(why) => {
                    self.unknown_in(dockerfile, read.span, why);
                    continue;
                }
            };
            if parts.is_empty() && !read.source.is_empty() {
                let why = match ignore.source {
                    Some(_) => "git tracks nothing there that the build gets",
                    None => "git tracks nothing there: an earlier step may make it",
                };
                self.unknown_in(dockerfile, read.span, why);
            }
            for part in parts {
                let text = if read.source.is_empty() { "reads the whole context" } else { "reads it" };
                let because = Because { file: Some(Arc::clone(dockerfile)), span: read.span, text: text.to_owned() };
                let Part { firm, all, used, extent, narrowed } = part;
                self.inputs.reads.push(Reads { firm, all, used, extent, because, narrowed });
            }
        }
        if let Some(read) = needs.reads.get(MAX_READS) {
            self.unknown_in(dockerfile, read.span, "there are too many sources");
        }
    }
}
