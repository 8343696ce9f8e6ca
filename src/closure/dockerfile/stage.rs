//! Stages in turn: what each reads and runs, and which of them a target needs.

use super::line::{Instruction, instructions};
use super::word::{expand, pairs};
use super::{MAX_STAGES, MAX_VARIABLES, Needs, Read, Run};
use crate::closure::shell::Variables;
use crate::closure::tree::join;
use crate::source::{OffsetMap, Span};

/// Arguments whose values the builder sets for each platform.
const PLATFORM: &[&str] = &[
    "BUILDARCH",
    "BUILDOS",
    "BUILDPLATFORM",
    "BUILDVARIANT",
    "TARGETARCH",
    "TARGETOS",
    "TARGETPLATFORM",
    "TARGETSTAGE",
    "TARGETVARIANT",
];

/// What is passed to a build with `--build-arg`.
pub(in crate::closure) struct Arguments<'a> {
    pub values: &'a Variables,
    /// Whether these are all of them.
    pub complete: bool,
}

/// A folder of the image that is not known: the base image's.
const BASE: &str = "/\0";

#[derive(Clone, Debug, Default)]
struct Stage {
    name: String,
    /// Stages that it is made of.
    from: Vec<usize>,
    own: Vec<Step>,
    /// What the stages that are built on this one read and run before anything else.
    on_build: Vec<Step>,
    variables: Variables,
    /// The working folder.
    folder: String,
    /// Where the whole context was copied to.
    context_at: Option<String>,
}

#[derive(Clone, Debug)]
enum Step {
    Read(Read),
    Run(Run),
    Unknown(Span, String),
}

/// Reads a Dockerfile: what its stage `target` needs, or its last one.
pub(in crate::closure) fn read(text: &str, target: Option<&str>, arguments: &Arguments<'_>) -> Needs {
    let lines = instructions(text);
    let mut reader = Reader { text, escape: lines.escape, arguments, global: Variables::new(), stages: Vec::new() };
    let mut needs = Needs::default();
    needs.unknown.extend(lines.left_out.map(|(span, why)| (span, why.to_owned())));
    for instruction in &lines.instructions {
        if instruction.keyword == "FROM" {
            if reader.stages.len() >= MAX_STAGES {
                needs.unknown.push((instruction.span, "there are too many stages".to_owned()));
                break;
            }
            let stage = reader.from(instruction);
            reader.stages.push(stage);
        } else if let Some(mut stage) = reader.stages.pop() {
            reader.instruction(instruction, &mut stage);
            reader.stages.push(stage);
        } else if instruction.keyword == "ARG" {
            let mut global = std::mem::take(&mut reader.global);
            reader.arg(instruction, &mut global);
            reader.global = global;
        }
    }
    let start = match target {
        None => reader.stages.len().checked_sub(1),
        Some(target) => reader.find(target, reader.stages.len()),
    };
    if let Some(start) = start {
        reader.collect(start, &mut needs);
    } else {
        let why = target.map_or_else(|| "there is no stage".to_owned(), |name| format!("there is no stage `{name}`"));
        needs.unknown.push((Span::at(0), why));
    }
    needs
}

struct Reader<'r> {
    text: &'r str,
    escape: char,
    arguments: &'r Arguments<'r>,
    global: Variables,
    stages: Vec<Stage>,
}

impl Reader<'_> {
    /// The stage of this name or number, among the first `before`.
    fn find(&self, name: &str, before: usize) -> Option<usize> {
        let named =
            self.stages[..before].iter().rposition(|stage| !name.is_empty() && stage.name.eq_ignore_ascii_case(name));
        named.or_else(|| name.parse().ok().filter(|&number: &usize| number < before))
    }

    fn expand(&self, word: &str, variables: &Variables) -> Result<String, String> {
        expand(word, self.escape, variables)
    }

    fn from(&self, instruction: &Instruction) -> Stage {
        let words: Vec<&str> = instruction.rest.split_whitespace().collect();
        let name = match words.as_slice() {
            [_, keyword, name, ..] if keyword.eq_ignore_ascii_case("as") => (*name).to_owned(),
            _ => String::new(),
        };
        let image = self.expand(words.first().copied().unwrap_or_default(), &self.global);
        let base = image.as_ref().ok().and_then(|image| self.find(image, self.stages.len()));
        let mut stage = Stage { name, folder: BASE.to_owned(), ..Stage::default() };
        if let Some(base) = base {
            let of = &self.stages[base];
            stage.from.push(base);
            stage.own.extend_from_slice(&of.on_build);
            stage.variables.clone_from(&of.variables);
            stage.folder.clone_from(&of.folder);
            stage.context_at.clone_from(&of.context_at);
        }
        // An image whose name is not known may be a stage; the stages before this one tell.
        if let (Err(what), true) = (&image, !self.stages.is_empty()) {
            stage.own.push(Step::Unknown(instruction.span, format!("the image hangs on `{what}`")));
        }
        stage
    }

    fn instruction(&self, instruction: &Instruction, stage: &mut Stage) {
        match instruction.keyword.as_str() {
            "ARG" => self.arg(instruction, &mut stage.variables),
            "ENV" => {
                for (name, value) in pairs(&instruction.rest, self.escape, true) {
                    let value = value.and_then(|value| self.expand(&value, &stage.variables).ok());
                    set(&mut stage.variables, name, value);
                }
            }
            "WORKDIR" => {
                stage.folder = match self.expand(&instruction.rest, &stage.variables) {
                    Ok(folder) => image_path(&stage.folder, &folder),
                    Err(_) => BASE.to_owned(),
                }
            }
            "COPY" | "ADD" => self.copy(instruction, stage),
            "RUN" => self.run(instruction, stage),
            "ONBUILD" => self.on_build(instruction, stage),
            _ => {}
        }
    }

    /// `ARG`: what was passed, else the default, else what stands above the first stage.
    fn arg(&self, instruction: &Instruction, variables: &mut Variables) {
        for (name, default) in pairs(&instruction.rest, self.escape, false) {
            let value = if let Some(passed) = self.arguments.values.get(&name) {
                passed.clone()
            } else if !self.arguments.complete || PLATFORM.contains(&name.as_str()) {
                None
            } else if let Some(default) = default {
                self.expand(&default, variables).ok()
            } else {
                self.global.get(&name).cloned().unwrap_or_else(|| Some(String::new()))
            };
            set(variables, name, value);
        }
    }

    fn copy(&self, instruction: &Instruction, stage: &mut Stage) {
        let flag = |name: &str| instruction.flags.iter().find(|flag| flag.name == name);
        if let Some(from) = flag("from") {
            self.made_of(&from.value, from.span, stage);
            return;
        }
        let mut exclude = Vec::new();
        for flag in instruction.flags.iter().filter(|flag| flag.name == "exclude") {
            match self.expand(&flag.value, &stage.variables) {
                Ok(pattern) => exclude.push(pattern),
                Err(what) => return stage.own.push(Step::Unknown(flag.span, format!("it hangs on `{what}`"))),
            }
        }
        let mut words = words(instruction);
        let Some((dest, _)) = words.pop() else { return };
        for (word, span) in words {
            // Text that stands in the file, and files from elsewhere.
            if word.starts_with("<<") || word.contains("://") || word.starts_with("git@") {
                continue;
            }
            match self.expand(&word, &stage.variables) {
                Ok(source) => match context_path(&source) {
                    Some(source) => {
                        if source.is_empty() {
                            let dest = self.expand(&dest, &stage.variables);
                            stage.context_at = dest.ok().map(|dest| image_path(&stage.folder, &dest));
                        }
                        stage.own.push(Step::Read(Read { source, exclude: exclude.clone(), span }));
                    }
                    None => stage.own.push(Step::Unknown(span, "it leads out of the context".to_owned())),
                },
                Err(what) => stage.own.push(Step::Unknown(span, format!("it hangs on `{what}`"))),
            }
        }
    }

    /// `--from`: another stage, or an image.
    fn made_of(&self, from: &str, span: Span, stage: &mut Stage) {
        match self.expand(from, &stage.variables) {
            Ok(name) => stage.from.extend(self.find(&name, self.stages.len())),
            Err(what) => stage.own.push(Step::Unknown(span, format!("the stage hangs on `{what}`"))),
        }
    }

    fn run(&self, instruction: &Instruction, stage: &mut Stage) {
        for flag in instruction.flags.iter().filter(|flag| flag.name == "mount") {
            self.mount(&flag.value, flag.span, stage);
        }
        let folder = stage.context_at.as_deref().and_then(|at| inside(&stage.folder, at));
        let run = |script: String, map| Run { script, map, folder: folder.clone(), variables: stage.variables.clone() };
        // The form of a list runs without a shell: its words are a command.
        let listed: Option<Vec<String>> = serde_json::from_str(&instruction.rest).ok();
        let mut runs = match listed {
            Some(words) => {
                let quoted: Vec<String> =
                    words.iter().map(|word| format!("'{}'", word.replace('\'', r"'\''"))).collect();
                let script = quoted.join(" ");
                let mut map = OffsetMap::new();
                map.replace(instruction.span, script.len() as u32);
                vec![run(script, map)]
            }
            None => vec![run(instruction.rest.clone(), instruction.map.clone())],
        };
        for document in instruction.documents.iter().filter(|document| document.leads) {
            let mut map = OffsetMap::new();
            map.copy(document.body);
            runs.push(run(self.text.get(document.body.range()).unwrap_or_default().to_owned(), map));
        }
        stage.own.extend(runs.into_iter().map(Step::Run));
    }

    /// `--mount=type=bind,source=…`: reads of the context what it binds. `bind` is the default type.
    fn mount(&self, value: &str, span: Span, stage: &mut Stage) {
        let expanded = match self.expand(value, &stage.variables) {
            Ok(value) => value,
            Err(what) => return stage.own.push(Step::Unknown(span, format!("it hangs on `{what}`"))),
        };
        let option = |names: &[&str]| {
            let options = expanded.split(',').map(|option| option.split_once('=').unwrap_or((option, "")));
            options.into_iter().find(|(name, _)| names.contains(&&*name.to_ascii_lowercase())).map(|(_, value)| value)
        };
        if let Some(from) = option(&["from"]) {
            return self.made_of(from, span, stage);
        }
        if option(&["type"]).unwrap_or("bind") != "bind" {
            return;
        }
        match context_path(option(&["source", "src"]).unwrap_or(".")) {
            Some(source) => {
                if source.is_empty() {
                    let target = option(&["target", "dst", "destination"]).unwrap_or(".");
                    stage.context_at = Some(image_path(&stage.folder, target));
                }
                stage.own.push(Step::Read(Read { source, exclude: Vec::new(), span }));
            }
            None => stage.own.push(Step::Unknown(span, "it leads out of the context".to_owned())),
        }
    }

    /// What stages do that are built on this one.
    fn on_build(&self, instruction: &Instruction, stage: &mut Stage) {
        let lines = instructions(&instruction.rest);
        for mut inner in lines.instructions.into_iter().filter(|inner| inner.keyword != "ONBUILD") {
            inner.span = instruction.span;
            inner.map = inner.map.then(&instruction.map);
            for flag in &mut inner.flags {
                flag.span = instruction.map.to_source(flag.span);
            }
            let before = stage.own.len();
            let (from, folder, context_at) = (stage.from.clone(), stage.folder.clone(), stage.context_at.clone());
            self.instruction(&inner, stage);
            stage.on_build.extend(stage.own.split_off(before));
            (stage.from, stage.folder, stage.context_at) = (from, folder, context_at);
        }
    }

    /// Gathers what the stage `start` and the stages that it is made of need, in the order of the file.
    fn collect(&self, start: usize, needs: &mut Needs) {
        let mut needed = vec![false; self.stages.len()];
        let mut open = vec![start];
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut needed[at], true) {
                open.extend(&self.stages[at].from);
            }
        }
        for (stage, _) in self.stages.iter().zip(needed).filter(|(_, needed)| *needed) {
            for step in &stage.own {
                match step {
                    Step::Read(read) => needs.reads.push(read.clone()),
                    Step::Run(run) => needs.runs.push(run.clone()),
                    Step::Unknown(span, why) => needs.unknown.push((*span, why.clone())),
                }
            }
        }
    }
}

fn set(variables: &mut Variables, name: String, value: Option<String>) {
    if variables.len() < MAX_VARIABLES || variables.contains_key(&name) {
        variables.insert(name, value);
    }
}

/// The words behind the flags: separated by space, or a JSON list; each with its bytes in the file.
fn words(instruction: &Instruction) -> Vec<(String, Span)> {
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
fn context_path(source: &str) -> Option<String> {
    let mut path = source.trim_start_matches('/');
    while let Some(rest) = path.strip_prefix("../") {
        path = rest.trim_start_matches('/');
    }
    if path == ".." { Some(String::new()) } else { join("", path) }
}

/// `path` in the image, seen from `folder`.
fn image_path(folder: &str, path: &str) -> String {
    let base = if path.starts_with('/') { "" } else { folder.trim_start_matches('/') };
    format!("/{}", join(base, path.trim_start_matches('/')).unwrap_or_default())
}

/// The rest of `folder` below `root`.
fn inside(folder: &str, root: &str) -> Option<String> {
    if folder == root {
        return Some(String::new());
    }
    Some(folder.strip_prefix(root.trim_end_matches('/'))?.strip_prefix('/')?.to_owned())
}
