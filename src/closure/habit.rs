//! Files that lie beside what is built.

use super::filepath::literal;
use crate::glob::Rules;

/// Folders at the top that are about the project, not part of it.
const FOLDERS: &[&str] = &[
    ".agents",
    ".buildkite",
    ".changeset",
    ".circleci",
    ".claude",
    ".cursor",
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
    "agents.md",
    "authors",
    "changelog",
    "citation.cff",
    "claude.md",
    "code_of_conduct",
    "code-of-conduct",
    "codeowners",
    "compose.y",
    "containerfile",
    "contributing",
    "contributors",
    "copying",
    "docker-bake.",
    "docker-compose",
    "dockerfile",
    "license",
    "licence",
    "maintainers",
    "notice",
    "readme",
    "renovate.json",
    "security.md",
];

/// Endings of the names of prose, in lower case.
const PROSE: &[&str] = &[".md", ".markdown", ".rst", ".adoc"];

/// What does not look like any of that, in any folder, nor has the name of such a folder.
pub fn not_aside() -> Rules {
    without([folders("**/"), format!("**/{}", folder_names()), names(), prose()])
}

/// What a build that copies the context whose glob is `prefix` may well use: all but what lies [`beside`] it.
pub(super) fn used(prefix: &str) -> Rules {
    without(beside(prefix))
}

/// The globs of what hardly any build uses that copies it with its folder. Prose below the top may be what pages are made of.
pub(super) fn beside(prefix: &str) -> [String; 3] {
    [folders(prefix), names(), prose_in(prefix)]
}

/// Whether `folder`, relative to the context, is one of such folders or lies in one: who names it means what is in it.
pub(super) fn is_folder_aside(folder: &str) -> bool {
    folder.split('/').next().is_some_and(|first| FOLDERS.contains(&first))
}

/// All but what the globs match.
fn without<const N: usize>(globs: [String; N]) -> Rules {
    let left_out = globs.map(|glob| (glob, false));
    let all = std::iter::once(("**".to_owned(), true)).chain(left_out).collect();
    Rules::new(all).expect("internal: none of these is odd")
}

/// The glob of what lies in such folders of the folder whose glob is `prefix`, which is empty or ends with `/`.
pub(super) fn folders(prefix: &str) -> String {
    format!("{prefix}{}/**/*", folder_names())
}

fn folder_names() -> String {
    let folders: Vec<String> = FOLDERS.iter().map(|folder| literal(folder)).collect();
    format!("{{{}}}", folders.join(","))
}

/// The glob of such names, in any folder.
pub(super) fn names() -> String {
    let names: Vec<String> = NAMES.iter().map(|name| in_any_case(name)).collect();
    format!("**/{{{}}}*", names.join(","))
}

/// The glob of prose, in any folder.
pub(super) fn prose() -> String {
    prose_in("**/")
}

fn prose_in(prefix: &str) -> String {
    let endings: Vec<String> = PROSE.iter().map(|ending| in_any_case(ending)).collect();
    format!("{prefix}*{{{}}}", endings.join(","))
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
    use super::{is_folder_aside, not_aside, used};

    #[test]
    fn what_lies_beside_is_told_by_name_and_folder() {
        let (may_come, used) = (not_aside(), used(""));
        for (path, is_likely, is_used) in [
            ("docs/x", false, false),
            (".github/a/b.yml", false, false),
            ("README", false, false),
            ("a/b/Readme.txt", false, false),
            ("a/LICENSE", false, false),
            ("docker-compose.yml", false, false),
            ("a/.GITignore", false, false),
            // Pages are made of prose.
            ("x.MD", false, false),
            ("content/about.md", false, true),
            ("src/docs/x", false, true),
            ("docs", false, true),
            ("a/.github", false, true),
            ("main.rs", true, true),
            ("a/xreadme", true, true),
            ("a.mdx", true, true),
        ] {
            assert_eq!(may_come.is_match(path.as_bytes()), is_likely, "{path}");
            assert_eq!(used.is_match(path.as_bytes()), is_used, "{path}");
        }
        assert!(is_folder_aside("docs/api") && !is_folder_aside("src/docs") && !is_folder_aside(""));
    }
}
