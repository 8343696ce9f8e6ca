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

/// Names of settings and of papers that are always called so, in lower case.
const SETTINGS: &[&str] = &[
    ".dockerignore",
    ".drone.yaml",
    ".drone.yml",
    ".editorconfig",
    ".git-blame-ignore-revs",
    ".gitattributes",
    ".gitignore",
    ".gitkeep",
    ".gitlab-ci.yaml",
    ".gitlab-ci.yml",
    ".gitmodules",
    ".mailmap",
    ".pre-commit-config.yaml",
    ".pre-commit-config.yml",
    ".woodpecker.yaml",
    ".woodpecker.yml",
    ".wp-gate.yaml",
    ".wp-gate.yml",
    "agents.md",
    "citation.cff",
    "claude.md",
    "compose.yaml",
    "compose.yml",
    "containerfile",
    "docker-bake.hcl",
    "docker-bake.json",
    "dockerfile",
    "renovate.json",
    "renovate.json5",
    "security.md",
];

/// Names of such papers without their endings, in lower case. Sources are called so, too: what comes behind decides.
const PAPERS: &[&str] = &[
    "authors",
    "changelog",
    "code_of_conduct",
    "code-of-conduct",
    "codeowners",
    "contributing",
    "contributors",
    "copying",
    "licence",
    "license",
    "maintainers",
    "notice",
    "readme",
];

/// Endings that papers have, in lower case.
const PAPER: &[&str] = &["adoc", "html", "md", "rst", "txt"];

/// What else follows the name of a paper, behind `-`, `_` or `.`: `-MIT`, `_APACHE`, `-Apache-2.0`, but no source's ending.
const KINDS: &str = "{-,_,.}*{[A-Z][A-Z],[0-9].[0-9]}";

/// Globs of files of images: other Dockerfiles as they are mostly spelt, and what compose and bake read.
const IMAGES: &[&str] = &[
    "Dockerfile{-,_,.}*",
    "Containerfile{-,_,.}*",
    "docker-compose{,{-,_,.}*}.{yml,yaml}",
    "docker-bake.override.{hcl,json}",
];

/// Beginnings of names that only what may come is held against, in lower case.
const BEGINNINGS: &[&str] = &["docker-bake.", "docker-compose"];

/// Endings of the names of prose, in lower case.
const PROSE: &[&str] = &[".md", ".markdown", ".rst", ".adoc"];

/// What does not look like any of that, in any folder, nor begins like it, nor has the name of such a folder: it is there to choose a name that
/// may come, so more is left out than lies beside a build for sure.
pub fn not_aside() -> Rules {
    let beginnings: Vec<String> = [SETTINGS, PAPERS, BEGINNINGS].concat().into_iter().map(in_any_case).collect();
    let names = format!("**/{{{}}}*", beginnings.join(","));
    without([folders("**/"), format!("**/{}", folder_names()), names, prose()])
}

/// What a build that copies the context whose glob is `prefix` may well use: not what hardly any build uses that copies it with its folder.
/// Prose below the top may be what pages are made of. `with_folders`: what is built lies in one of the folders that are else aside.
pub(super) fn used(prefix: &str, with_folders: bool) -> Rules {
    let folders = (!with_folders).then(|| folders(prefix));
    without(folders.into_iter().chain(beside(prefix)))
}

/// The globs of that, wherever what is built lies.
pub(super) fn beside(prefix: &str) -> [String; 2] {
    [names(), prose_in(prefix)]
}

/// Whether `folder`, relative to the context, is one of such folders or lies in one: who names it means what is in it.
pub(super) fn is_folder_aside(folder: &str) -> bool {
    folder.split('/').next().is_some_and(|first| FOLDERS.contains(&first))
}

/// All but what the globs match.
fn without(globs: impl IntoIterator<Item = String>) -> Rules {
    let left_out = globs.into_iter().map(|glob| (glob, false));
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
    let in_any_case = |texts: &[&str]| texts.iter().map(|text| in_any_case(text)).collect::<Vec<_>>().join(",");
    let (settings, papers, endings) = (in_any_case(SETTINGS), in_any_case(PAPERS), in_any_case(PAPER));
    let papers = format!("{{{papers}}}{{,{{,{{-,_,.}}*}}.{{{endings}}},{KINDS}}}");
    format!("**/{{{settings},{papers},{}}}", IMAGES.join(","))
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
        let (may_come, used) = (not_aside(), used("", false));
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
            // A source may begin like a paper.
            ("src/license.go", false, true),
            ("app/notice_board.ts", false, true),
            ("src/authors.py", false, true),
            ("ui/Contributors.tsx", false, true),
            ("ui/ReadmeView.vue", false, true),
            ("pkg/dockerfile.rs", false, true),
            ("pkg/dockerfile_parser.go", false, true),
            ("a/docker-compose_test.go", false, true),
            ("a/license-check.R", false, true),
            ("pages/security.mdx", false, true),
            ("LICENSE-MIT", false, false),
            ("a/LICENSE-Apache-2.0", false, false),
            ("COPYING.LESSER", false, false),
            ("a/License-third-party.txt", false, false),
            ("a/changelog_old.HTML", false, false),
            ("README.de.md", false, false),
            ("a/Dockerfile.dev", false, false),
            ("docker-compose.prod.yaml", false, false),
            ("docker-compose-dev.yml", false, false),
        ] {
            assert_eq!(may_come.is_match(path.as_bytes()), is_likely, "{path}");
            assert_eq!(used.is_match(path.as_bytes()), is_used, "{path}");
        }
        assert!(is_folder_aside("docs/api") && !is_folder_aside("src/docs") && !is_folder_aside(""));
    }
}
