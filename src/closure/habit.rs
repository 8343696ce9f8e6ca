//! Files that lie beside what is built.

use std::sync::LazyLock;

use super::filepath::literal;
use crate::glob::Rules;

/// Folders at the top that are about the project, not part of it.
const FOLDERS: &[&str] = &[
    ".circleci",
    ".devcontainer",
    ".forgejo",
    ".gitea",
    ".github",
    ".gitlab",
    ".husky",
    ".idea",
    ".vscode",
    ".woodpecker",
    ".zed",
    "doc",
    "docs",
];

/// Beginnings of the names of such files, in lower case.
const NAMES: &[&str] = &[
    ".dockerignore",
    ".drone.y",
    ".editorconfig",
    ".git-blame-ignore-revs",
    ".gitattributes",
    ".gitignore",
    ".gitkeep",
    ".gitlab-ci.y",
    ".gitmodules",
    ".mailmap",
    ".pre-commit-config.y",
    ".woodpecker.y",
    ".wp-gate.y",
    "authors",
    "changelog",
    "codeowners",
    "compose.y",
    "containerfile",
    "contributing",
    "copying",
    "docker-bake.",
    "docker-compose",
    "dockerfile",
    "license",
    "licence",
    "notice",
    "readme",
    "renovate.json",
    "security.md",
];

/// Endings of the names of prose, in lower case.
const PROSE: &[&str] = &[".md", ".markdown", ".rst", ".adoc"];

/// Whether the file at `path` of some folder is one that people rarely mean when they copy the folder: prose, licences, the settings of forges
/// and editors, other images' Dockerfiles. A build may still use it; that it does is not taken for granted.
pub(super) fn is_aside(path: &[u8]) -> bool {
    static ASIDE: LazyLock<Rules> =
        LazyLock::new(|| Rules::any([folders(""), names(), prose()]).expect("internal: none of these is odd"));
    ASIDE.is_match(path)
}

/// What does not look like any of that, in any folder.
pub fn not_aside() -> Rules {
    let aside = [folders("**/"), names(), prose()].map(|glob| (glob, false));
    Rules::new(std::iter::once(("**".to_owned(), true)).chain(aside).collect()).expect("internal: none of these is odd")
}

/// The glob of what lies in such folders of the folder whose glob is `prefix`, which is empty or ends with `/`.
pub(super) fn folders(prefix: &str) -> String {
    let folders: Vec<String> = FOLDERS.iter().map(|folder| literal(folder)).collect();
    format!("{prefix}{{{}}}/**/*", folders.join(","))
}

/// The glob of such names, in any folder.
pub(super) fn names() -> String {
    let names: Vec<String> = NAMES.iter().map(|name| in_any_case(name)).collect();
    format!("**/{{{}}}*", names.join(","))
}

/// The glob of prose, in any folder.
pub(super) fn prose() -> String {
    let endings: Vec<String> = PROSE.iter().map(|ending| in_any_case(ending)).collect();
    format!("**/*{{{}}}", endings.join(","))
}

fn in_any_case(text: &str) -> String {
    let of = |c: char| match c.to_ascii_uppercase() {
        upper if upper == c => literal(c.encode_utf8(&mut [0; 4])),
        upper => format!("[{c}{upper}]"),
    };
    text.chars().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::is_aside;

    #[test]
    fn what_lies_beside_is_told_by_name_and_folder() {
        for path in [
            "docs/x",
            ".github/a/b.yml",
            "README",
            "a/b/Readme.txt",
            "x.MD",
            "a/LICENSE",
            "docker-compose.yml",
            "a/.GITignore",
        ] {
            assert!(is_aside(path.as_bytes()), "{path}");
        }
        for path in ["src/docs/x", "docs", "main.rs", "a/xreadme", "a.mdx", ".github"] {
            assert!(!is_aside(path.as_bytes()), "{path}");
        }
    }
}
