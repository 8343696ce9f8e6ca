//! Commit scripts: small texts from which tests and benchmarks build repositories, the same ids on every machine (fixed author
//! and clock). The scripts live in `testdata/repos/*.txt`. This file leans on git2 and std alone, so that `tests/` and `benches/` can take
//! it in with `#[path]`.
//!
//! One instruction a line; words are separated by blanks; `#` begins a comment line. A word in `"…"` may hold blanks, and `\n`, `\t`,
//! `\"`, `\\`, `\xNN` (a byte). In a `repeat`, `$n` is the round, from 1, and `$m` that of the `repeat` around it.
//!
//! | instruction | does |
//! | --- | --- |
//! | `commit MESSAGE [@TIME] [as NAME]` | a commit on the current branch; the file instructions up to the next other one make its tree |
//! | `merge REV... MESSAGE [@TIME] [as NAME]` | a merge of REVs into the current branch, octopus if several: each one's changes since the merge base, theirs where both changed a file |
//! | `write PATH TEXT`, `append PATH TEXT` | a file's content; its mode stays |
//! | `copy PATH FILE` | the same, from FILE under `testdata/` |
//! | `exec PATH`, `noexec PATH` | its mode |
//! | `link PATH TARGET` | a symlink |
//! | `submodule PATH ID` | a submodule at a commit: 40 digits, or a NAME |
//! | `remove PATH`, `move FROM TO` | a file, or a folder with all its files |
//! | `branch NAME [REV]` | makes a branch at REV (default: the current commit) and switches to it |
//! | `orphan NAME` | switches to a branch without a commit |
//! | `switch NAME` | switches to a branch that exists |
//! | `tag NAME [MESSAGE]` | a tag of the current commit, annotated if it has a message |
//! | `author NAME EMAIL` | of the commits from here on |
//! | `repeat N` … `end` | the lines between, N times; may nest |
//!
//! TIME is `@SECONDS` since 1970, or `@+SECONDS`, `@-SECONDS` from the commit before; the default is `@+60`. REV is a branch, a tag or a NAME given with `as`.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
};

use git2::{ObjectType, Oid, Repository, Signature, Time};

/// The first commit is one step after this: 2026-01-01T00:00:00Z.
const EPOCH: i64 = 1_767_225_600;
const STEP: i64 = 60;
/// Where `copy` finds its files.
const TESTDATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata");
/// Most lines that are run: a guard against a slip in nested repeats.
const MAX_LINES: usize = 1_000_000;

type Files = BTreeMap<Vec<u8>, (u32, Oid)>;
type Result<T, E = String> = std::result::Result<T, E>;

/// Runs `script` on the empty repository `repo`, then points HEAD at the last branch. Gives the commits by the names from `as`. The
/// working tree and the index are left alone: `repo.checkout_head` fills them.
///
/// # Errors
/// The line, and what is wrong with it.
pub(crate) fn build(repo: &Repository, script: &str) -> Result<BTreeMap<String, Oid>> {
    let mut builder = Builder {
        repo,
        names: BTreeMap::new(),
        files: HashMap::new(),
        branch: "main".to_owned(),
        tip: None,
        clock: EPOCH,
        author: ("Author".to_owned(), "author@example.com".to_owned()),
        open: None,
        budget: MAX_LINES,
    };
    let lines: Vec<(usize, &str)> =
        script.lines().map(str::trim).enumerate().map(|(at, line)| (at + 1, line)).collect();
    builder.run(&lines, ["", ""])?;
    builder.close()?;
    repo.set_head(&format!("refs/heads/{}", builder.branch)).map_err(text)?;
    Ok(builder.names)
}

struct Builder<'r> {
    repo: &'r Repository,
    names: BTreeMap<String, Oid>,
    /// The files of each commit so far.
    files: HashMap<Oid, Files>,
    branch: String,
    tip: Option<Oid>,
    clock: i64,
    author: (String, String),
    open: Option<Open>,
    budget: usize,
}

/// A commit whose file instructions are being read.
struct Open {
    message: Vec<u8>,
    parents: Vec<Oid>,
    name: Option<String>,
    files: Files,
}

impl Builder<'_> {
    fn run(&mut self, lines: &[(usize, &str)], [outer, round]: [&str; 2]) -> Result<()> {
        let mut rest = lines;
        while let Some(((number, line), after)) = rest.split_first() {
            rest = after;
            let at = |error: String| format!("line {number}: {error}: {line}");
            self.budget = self.budget.checked_sub(1).ok_or_else(|| at("too many lines".to_owned()))?;
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(count) = line.strip_prefix("repeat ") {
                let count: usize = count.trim().parse().map_err(|_| at("not a number".to_owned()))?;
                let end = matching_end(rest).ok_or_else(|| at("no `end`".to_owned()))?;
                for inner in 1..=count {
                    self.run(&rest[..end], [round, &inner.to_string()])?;
                }
                rest = &rest[end + 1..];
                continue;
            }
            let words = words(&line.replace("$n", round).replace("$m", outer)).map_err(at)?;
            self.instruction(&words).map_err(at)?;
        }
        Ok(())
    }

    fn instruction(&mut self, words: &[Vec<u8>]) -> Result<()> {
        let strings: Vec<&str> = words.iter().map(|word| std::str::from_utf8(word).unwrap_or("\u{fffd}")).collect();
        match (strings[0], &words[1..], &strings[1..]) {
            ("write", [path, content], _) => self.write(path, content, false),
            ("append", [path, content], _) => self.write(path, content, true),
            ("copy", [path, _], [_, file]) => {
                let file = Path::new(TESTDATA).join(file);
                let content = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
                self.write(path, &content, false)
            }
            ("exec", [path], _) => self.mode(path, 0o100_755),
            ("noexec", [path], _) => self.mode(path, 0o100_644),
            ("link", [path, target], _) => {
                let id = self.repo.blob(target).map_err(text)?;
                self.put(path, 0o120_000, id)
            }
            ("submodule", [path, _], [_, id]) => {
                let id = Oid::from_str(id).or_else(|_| self.rev(id))?;
                self.put(path, 0o160_000, id)
            }
            ("remove", [path], _) => self.take(path).map(drop),
            ("move", [from, to], _) => {
                for (rest, (mode, id)) in self.take(from)? {
                    self.put(&[to.as_slice(), &rest].concat(), mode, id)?;
                }
                Ok(())
            }
            ("commit", rest, _) => self.open_commit(rest, &[]),
            ("merge", rest, _) => {
                let revs = rest.iter().take_while(|word| self.rev(&String::from_utf8_lossy(word)).is_ok()).count();
                // A message may be a revision's name: the last word before the options is the message.
                let plain = rest.iter().position(|word| word.starts_with(b"@") || word == b"as").unwrap_or(rest.len());
                let (revs, rest) = rest.split_at(revs.min(plain.saturating_sub(1)));
                if revs.is_empty() { Err("nothing to merge".to_owned()) } else { self.open_commit(rest, revs) }
            }
            ("branch", _, [name]) => self.switch(name, None),
            ("branch", _, [name, rev]) => {
                self.close()?;
                let at = self.rev(rev)?;
                self.switch(name, Some(at))
            }
            ("orphan", _, [name]) => {
                self.close()?;
                (self.branch, self.tip) = ((*name).to_owned(), None);
                Ok(())
            }
            ("switch", _, [name]) => {
                self.close()?;
                let at = self.repo.refname_to_id(&format!("refs/heads/{name}")).map_err(text)?;
                self.switch(name, Some(at))
            }
            ("tag", _, [name, message @ ..]) => {
                self.close()?;
                let tip = self.tip.ok_or("no commit to tag")?;
                let object = self.repo.find_object(tip, None).map_err(text)?;
                let tagger = self.signature()?;
                match message {
                    [] => self.repo.tag_lightweight(name, &object, false),
                    [message] => self.repo.tag(name, &object, &tagger, message, false),
                    _ => return Err("too many words".to_owned()),
                }
                .map(drop)
                .map_err(text)
            }
            ("author", _, [name, email]) => {
                self.close()?;
                self.author = ((*name).to_owned(), (*email).to_owned());
                Ok(())
            }
            _ => Err("unknown instruction, or wrong number of words".to_owned()),
        }
    }

    /// `MESSAGE [@TIME] [as NAME]`.
    fn open_commit(&mut self, words: &[Vec<u8>], merged: &[Vec<u8>]) -> Result<()> {
        self.close()?;
        let Some((message, mut options)) = words.split_first() else { return Err("no message".to_owned()) };
        let mut parents: Vec<Oid> = self.tip.into_iter().collect();
        let mut files = self.tip.map(|tip| self.files[&tip].clone()).unwrap_or_default();
        for rev in merged {
            let rev = self.rev(&String::from_utf8_lossy(rev))?;
            let base = self.repo.merge_base(*parents.first().ok_or("nothing to merge into")?, rev).ok();
            let base = base.map(|base| self.files[&base].clone()).unwrap_or_default();
            let theirs = &self.files[&rev];
            for path in base.keys().chain(theirs.keys()) {
                match theirs.get(path) {
                    same if same == base.get(path) => {}
                    Some(file) => drop(files.insert(path.clone(), *file)),
                    None => drop(files.remove(path)),
                }
            }
            parents.push(rev);
        }
        self.clock += STEP;
        let mut name = None;
        while let Some((word, rest)) = options.split_first() {
            options = rest;
            let word = String::from_utf8_lossy(word);
            match (word.strip_prefix('@'), rest.split_first()) {
                (Some(time), _) => self.clock = parse_time(time, self.clock - STEP)?,
                (None, Some((label, rest))) if word == "as" => {
                    name = Some(String::from_utf8_lossy(label).into_owned());
                    options = rest;
                }
                _ => return Err(format!("`{word}` is neither `@TIME` nor `as NAME`")),
            }
        }
        self.open = Some(Open { message: message.clone(), parents, name, files });
        Ok(())
    }

    /// Writes the open commit, if there is one.
    fn close(&mut self) -> Result<()> {
        let Some(open) = self.open.take() else { return Ok(()) };
        let entries: Vec<_> = open.files.iter().map(|(path, &(mode, id))| (path.as_slice(), mode, id)).collect();
        let tree = write_tree(self.repo, &entries)?;
        // Written as bytes: a message need not be UTF-8.
        let (name, email) = &self.author;
        let mut data = format!("tree {tree}\n");
        data.extend(open.parents.iter().map(|parent| format!("parent {parent}\n")));
        for role in ["author", "committer"] {
            data = format!("{data}{role} {name} <{email}> {} +0000\n", self.clock);
        }
        let data = [data.as_bytes(), b"\n", &open.message, b"\n"].concat();
        let id = self.repo.odb().and_then(|odb| odb.write(ObjectType::Commit, &data)).map_err(text)?;
        self.files.insert(id, open.files);
        self.names.extend(open.name.map(|name| (name, id)));
        self.tip = Some(id);
        self.repo.reference(&format!("refs/heads/{}", self.branch), id, true, "script").map(drop).map_err(text)
    }

    fn switch(&mut self, name: &str, at: Option<Oid>) -> Result<()> {
        self.close()?;
        let tip = at.or(self.tip).ok_or("no commit to branch from")?;
        self.repo.reference(&format!("refs/heads/{name}"), tip, true, "script").map_err(text)?;
        (self.branch, self.tip) = (name.to_owned(), Some(tip));
        Ok(())
    }

    fn rev(&self, name: &str) -> Result<Oid> {
        if let Some(id) = self.names.get(name) {
            return Ok(*id);
        }
        let object = self.repo.resolve_reference_from_short_name(name).and_then(|found| found.peel_to_commit());
        object.map(|commit| commit.id()).map_err(|_| format!("no commit is called `{name}`"))
    }

    fn signature(&self) -> Result<Signature<'static>> {
        Signature::new(&self.author.0, &self.author.1, &Time::new(self.clock, 0)).map_err(text)
    }

    fn files(&mut self) -> Result<&mut Files> {
        self.open.as_mut().map(|open| &mut open.files).ok_or_else(|| "no commit before this".to_owned())
    }

    fn write(&mut self, path: &[u8], content: &[u8], append: bool) -> Result<()> {
        let old = self.files()?.get(path).copied();
        let mut bytes = Vec::new();
        if let (true, Some((_, id))) = (append, old) {
            bytes.extend(self.repo.find_blob(id).map_err(text)?.content());
        }
        bytes.extend(content);
        let id = self.repo.blob(&bytes).map_err(text)?;
        self.put(path, old.map_or(0o100_644, |(mode, _)| mode), id)
    }

    fn mode(&mut self, path: &[u8], mode: u32) -> Result<()> {
        self.files()?.get_mut(path).ok_or("no such file")?.0 = mode;
        Ok(())
    }

    /// Puts a file at `path`, in place of a folder there or of a file where `path` needs a folder.
    fn put(&mut self, path: &[u8], mode: u32, id: Oid) -> Result<()> {
        let files = self.files()?;
        for (at, _) in path.iter().enumerate().filter(|&(_, &byte)| byte == b'/') {
            files.remove(&path[..at]);
        }
        let folder = [path, b"/"].concat();
        let below =
            files.range(folder.clone()..).map(|(other, _)| other).take_while(|other| other.starts_with(&folder));
        for other in below.cloned().collect::<Vec<_>>() {
            files.remove(&other);
        }
        files.insert(path.to_vec(), (mode, id));
        Ok(())
    }

    /// Takes out the file `path`, or all in the folder, by what follows `path` in each one's path.
    fn take(&mut self, path: &[u8]) -> Result<Files> {
        let files = self.files()?;
        let below = |other: &[u8]| {
            other.strip_prefix(path).filter(|rest| rest.is_empty() || rest[0] == b'/').map(<[u8]>::to_vec)
        };
        let taken: Files = files.iter().filter_map(|(other, file)| Some((below(other)?, *file))).collect();
        files.retain(|other, _| below(other).is_none());
        if taken.is_empty() { Err("no such file".to_owned()) } else { Ok(taken) }
    }
}

/// Writes the tree of `entries`, sorted by path. Raw bytes, not libgit2's tree builder: it would refuse the names that tests need.
fn write_tree(repo: &Repository, entries: &[(&[u8], u32, Oid)]) -> Result<Oid> {
    let mut data = Vec::new();
    let mut rest = entries;
    while let Some((&(path, mode, id), after)) = rest.split_first() {
        let Some(slash) = path.iter().position(|&byte| byte == b'/') else {
            data.push((path.to_vec(), mode, id));
            rest = after;
            continue;
        };
        let folder = &path[..=slash];
        let count = rest.iter().take_while(|(path, ..)| path.starts_with(folder)).count();
        let below: Vec<_> = rest[..count].iter().map(|&(path, mode, id)| (&path[folder.len()..], mode, id)).collect();
        data.push((folder.to_vec(), 0o040_000, write_tree(repo, &below)?));
        rest = &rest[count..];
    }
    // Names of folders end with `/` here: git's order.
    data.sort();
    let mut tree = Vec::new();
    for (name, mode, id) in data {
        tree.extend(format!("{mode:o} ").into_bytes());
        tree.extend(name.strip_suffix(b"/").unwrap_or(&name));
        tree.push(0);
        tree.extend(id.as_bytes());
    }
    repo.odb().and_then(|odb| odb.write(ObjectType::Tree, &tree)).map_err(text)
}

/// The index of the `end` that closes a `repeat` whose body begins `lines`.
fn matching_end(lines: &[(usize, &str)]) -> Option<usize> {
    let mut depth = 0_usize;
    lines.iter().position(|(_, line)| {
        depth += usize::from(line.starts_with("repeat "));
        let closes = *line == "end" && depth == 0;
        depth -= usize::from(*line == "end" && depth > 0);
        closes
    })
}

fn parse_time(time: &str, before: i64) -> Result<i64> {
    let number: i64 = time.parse().map_err(|_| format!("`@{time}` is no time"))?;
    Ok(if time.starts_with(['+', '-']) { before + number } else { number })
}

/// Splits a line into words.
fn words(line: &str) -> Result<Vec<Vec<u8>>> {
    let mut words = Vec::new();
    let mut chars = line.chars().peekable();
    while let Some(&first) = chars.peek() {
        if first.is_whitespace() {
            chars.next();
            continue;
        }
        let mut word = Vec::new();
        let quoted = chars.next_if_eq(&'"').is_some();
        loop {
            let c = match chars.next() {
                Some('"') if quoted => break,
                Some('\\') if quoted => {
                    match chars.next() {
                        Some('n') => word.push(b'\n'),
                        Some('t') => word.push(b'\t'),
                        Some('x') => {
                            let digits: String = chars.by_ref().take(2).collect();
                            word.push(u8::from_str_radix(&digits, 16).map_err(|_| "`\\x` needs two digits")?);
                        }
                        Some(c @ ('"' | '\\')) => word.push(c as u8),
                        _ => return Err("unknown escape".to_owned()),
                    }
                    continue;
                }
                Some(c) => c,
                None if quoted => return Err("no closing `\"`".to_owned()),
                None => break,
            };
            word.extend(c.encode_utf8(&mut [0; 4]).bytes());
            if !quoted && chars.peek().is_none_or(|c| c.is_whitespace()) {
                break;
            }
        }
        words.push(word);
    }
    if words.is_empty() { Err("no word".to_owned()) } else { Ok(words) }
}

#[expect(clippy::needless_pass_by_value, reason = "made for `map_err`")]
fn text(error: git2::Error) -> String {
    error.message().to_owned()
}
