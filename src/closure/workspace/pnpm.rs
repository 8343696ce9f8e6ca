//! `pnpm-lock.yaml`: which packages of a workspace pnpm links to which.
//!
//! It knows better than the manifests: a version may be the registry's or the workspace's, and `overrides` change either.

use std::collections::BTreeMap;

use super::join;
use super::node::{field, pairs, parse, text};
use crate::source::{Source, Span};
use crate::yaml::{Document, NodeId};

const DEPENDENCIES: &[&str] = &["dependencies", "devDependencies", "optionalDependencies"];

/// What a lock file says of the dependencies of one package.
#[derive(Debug, Default)]
pub(super) struct Importer {
    /// By name: the folder that it is linked to, or `None` for the registry's; and the bytes that say so.
    pub dependencies: BTreeMap<String, (Option<String>, Span)>,
}

/// The importers of a lock file in the folder `root`, by their folders.
///
/// # Errors
/// Why it cannot be read, as a phrase.
pub(super) fn importers(lock: &Source, root: &str) -> Result<BTreeMap<String, Importer>, String> {
    // What comes below is about the registry's packages, and most of the file.
    let end = lock.text().find("\npackages:").map_or(lock.text().len(), |at| at + 1);
    let top = Source::new(lock.name(), &lock.text()[..end]);
    let document = parse(&top)?;
    let mut importers = BTreeMap::new();
    let Some(list) = field(&document, document.root(), "importers") else { return Ok(importers) };
    for &(path, of) in pairs(&document, list) {
        let Some(folder) = text(&document, path).and_then(|path| join(root, path)) else { continue };
        let mut importer = Importer::default();
        for id in DEPENDENCIES.iter().filter_map(|key| field(&document, Some(of), key)) {
            for &(name, wanted) in pairs(&document, id) {
                let Some(known) = text(&document, name) else { continue };
                // Before version 6 of the format, the version stands there itself.
                let version = field(&document, Some(wanted), "version").unwrap_or(wanted);
                let span = document.node(name).span.join(document.node(version).span);
                importer.dependencies.insert(known.to_owned(), (linked(&document, version, &folder, root), span));
            }
        }
        importers.insert(folder, importer);
    }
    Ok(importers)
}

/// The folder that a version links to: `link:` counts from the package, `file:` from the lock file.
fn linked(document: &Document<'_>, version: NodeId, folder: &str, root: &str) -> Option<String> {
    let version = text(document, version)?;
    if let Some(path) = version.strip_prefix("link:") {
        return join(folder, path);
    }
    join(root, version.strip_prefix("file:")?.split('(').next()?)
}
