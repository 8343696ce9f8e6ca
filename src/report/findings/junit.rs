//! Findings as XML of `JUnit`'s form, which CI servers show as tests: a suite a file, and in it a failed test an error or warning; a test that passes
//! where there is none. Notes fail nothing: they are skipped tests.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Findings, Unread};
use crate::diag::{Problem, Severity};
use crate::text::escape;

/// A test, as CI servers show it.
struct Case {
    name: String,
    line: Option<u32>,
    outcome: Outcome,
}

enum Outcome {
    Passed,
    /// The XML element that says what happened, its `type`, its `message`, and its text.
    Other {
        element: &'static str,
        kind: &'static str,
        message: String,
        text: String,
    },
}

/// Writes `findings` as an XML document.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_findings_junit(out: &mut dyn Write, findings: &Findings<'_>) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"wp-gate\">")?;
    let about = |problem: &&Problem| problem.labels.first().map(|label| label.file);
    for (id, source) in findings.files.iter() {
        let own = findings.problems.iter().filter(|problem| about(problem) == Some(id));
        let mut cases: Vec<Case> = own.map(|problem| of_problem(problem, findings)).collect();
        if cases.is_empty() {
            cases.push(Case { name: "nothing found".to_owned(), line: None, outcome: Outcome::Passed });
        }
        suite(out, source.name(), &cases)?;
    }
    let placeless = findings.problems.iter().filter(|problem| about(problem).is_none());
    let cases: Vec<Case> = placeless.map(|problem| of_problem(problem, findings)).collect();
    if !cases.is_empty() {
        suite(out, "wp-gate", &cases)?;
    }
    for unread in findings.unread {
        suite(out, &unread.file, &[of_unread(unread)])?;
    }
    writeln!(out, "</testsuites>")
}

fn of_problem(problem: &Problem, findings: &Findings<'_>) -> Case {
    let start = problem.labels.first().map(|label| findings.region(label).0);
    let place = start.map(|at| format!(" {}:{}", at.line, at.column)).unwrap_or_default();
    let element = if problem.severity == Severity::Note { "skipped" } else { "failure" };
    let text = problem.help.as_ref().map(|help| format!("help: {help}")).unwrap_or_default();
    Case {
        name: format!("{}{place}", problem.code),
        line: start.map(|at| at.line),
        outcome: Outcome::Other { element, kind: problem.severity.name(), message: problem.message.clone(), text },
    }
}

fn of_unread(unread: &Unread) -> Case {
    let message = unread.message.clone();
    let outcome = Outcome::Other { element: "error", kind: "unread", message, text: String::new() };
    Case { name: "not read".to_owned(), line: None, outcome }
}

/// Writes a suite about the file `name`.
fn suite(out: &mut dyn Write, name: &str, cases: &[Case]) -> io::Result<()> {
    let name = xml(&escape(name).to_string());
    let count = |wanted: &str| {
        cases.iter().filter(|case| matches!(case.outcome, Outcome::Other { element, .. } if element == wanted)).count()
    };
    let (tests, failures, errors, skipped) = (cases.len(), count("failure"), count("error"), count("skipped"));
    writeln!(
        out,
        r#"  <testsuite name="{name}" tests="{tests}" failures="{failures}" errors="{errors}" skipped="{skipped}">"#
    )?;
    for case in cases {
        let line = case.line.map(|line| format!(r#" line="{line}""#)).unwrap_or_default();
        write!(out, r#"    <testcase classname="{name}" name="{}" file="{name}"{line}"#, xml(&case.name))?;
        match &case.outcome {
            Outcome::Passed => writeln!(out, "/>")?,
            Outcome::Other { element, kind, message, text } => {
                writeln!(
                    out,
                    ">\n      <{element} type=\"{kind}\" message=\"{}\">{}</{element}>",
                    xml(message),
                    xml(text)
                )?;
                writeln!(out, "    </testcase>")?;
            }
        }
    }
    writeln!(out, "  </testsuite>")
}

/// `text` for an attribute or an element. Characters that XML 1.0 cannot hold become U+FFFD.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => {
                write!(out, "&#{};", c as u32).expect("internal: a string takes all that is written");
            }
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(char::REPLACEMENT_CHARACTER),
            c => out.push(c),
        }
    }
    out
}
