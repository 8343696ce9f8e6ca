//! Stages in turn: what each reads and runs, and which of them a target needs.

use super::line::{Instruction, instructions};
use super::path::{context_path, image_path, inside, words};
use super::word::{expand, pairs};
use super::{Held, MAX_STAGES, MAX_VARIABLES, Needs, Read, Run};
use crate::closure::filepath::{self, Stars};
use crate::closure::shell::Variables;
use crate::glob::Pattern;
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

/// Those of them that are one segment of a path, and never several.
const PLATFORM_PARTS: &[&str] = &["BUILDARCH", "BUILDOS", "BUILDVARIANT", "TARGETARCH", "TARGETOS", "TARGETVARIANT"];

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

impl Stage {
    /// That it may as well be built on `base`: what they have in common stays.
    fn or(&mut self, base: &Self) {
        self.own.extend_from_slice(&base.on_build);
        for (name, value) in &mut self.variables {
            if base.variables.get(name) != Some(&*value) {
                *value = None;
            }
        }
        if self.folder != base.folder {
            BASE.clone_into(&mut self.folder);
        }
        if self.context_at != base.context_at {
            self.context_at = None;
        }
    }
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

    /// The same, where a `*` stands for what the builder sets for each platform: a pattern, if there is such a thing. Above the first stage
    /// (`global`) these need not be declared.
    fn expand_platforms(&self, word: &str, variables: &Variables, global: bool) -> Result<String, String> {
        let expanded = self.expand(word, variables);
        let Err(what) = expanded else { return expanded };
        // Whether there is a variant hangs on the platform.
        if word.contains("VARIANT:") {
            return Err(what);
        }
        let named = variables.iter().filter(|(name, _)| word.contains(name.as_str()));
        let mut known: Variables = named.map(|(name, value)| (name.clone(), value.clone())).collect();
        for part in PLATFORM_PARTS {
            let is_open = variables.get(*part).map_or(global, Option::is_none);
            if is_open {
                known.insert((*part).to_owned(), Some("*".to_owned()));
            }
        }
        self.expand(word, &known).map_err(|_| what)
    }

    /// The stages whose names `name` matches, which a `*` may stand in, or the one of that name or number; among the first `before`.
    fn named(&self, name: &str, before: usize) -> Vec<usize> {
        if !name.contains('*') {
            return self.find(name, before).into_iter().collect();
        }
        let Some(glob) = filepath::glob(&name.to_ascii_lowercase(), Stars::Plain) else { return Vec::new() };
        let pattern = Pattern::parse(&glob);
        let is_match = |at: &usize| pattern.is_match(self.stages[*at].name.to_ascii_lowercase().as_bytes());
        (0..before).filter(is_match).collect()
    }

    fn from(&self, instruction: &Instruction) -> Stage {
        let words: Vec<&str> = instruction.rest.split_whitespace().collect();
        let name = match words.as_slice() {
            [_, keyword, name, ..] if keyword.eq_ignore_ascii_case("as") => (*name).to_owned(),
            _ => String::new(),
        };
        let image = self.expand_platforms(words.first().copied().unwrap_or_default(), &self.global, true);
        let bases = image.as_ref().map_or_else(|_| Vec::new(), |image| self.named(image, self.stages.len()));
        let mut stage = Stage { name, folder: BASE.to_owned(), ..Stage::default() };
        if let Some((&first, others)) = bases.split_first() {
            let of = &self.stages[first];
            stage.own.extend_from_slice(&of.on_build);
            stage.variables.clone_from(&of.variables);
            stage.folder.clone_from(&of.folder);
            stage.context_at.clone_from(&of.context_at);
            for &other in others {
                stage.or(&self.stages[other]);
            }
            stage.from = bases;
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
            match self.expand_platforms(&word, &stage.variables, false) {
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
        match self.expand_platforms(from, &stage.variables, false) {
            Ok(name) => stage.from.extend(self.named(&name, self.stages.len())),
            Err(what) => stage.own.push(Step::Unknown(span, format!("the stage hangs on `{what}`"))),
        }
    }

    fn run(&self, instruction: &Instruction, stage: &mut Stage) {
        for flag in instruction.flags.iter().filter(|flag| flag.name == "mount") {
            self.mount(&flag.value, flag.span, stage);
        }
        let folder = stage.context_at.as_deref().and_then(|at| inside(&stage.folder, at));
        let run = |script: String, map| Run {
            script,
            map,
            folder: folder.clone(),
            variables: stage.variables.clone(),
            stage: 0,
            before: 0,
        };
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
        let expanded = match self.expand_platforms(value, &stage.variables, false) {
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
        let mut places = vec![0; self.stages.len()];
        for (at, stage) in self.stages.iter().enumerate().filter(|(at, _)| needed[*at]) {
            places[at] = needs.stages.len();
            let start = needs.reads.len();
            let mut held = Held { from: stage.from.iter().map(|&from| places[from]).collect(), ..Held::default() };
            for step in &stage.own {
                match step {
                    Step::Read(read) => needs.reads.push(read.clone()),
                    Step::Run(run) => {
                        needs.runs.push(Run { stage: needs.stages.len(), before: needs.reads.len(), ..run.clone() });
                    }
                    Step::Unknown(span, why) => {
                        held.open = true;
                        needs.unknown.push((*span, why.clone()));
                    }
                }
            }
            held.reads = start..needs.reads.len();
            needs.stages.push(held);
        }
    }
}

fn set(variables: &mut Variables, name: String, value: Option<String>) {
    if variables.len() < MAX_VARIABLES || variables.contains_key(&name) {
        variables.insert(name, value);
    }
}
