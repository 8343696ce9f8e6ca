//! `.gitignore`, and folders that are there: which files git never comes to track, so that no change has them.
//!
//! The model is gitignore(5): of all files from the root down the last pattern that matches decides, a pattern with a `/` in it counts from its
//! file's folder, one without in any folder below, a folder takes with it what lies in it. A file in a folder that is left out is taken
//! back here by a later `!`, by git it is not: so we hold more for possible, never less. What is tracked all the same can change.

use std::collections::BTreeSet;

use super::filepath::{self, Stars, literal};
use super::tree::Library;
use crate::change::ChangedFiles;
use crate::glob::{Pattern, PatternSet, Rules};

/// Most patterns of all files; those of deeper folders come last.
const MAX_PATTERNS: usize = 1024;

/// Most tracked folders whose paths are taken.
const MAX_FOLDERS: usize = 256;

/// Most tracked files that are taken back by name. Where there are more, the ignore files say little.
const MAX_TRACKED: usize = 256;

/// The files of a repository that git tracks or may come to track.
pub(super) fn trackable(library: &Library<'_>) -> Rules {
    let mut rules = vec![("**".to_owned(), true)];
    if let Ok(ignored) = Rules::new(patterns(library)) {
        let tracked = library.tracked().paths().filter(|path| ignored.is_match(path));
        let kept: Vec<_> = tracked.take(MAX_TRACKED + 1).map(|path| std::str::from_utf8(path)).collect();
        if kept.len() <= MAX_TRACKED && kept.iter().all(Result::is_ok) {
            rules = ignored.inverted().texts().to_vec();
            rules.extend(kept.into_iter().flatten().map(|path| (literal(path), true)));
        }
    }
    Rules::new(rules).expect("internal: each of these was looked at, or is a path by itself")
}

/// All paths but those of tracked folders that `set` tells from what is beside or in them, those at the top first; `None` where there are none.
pub fn without_folders(tracked: &ChangedFiles, set: &PatternSet) -> Option<Rules> {
    let mut folders = BTreeSet::new();
    for path in tracked.paths().filter_map(|path| std::str::from_utf8(path).ok()) {
        folders.extend(path.match_indices('/').map(|(slash, _)| (path[..slash].matches('/').count(), &path[..slash])));
    }
    let matched = |path: &str| {
        let mut found = Vec::new();
        set.matches_into(path.as_bytes(), &mut found);
        found
    };
    let is_told = |folder: &&str| {
        let beside = folder.rsplit_once('/').map_or(String::new(), |(outer, _)| format!("{outer}/"));
        let own = matched(folder);
        // A name that nobody gives.
        own != matched(&format!("{beside}\u{1}")) || own != matched(&format!("{folder}/\u{1}"))
    };
    let told = folders.into_iter().map(|(_, folder)| folder).filter(is_told).take(MAX_FOLDERS);
    let mut rules: Vec<(String, bool)> = told.map(|folder| (literal(folder), false)).collect();
    if rules.is_empty() {
        return None;
    }
    rules.insert(0, ("**".to_owned(), true));
    Rules::new(rules).ok()
}

/// The patterns, as globs: those that ignore, and those that take back.
fn patterns(library: &Library<'_>) -> Vec<(String, bool)> {
    let paths = library.tracked().paths().filter_map(|path| std::str::from_utf8(path).ok());
    let mut files: Vec<&str> = paths.filter(|path| path.rsplit('/').next() == Some(".gitignore")).collect();
    files.sort_by_key(|path| path.matches('/').count());
    let mut patterns = Vec::new();
    for path in files {
        // What cannot be read ignores nothing here.
        let Ok(Some(file)) = library.file(path) else { continue };
        let folder = path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{}/", literal(folder)));
        for line in file.text().lines() {
            if patterns.len() == MAX_PATTERNS {
                return patterns;
            }
            patterns.extend(pattern(line, &folder));
        }
    }
    patterns
}

/// The glob of a line of a file in `folder`, and whether it ignores; `None` for what git passes over.
fn pattern(line: &str, folder: &str) -> Option<(String, bool)> {
    let line = line.trim_end_matches('\r');
    let trimmed = line.trim_end_matches(' ');
    let line = if trimmed.ends_with('\\') { line.get(..=trimmed.len()).unwrap_or(line) } else { trimmed };
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let (ignores, line) = line.strip_prefix('!').map_or((true, line), |rest| (false, rest));
    // That a file takes the name of such a folder is not thought of.
    let (line, only_folders) = line.strip_suffix('/').map_or((line, false), |rest| (rest, true));
    // That folders may be looked into takes no file back.
    if only_folders && !ignores && matches!(line, "*" | "**") {
        return None;
    }
    let anchored = line.contains('/');
    let line = line.strip_prefix('/').unwrap_or(line).replace("[!", "[^");
    let glob = filepath::glob(&line, Stars::Cross).filter(|glob| !glob.is_empty())?;
    let anywhere = if anchored || glob.starts_with("**") { "" } else { "**/" };
    let below = if line.ends_with("**") { "" } else { "/**" };
    let glob = format!("{folder}{anywhere}{glob}{below}");
    Pattern::parse(&glob).oddity().is_none().then_some((glob, ignores))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::closure::tree::MemoryTree;

    #[test]
    fn what_git_ignores_cannot_change_unless_it_is_tracked() {
        let files = [
            (".gitignore", "# all\n*.log\n/dist/\nnode_modules/\n!keep.log\nbuild/*\n!build/x\n\\#a\nfoo/**/bar\n"),
            ("web/.gitignore", "out\n!*.log\n"),
            ("web/x", ""),
            ("dist/forced", ""),
        ];
        let tree: MemoryTree = files.into_iter().collect();
        let trackable = trackable(&Library::new(&tree));
        for (path, expected) in [
            ("a.log", false),
            ("a/b.log", false),
            ("a/keep.log", true),
            ("dist/x", false),
            ("dist/forced", true),
            ("dist", false),
            ("a/dist/x", true),
            ("a/node_modules/b/c", false),
            ("build/y/z", false),
            ("build/x", true),
            ("#a", false),
            ("foo/q/bar/x", false),
            ("web/a/out", false),
            ("out", true),
            ("web/a.log", true),
            ("web/.gitignore", true),
            ("webx", true),
        ] {
            assert_eq!(trackable.is_match(path.as_bytes()), expected, "{path}");
        }
    }

    #[test]
    fn a_file_takes_no_folders_place_where_globs_tell_them_apart() {
        let tracked: ChangedFiles = ["a/b/c/x", "docs/x", "src/y/z"].into_iter().collect();
        let of = |globs: &[&str]| without_folders(&tracked, &globs.iter().map(|glob| Pattern::parse(glob)).collect());
        let possible = of(&["docs/**", "a/*"]).expect("some are told apart");
        for (path, expected) in [
            ("docs", false),
            ("docs/x", true),
            ("doc", true),
            ("a", false),
            ("a/b", false),
            ("a/b/c", true),
            ("src", true),
        ] {
            assert_eq!(possible.is_match(path.as_bytes()), expected, "{path}");
        }
        assert!(of(&["**/*.go"]).is_none());
    }

    #[test]
    fn lists_of_what_is_allowed_are_read() {
        let tree: MemoryTree = [(".gitignore", "*\n!*/\n!*.go\n")].into_iter().collect();
        let trackable = trackable(&Library::new(&tree));
        assert!(trackable.is_match(b"a/b.go") && !trackable.is_match(b"a/b.c"));
        assert!(trackable.is_match(b".gitignore"), "it is tracked");
    }
}
