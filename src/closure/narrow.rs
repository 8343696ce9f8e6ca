//! Which packages of a workspace a build is about, when it copies the whole of it: what its `RUN`s build.
//!
//! A claim that is made only when every command that could read the workspace says which package it reads. One that does not, or
//! that we do not know, and the whole workspace is read.

use super::dockerfile::Run;
use super::shell::{self, Simple, Word};
use super::tree::join;
use super::workspace::{Kind, Workspace};
use crate::glob::Pattern;
use crate::source::Span;
use crate::text::escape;

/// What one command has to do with the packages.
enum Effect {
    /// It reads none of them; installing is left to the lock file.
    None,
    Builds(Vec<usize>),
    /// It may read all of them.
    Whole,
}

/// The packages that `runs` build, each with the bytes of the Dockerfile that say so.
///
/// # Errors
/// Why that is not known, as a phrase.
pub(super) fn packages(workspace: &Workspace, runs: &[Run]) -> Result<Vec<(usize, Span)>, String> {
    if let Some(problem) = &workspace.problem {
        return Err(problem.clone());
    }
    let mut found = Vec::new();
    for run in runs {
        let mut variables = run.variables.clone();
        let script = shell::read(&run.script, &mut variables);
        if !script.complete {
            return Err("a `RUN` is not understood".to_owned());
        }
        let mut folder = run.folder.as_deref().and_then(|folder| join(&workspace.root, folder));
        for simple in &script.commands {
            if simple.words.first().and_then(Word::known) == Some("cd") {
                let to = simple.words.get(1).and_then(Word::known).filter(|path| !path.starts_with('/'));
                folder = folder.zip(to).and_then(|(folder, to)| join(&folder, to));
                continue;
            }
            let reader = Command { workspace, folder: folder.as_deref() };
            let last = simple.words.len().saturating_sub(1).min(12);
            let span = run.map.to_source(simple.words[0].span.join(simple.words[last].span));
            match reader.effect(&simple.words) {
                Effect::None => {}
                Effect::Builds(members) => found.extend(members.into_iter().map(|member| (member, span))),
                Effect::Whole => return Err(format!("`{}` may read any of them", shown(simple))),
            }
        }
    }
    if found.is_empty() { Err("no `RUN` says which of them is built".to_owned()) } else { Ok(found) }
}

fn shown(simple: &Simple) -> String {
    let words: Vec<&str> =
        simple.words.iter().take(4).map(|word| word.unknown.as_deref().unwrap_or(&word.text)).collect();
    let text: String = words.join(" ").chars().take(60).collect();
    escape(&text).to_string()
}

/// Programs that build nothing. Where they name a package's folder, they read it.
const HARMLESS: &[&str] = &[
    "[",
    "addgroup",
    "adduser",
    "apk",
    "apt",
    "apt-get",
    "awk",
    "cat",
    "chmod",
    "chown",
    "corepack",
    "cp",
    "curl",
    "date",
    "dnf",
    "echo",
    "exit",
    "export",
    "false",
    "find",
    "git",
    "grep",
    "groupadd",
    "install",
    "ldconfig",
    "ln",
    "ls",
    "microdnf",
    "mkdir",
    "mv",
    "printf",
    "pwd",
    "rm",
    "rustup",
    "sed",
    "set",
    "sleep",
    "strip",
    "tar",
    "tee",
    "test",
    "touch",
    "true",
    "unzip",
    "update-ca-certificates",
    "useradd",
    "usermod",
    "wget",
    "yum",
];

/// Commands of package managers that install, or look at nothing but their own state.
const INSTALLING: &[&str] = &[
    "add",
    "approve-builds",
    "audit",
    "cache",
    "ci",
    "clean-install",
    "config",
    "dedupe",
    "env",
    "fetch",
    "i",
    "import",
    "install",
    "pkg",
    "prune",
    "rebuild",
    "set",
    "setup",
    "store",
    "up",
    "update",
    "version",
];

/// One command, and the folder that it runs in.
struct Command<'c> {
    workspace: &'c Workspace,
    folder: Option<&'c str>,
}

impl Command<'_> {
    fn effect(&self, words: &[Word]) -> Effect {
        let Some(program) = words.first().and_then(Word::known) else { return Effect::Whole };
        let program = program.rsplit('/').next().unwrap_or_default();
        let rest = &words[1..];
        if HARMLESS.contains(&program) {
            return self.named(rest);
        }
        match (self.workspace.kind, program) {
            (Kind::Node, "npx" | "bunx" | "dotenv") => self.tool(rest),
            (Kind::Node, "pnpm" | "npm" | "yarn" | "bun") => self.manager(program, rest),
            (Kind::Node, "turbo") => self.turbo(rest),
            (Kind::Node, _) => self.here(),
            (Kind::Cargo, "cargo") => self.cargo(rest),
            (Kind::Go, "go") => self.go(rest),
            _ => Effect::Whole,
        }
    }

    /// The package in whose folder it runs.
    fn here(&self) -> Effect {
        self.at(self.folder)
    }

    fn at(&self, folder: Option<&str>) -> Effect {
        let owner = folder.and_then(|folder| self.workspace.owner(format!("{folder}/").as_bytes()));
        owner.map_or(Effect::Whole, |owner| Effect::Builds(vec![owner]))
    }

    fn at_path(&self, path: &str) -> Effect {
        self.at(self.folder.and_then(|folder| join(folder, path)).as_deref())
    }

    /// The packages whose folders the words name.
    fn named(&self, words: &[Word]) -> Effect {
        let folder = self.folder.unwrap_or(&self.workspace.root);
        let paths =
            words.iter().filter(|word| !word.text.starts_with(['-', '/'])).filter_map(|word| join(folder, &word.text));
        let members: Vec<usize> =
            paths.filter_map(|path| self.workspace.owner(format!("{path}/").as_bytes())).collect();
        if members.is_empty() { Effect::None } else { Effect::Builds(members) }
    }

    /// A tool that `npx` or its like runs.
    fn tool(&self, words: &[Word]) -> Effect {
        let skipped = words.iter().take_while(|word| word.text.starts_with('-')).count();
        match words.get(skipped).and_then(Word::known) {
            Some(tool) if tool.split('@').next() == Some("turbo") => self.turbo(&words[skipped + 1..]),
            Some(_) => self.here(),
            None => Effect::Whole,
        }
    }

    fn manager(&self, program: &str, words: &[Word]) -> Effect {
        let (options, rest) = options(
            words,
            &["--filter", "--filter-prod", "-F", "-w", "--workspace", "-C", "--dir", "--prefix", "--cwd"],
        );
        let Some(command) = rest.first().map_or(Some("install"), |word| word.known()) else { return Effect::Whole };
        match (program, command) {
            ("yarn", "workspace") => {
                return rest.get(1).and_then(|word| self.filter(word.known()?)).map_or(Effect::Whole, Effect::Builds);
            }
            ("yarn", "workspaces") if rest.get(1).and_then(|word| word.known()) == Some("focus") => {
                return Effect::None;
            }
            ("yarn", "workspaces") => return Effect::Whole,
            (_, command) if INSTALLING.contains(&command) => return Effect::None,
            (_, "turbo") => {
                return self.turbo(&words[words.iter().position(|word| word.text == "turbo").map_or(0, |at| at + 1)..]);
            }
            (_, "exec" | "dlx" | "x") => {
                let at = words.iter().position(|word| word.text == command).map_or(0, |at| at + 1);
                if options.is_empty() {
                    return self.tool(&words[at..]);
                }
            }
            _ => {}
        }
        let all = ["-r", "--recursive", "--workspaces", "-ws", "--parallel"];
        if words.iter().any(|word| all.contains(&word.text.as_str())) && options.is_empty() {
            return Effect::Whole;
        }
        let mut members = Vec::new();
        let mut at = None;
        for (name, value) in options {
            let Some(value) = value else { return Effect::Whole };
            match name {
                "-C" | "--dir" | "--prefix" | "--cwd" => at = Some(value),
                // To pnpm, `-w` is the root.
                "-w" if program == "pnpm" => return Effect::Whole,
                _ => match self.filter(value) {
                    Some(more) => members.extend(more),
                    None => return Effect::Whole,
                },
            }
        }
        match (members.is_empty(), at) {
            (false, _) => Effect::Builds(members),
            (true, Some(path)) => self.at_path(path),
            (true, None) => self.here(),
        }
    }

    fn turbo(&self, words: &[Word]) -> Effect {
        let (options, rest) = options(
            words,
            &["--filter", "-F", "--scope", "--cwd", "--out-dir", "--concurrency", "--env-mode", "--cache-dir"],
        );
        let prunes = rest.first().and_then(|word| word.known()) == Some("prune");
        let mut filters: Vec<Option<&str>> = Vec::new();
        filters.extend(
            options.iter().filter(|(name, _)| matches!(*name, "--filter" | "-F" | "--scope")).map(|(_, value)| *value),
        );
        if prunes {
            filters.extend(rest.iter().skip(1).map(|word| word.known()));
        }
        if filters.is_empty() {
            return self.here();
        }
        let members: Option<Vec<Vec<usize>>> = filters.into_iter().map(|filter| self.filter(filter?)).collect();
        members.map_or(Effect::Whole, |members| Effect::Builds(members.concat()))
    }

    /// The packages that a filter of pnpm or turbo, or a workspace's name, chooses; `None` when that is not modelled, or nothing.
    fn filter(&self, filter: &str) -> Option<Vec<usize>> {
        let name = filter.strip_suffix("...").unwrap_or(filter);
        if name.starts_with(['!', '[']) || name.contains("...") || name.contains(['^', '[']) {
            return None;
        }
        let members = &self.workspace.members;
        let folder = name.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
        let is_folder = folder.is_some() || name.starts_with('.') || (name.contains('/') && !name.starts_with('@'));
        let found: Vec<usize> = if is_folder {
            let pattern = join(self.folder.unwrap_or(&self.workspace.root), folder.unwrap_or(name))?;
            let pattern = Pattern::parse(&pattern);
            (0..members.len()).filter(|&at| pattern.is_match(members[at].folder.as_bytes())).collect()
        } else if name.contains('*') {
            let pattern = Pattern::parse(name);
            (0..members.len()).filter(|&at| pattern.is_match(members[at].name.as_bytes())).collect()
        } else {
            let bare = |at: &usize| members[*at].name.rsplit('/').next() == Some(name);
            self.workspace.by_name(name).map_or_else(|| (0..members.len()).filter(bare).collect(), |at| vec![at])
        };
        (!found.is_empty()).then_some(found)
    }

    fn cargo(&self, words: &[Word]) -> Effect {
        let taking = [
            "-p",
            "--package",
            "--manifest-path",
            "--path",
            "--bin",
            "--target",
            "--features",
            "-F",
            "--profile",
            "--target-dir",
            "--root",
            "-j",
            "-Z",
        ];
        let (options, rest) = options(words, &taking);
        let command = rest.iter().filter_map(|word| word.known()).find(|word| !word.starts_with('+'));
        let value = |names: &[&str]| options.iter().find(|(name, _)| names.contains(name)).map(|(_, value)| *value);
        match command {
            Some(
                "build" | "b" | "rustc" | "run" | "test" | "check" | "zigbuild" | "install" | "auditable" | "bench",
            ) => {}
            // Dependencies only, or nothing of the workspace.
            Some("fetch" | "vendor" | "chef" | "add" | "update" | "generate-lockfile" | "binstall") => {
                return Effect::None;
            }
            _ => return Effect::Whole,
        }
        if let Some(path) = value(&["--manifest-path"]) {
            return path
                .and_then(|path| path.strip_suffix("Cargo.toml"))
                .map_or(Effect::Whole, |path| self.at_path(path));
        }
        if command == Some("install") {
            return match value(&["--path"]) {
                Some(path) => path.map_or(Effect::Whole, |path| self.at_path(path)),
                None => Effect::None,
            };
        }
        let packages: Vec<Option<&str>> =
            options.iter().filter(|(name, _)| matches!(*name, "-p" | "--package")).map(|(_, value)| *value).collect();
        if !packages.is_empty() {
            let members: Option<Vec<usize>> = packages.into_iter().map(|name| self.workspace.by_name(name?)).collect();
            return members.map_or(Effect::Whole, Effect::Builds);
        }
        if words.iter().any(|word| matches!(word.text.as_str(), "--workspace" | "--all")) {
            return Effect::Whole;
        }
        // Without a package at the root, all members are built there.
        self.here()
    }

    fn go(&self, words: &[Word]) -> Effect {
        let taking = [
            "-o",
            "-ldflags",
            "-tags",
            "-gcflags",
            "-asmflags",
            "-mod",
            "-p",
            "-buildmode",
            "-pkgdir",
            "-C",
            "-modfile",
            "-overlay",
        ];
        let (options, rest) = options(words, &taking);
        match rest.first().and_then(|word| word.known()) {
            Some("build" | "install" | "run" | "test" | "vet" | "generate") => {}
            Some("mod" | "work" | "env" | "version" | "clean" | "get") => return Effect::None,
            _ => return Effect::Whole,
        }
        let folder = match options.iter().find(|(name, _)| *name == "-C") {
            Some((_, path)) => self.folder.zip(*path).and_then(|(folder, path)| join(folder, path)),
            None => self.folder.map(str::to_owned),
        };
        let mut members = Vec::new();
        for word in &rest[1..] {
            let Some(package) = word.known() else { return Effect::Whole };
            // A version is none of ours.
            if package.contains('@') {
                continue;
            }
            let member = if package.starts_with('.') || package.rsplit('.').next() == Some("go") {
                let path = folder.as_deref().and_then(|folder| join(folder, package.trim_end_matches("...")));
                path.and_then(|path| self.workspace.owner(format!("{path}/").as_bytes()))
            } else {
                let of = |name: &str| {
                    package.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                };
                self.workspace.members.iter().position(|member| of(&member.name))
            };
            match member {
                Some(member) => members.push(member),
                None => return Effect::Whole,
            }
            if rest[0].text == "run" {
                break;
            }
        }
        if members.is_empty() && rest.len() == 1 {
            self.at(folder.as_deref())
        } else if members.is_empty() {
            Effect::None
        } else {
            Effect::Builds(members)
        }
    }
}

/// Takes options from words: those in `taking` have a value, which is `None` where it is not known; other words that begin with `-` are
/// switches. Behind `--`, nothing is an option.
fn options<'w>(words: &'w [Word], taking: &[&str]) -> (Vec<(&'w str, Option<&'w str>)>, Vec<&'w Word>) {
    let (mut options, mut rest) = (Vec::new(), Vec::new());
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word.text == "--" {
            break;
        }
        if !word.text.starts_with('-') {
            rest.push(word);
            continue;
        }
        let (name, value) =
            word.text.split_once('=').map_or((word.text.as_str(), None), |(name, value)| (name, Some(value)));
        if taking.contains(&name) {
            let value = match value {
                Some(value) => word.unknown.is_none().then_some(value),
                None => words.next().and_then(Word::known),
            };
            options.push((name, value));
        }
    }
    (options, rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::closure::dockerfile::{Arguments, read};
    use crate::closure::shell::Variables;
    use crate::closure::tree::{Library, MemoryTree};
    use crate::closure::workspace::load;

    /// The packages that a Dockerfile with `run`s builds, or why that is not known.
    fn built(files: &[(&str, &str)], dockerfile: &str) -> String {
        let tree: MemoryTree = files.iter().copied().collect();
        let library = Library::new(&tree);
        let workspaces = load(&library, "");
        let text = format!("FROM x\nWORKDIR /app\nCOPY . .\n{dockerfile}\n");
        let needs = read(&text, None, &Arguments { values: &Variables::new(), complete: true });
        match packages(&workspaces[0], &needs.runs) {
            Ok(found) => {
                let names = found
                    .iter()
                    .map(|&(at, span)| format!("{} ({})", workspaces[0].members[at].name, &text[span.range()]));
                names.collect::<Vec<_>>().join(", ")
            }
            Err(why) => format!("! {why}"),
        }
    }

    #[test]
    fn what_node_commands_build() {
        let files = [
            ("package.json", "{\"workspaces\": [\"apps/*\", \"packages/*\"]}"),
            ("apps/web/package.json", "{\"name\": \"web\"}"),
            ("apps/api/package.json", "{\"name\": \"@x/api\"}"),
            ("packages/ui/package.json", "{\"name\": \"@x/ui\"}"),
        ];
        for (dockerfile, expected) in [
            ("RUN pnpm i && pnpm --filter web... build", "web (pnpm --filter web... build)"),
            ("RUN pnpm -F ./apps/web build", "web (pnpm -F ./apps/web build)"),
            (
                "RUN pnpm --filter='@x/*' build",
                "@x/api (pnpm --filter='@x/*' build), @x/ui (pnpm --filter='@x/*' build)",
            ),
            ("RUN pnpm --filter api --prod deploy /out", "@x/api (pnpm --filter api --prod deploy /out)"),
            ("RUN pnpm -C apps/web build", "web (pnpm -C apps/web build)"),
            ("RUN npx -y turbo@2 prune web --docker", "web (npx -y turbo@2 prune web --docker)"),
            ("RUN pnpm turbo run build --filter=web", "web (pnpm turbo run build --filter=web)"),
            ("RUN pnpm dlx turbo prune --scope=@x/api", "@x/api (pnpm dlx turbo prune --scope=@x/api)"),
            ("RUN npm ci\nRUN npm run build -w apps/web", "web (npm run build -w apps/web)"),
            ("RUN npm run build --workspace=web --if-present", "web (npm run build --workspace=web --if-present)"),
            ("RUN yarn && yarn workspace @x/api build", "@x/api (yarn workspace @x/api build)"),
            ("RUN cd apps/web && npm run build", "web (npm run build)"),
            ("WORKDIR apps/web\nRUN npx tsc -p .", "web (npx tsc -p .)"),
            (
                "RUN [\"pnpm\", \"--filter\", \"web\", \"build\"]",
                "web (RUN [\"pnpm\", \"--filter\", \"web\", \"build\"])",
            ),
            (
                "RUN cp -r packages/ui/dist x && npm -w web run build",
                "@x/ui (cp -r packages/ui/dist x), web (npm -w web run build)",
            ),
            ("RUN pnpm --filter $P build", "! `pnpm --filter $P build` may read any of them"),
            ("RUN pnpm --filter web build && pnpm build", "! `pnpm build` may read any of them"),
            ("RUN pnpm -r build", "! `pnpm -r build` may read any of them"),
            ("RUN pnpm --filter ...web build", "! `pnpm --filter ...web build` may read any of them"),
            ("RUN pnpm --filter none build", "! `pnpm --filter none build` may read any of them"),
            ("RUN turbo run build", "! `turbo run build` may read any of them"),
            ("RUN ./build.sh", "! `./build.sh` may read any of them"),
            ("RUN npm ci", "! no `RUN` says which of them is built"),
            ("RUN echo 'x", "! a `RUN` is not understood"),
        ] {
            assert_eq!(built(&files, dockerfile), expected, "{dockerfile}");
        }
    }

    #[test]
    fn what_cargo_and_go_build() {
        let cargo = [
            ("Cargo.toml", "[workspace]\nmembers = ['a', 'b']\n"),
            ("a/Cargo.toml", "[package]\nname = 'a'\n"),
            ("b/Cargo.toml", "[package]\nname = 'b'\n"),
        ];
        let go = [
            ("go.work", "use (\n./api\n./lib\n)\n"),
            ("api/go.mod", "module example.com/api\n"),
            ("lib/go.mod", "module example.com/lib\n"),
        ];
        for (files, dockerfile, expected) in [
            (&cargo[..], "RUN cargo fetch && cargo build --release -p a", "a (cargo build --release -p a)"),
            (&cargo, "RUN cargo install --path b --root /out", "b (cargo install --path b --root /out)"),
            (
                &cargo,
                "RUN cargo install cargo-chef; cargo build --manifest-path=a/Cargo.toml",
                "a (cargo build --manifest-path=a/Cargo.toml)",
            ),
            (&cargo, "RUN cargo build --release", "! `cargo build --release` may read any of them"),
            (&cargo, "RUN cargo build --workspace", "! `cargo build --workspace` may read any of them"),
            (
                &go,
                "RUN go mod download && CGO_ENABLED=0 go build -o /out ./api/cmd/x",
                "example.com/api (go build -o /out ./api/cmd/x)",
            ),
            (&go, "RUN cd lib && go build ./...", "example.com/lib (go build ./...)"),
            (&go, "RUN go build example.com/api/cmd/x", "example.com/api (go build example.com/api/cmd/x)"),
            (&go, "RUN go build ./...", "! `go build ./...` may read any of them"),
        ] {
            assert_eq!(built(files, dockerfile), expected, "{dockerfile}");
        }
    }
}
