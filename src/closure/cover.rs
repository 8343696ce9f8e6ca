//! The files that one source of a Dockerfile reads, as sets of paths.

use std::sync::Arc;

use super::dockerfile::Read;
use super::filepath::{self, Stars, literal};
use super::habit;
use super::ignore::Ignore;
use super::inputs::Extent;
use super::narrowed::Narrowed;
use super::tree::{Library, below};
use crate::glob::{Rules, Selection};

/// A source, and what is around it.
pub(super) struct Cover<'c, 't> {
    pub library: &'c Library<'t>,
    pub read: &'c Read,
    pub context: &'c str,
    /// The source as a path of the repository.
    pub copied: &'c str,
    /// What `.dockerignore` leaves.
    pub left: &'c Arc<Rules>,
}

/// Files that are read in one way.
pub(super) struct Part {
    pub firm: Option<Selection>,
    pub all: Selection,
    /// Those of `all` that a build may well use.
    pub used: Selection,
    pub extent: Extent,
    /// The workspace whose packages lead there.
    pub narrowed: Option<usize>,
}

impl Cover<'_, '_> {
    /// What is read; nothing where git tracks nothing that the build gets.
    ///
    /// # Errors
    /// Why that is not known, as a phrase.
    pub(super) fn parts(&self, narrowed: &[Narrowed]) -> Result<Vec<Part>, String> {
        let mut glob = literal(self.copied);
        let is_pattern = filepath::has_meta(&self.read.source);
        if is_pattern {
            let own = filepath::glob(&self.read.source, Stars::Plain).ok_or("this pattern is malformed")?;
            glob = format!("{}{own}", self.prefix());
        }
        let mut parts = Vec::new();
        if !self.read.source.is_empty() {
            let all = self.selection(glob.clone())?;
            if self.is_tracked(self.copied, &all) {
                let extent = if is_pattern { Extent::Pattern } else { Extent::File };
                parts.push(Part { firm: Some(all.clone()), used: all.clone(), all, extent, narrowed: None });
            }
        }
        let below = if glob.is_empty() { "**".to_owned() } else { format!("{glob}/**/*") };
        let all = self.selection(below)?;
        if self.is_tracked(self.copied, &all) {
            self.folder(all, narrowed, &mut parts)?;
        }
        Ok(parts)
    }

    /// What `glob` matches, without what the build does not get.
    fn selection(&self, glob: String) -> Result<Selection, String> {
        let mut selection = Selection::of(rules(vec![(glob, true)])?).and(self.left);
        if !self.read.exclude.is_empty() {
            let exclude = Ignore::of_lines(self.read.exclude.iter().map(String::as_str));
            if let Some((_, why)) = exclude.unclear {
                return Err(why.to_owned());
            }
            // It counts from the copied folder, or from the context: builders differ, and either keeps a file out here.
            for folder in [self.context, self.copied] {
                selection = selection.and(&Arc::new(exclude.rules(folder).inverted()));
            }
        }
        Ok(selection)
    }

    /// Whether git tracks a file that is chosen. `source` is a path or a pattern that all of them begin with.
    fn is_tracked(&self, source: &str, selection: &Selection) -> bool {
        let plain = source.split(['*', '?', '[', '\\']).next().unwrap_or_default();
        self.library.beginning_with(plain).any(|path| selection.is_match(path))
    }

    /// What is read with its folder, which `all` are the files of.
    fn folder(&self, all: Selection, narrowed: &[Narrowed], parts: &mut Vec<Part>) -> Result<(), String> {
        let is_whole = self.copied.is_empty();
        if narrowed.iter().any(|it| it.is_of_one(self.copied)) {
            return self.plain(all, &[], parts);
        }
        // Where it is not known what is built, packages are only copied.
        let known: Vec<usize> = (0..narrowed.len()).filter(|&at| narrowed[at].is_known()).collect();
        let before = &narrowed[..known.first().copied().unwrap_or(narrowed.len())];
        let unknown: Vec<String> = before.iter().flat_map(Narrowed::packages).collect();
        if known.is_empty() {
            if is_whole {
                let used = all.clone().and(&Arc::new(habit::used("", self.are_packages_aside())));
                let narrowed = (!narrowed.is_empty()).then_some(0);
                parts.push(Part { firm: None, all, used, extent: Extent::Whole, narrowed });
                return Ok(());
            }
            return self.plain(all, &unknown, parts);
        }
        for at in known {
            let mut lists = narrowed[at].lists(self.library, !habit::is_folder_aside(&self.read.source));
            for list in [&mut lists.copied, &mut lists.used] {
                list.extend(unknown.iter().map(|glob| (glob.clone(), true)));
            }
            lists.about.extend(unknown.iter().map(|glob| (glob.clone(), false)));
            // One list, not two: what is decided about them grows with each.
            lists.used.extend(habit::beside(&self.prefix()).map(|glob| (glob, false)));
            let used = all.clone().and(&Arc::new(rules(lists.used)?));
            let all = all.clone().and(&Arc::new(rules(lists.copied)?));
            let firm = Some(all.clone().and(&Arc::new(rules(lists.about)?)));
            parts.push(Part { firm, all, used, extent: Extent::Folder, narrowed: Some(at) });
        }
        Ok(())
    }

    /// A folder that is named: all of it, but what lies beside what is built, and `copied`.
    fn plain(&self, all: Selection, copied: &[String], parts: &mut Vec<Part>) -> Result<(), String> {
        let prefix = self.prefix();
        let mut aside = vec![habit::names()];
        let mut used = all.clone();
        if !habit::is_folder_aside(&self.read.source) {
            let with_folders = self.are_packages_aside();
            aside.extend((!with_folders).then(|| habit::folders(&prefix)));
            aside.push(habit::prose());
            used = used.and(&Arc::new(habit::used(&prefix, with_folders)));
        }
        let left_out = aside.into_iter().chain(copied.iter().cloned()).map(|glob| (glob, false));
        let about = rules(std::iter::once(("**".to_owned(), true)).chain(left_out).collect())?;
        let firm = Some(all.clone().and(&Arc::new(about)));
        parts.push(Part { firm, all, used, extent: Extent::Folder, narrowed: None });
        Ok(())
    }

    /// Whether all packages of the context lie in folders that are else beside what is built: then nothing else can be meant.
    fn are_packages_aside(&self) -> bool {
        let workspaces = self.library.workspaces(self.context);
        let mut packages = workspaces.iter().flat_map(|workspace| &workspace.members).peekable();
        let is_aside = |folder: &str| {
            let inside = below(folder.as_bytes(), self.context).and_then(|inside| std::str::from_utf8(inside).ok());
            inside.is_some_and(habit::is_folder_aside)
        };
        packages.peek().is_some() && packages.all(|package| is_aside(&package.folder))
    }

    /// The glob of the context, as the beginning of others.
    fn prefix(&self) -> String {
        if self.context.is_empty() { String::new() } else { format!("{}/", literal(self.context)) }
    }
}

fn rules(rules: Vec<(String, bool)>) -> Result<Rules, String> {
    Rules::new(rules).map_err(|_| "this pattern is not understood".to_owned())
}
