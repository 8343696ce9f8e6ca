use super::super::reading::GlobUse;
use super::super::rule::{Check, Group, Level, Rule};
use super::super::tracked::{Match, Tracked};
use super::dead_glob;
use crate::diag::{Problem, Safety};
use crate::glob::Pattern;
use crate::text::escape;

pub(super) static RULE: Rule = Rule {
    id: "case-mismatch",
    group: Group::Suspicious,
    level: Level::Warn,
    since: "0.1.0",
    summary: "a path glob that would match a file but for capitals",
    page: include_str!("case_mismatch.md"),
    echo: None,
    checks: &[Check::TrackedGlob(check)],
};

fn check(glob: &GlobUse<'_>, tracked: &Tracked<'_>, out: &mut Vec<Problem>) {
    if let Match::ButForCapitals(path) = dead_glob::matched(glob, tracked) {
        out.push(mismatch(glob, &path));
    }
}

fn mismatch(glob: &GlobUse<'_>, path: &str) -> Problem {
    let text = escape(glob.glob.pattern.text());
    let problem = RULE.problem(format!("`{text}` matches no file, for capitals count"));
    let fix = as_written(&glob.glob.pattern, path)
        .and_then(|text| glob.reading.rewrite(Safety::Unsafe, &glob.glob.place, &text));
    let problem = glob.label(problem, glob.whole(), format!("would match `{}`", escape(path)));
    problem.help("write it as the file is written").fix(fix)
}

/// The glob with the letters of `path`: segment by segment, from the start and from the end as far as no `**` is in between. `None` when that
/// does not match `path`.
fn as_written(glob: &Pattern, path: &str) -> Option<String> {
    let (text, names): (&str, Vec<&str>) = (glob.text(), path.split('/').collect());
    let segments: Vec<&str> = text.split('/').collect();
    let deep = |segment: &str| segment == "**";
    let (first, last) = (segments.iter().position(|it| deep(it)), segments.iter().rposition(|it| deep(it)));
    let name_of = |at: usize| {
        let from_end = segments.len() - at;
        match (first, last) {
            (Some(first), _) if at < first => names.get(at),
            (_, Some(last)) if at > last => names.len().checked_sub(from_end).and_then(|at| names.get(at)),
            (Some(_), _) => None,
            (None, _) => names.get(at),
        }
    };
    let written = segments.iter().enumerate().map(|(at, segment)| match name_of(at) {
        Some(name) => in_letters_of(segment, name),
        None => (*segment).to_owned(),
    });
    let written: Vec<String> = written.collect();
    let written = written.join("/");
    (written != text && Pattern::parse(&written).is_match(path.as_bytes())).then_some(written)
}

/// `segment` in the letters of `name`, at its start up to the first thing that means something in a glob, and at its end.
fn in_letters_of(segment: &str, name: &str) -> String {
    let same = |(a, b): &(char, char)| a.eq_ignore_ascii_case(b) && !"*?[]{}\\".contains(*a);
    let start: String = segment.chars().zip(name.chars()).take_while(same).map(|(_, b)| b).collect();
    let rest = segment.get(start.len()..).unwrap_or_default();
    let end: Vec<char> = rest.chars().rev().zip(name.chars().rev()).take_while(same).map(|(_, b)| b).collect();
    let len: usize = end.iter().map(|c| c.len_utf8()).sum();
    let middle = rest.get(..rest.len() - len).unwrap_or_default();
    start + middle + &end.into_iter().rev().collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_takes_the_letters_of_the_path() {
        for (glob, path, expected) in [
            ("readme.md", "README.md", Some("README.md")),
            ("docs/**/*.MD", "Docs/a/b.md", Some("Docs/**/*.md")),
            ("**/Makefile", "src/makefile", Some("**/makefile")),
            ("SRC/*/Main.*", "src/x/main.c", Some("src/*/main.*")),
            ("{a,B}.c", "b.c", None),
            ("größe/A.md", "größe/a.md", Some("größe/a.md")),
        ] {
            assert_eq!(as_written(&Pattern::parse(glob), path).as_deref(), expected, "{glob}");
        }
    }
}
