use super::super::history::{Departure, History, LastMatch};
use super::super::reading::GlobUse;
use super::super::rule::{Check, Group, Level, Rule};
use super::super::tracked::{Match, Tracked};
use crate::change::ChangedFiles;
use crate::diag::{Fix, Problem, Safety, Severity};
use crate::glob::{Pattern, TokenKind};
use crate::text::escape;

pub(super) const ID: &str = "dead-glob";

pub(super) static RULE: Rule = Rule {
    id: ID,
    group: Group::Suspicious,
    level: Level::Warn,
    since: "0.1.0",
    summary: "a path glob that matches no file in the repository",
    page: include_str!("dead_glob.md"),
    echo: None,
    checks: &[Check::TrackedGlob(check)],
};

fn check(glob: &GlobUse<'_>, tracked: &Tracked<'_>, out: &mut Vec<Problem>) {
    if matched(glob, tracked) == Match::None {
        let past =
            glob.reading.context.history.and_then(|history: &History<'_>| history.last_match(&glob.glob.pattern));
        out.push(dead(glob, tracked.files(), past.as_ref()));
    }
}

/// What the glob matches of the tracked files. What is malformed, or can match none, is reported as that.
pub(super) fn matched(glob: &GlobUse<'_>, tracked: &Tracked<'_>) -> Match {
    let pattern = &glob.glob.pattern;
    let never = pattern.error().is_some() || super::glob_never_matches::never_matches(pattern);
    if never { Match::Some } else { tracked.matched(pattern) }
}

fn dead(glob: &GlobUse<'_>, tracked: &ChangedFiles, past: Option<&LastMatch>) -> Problem {
    let text = escape(glob.glob.pattern.text());
    let mut problem = RULE.problem(format!("`{text}` matches no file that git tracks"));
    if glob.excludes {
        // To exclude what is not there yet does no harm.
        problem.severity = Severity::Note;
    }
    let problem = glob.label(problem, glob.whole(), past.map_or_else(String::new, told));
    let successor = match past {
        Some(LastMatch::Until(departure)) => successor(&glob.glob.pattern, departure, tracked),
        _ => None,
    };
    match successor {
        Some(text) => problem.help(format!("write `{}`", escape(&text))).fix(rename(glob, &text)),
        None => problem.help("name the files as they are called now, or remove the pattern"),
    }
}

/// What the past says, as a phrase.
fn told(past: &LastMatch) -> String {
    match past {
        LastMatch::Until(Departure { commit, date, path, moves }) => {
            let path = escape(path);
            match moves.first() {
                Some((from, to)) => {
                    format!("until {commit} of {date}, which moved `{}`, now `{}`", escape(from), escape(to))
                }
                None => format!("until {commit} of {date}, which removed `{path}`"),
            }
        }
        LastMatch::InHead { path } => format!("until now: `{}` is still in HEAD", escape(path)),
        LastMatch::Never => "never did, as far as this branch goes back".to_owned(),
        LastMatch::Before { commits, shallow: true } => {
            format!("did not in the {commits} commits that this shallow clone has")
        }
        LastMatch::Before { commits, shallow: false } => format!("did not in the newest {commits} commits"),
        LastMatch::Unknown => String::new(),
    }
}

/// The glob for the files where they are now, if all of them went the same way.
fn successor(pattern: &Pattern, departure: &Departure, tracked: &ChangedFiles) -> Option<String> {
    let mut texts = departure.moves.iter().map(|(from, to)| moved(pattern, from, to));
    let first = texts.next()??;
    let all = texts.all(|text| text.as_ref() == Some(&first));
    let renamed = Pattern::parse(&first);
    (all && tracked.some_match(&renamed)).then_some(first)
}

/// The glob that matches `to` as `pattern` matched `from`: its folders, as far as they are written out, give way to the new ones.
fn moved(pattern: &Pattern, from: &str, to: &str) -> Option<String> {
    let text = pattern.text();
    let literal = |kind: &TokenKind| matches!(kind, TokenKind::Literal(_) | TokenKind::Separator);
    let fixed =
        pattern.tokens().iter().take_while(|token| literal(&token.kind)).last().map_or(0, |token| token.span.end);
    let fixed = text.get(..fixed as usize)?;
    if fixed == text {
        return (text == from).then(|| literally(to)).flatten();
    }
    let same =
        from.rsplit('/').zip(to.rsplit('/')).take_while(|(a, b)| a == b).map(|(a, _)| a.len() + 1).sum::<usize>();
    // What both paths end with stays; all before it must be written out in the glob.
    let old = from.get(..(from.len() + 1).checked_sub(same)?)?;
    let new = to.get(..(to.len() + 1).checked_sub(same)?)?;
    let rest = text.get(old.len()..).filter(|_| fixed.starts_with(old) && same > 0)?;
    let renamed = format!("{}{rest}", literally(new)?);
    Pattern::parse(&renamed).is_match(to.as_bytes()).then_some(renamed)
}

/// A path as a glob that matches it; `None` if it holds what means something in globs.
fn literally(path: &str) -> Option<String> {
    let plain = Pattern::parse(path);
    let means_itself = plain.error().is_none()
        && plain.tokens().iter().all(|token| matches!(token.kind, TokenKind::Literal(_) | TokenKind::Separator));
    means_itself.then(|| path.to_owned())
}

fn rename(glob: &GlobUse<'_>, text: &str) -> Option<Fix> {
    glob.reading.rewrite(Safety::Unsafe, &glob.glob.place, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_follows_its_files() {
        for (glob, from, to, expected) in [
            ("src/a.c", "src/a.c", "lib/b.c", Some("lib/b.c")),
            ("src/**", "src/x/a.c", "lib/x/a.c", Some("lib/**")),
            ("src/*.c", "src/a.c", "lib/core/a.c", Some("lib/core/*.c")),
            ("a/src/**", "a/src/a.c", "b/src/a.c", Some("b/src/**")),
            ("a/src/**", "a/src/a.c", "src/a.c", Some("src/**")),
            ("*.c", "a.c", "src/a.c", Some("src/*.c")),
            ("src/**", "src/a.c", "lib/b.c", None),
            ("s*/a.c", "src/a.c", "lib/a.c", None),
            ("src/**/a.c", "src/x/a.c", "lib/y/a.c", None),
            ("src/**", "src/a.c", "{x}/a.c", None),
        ] {
            assert_eq!(moved(&Pattern::parse(glob), from, to).as_deref(), expected, "{glob}");
        }
    }

    #[test]
    fn files_that_went_several_ways_give_no_new_glob() {
        let tracked: ChangedFiles = ["lib/a.c", "old/b.c"].into_iter().collect();
        let departure = |moves: &[(&str, &str)]| Departure {
            commit: "0123456789".to_owned(),
            date: "2026-01-31".to_owned(),
            path: "src/a.c".to_owned(),
            moves: moves.iter().map(|&(from, to)| (from.to_owned(), to.to_owned())).collect(),
        };
        let successor = |moves| successor(&Pattern::parse("src/**"), &departure(moves), &tracked);
        assert_eq!(successor(&[("src/a.c", "lib/a.c")]).as_deref(), Some("lib/**"));
        assert_eq!(successor(&[("src/a.c", "lib/a.c"), ("src/b.c", "old/b.c")]), None);
        assert_eq!(successor(&[]), None);
    }
}
