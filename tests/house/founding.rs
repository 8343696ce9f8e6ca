//! Repositories made of scripts, the founding case among them, and the program run on them.

use tempfile::TempDir;
use wp_gate::cli::{self, ExitStatus, Streams};
use wp_gate::report::Style;

#[path = "../../src/git/script.rs"]
mod script;

/// A repository with its last branch checked out. Removed when it goes out of scope.
pub(crate) struct Scripted {
    dir: TempDir,
}

/// What the program answered.
pub(crate) struct Answer {
    pub(crate) status: ExitStatus,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Scripted {
    /// The case of the README.
    pub(crate) fn founding() -> Self {
        Self::new(&crate::read("testdata/repos/founding.txt"))
    }

    pub(crate) fn new(script: &str) -> Self {
        let dir = TempDir::new().expect("a temporary folder");
        let mut options = git2::RepositoryInitOptions::new();
        options.initial_head("main").external_template(false);
        let repository = git2::Repository::init_opts(dir.path(), &options).expect("init");
        script::build(&repository, script).expect("a good script");
        repository.checkout_head(Some(git2::build::CheckoutBuilder::new().force())).expect("checkout");
        Self { dir }
    }

    /// Runs a command line as a reader of the documentation would type it: `wp-gate …`, perhaps with `echo '…' | ` before it.
    pub(crate) fn run(&self, line: &str) -> Answer {
        let (input, command) = match line.split_once(" | ") {
            Some((echo, command)) => (words(echo).split_off(1).join(" ") + "\n", command),
            None => (String::new(), line),
        };
        let words = words(command);
        let (name, rest) = words.split_first().expect("a command");
        assert_eq!(name, "wp-gate", "{line}");
        let place = ["-C".into(), self.dir.path().into()];
        let args = [name.into()].into_iter().chain(place).chain(rest.iter().map(Into::into));
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let streams = Streams { input: &mut input.as_bytes(), out: &mut out, err: &mut err, style: Style::PLAIN };
        let status = cli::run(args, streams);
        let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
        Answer { status, out: text(out), err: text(err) }
    }
}

/// Splits a command line as a shell does that knows blanks and single quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().expect("there is one").push(c),
        }
    }
    assert!(!quoted, "no closing quote: {line}");
    words
}
