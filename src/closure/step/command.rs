//! Image builds among the commands of a script.

use super::super::shell::{self, Simple, Variables, Word};
use super::tool::{BUILDAH, Builder, Tool, builder};
use super::{Build, Unknown, WORKSPACE, dockerfiles, resolve, touches};
use crate::source::Span;
use crate::workflow::Content;

/// The commands of a step as one script, and the way back.
struct Commands<'c> {
    content: &'c Content,
    /// Where each command starts in the script.
    starts: Vec<u32>,
    holes: &'c [Span],
}

impl Commands<'_> {
    /// Where `span` of the script stands in the file.
    fn place(&self, span: Span) -> Span {
        let at = self.starts.partition_point(|&start| start <= span.start).saturating_sub(1);
        let (Some(start), Some(command)) = (self.starts.get(at), self.content.commands.get(at)) else {
            return Span::default();
        };
        command.part(Span::new(span.start - start, span.end - start))
    }

    /// The text of a word, or what it hangs on.
    fn text<'w>(&self, word: &'w Word) -> Result<&'w str, Unknown> {
        let span = self.place(word.span);
        match (&word.unknown, touches(self.holes, span)) {
            (Some(what), _) => Err((span, format!("it hangs on `{what}`"))),
            (None, true) => Err((span, "it hangs on the change".to_owned())),
            (None, false) => Ok(&word.text),
        }
    }
}

pub(super) fn builds(content: &Content, holes: &[Span], folder: Option<String>) -> Vec<Result<Build, Unknown>> {
    let mut script = String::new();
    let mut starts = Vec::new();
    for command in &content.commands {
        starts.push(script.len() as u32);
        script.push_str(&command.value);
        script.push('\n');
    }
    let commands = Commands { content, starts, holes };
    let mut variables = Variables::new();
    for setting in &content.environment {
        let value = match &setting.values[..] {
            [value] if !setting.partial && !touches(holes, value.place.span) => Some(value.value.clone()),
            _ => None,
        };
        variables.insert(setting.name.clone(), value);
    }
    variables.insert("CI_WORKSPACE".to_owned(), Some(WORKSPACE.to_owned()));
    // Only where it starts: what `cd` makes of it is not followed into words.
    let moves = script.contains("cd ") || script.contains("pushd");
    let start = folder.as_ref().filter(|_| !moves).map(|folder| format!("{WORKSPACE}/{folder}"));
    variables.insert("PWD".to_owned(), start);
    let read = shell::read(&script, &mut variables);
    let mut here = Folders { nested: folder.clone(), last: folder };
    let mut found = Vec::new();
    for simple in &read.commands {
        if here.moves(simple) {
            continue;
        }
        match builder(simple) {
            Some(Builder::Read(tool, arguments)) => {
                found.push(build(tool, simple, arguments, &commands, here.of(simple)));
            }
            Some(Builder::Closed(why, command)) => {
                let at = commands.place(simple.words[0].span.join(simple.words[command].span));
                found.push(Err((at, why.to_owned())));
            }
            None => {}
        }
    }
    found
}

/// The folder that commands run in.
struct Folders {
    last: Option<String>,
    /// That of the subshell at hand.
    nested: Option<String>,
}

impl Folders {
    /// Whether `simple` is a change of folder.
    fn moves(&mut self, simple: &Simple) -> bool {
        if !simple.nested {
            self.nested.clone_from(&self.last);
        }
        let program = simple.words.first().and_then(Word::known);
        if !matches!(program, Some("cd" | "pushd" | "popd")) {
            return false;
        }
        let from = self.of(simple).map(str::to_owned);
        let to = match simple.words.get(1).and_then(Word::known) {
            Some(path) if path != "-" => resolve(from.as_deref(), path).ok(),
            _ => None,
        };
        self.nested.clone_from(&to);
        if !simple.nested {
            self.last = to;
        }
        true
    }

    fn of(&self, simple: &Simple) -> Option<&str> {
        if simple.nested { self.nested.as_deref() } else { self.last.as_deref() }
    }
}

/// Reads a command line.
fn build(
    tool: &Tool,
    simple: &Simple,
    from: usize,
    commands: &Commands<'_>,
    folder: Option<&str>,
) -> Result<Build, Unknown> {
    let last = simple.words.len() - 1;
    let whole = commands.place(simple.words[0].span.join(simple.words[last].span));
    let mut build = Build {
        at: whole,
        complete: true,
        containerignore: tool.search == BUILDAH.search && !tool.kaniko,
        ..Build::default()
    };
    let (mut context, mut dockerfile, mut below): (Option<&Word>, Option<Word>, Option<Word>) = (None, None, None);
    let (mut context_option, mut open) = (None, Vec::new());
    let mut words = simple.words.iter().skip(from);
    while let Some(word) = words.next() {
        if !word.text.starts_with('-') || word.text == "-" {
            // What is not known at all may be options.
            if word.text.is_empty() && word.unknown.is_some() {
                open.push(word);
                continue;
            }
            if context.replace(word).is_some() {
                return Err((whole, "which of its words is the context is not known".to_owned()));
            }
            continue;
        }
        let (name, value) = option(word);
        let value = match value {
            Some(value) => value,
            None if tool.switches.contains(&name) => continue,
            None => match words.next() {
                Some(value) => value.clone(),
                None => continue,
            },
        };
        match name {
            "-f" | "--file" | "--dockerfile" => dockerfile = Some(value),
            "-c" | "--context" if tool.kaniko => context_option = Some(value),
            "--context-sub-path" if tool.kaniko => below = Some(value),
            "--target" => build.target = Some(commands.text(&value)?.to_owned()),
            "--build-arg" => match value.text.split_once('=') {
                Some((name, text)) => {
                    let known = commands.text(&value).is_ok();
                    build.arguments.insert(name.to_owned(), known.then(|| text.to_owned()));
                }
                None if value.unknown.is_none() => drop(build.arguments.insert(value.text.clone(), None)),
                None => build.complete = false,
            },
            "--build-context" => build.complete = false,
            _ => {}
        }
    }
    build.complete &= open.is_empty();
    if let (None, [only]) = (context, &open[..]) {
        context = Some(only);
    }
    let context = if tool.kaniko { context_option.as_ref() } else { context };
    let resolved = |word: &Word, folder: Option<&str>| {
        let text = commands.text(word)?;
        resolve(folder, text).map_err(|why| (commands.place(word.span), why))
    };
    build.context = match context {
        Some(word) => resolved(word, folder)?,
        None if tool.kaniko => return Err((whole, "it has no `--context`".to_owned())),
        None => folder.map(str::to_owned).ok_or_else(|| (whole, "the folder it is run in is not known".to_owned()))?,
    };
    if let Some(below) = &below {
        build.context = resolved(below, Some(&build.context))?;
    }
    let named = dockerfile.as_ref().map(|word| commands.text(word)).transpose()?;
    build.named_at = dockerfile.as_ref().map(|word| commands.place(word.span));
    build.dockerfiles =
        dockerfiles(named, folder, &build.context, tool.search, tool.dockerfiles).map_err(|why| (whole, why))?;
    Ok(build)
}

/// An option's name, and its value if it stands in the same word.
fn option(word: &Word) -> (&str, Option<Word>) {
    let value = |text: &str| Word { text: text.to_owned(), ..word.clone() };
    if let Some((name, text)) = word.text.split_once('=') {
        return (name, Some(value(text)));
    }
    // `-fDockerfile`
    match word.text.split_at_checked(2) {
        Some((short @ ("-f" | "-t" | "-c"), text)) if !text.is_empty() => (short, Some(value(text))),
        _ => (&word.text, None),
    }
}
