//! What a step builds: the image builds in its commands, or in the settings of its plugin.
//!
//! | file | does |
//! | --- | --- |
//! | `command` | builds among the commands of a script |
//! | `tool` | kaniko, docker, buildah, podman and others: which commands build, how their command lines are read |
//! | `plugin` | plugins that build images, by the names of their images |

mod command;
mod plugin;
mod tool;

#[cfg(test)]
mod tests;

use super::shell::Variables;
use super::tree::join;
use crate::source::Span;
use crate::workflow::{Content, Step};

/// What an absolute path begins with that lies in the workspace. No path has a NUL.
const WORKSPACE: &str = "/\0";

/// A build of an image.
#[derive(Clone, Debug, Default)]
pub(super) struct Build {
    /// Where the workflow asks for it.
    pub at: Span,
    /// The folder that it reads.
    pub context: String,
    /// The paths where the Dockerfile is looked for, in order.
    pub dockerfiles: Vec<String>,
    /// Where the workflow names the Dockerfile, if it does.
    pub named_at: Option<Span>,
    /// The stage; `None`: the last one.
    pub target: Option<String>,
    /// What is passed to it.
    pub arguments: Variables,
    /// Whether `arguments` are all.
    pub complete: bool,
    /// Also `.containerignore` is read.
    pub containerignore: bool,
}

/// Something that cannot be known: where that is written, and why.
pub(super) type Unknown = (Span, String);

/// The builds of `step`, which does `content`; each, or what keeps it from being known. `holes` are the bytes of the file whose
/// values hang on the change.
pub(super) fn builds(step: &Step, content: &Content, holes: &[Span]) -> Vec<Result<Build, Unknown>> {
    let folder = match &content.directory {
        None => Some(String::new()),
        Some(directory) if touches(holes, directory.place.span) => None,
        Some(directory) => join("", &directory.value),
    };
    if content.commands.is_empty() {
        return plugin::build(step, content, holes, folder.as_deref()).into_iter().collect();
    }
    command::builds(content, holes, folder)
}

fn touches(holes: &[Span], span: Span) -> bool {
    holes.iter().any(|hole| hole.start < span.end && span.start < hole.end)
}

/// `path` seen from `folder`, as a path of the repository.
fn resolve(folder: Option<&str>, path: &str) -> Result<String, String> {
    let path = path.strip_prefix("dir://").unwrap_or(path);
    if path.contains("://") || path == "-" {
        return Err("it is not a folder of the repository".to_owned());
    }
    let outside = || "it leads out of the repository".to_owned();
    if let Some(inside) = path.strip_prefix(WORKSPACE) {
        return join("", inside.trim_start_matches('/')).ok_or_else(outside);
    }
    if path.starts_with('/') {
        return Err("where that lies in the repository is not known".to_owned());
    }
    let folder = folder.ok_or("the folder it is run in is not known")?;
    join(folder, path).ok_or_else(outside)
}

/// How a tool finds the Dockerfile.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Search {
    /// From the folder it is run in.
    Here,
    /// From there, then from the context.
    HereThenContext,
}

/// The paths where the Dockerfile `named`, or the default one, is looked for.
fn dockerfiles(
    named: Option<&str>,
    folder: Option<&str>,
    context: &str,
    search: Search,
    defaults: &[&str],
) -> Result<Vec<String>, String> {
    let in_context = |name: &str| join(context, name);
    let Some(named) = named else {
        let both = if search == Search::HereThenContext { folder } else { None };
        let here = both.into_iter().flat_map(|folder| defaults.iter().filter_map(move |name| join(folder, name)));
        return Ok(defaults.iter().filter_map(|name| in_context(name)).chain(here).collect());
    };
    let here = resolve(folder, named);
    if search == Search::Here {
        return here.map(|path| vec![path]);
    }
    let there = in_context(named.trim_start_matches('/'));
    match (here, there) {
        (Err(why), None) => Err(why),
        (here, there) => Ok(here.ok().into_iter().chain(there).collect()),
    }
}
