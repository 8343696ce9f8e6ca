//! A repository in a temporary folder, and a run of the command line.

#[path = "../../src/git/script.rs"]
mod script;

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;
use wp_gate::ci::Variables;
use wp_gate::cli::{self, ExitStatus, Streams};
use wp_gate::report::Style;

/// The text of a file under `testdata/`.
pub(crate) fn testdata(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(file)).unwrap()
}

/// Holds `text` against the file `snapshots/NAME.snap`.
macro_rules! assert_screen {
    ($name:expr, $text:expr) => {
        insta::with_settings!({
            snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots"),
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, { insta::assert_snapshot!($name, $text) })
    };
}
pub(crate) use assert_screen;

/// How a run ended, and all that it wrote.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: ExitStatus,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Standard output of a run that went well and was silent on standard error.
    pub(crate) fn clean(self) -> String {
        assert_eq!((self.status, self.err.as_str()), (ExitStatus::Clean, ""), "{}", self.out);
        self.out
    }

    /// Standard error of a run that could not do its job and answered nothing.
    pub(crate) fn failed(self) -> String {
        assert_eq!((self.status, self.out.as_str()), (ExitStatus::Failed, ""), "{}", self.err);
        self.err
    }

    /// The answer as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.err))
    }

    /// The answer, an empty line, the exit code and what was said on standard error.
    pub(crate) fn screen(&self) -> String {
        let Self { status, out, err } = self;
        let err = if err.is_empty() { String::new() } else { format!("\nstandard error:\n{err}") };
        format!("{out}\nexit code {}{err}", status.code())
    }
}

/// Runs `wp-gate` with `arguments`.
pub(crate) fn run<A: Into<OsString>>(arguments: impl IntoIterator<Item = A>) -> Ran {
    run_with(arguments, &mut std::io::empty())
}

/// Runs `wp-gate` with `arguments` and `input` on standard input.
pub(crate) fn run_with<A: Into<OsString>>(arguments: impl IntoIterator<Item = A>, input: &mut dyn Read) -> Ran {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let status = run_on(arguments, input, &mut out, &mut err);
    let text = |bytes| String::from_utf8(bytes).expect("all that is printed is UTF-8");
    Ran { status, out: text(out), err: text(err) }
}

/// Runs `wp-gate` with `arguments` on these streams.
pub(crate) fn run_on<A: Into<OsString>>(
    arguments: impl IntoIterator<Item = A>,
    input: &mut dyn Read,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> ExitStatus {
    run_in(&Variables::new(), arguments, input, out, err)
}

/// The same where `variables` are set.
pub(crate) fn run_in<A: Into<OsString>>(
    variables: &Variables,
    arguments: impl IntoIterator<Item = A>,
    input: &mut dyn Read,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> ExitStatus {
    let arguments = std::iter::once("wp-gate".into()).chain(arguments.into_iter().map(Into::into));
    cli::run(arguments, Streams { input, out, err, progress: false, variables, style: Style::PLAIN })
}

/// Runs `wp-gate` in the folder `place`, where a CI system has set `variables`.
pub(crate) fn wp_gate_in(place: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
    let place: [OsString; 2] = ["-C".into(), place.into()];
    let variables = variables.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let arguments = place.into_iter().chain(arguments.iter().map(Into::into));
    let status = run_in(&variables, arguments, &mut std::io::empty(), &mut out, &mut err);
    let text = |bytes| String::from_utf8(bytes).expect("all that is printed is UTF-8");
    Ran { status, out: text(out), err: text(err) }
}

/// A repository with a working tree, in a temporary folder that goes with it.
pub(crate) struct Repo {
    dir: TempDir,
    path: PathBuf,
    names: BTreeMap<String, String>,
}

impl Repo {
    /// What `testdata/repos/founding.txt` builds.
    pub(crate) fn founding() -> Self {
        Self::new(&testdata("repos/founding.txt"))
    }

    /// What `script` builds, checked out.
    pub(crate) fn new(script: &str) -> Self {
        let built = Self::not_checked_out(script);
        let repo = git2::Repository::open(&built.path).unwrap();
        if repo.head().is_ok() {
            repo.checkout_head(Some(git2::build::CheckoutBuilder::new().force())).unwrap();
        }
        built
    }

    /// What `script` builds, with an empty working tree: for names that no file system takes.
    pub(crate) fn not_checked_out(script: &str) -> Self {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("repo");
        let mut options = git2::RepositoryInitOptions::new();
        let repo = git2::Repository::init_opts(&path, options.initial_head("main").external_template(false)).unwrap();
        let names = script::build(&repo, script).expect("a good script");
        Self { dir, path, names: names.into_iter().map(|(name, id)| (name, id.to_string())).collect() }
    }

    /// One commit that holds the workflow `text`, `README.md` and `apps/web/y.ts`, and one on top that changes the last.
    pub(crate) fn of_workflow(text: &str) -> Self {
        let repo = Self::new(
            "commit Import\nwrite README.md x\nwrite apps/web/y.ts x\ncommit \"web: a page\"\nwrite apps/web/y.ts y\n",
        );
        repo.write(".woodpecker/build.yml", text);
        repo
    }

    /// The working tree.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A path beside the repository, in its temporary folder.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The id of the commit that the script calls `name`.
    pub(crate) fn id(&self, name: &str) -> &str {
        &self.names[name]
    }

    /// Writes a file of the working tree, and the folders above it.
    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Runs the `git` program in the repository, untouched by the user's configuration and environment.
    pub(crate) fn git(&self, arguments: &[&str]) {
        let mut command = Command::new("git");
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"GIT_")) {
            command.env_remove(name);
        }
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        command.current_dir(&self.path).args(["-c", "protocol.file.allow=always"]).args(arguments);
        let status = command.stdin(Stdio::null()).status().expect("the tests need the `git` program");
        assert!(status.success(), "git {arguments:?}");
    }

    /// Runs `wp-gate` in the repository; the command first.
    pub(crate) fn wp_gate(&self, arguments: &[&str]) -> Ran {
        let place: [OsString; 2] = ["-C".into(), self.path.clone().into()];
        run(place.into_iter().chain(arguments.iter().map(Into::into)))
    }

    /// The same where a CI system has set `variables`.
    pub(crate) fn wp_gate_in(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
        wp_gate_in(&self.path, variables, arguments)
    }

    /// Runs `wp-gate explain` in the repository.
    pub(crate) fn explain(&self, arguments: &[&str]) -> Ran {
        self.explain_with(arguments, b"")
    }

    /// The same with `input` on standard input.
    pub(crate) fn explain_with(&self, arguments: &[&str], mut input: &[u8]) -> Ran {
        run_with(self.arguments(arguments), &mut input)
    }

    /// The command line that runs `wp-gate explain` in the repository.
    pub(crate) fn arguments(&self, arguments: &[&str]) -> Vec<OsString> {
        let fixed: [OsString; 3] = ["-C".into(), self.path.clone().into(), "explain".into()];
        fixed.into_iter().chain(arguments.iter().map(Into::into)).collect()
    }

    /// The steps that run, by workflow: `publish: install build`.
    pub(crate) fn runs(&self, arguments: &[&str]) -> Vec<String> {
        let ran = self.explain(&[arguments, &["--format", "json"]].concat());
        let answer = ran.json();
        let workflows = answer["workflows"].as_array().unwrap();
        let running = workflows.iter().filter(|workflow| workflow["verdict"] == "run");
        let line = |workflow: &serde_json::Value| {
            let steps = workflow["steps"].as_array().unwrap().iter();
            let run = steps.filter(|step| step["verdict"] == "run").map(|step| step["name"].as_str().unwrap());
            format!("{}: {}", workflow["name"].as_str().unwrap(), run.collect::<Vec<_>>().join(" "))
        };
        running.map(line).collect()
    }
}
