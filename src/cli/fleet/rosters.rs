//! Finds and reads rosters.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Component, Path, PathBuf};

use bstr::ByteSlice as _;
use rayon::prelude::*;

use crate::cli::args::Common;
use crate::cli::case::of_git;
use crate::cli::failure::Failure;
use crate::cli::{input, settings};
use crate::git::Repository;
use crate::glob::{Pattern, PatternSet, TokenKind};
use crate::report::Unread;
use crate::source::{Source, Sources};
use crate::text::{escape, to_server_string};

/// The endings of rosters in a folder.
const ENDINGS: [&str; 3] = [".yaml", ".yml", ".json"];
/// The most rosters of a run.
const MAX_FILES: usize = 1 << 16;
/// The deepest folder that is looked into, below the one that was asked for.
const MAX_DEPTH: usize = 256;

/// The rosters of a run.
#[derive(Default)]
pub(super) struct Found {
    /// The rosters, sorted by their names: paths from the root where they lie in it.
    pub(super) files: Sources,
    pub(super) unread: Vec<Unread>,
}

/// Those at `paths`, which are files and folders.
pub(super) fn at(paths: &[PathBuf], common: &Common) -> Result<Found, Failure> {
    let mut search = Search::new(common);
    for typed in paths {
        let path = common.directory.join(typed);
        if !path.is_dir() {
            search.add(path)?;
            continue;
        }
        let before = search.paths.len() + search.unread.len();
        search.walk(&path, &|search: &mut Search, path: &Path| {
            let has_ending = ENDINGS.iter().any(|ending| name(&search.root, path).ends_with(ending));
            if has_ending { search.add(path.to_owned()) } else { Ok(()) }
        })?;
        if search.paths.len() + search.unread.len() == before {
            search.refuse(&path, "holds no `.yaml`, `.yml` or `.json` file");
        }
    }
    search.read()
}

/// Those below the root that match `globs`.
pub(super) fn matching(globs: Vec<Pattern>, common: &Common) -> Result<Found, Failure> {
    let mut search = Search::new(common);
    let mut bases: Vec<PathBuf> = globs.iter().map(|glob| search.root.join(base(glob))).collect();
    bases.sort_unstable();
    bases.dedup_by(|inner, outer| inner.starts_with(outer));
    let globs = PatternSet::new(globs);
    for base in bases.iter().filter(|base| base.is_dir()) {
        search.walk(base, &|search: &mut Search, path: &Path| {
            let matches = globs.is_match(name(&search.root, path).as_bytes());
            if matches { search.add(path.to_owned()) } else { Ok(()) }
        })?;
    }
    let found = search.read()?;
    if found.files.is_empty() && found.unread.is_empty() {
        return Err(nothing_matches());
    }
    Ok(found)
}

/// Those of the commit `rev` at `paths`, else those that match `globs`.
pub(super) fn at_revision(
    rev: &OsStr,
    paths: &[PathBuf],
    globs: Vec<Pattern>,
    common: &Common,
) -> Result<Found, Failure> {
    let repository = Repository::open(&settings::location(common)).map_err(of_git)?;
    // In a bare repository, paths start from its root.
    let workdir = repository.workdir().and_then(|root| root.canonicalize().ok());
    let here = common.directory.canonicalize().ok();
    let here = workdir.zip(here).and_then(|(root, here)| Some(here.strip_prefix(root).ok()?.to_owned()));
    let here = here.unwrap_or_default();
    let places = paths.iter().map(|path| below_root(&here, path)).collect::<Result<Vec<String>, _>>()?;
    let globs = PatternSet::new(globs);
    let mut seen = vec![false; places.len()];
    let wanted = |path: &bstr::BStr| {
        if places.is_empty() {
            return globs.is_match(path);
        }
        let mut wanted = false;
        for (place, seen) in places.iter().zip(&mut seen) {
            let has_ending = ENDINGS.iter().any(|ending| path.ends_with(ending.as_bytes()));
            let below = || path.strip_prefix(place.as_bytes()).is_some_and(|rest| rest.starts_with(b"/"));
            let hit = path.as_bytes() == place.as_bytes() || (has_ending && (place.is_empty() || below()));
            *seen |= hit;
            wanted |= hit;
        }
        wanted
    };
    let mut found = Found::default();
    for file in repository.files_at(rev.as_encoded_bytes().as_bstr(), wanted).map_err(of_git)? {
        let name = to_server_string(&file.path);
        match file.bytes {
            Ok(bytes) => drop(found.files.add(Source::from_bytes(name, bytes))),
            Err(error) => found.unread.push(Unread { file: name, message: error.to_string() }),
        }
    }
    for (place, _) in places.iter().zip(seen).filter(|(_, seen)| !seen) {
        let message = format!("no roster at `{}` in `{}`", escape(place), escape(rev.as_encoded_bytes()));
        found.unread.push(Unread { file: place.clone(), message });
    }
    if found.files.is_empty() && found.unread.is_empty() {
        return Err(nothing_matches());
    }
    Ok(found)
}

fn nothing_matches() -> Failure {
    Failure::new("no file matches `fleet.rosters`").help("mend the globs in `.wp-gate.yaml`, or name the rosters")
}

/// Paths that are gathered, and what could not be looked into.
struct Search {
    root: PathBuf,
    /// The paths by their names, so that none comes twice.
    paths: BTreeMap<String, PathBuf>,
    unread: Vec<Unread>,
}

impl Search {
    fn new(common: &Common) -> Self {
        Self { root: settings::root(common), paths: BTreeMap::new(), unread: Vec::new() }
    }

    fn add(&mut self, path: PathBuf) -> Result<(), Failure> {
        self.paths.insert(name(&self.root, &path), path);
        if self.paths.len() > MAX_FILES {
            return Err(Failure::new(format!("more than {MAX_FILES} rosters")));
        }
        Ok(())
    }

    fn refuse(&mut self, path: &Path, why: &str) {
        let file = name(&self.root, path);
        self.unread.push(Unread { message: format!("`{}` {why}", escape(&file)), file });
    }

    /// Calls `visit` with all files below `folder`, links to files among them. Links to folders are not followed, and `.git` is passed over.
    fn walk(&mut self, folder: &Path, visit: &dyn Fn(&mut Self, &Path) -> Result<(), Failure>) -> Result<(), Failure> {
        let mut folders = vec![(folder.to_owned(), 0)];
        while let Some((folder, depth)) = folders.pop() {
            let entries = match fs::read_dir(&folder).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
                Ok(entries) => entries,
                Err(error) => {
                    self.refuse(&folder, &format!("cannot be read: {error}"));
                    continue;
                }
            };
            for entry in entries {
                let path = entry.path();
                let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
                if is_folder && depth == MAX_DEPTH {
                    self.refuse(&path, &format!("lies more than {MAX_DEPTH} folders deep"));
                } else if is_folder && entry.file_name() != ".git" {
                    folders.push((path, depth + 1));
                } else if path.is_file() {
                    visit(self, &path)?;
                }
            }
        }
        Ok(())
    }

    /// Reads the files in parallel, and keeps them in order.
    fn read(self) -> Result<Found, Failure> {
        let read: Vec<(String, Result<Vec<u8>, Failure>)> =
            self.paths.into_par_iter().map(|(name, path)| (name, input::file(&path))).collect();
        let mut found = Found { unread: self.unread, ..Found::default() };
        for (name, bytes) in read {
            match bytes {
                Ok(bytes) => drop(found.files.add(Source::from_bytes(name, bytes))),
                Err(Failure::Message { message, .. }) => found.unread.push(Unread { file: name, message }),
                Err(output) => return Err(output),
            }
        }
        Ok(found)
    }
}

/// The name of the file at `path`: from the root where it lies in it, else as it was typed.
fn name(root: &Path, path: &Path) -> String {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let inside = absolute.strip_prefix(root).ok().filter(|rest| rest.components().all(|it| it != Component::ParentDir));
    let shown: PathBuf = inside.unwrap_or(path).components().collect();
    to_server_string(shown.as_os_str().as_encoded_bytes())
}

/// The folder that everything lies in which `glob` matches: its segments before the first that is not plain.
fn base(glob: &Pattern) -> PathBuf {
    let plain =
        glob.tokens().iter().take_while(|token| matches!(token.kind, TokenKind::Literal(_) | TokenKind::Separator));
    let end = plain.last().map_or(0, |token| token.span.end as usize);
    let text = glob.text().get(..end).unwrap_or_default();
    PathBuf::from(text.rsplit_once('/').map_or("", |(folder, _)| folder))
}

/// `path`, which starts from the folder `here` below the root, from the root: without `.` and `..`.
fn below_root(here: &Path, path: &Path) -> Result<String, Failure> {
    let outside = || {
        let path = escape(path.as_os_str().as_encoded_bytes()).to_string();
        Failure::new(format!("`{path}` does not lie in the repository")).help("give paths from where you are")
    };
    let mut names: Vec<&OsStr> = Vec::new();
    for component in here.components().chain(path.components()) {
        match component {
            Component::Normal(name) => names.push(name),
            Component::CurDir => {}
            Component::ParentDir => drop(names.pop().ok_or_else(outside)?),
            Component::RootDir | Component::Prefix(_) => return Err(outside()),
        }
    }
    Ok(names.iter().map(|name| to_server_string(name.as_encoded_bytes())).collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_globs_base_is_its_plain_beginning() {
        for (glob, folder) in [
            ("fleet/**/*.yaml", "fleet"),
            ("a/b/c.yaml", "a/b"),
            ("*.yaml", ""),
            ("a/b*/c.yaml", "a"),
            ("{a,b}/c.yaml", ""),
            (r"a\*/b/*.yaml", ""),
        ] {
            assert_eq!(base(&Pattern::parse(glob)), Path::new(folder), "{glob}");
        }
    }

    #[test]
    fn paths_are_taken_from_where_one_is() {
        let from = |here: &str, path: &str| below_root(Path::new(here), Path::new(path)).ok();
        assert_eq!(from("", "fleet/x.yaml").as_deref(), Some("fleet/x.yaml"));
        assert_eq!(from("apps/web", "../../fleet/./x.yaml").as_deref(), Some("fleet/x.yaml"));
        assert_eq!(from("apps", "..").as_deref(), Some(""));
        assert_eq!(from("apps", "../.."), None);
        assert_eq!(from("", "/etc"), None);
    }
}
