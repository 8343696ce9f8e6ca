//! `lint --fix` and `lint --diff`: from what was found to mended files.

use std::path::Path;

use super::args::{Common, LintArgs};
use super::failure::Failure;
use super::findings::Found;
use super::lint::Subject;
use super::{ExitStatus, Streams, baseline};
use crate::config::Config;
use crate::diag::Safety;
use crate::fix::{Mended, mend, replace};
use crate::lint::{self, Context};
use crate::report::{self, plural};
use crate::source::{Source, Sources};

pub(super) fn run(
    args: &LintArgs,
    subject: Subject,
    context: &Context<'_>,
    config: &Config,
    common: &Common,
    streams: &mut Streams<'_>,
) -> Result<ExitStatus, Failure> {
    let mended = mend(&subject.files, context, args.fix.map_or(Safety::Safe, Safety::from));
    if args.diff {
        return diff(&subject, &mended, streams);
    }
    if args.stdin {
        return standard_output(args, mended, config, common, streams);
    }
    let mut notes = notes(&mended);
    let written = write(&subject, &mended, streams)?;
    let fixed = written.iter().zip(mended.files.iter()).filter(|(written, _)| **written == Written::New);
    let made: Vec<usize> = fixed.map(|(_, (id, _))| mended.made_in.get(&id).copied().unwrap_or_default()).collect();
    if !made.is_empty() {
        notes.insert(0, format!("{} fixed in {}", plural(made.iter().sum(), "problem"), plural(made.len(), "file")));
    }
    let Subject { files, unread, .. } = subject;
    let (files, problems) = if written.contains(&Written::Not) {
        // What is wrong is what is wrong on the disk.
        let mut on_disk = Sources::new();
        for ((written, (_, old)), (_, new)) in written.iter().zip(files.iter()).zip(mended.files.iter()) {
            let source = if *written == Written::Not { old } else { new };
            on_disk.add(source.with_text(source.text()));
        }
        let problems = lint::check(&mut on_disk, context);
        (on_disk, problems)
    } else {
        (mended.files, mended.problems)
    };
    let found = Found { problems, files, rosters: Vec::new(), unread, notes };
    let status = baseline::apply(&args.baseline, config, common, found)?.answer(args.format, common, streams)?;
    Ok(if written.contains(&Written::Not) { ExitStatus::Failed } else { status })
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    /// It needed no fix.
    Same,
    /// It holds the mended text.
    New,
    /// It could not be written to.
    Not,
}

/// Writes the files that were mended. Why one was not is said on standard error.
fn write(subject: &Subject, mended: &Mended, streams: &mut Streams<'_>) -> Result<Vec<Written>, Failure> {
    let mut written = Vec::new();
    let files = subject.files.iter().zip(mended.files.iter()).zip(&subject.places);
    for (((_, old), (_, new)), place) in files {
        let root = subject.root.as_deref();
        written.push(match replaced(place, root, old, new) {
            None => Written::Same,
            Some(Ok(())) => Written::New,
            Some(Err(error)) => {
                writeln!(streams.err, "error: {error}")?;
                Written::Not
            }
        });
    }
    Ok(written)
}

fn replaced(
    place: &Path,
    root: Option<&Path>,
    old: &Source,
    new: &Source,
) -> Option<Result<(), crate::fix::StoreError>> {
    (old.text() != new.text()).then(|| replace(place, root, old.text(), new.text()))
}

/// Shows what would be changed; that there is something is a finding.
fn diff(subject: &Subject, mended: &Mended, streams: &mut Streams<'_>) -> Result<ExitStatus, Failure> {
    report::write_diff(streams.out, &subject.files, &mended.files, streams.style)?;
    for file in &subject.unread {
        writeln!(streams.err, "error: {}", file.message)?;
    }
    for note in notes(mended) {
        writeln!(streams.err, "note: {note}")?;
    }
    Ok(match (subject.unread.is_empty(), mended.made()) {
        (false, _) => ExitStatus::Failed,
        (true, 0) => ExitStatus::Clean,
        (true, _) => ExitStatus::Findings,
    })
}

/// Standard output is for the mended text, so what is still wrong goes to standard error.
fn standard_output(
    args: &LintArgs,
    mended: Mended,
    config: &Config,
    common: &Common,
    streams: &mut Streams<'_>,
) -> Result<ExitStatus, Failure> {
    for (_, source) in mended.files.iter() {
        if source.not_utf8().is_some() {
            return Err(Failure::new("standard input is not UTF-8"));
        }
        streams.out.write_all(source.text().as_bytes())?;
    }
    let notes = notes(&mended);
    let Mended { files, problems, .. } = mended;
    let mut nothing = std::io::sink();
    let (input, out, style) = (&mut *streams.input, &mut *streams.err, streams.style);
    let variables = streams.variables;
    let mut beside = Streams { input, out, err: &mut nothing, progress: false, variables, style };
    let found = Found { problems, files, rosters: Vec::new(), unread: Vec::new(), notes };
    baseline::apply(&args.baseline, config, common, found)?.answer(args.format, common, &mut beside)
}

/// What is to be said of the fixes that were not made.
fn notes(mended: &Mended) -> Vec<String> {
    let mut notes = Vec::new();
    if mended.refused > 0 {
        notes.push(format!("{} not fixed: something would be worse than before", plural(mended.refused, "problem")));
    }
    if !mended.settled {
        notes.push("there is more to fix: some fixes undo each other, or there are very many".to_owned());
    }
    notes
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use crate::cli::ExitStatus;
    use crate::cli::lint::tests::{CLEAN, lint};

    /// A workflow with a safe fix and an unsafe one.
    fn flawed() -> String {
        format!("variables: [&unused 1]\r\n{}# wp-gate: allow(dependency-cycle): none", CLEAN.replace('\n', "\r\n"))
    }

    fn in_folder(text: &str, args: &[&str]) -> (String, String, String, ExitStatus) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.yaml");
        fs::write(&path, text).expect("it is written");
        let (out, err, status) = lint(folder.path(), &[&["a.yaml"], args].concat(), b"");
        (fs::read_to_string(path).expect("it is there"), out, err, status)
    }

    #[test]
    fn safe_fixes_are_made_and_all_of_them_when_asked_for() {
        let (text, out, err, status) = in_folder(&flawed(), &[]);
        assert_eq!((text, err.as_str(), status), (flawed(), "", ExitStatus::Findings));
        assert!(out.ends_with("1 can be fixed with `--fix`, 1 more with `--fix=unsafe`\n"), "{out}");
        let safe = flawed().replace("\r\n# wp-gate: allow(dependency-cycle): none", "");
        let (text, out, _, status) = in_folder(&flawed(), &["--fix"]);
        assert_eq!((text, status), (safe.clone(), ExitStatus::Clean));
        assert!(out.contains("1 problem fixed in 1 file\n1 note in 1 file\n"), "{out}");
        let (text, out, _, status) = in_folder(&flawed(), &["--fix=unsafe", "--format", "json"]);
        assert_eq!((text, status), (safe.replace("&unused ", ""), ExitStatus::Clean));
        assert!(serde_json::from_str::<serde_json::Value>(&out).is_ok(), "{out}");
    }

    #[test]
    fn a_patch_is_shown_and_nothing_written() {
        let (text, out, err, status) = in_folder(&flawed(), &["--diff", "--fix=unsafe"]);
        assert_eq!((text, err.as_str(), status), (flawed(), "", ExitStatus::Findings));
        let starts =
            "--- a/a.yaml\n+++ b/a.yaml\n@@ -1,8 +1,7 @@\n-variables: [&unused 1]\r\n+variables: [1]\r\n when:\r\n";
        assert!(out.starts_with(starts), "{out}");
        assert_eq!(in_folder(CLEAN, &["--diff"]), (CLEAN.to_owned(), String::new(), String::new(), ExitStatus::Clean));
    }

    #[test]
    fn standard_input_comes_back_mended_with_the_findings_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let (out, err, status) = lint(folder.path(), &["--stdin", "--fix"], flawed().as_bytes());
        assert_eq!(out, flawed().replace("\r\n# wp-gate: allow(dependency-cycle): none", ""));
        assert!(err.contains("unused-anchor"), "{err}");
        assert_eq!(status, ExitStatus::Clean);
        let broken = "steps: [\n";
        let (out, err, status) = lint(folder.path(), &["--stdin", "--fix"], broken.as_bytes());
        assert_eq!((out.as_str(), status), (broken, ExitStatus::Findings), "{err}");
    }

    #[test]
    #[cfg(unix)]
    fn what_cannot_be_written_is_said_and_what_is_wrong_with_it_too() {
        let folder = tempfile::tempdir().expect("a folder");
        let inside = folder.path().join("inside");
        fs::create_dir(&inside).expect("it is made");
        for path in [folder.path().join("outside.yaml"), inside.join("b.yaml")] {
            fs::write(path, flawed()).expect("it is written");
        }
        std::os::unix::fs::symlink("../outside.yaml", inside.join("a.yaml")).expect("it is linked");
        let (out, err, status) = lint(&inside, &["a.yaml", "b.yaml", "--fix"], b"");
        assert!(
            err.contains("a.yaml` leads to `") && err.contains("outside.yaml`, outside of the repository"),
            "{err}"
        );
        assert!(out.contains("unused-allow") && out.contains("1 problem fixed in 1 file"), "{out}");
        assert_eq!(status, ExitStatus::Failed);
        let read = |path: &Path| fs::read_to_string(path).expect("it is there");
        assert_eq!(read(&folder.path().join("outside.yaml")), flawed());
        assert_ne!(read(&inside.join("b.yaml")), flawed());
    }
}
