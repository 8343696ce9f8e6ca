//! pnpm, npm and yarn: `package.json`, `pnpm-workspace.yaml`, and the links of `pnpm-lock.yaml`.

use std::sync::Arc;

use super::pnpm::{self, Importer};
use super::{Kind, Library, MAX_MEMBERS, Need, Workspace, choose, folders_with, join};
use crate::source::{Source, Span};
use crate::yaml::{Data, Dialect, Document, NodeId};

const DEPENDENCIES: &[&str] = &["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

pub(super) fn load(library: &Library<'_>, root: &str) -> Option<Workspace> {
    let at = |name: &str| join(root, name).unwrap_or_default();
    let mut workspace = Workspace::new(Kind::Node, root);
    let manifest = match library.file(&at("package.json")) {
        Ok(manifest) => manifest?,
        Err(why) => return Some(Workspace { problem: Some(why), ..workspace }),
    };
    // Only pnpm's lock file says which packages are linked. One that is too long leaves it to the manifests.
    let lock = library.file(&at("pnpm-lock.yaml")).unwrap_or_default();
    let importers = match lock.as_ref().map(|lock| pnpm::importers(lock, root)).transpose() {
        Ok(importers) => importers.unwrap_or_default(),
        Err(why) => return Some(Workspace { problem: Some(why), ..workspace }),
    };
    let patterns = match (library.file(&at("pnpm-workspace.yaml")), library.file(&at("pnpm-workspace.yml"))) {
        (Ok(Some(file)), _) | (_, Ok(Some(file))) => patterns(&file, &["packages"]),
        (Err(why), _) | (_, Err(why)) => Err(why),
        _ => patterns(&manifest, &["workspaces"]),
    };
    let patterns = match patterns {
        Ok(patterns) if patterns.is_empty() => return None,
        Ok(patterns) => patterns,
        Err(why) => return Some(Workspace { problem: Some(why), ..workspace }),
    };
    let folders = folders_with(library, root, "package.json", choose(&patterns));
    if folders.len() > MAX_MEMBERS {
        workspace.refuse(format!("there are more than {MAX_MEMBERS} packages"));
        return Some(workspace);
    }
    let mut manifests = Vec::new();
    for folder in folders {
        match library.file(&format!("{folder}/package.json")) {
            Ok(Some(manifest)) => manifests.push((folder, manifest)),
            Ok(None) => {}
            Err(why) => workspace.refuse(why),
        }
    }
    let read: Vec<Package> = manifests.iter().map(|(_, manifest)| Package::read(manifest)).collect();
    for ((folder, _), package) in manifests.iter().zip(&read) {
        if let Some(why) = &package.problem {
            workspace.refuse(why.clone());
        }
        let name = package.name.clone().unwrap_or_else(|| folder.clone());
        workspace.push(name, folder.clone());
    }
    for (at, ((folder, manifest), package)) in manifests.iter().zip(&read).enumerate() {
        let importer = importers.get(folder);
        let mut needs: Vec<Need> = Vec::new();
        for (name, wanted, span) in &package.dependencies {
            let locked = importer.and_then(|importer| importer.dependencies.get(name));
            let member = match locked {
                Some((Some(folder), _)) => workspace.by_folder(folder),
                Some((None, _)) => None,
                None => target(&workspace, folder, name, wanted),
            };
            needs.extend(member.map(|member| Need { member, manifest: Arc::clone(manifest), span: *span }));
        }
        // What the manifest does not name: another one's name, or one that is put in its place.
        if let (Some(Importer { dependencies }), Some(lock)) = (importer, &lock) {
            for (folder, span) in dependencies.values() {
                let member = folder.as_ref().and_then(|folder| workspace.by_folder(folder));
                let new = member.filter(|member| needs.iter().all(|need| need.member != *member));
                needs.extend(new.map(|member| Need { member, manifest: Arc::clone(lock), span: *span }));
            }
        }
        needs.retain(|need| need.member != at);
        workspace.members[at].needs = needs;
    }
    Some(workspace)
}

/// The package that the dependency `name: wanted` of the package in `folder` is, if it is one of the workspace.
///
/// The version is not held against that of the package: where it does not fit, the registry's is taken, and we see a need too many.
fn target(workspace: &Workspace, folder: &str, name: &str, wanted: &str) -> Option<usize> {
    let path = ["link:", "file:", "portal:"].iter().find_map(|scheme| wanted.strip_prefix(scheme));
    if let Some(path) = path.or_else(|| wanted.strip_prefix("workspace:").filter(|rest| rest.starts_with('.'))) {
        return workspace.by_folder(&join(folder, path)?);
    }
    // `workspace:other@^1` is another one's name.
    if let Some((other, _)) = wanted.strip_prefix("workspace:").and_then(|rest| rest.rsplit_once('@')) {
        return workspace.by_name(other);
    }
    let elsewhere = wanted.contains("://")
        || ["npm:", "git", "github:", "gitlab:", "bitbucket:"].iter().any(|other| wanted.starts_with(other));
    if elsewhere { None } else { workspace.by_name(name) }
}

/// What a `package.json` says.
#[derive(Default)]
struct Package {
    name: Option<String>,
    /// Each dependency: its name, its version, and the bytes of both.
    dependencies: Vec<(String, String, Span)>,
    problem: Option<String>,
}

impl Package {
    fn read(manifest: &Source) -> Self {
        let mut package = Self::default();
        let document = match parse(manifest) {
            Ok(document) => document,
            Err(why) => return Self { problem: Some(why), ..package },
        };
        package.name = field(&document, document.root(), "name").and_then(|id| text(&document, id)).map(str::to_owned);
        for key in DEPENDENCIES {
            let Some(id) = field(&document, document.root(), key) else { continue };
            for &(name, version) in pairs(&document, id) {
                if let (Some(text), Some(wanted)) = (text(&document, name), text(&document, version)) {
                    let span = document.node(name).span.join(document.node(version).span);
                    package.dependencies.push((text.to_owned(), wanted.to_owned(), span));
                }
            }
        }
        package
    }
}

/// The patterns in the list at `path`, or in its `packages` (yarn's older form).
fn patterns(source: &Source, path: &[&str]) -> Result<Vec<String>, String> {
    let document = parse(source)?;
    let Some(list) =
        path.iter().try_fold(document.root(), |node, name| field(&document, node, name).map(Some)).flatten()
    else {
        return Ok(Vec::new());
    };
    let list = field(&document, Some(list), "packages").unwrap_or(list);
    let Data::Sequence { items, .. } = &document.node(list).data else { return Ok(Vec::new()) };
    Ok(items.iter().filter_map(|&item| text(&document, item)).map(str::to_owned).collect())
}

/// JSON is YAML, near enough: and our YAML knows its bytes.
pub(super) fn parse(source: &Source) -> Result<Document<'_>, String> {
    let parsed = Document::parse(source.text(), Dialect::V4);
    parsed.map_err(|error| format!("`{}` cannot be read: {error}", crate::text::escape(source.name())))
}

pub(super) fn pairs<'d>(document: &'d Document<'_>, id: NodeId) -> &'d [(NodeId, NodeId)] {
    match &document.node(id).data {
        Data::Mapping { pairs, .. } => pairs,
        _ => &[],
    }
}

pub(super) fn field(document: &Document<'_>, id: Option<NodeId>, name: &str) -> Option<NodeId> {
    let found = pairs(document, id?).iter().find(|&&(key, _)| text(document, key) == Some(name))?;
    Some(found.1)
}

pub(super) fn text<'d>(document: &'d Document<'_>, id: NodeId) -> Option<&'d str> {
    match &document.node(id).data {
        Data::Scalar { value, .. } => Some(value),
        _ => None,
    }
}
