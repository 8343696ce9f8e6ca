//! Cargo: the members of `[workspace]`, and dependencies with a `path`.

use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Kind, Library, MAX_MEMBERS, Need, Workspace, choose, folders_with, join};
use crate::source::{Source, Span};
use crate::text::escape;

const DEPENDENCIES: &[&str] =
    &["dependencies", "dev-dependencies", "build-dependencies", "dev_dependencies", "build_dependencies"];

pub(super) fn load(library: &Library<'_>, root: &str) -> Option<Workspace> {
    let mut workspace = Workspace::new(Kind::Cargo, root);
    let manifest = match library.file(&join(root, "Cargo.toml")?) {
        Ok(manifest) => manifest?,
        Err(why) => return Some(Workspace { problem: Some(why), ..workspace }),
    };
    let top = match parse(&manifest) {
        Ok(top) => top,
        Err(why) => return Some(Workspace { problem: Some(why), ..workspace }),
    };
    let table = table(get(top.get_ref(), "workspace")?)?;
    let list = |key: &str| strings(get(table, key));
    let (members, exclude) = (list("members"), list("exclude"));
    let (is_member, is_excluded) = (choose(&members), choose(&exclude));
    let mut folders = folders_with(library, root, "Cargo.toml", |folder| is_member(folder) && !is_excluded(folder));
    if get(top.get_ref(), "package").is_some() {
        folders.push(root.to_owned());
    }
    // What a member names by its path is a member, too.
    let shared = Shared { table: get(table, "dependencies").and_then(self::table), root };
    let mut at = 0;
    let mut packages = Vec::new();
    while let Some(folder) = folders.get(at).cloned() {
        at += 1;
        let read = join(&folder, "Cargo.toml").map_or(Ok(None), |path| library.file(&path));
        let package = read.and_then(|manifest| match manifest {
            Some(manifest) => Package::read(&manifest, &folder, &shared).map(|package| (manifest, package)),
            None => Err(format!("git tracks no `{}/Cargo.toml`", escape(&folder))),
        });
        let (manifest, package) = match package {
            Ok(package) => package,
            Err(why) => {
                workspace.refuse(why);
                continue;
            }
        };
        for (needed, _) in &package.needs {
            if !folders.contains(needed) {
                folders.push(needed.clone());
            }
        }
        if folders.len() > MAX_MEMBERS {
            workspace.refuse(format!("there are more than {MAX_MEMBERS} packages"));
            break;
        }
        workspace.push(package.name.unwrap_or_default(), folder);
        packages.push((manifest, package.needs));
    }
    for (at, (manifest, needs)) in packages.into_iter().enumerate() {
        let needs = needs.into_iter().filter_map(|(folder, span)| {
            let member = workspace.by_folder(&folder).filter(|&member| member != at)?;
            Some(Need { member, manifest: Arc::clone(&manifest), span })
        });
        let needs = needs.collect();
        workspace.members[at].needs = needs;
    }
    Some(workspace)
}

/// `[workspace.dependencies]`, whose paths count from the root.
struct Shared<'s> {
    table: Option<&'s DeTable<'s>>,
    root: &'s str,
}

struct Package {
    name: Option<String>,
    /// The folders of the packages that it needs.
    needs: Vec<(String, Span)>,
}

impl Package {
    fn read(manifest: &Source, folder: &str, shared: &Shared<'_>) -> Result<Self, String> {
        let top = parse(manifest)?;
        let name =
            get(top.get_ref(), "package").and_then(table).and_then(|package| get(package, "name")).and_then(string);
        let mut package = Self { name: name.map(str::to_owned), needs: Vec::new() };
        package.tables(top.get_ref(), folder, shared);
        let targets = get(top.get_ref(), "target").and_then(table);
        for (_, target) in targets.iter().flat_map(|targets| targets.iter()) {
            if let Some(target) = table(target) {
                package.tables(target, folder, shared);
            }
        }
        Ok(package)
    }

    fn tables(&mut self, top: &DeTable<'_>, folder: &str, shared: &Shared<'_>) {
        for dependencies in DEPENDENCIES.iter().filter_map(|key| table(get(top, key)?)) {
            for (name, wanted) in dependencies {
                let Some(entry) = table(wanted) else { continue };
                let own = get(entry, "path").and_then(string).and_then(|path| join(folder, path));
                let inherited = || {
                    get(entry, "workspace")?;
                    let entry = table(get(shared.table?, name.get_ref())?)?;
                    join(shared.root, get(entry, "path").and_then(string)?)
                };
                if let Some(needed) = own.or_else(inherited) {
                    let (name, wanted) = (name.span(), wanted.span());
                    self.needs.push((needed, Span::from(name.start.min(wanted.start)..name.end.max(wanted.end))));
                }
            }
        }
    }
}

fn parse(source: &Source) -> Result<Spanned<DeTable<'_>>, String> {
    DeTable::parse(source.text())
        .map_err(|error| format!("`{}` cannot be read: {}", escape(source.name()), escape(error.message())))
}

fn get<'t, 'i>(table: &'t DeTable<'i>, name: &str) -> Option<&'t Spanned<DeValue<'i>>> {
    table.iter().find(|(key, _)| key.get_ref() == name).map(|(_, value)| value)
}

fn table<'t, 'i>(value: &'t Spanned<DeValue<'i>>) -> Option<&'t DeTable<'i>> {
    match value.get_ref() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

fn string<'t>(value: &'t Spanned<DeValue<'_>>) -> Option<&'t str> {
    match value.get_ref() {
        DeValue::String(text) => Some(text),
        _ => None,
    }
}

fn strings(value: Option<&Spanned<DeValue<'_>>>) -> Vec<String> {
    match value.map(Spanned::get_ref) {
        Some(DeValue::Array(items)) => items.iter().filter_map(string).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}
