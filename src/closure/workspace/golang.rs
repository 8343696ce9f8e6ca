//! Go: the modules that `go.work` uses, and which require which.

use std::sync::Arc;

use super::{Kind, Library, MAX_MEMBERS, Need, Workspace, join};
use crate::source::{Source, Span};

pub(super) fn load(library: &Library<'_>, root: &str) -> Option<Workspace> {
    let mut workspace = Workspace::new(Kind::Go, root);
    let file = match library.file(&join(root, "go.work")?) {
        Ok(file) => file?,
        Err(why) => return Some(Workspace { problem: Some(why), ..workspace }),
    };
    let used =
        lines(&file).into_iter().filter(|line| line.verb == "use").filter_map(|line| line.words.into_iter().next());
    let mut modules = Vec::new();
    for (folder, _) in used.take(MAX_MEMBERS + 1) {
        let Some(folder) = join(root, &folder) else {
            workspace.refuse(format!("`go.work` uses `{}`, outside of the repository", crate::text::escape(&folder)));
            continue;
        };
        match join(&folder, "go.mod").map_or(Ok(None), |path| library.file(&path)) {
            Ok(Some(manifest)) => {
                let lines = lines(&manifest);
                let module = lines.iter().find(|line| line.verb == "module").and_then(|line| line.words.first());
                let name = module.map_or_else(String::new, |(name, _)| name.clone());
                workspace.push(name, folder);
                modules.push((manifest, lines));
            }
            Ok(None) => workspace.refuse(format!("git tracks no `{}/go.mod`", crate::text::escape(&folder))),
            Err(why) => workspace.refuse(why),
        }
    }
    if modules.len() > MAX_MEMBERS {
        workspace.refuse(format!("there are more than {MAX_MEMBERS} modules"));
    }
    for (at, (manifest, lines)) in modules.iter().enumerate() {
        let folder = workspace.members[at].folder.clone();
        let needs = lines.iter().filter_map(|line| {
            let member = match line.verb.as_str() {
                "require" => workspace.by_name(&line.words.first()?.0),
                // `replace module => ../folder`
                "replace" => {
                    let arrow = line.words.iter().position(|(word, _)| word == "=>")?;
                    let (path, _) = line.words.get(arrow + 1)?;
                    path.starts_with('.').then(|| workspace.by_folder(&join(&folder, path)?)).flatten()
                }
                _ => None,
            };
            let member = member.filter(|&member| member != at)?;
            let span = line.words.iter().map(|(_, span)| *span).reduce(Span::join)?;
            Some(Need { member, manifest: Arc::clone(manifest), span })
        });
        let needs = needs.collect();
        workspace.members[at].needs = needs;
    }
    Some(workspace)
}

/// A line of `go.mod` or `go.work`, with the verb of its block if it stands in one.
struct Line {
    verb: String,
    words: Vec<(String, Span)>,
}

fn lines(source: &Source) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut block: Option<String> = None;
    let mut start = 0;
    for text in source.text().split('\n') {
        let code = text.split("//").next().unwrap_or_default();
        let mut words = words(code, start);
        start += text.len() + 1;
        let first = words.first().map(|(word, _)| word.clone());
        match (&block, first.as_deref()) {
            (_, None) => {}
            (Some(_), Some(")")) => block = None,
            (Some(verb), _) => lines.push(Line { verb: verb.clone(), words }),
            (None, Some(verb)) if words.last().is_some_and(|(word, _)| word == "(") => block = Some(verb.to_owned()),
            (None, Some(verb)) => {
                words.remove(0);
                lines.push(Line { verb: verb.to_owned(), words });
            }
        }
    }
    lines
}

fn words(code: &str, start: usize) -> Vec<(String, Span)> {
    let mut words = Vec::new();
    let mut at = 0;
    for part in code.split(char::is_whitespace) {
        let span = Span::from(start + at..start + at + part.len());
        at += part.len();
        at += code[at..].chars().next().map_or(0, char::len_utf8);
        if !part.is_empty() {
            words.push((part.trim_matches(['"', '`']).to_owned(), span));
        }
    }
    words
}
