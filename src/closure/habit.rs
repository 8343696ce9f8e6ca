//! Files that lie beside what is built.

use bstr::ByteSlice as _;

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

/// Whether the file at `path` is one that people rarely mean when they copy its folder: prose, licences, the settings of forges and
/// editors, other images' Dockerfiles. A build may still use it; that it does is not taken for granted.
pub(super) fn is_aside(path: &[u8]) -> bool {
    let folder = path.split_once_str("/").and_then(|(folder, _)| folder.to_str().ok());
    if folder.is_some_and(|folder| FOLDERS.contains(&folder)) {
        return true;
    }
    let name = path.rsplit_str("/").next().unwrap_or(path).to_ascii_lowercase();
    let is_prose = [&b".md"[..], b".markdown", b".rst", b".adoc"].iter().any(|ending| name.ends_with(ending));
    is_prose || NAMES.iter().any(|start| name.starts_with(start.as_bytes()))
}
