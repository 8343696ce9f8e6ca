//! The words of an instruction, and the paths that they are: in the context and in the image.

use super::line::Instruction;
use crate::closure::tree::join;
use crate::source::Span;

/// The words behind the flags: separated by space, or a JSON list; each with its bytes in the file.
pub(super) fn words(instruction: &Instruction) -> Vec<(String, Span)> {
    let rest = &instruction.rest;
    if let Ok(words) = serde_json::from_str::<Vec<String>>(rest) {
        let span = |word: &str| {
            let at = rest.find(&format!("\"{word}\"")).map_or(0..rest.len(), |at| at..at + word.len() + 2);
            instruction.map.to_source(Span::from(at))
        };
        return words.into_iter().map(|word| (word.clone(), span(&word))).collect();
    }
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(start) = rest[at..].find(|c: char| !c.is_whitespace()).map(|skipped| at + skipped) {
        let end = rest[start..].find(char::is_whitespace).map_or(rest.len(), |len| start + len);
        words.push((rest[start..end].to_owned(), instruction.map.to_source(Span::from(start..end))));
        at = end;
    }
    words
}

/// A source as a path in the context: `BuildKit` takes `/` and leading `..` for its root.
pub(super) fn context_path(source: &str) -> Option<String> {
    let mut path = source.trim_start_matches('/');
    while let Some(rest) = path.strip_prefix("../") {
        path = rest.trim_start_matches('/');
    }
    if path == ".." { Some(String::new()) } else { join("", path) }
}

/// `path` in the image, seen from `folder`.
pub(super) fn image_path(folder: &str, path: &str) -> String {
    let base = if path.starts_with('/') { "" } else { folder.trim_start_matches('/') };
    format!("/{}", join(base, path.trim_start_matches('/')).unwrap_or_default())
}

/// The rest of `folder` below `root`.
pub(super) fn inside(folder: &str, root: &str) -> Option<String> {
    if folder == root {
        return Some(String::new());
    }
    Some(folder.strip_prefix(root.trim_end_matches('/'))?.strip_prefix('/')?.to_owned())
}
