//! `lint`: from what was typed to files, and from the files to findings.

mod subject;

use super::args::{BaselineArgs, Common, LintArgs};
use super::failure::Failure;
use super::findings::Found;
use super::tree::WorkingTree;
use super::{ExitStatus, Streams, baseline, fix, settings};
use crate::admission::Policy;
use crate::closure::Tree;
use crate::config::Config;
use crate::git::PastCommits;
use crate::lint;
use crate::server::Version;

pub(in crate::cli) use subject::Subject;

pub(super) fn run(args: &LintArgs, common: &Common, streams: &mut Streams<'_>) -> Result<ExitStatus, Failure> {
    let config = settings::load(common)?;
    let mut subject = if args.stdin {
        Subject::standard_input(args, common, streams)?
    } else if args.paths.is_empty() {
        let named = "name the files: `wp-gate lint FILE...`";
        Subject::of_repository(common, &config).map_err(|failure| failure.or_help(named))?
    } else {
        Subject::named(&args.paths, common)
    };
    let tree = subject.tree.take();
    let past = PastCommits::new(settings::location(common));
    let history = lint::History::new(&past);
    let policy = config.server.policy();
    let server = args.version.or(config.woodpecker);
    let context = context(server, &config, &policy, tree.as_ref(), &history, subject.whole);
    if args.fix.is_some() || args.diff {
        return fix::run(args, subject, &context, &config, common, streams);
    }
    baseline::apply(&args.baseline, &config, common, look_at(subject, &context))?.answer(args.format, common, streams)
}

/// What is found in the repository's workflow files, in the working tree.
pub(super) fn of_workflows(server: Version, common: &Common, config: &Config) -> Result<Found, Failure> {
    let mut subject = Subject::of_repository(common, config)?;
    let tree = subject.tree.take();
    let past = PastCommits::new(settings::location(common));
    let history = lint::History::new(&past);
    let policy = config.server.policy();
    let context = context(server, config, &policy, tree.as_ref(), &history, subject.whole);
    baseline::apply(&BaselineArgs::default(), config, common, look_at(subject, &context))
}

fn context<'c>(
    server: Version,
    config: &'c Config,
    policy: &'c Policy,
    tree: Option<&'c WorkingTree>,
    history: &'c lint::History<'c>,
    whole: bool,
) -> lint::Context<'c> {
    let (variables, levels) = (&config.server.environment, &config.lint.rules);
    let forge = config.forge.map(|forge| (forge, config.forge_limits));
    let tree = tree.map(|tree| tree as &dyn Tree);
    lint::Context { server, variables, policy, levels, tree, history: Some(history), forge, whole }
}

fn look_at(subject: Subject, context: &lint::Context<'_>) -> Found {
    let Subject { mut files, unread, .. } = subject;
    let problems = lint::check(&mut files, context);
    Found { problems, files, rosters: Vec::new(), unread, notes: Vec::new() }
}

#[cfg(test)]
pub(super) mod tests {
    use std::ffi::OsString;
    use std::fs;

    use crate::ci::Variables;
    use crate::cli::{ExitStatus, Streams, run};
    use crate::report::Style;

    pub(in crate::cli) const CLEAN: &str =
        "when:\n  event: push\nsteps:\n  - name: build\n    image: alpine\n    commands: [make]\n";

    /// Runs `wp-gate lint` in `folder`; standard output, standard error and how it ended.
    pub(in crate::cli) fn lint(
        folder: &std::path::Path,
        args: &[&str],
        mut input: &[u8],
    ) -> (String, String, ExitStatus) {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let variables = Variables::new();
        let streams = Streams {
            input: &mut input,
            out: &mut out,
            err: &mut err,
            variables: &variables,
            progress: false,
            style: Style::PLAIN,
        };
        let start = ["wp-gate", "-C"].map(OsString::from).into_iter().chain([folder.into(), "lint".into()]);
        let status = run(start.chain(args.iter().map(OsString::from)), streams);
        let text = |bytes| String::from_utf8(bytes).expect("it is text");
        (text(out), text(err), status)
    }

    #[test]
    fn a_file_that_cannot_be_read_does_not_stop_the_others() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("a.yaml"), CLEAN.replace("image: alpine", "image: ''")).expect("it is written");
        fs::write(folder.path().join("b.yaml"), b"\xff").expect("it is written");
        let (out, err, status) = lint(folder.path(), &["b.yaml", "none.yaml", "a.yaml"], b"");
        assert!(out.contains("missing-image") && out.ends_with("2 errors in 2 files; 1 file not read\n"), "{out}");
        assert!(out.contains("this is not UTF-8, from byte 0 on"), "{out}");
        assert!(err.contains("none.yaml`: No such file"), "{err}");
        assert_eq!(status, ExitStatus::Failed);
    }

    #[test]
    fn a_folder_stands_for_its_workflows_which_are_looked_at_together() {
        let folder = tempfile::tempdir().expect("a folder");
        let ci = folder.path().join("ci");
        fs::create_dir(&ci).expect("it is made");
        fs::write(ci.join("b.yml"), format!("depends_on: [c]\n{CLEAN}")).expect("it is written");
        fs::write(ci.join("a.yaml"), CLEAN).expect("it is written");
        fs::write(ci.join("c.txt"), "no workflow").expect("it is written");
        let (out, _, status) = lint(folder.path(), &["ci", "--format", "json"], b"");
        assert!(out.contains("\"unknown-workflow-dependency\""), "{out}");
        assert!(out.contains("\"ci/a.yaml\",\n    \"ci/b.yml\""), "{out}");
        assert_eq!(status, ExitStatus::Findings);
        // Of one file nobody knows what lies beside it.
        assert_eq!(lint(folder.path(), &["ci/b.yml"], b"").2, ExitStatus::Clean);
    }

    #[test]
    fn standard_input_has_the_name_that_it_is_given_and_notes_are_no_failure() {
        let folder = tempfile::tempdir().expect("a folder");
        let text = format!("variables: &unused 1\n{CLEAN}");
        let args = ["--stdin", "--stdin-filename", ".woodpecker/x.yml", "--woodpecker", "3.4"];
        let (out, _, status) = lint(folder.path(), &args, text.as_bytes());
        assert!(out.contains("unused-anchor") && out.contains(".woodpecker/x.yml:1:12"), "{out}");
        assert_eq!(status, ExitStatus::Clean);
        let quiet: Vec<&str> = args.into_iter().chain(["--quiet"]).collect();
        assert_eq!(lint(folder.path(), &quiet, text.as_bytes()).0, "nothing found in 1 file\n");
    }
}
