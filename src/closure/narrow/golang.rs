//! What a go command builds: the modules of the packages that it names.

use super::super::shell::Word;
use super::super::tree::join;
use super::{Command, Effect, options};

impl Command<'_> {
    pub(super) fn go(&self, words: &[Word]) -> Effect {
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
