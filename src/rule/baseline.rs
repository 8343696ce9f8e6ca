//! Findings that a team knows of and has put up with, so that new ones stand out.
//!
//! A finding is known by its [`Fingerprint`], which holds no line numbers, and by how many there are with the same: of three where two
//! are known, the third is shown. The file is JSON with one finding a line, in order, so that it can be reviewed and merged.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::diag::{Fingerprint, Problem};
use crate::source::Sources;

/// The version of the file's form.
const VERSION: u32 = 1;

/// Findings that are known: how many there are of each fingerprint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline(BTreeMap<Fingerprint, usize>);

/// The file's form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u32,
    findings: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    file: String,
    rule: String,
    text: String,
    count: usize,
}

/// A text that is no baseline. Whoever changed it has to record it anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaselineError(String);

impl fmt::Display for BaselineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BaselineError {}

impl Baseline {
    /// The baseline that knows all of `problems`, whose labels point into `files`.
    pub fn record(problems: &[Problem], files: &Sources) -> Self {
        let mut known = BTreeMap::new();
        for problem in problems {
            *known.entry(Fingerprint::of(problem, files)).or_default() += 1;
        }
        Self(known)
    }

    /// How many findings are known.
    pub fn len(&self) -> usize {
        self.0.values().sum()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads what [`to_text`](Self::to_text) has written.
    ///
    /// # Errors
    /// Another form of file, or one of a newer wp-gate.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let Written { version, findings } =
            serde_json::from_str(text).map_err(|error| BaselineError(format!("it is no baseline: {error}")))?;
        if version != VERSION {
            return Err(BaselineError(format!("it has version {version} of the form, and only {VERSION} is known")));
        }
        let mut known = BTreeMap::new();
        for Entry { file, rule, text, count } in findings {
            *known.entry(Fingerprint { file, code: rule, text }).or_default() += count;
        }
        Ok(Self(known))
    }

    /// The file: the same for the same findings, whatever their order.
    pub fn to_text(&self) -> String {
        let entry = |(print, &count): (&Fingerprint, &usize)| {
            let Fingerprint { file, code, text } = print.clone();
            serde_json::to_string(&Entry { file, rule: code, text, count })
                .expect("internal: strings and a number are JSON")
        };
        let entries: Vec<String> = self.0.iter().map(entry).collect();
        let list = if entries.is_empty() { String::new() } else { format!("\n{}\n", entries.join(",\n")) };
        format!("{{\"version\": {VERSION}, \"findings\": [{list}]}}\n")
    }

    /// Takes what is known out of `problems`, and gives what is known of the files that `is_looked_at` and was not found again.
    #[must_use]
    pub fn hide(&self, problems: &mut Vec<Problem>, files: &Sources, is_looked_at: impl Fn(&str) -> bool) -> Self {
        let mut left = self.0.clone();
        problems.retain(|problem| match left.get_mut(&Fingerprint::of(problem, files)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        });
        left.retain(|print, count| *count > 0 && is_looked_at(&print.file));
        Self(left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, Span};

    /// A problem at each place of `word` in `text`.
    fn problems(text: &str, word: &str) -> (Vec<Problem>, Sources) {
        let mut files = Sources::new();
        let file = files.add(Source::new("a.yml", text));
        let at = text.match_indices(word).map(|(at, _)| Span::from(at..at + word.len()));
        (at.map(|span| Problem::error("x", "m").label(file, span, "")).collect(), files)
    }

    #[test]
    fn what_is_known_is_hidden_wherever_it_has_moved_to() {
        let (known, files) = problems("- bad\n- other\n- bad\n", "bad");
        let baseline = Baseline::record(&known, &files);
        assert_eq!(baseline.len(), 2);
        let hide = |text: &str| {
            let (mut problems, files) = problems(text, "bad");
            let stale = baseline.hide(&mut problems, &files, |file| file == "a.yml");
            let starts: Vec<u32> = problems.iter().map(|problem| problem.labels[0].span.start).collect();
            (starts, stale.len())
        };
        assert_eq!(hide("- bad\n- other\n- bad\n"), (vec![], 0));
        assert_eq!(hide("# moved\nx:\n  - bad\n  - bad\n"), (vec![], 0));
        assert_eq!(hide("- bad\n- bad\n- bad\n"), (vec![14], 0), "the third is new");
        assert_eq!(hide("- bad\n- bad, too\n"), (vec![8], 1), "another line is another finding");
        assert_eq!(hide("- good\n"), (vec![], 2));
        let mut none = Vec::new();
        assert!(baseline.hide(&mut none, &files, |_| false).is_empty(), "nobody has looked at the file");
    }

    #[test]
    fn the_file_is_sorted_and_comes_back() {
        let (mut found, files) = problems("- \"bad\"\n- bad\n- bad\n", "bad");
        let text = Baseline::record(&found, &files).to_text();
        found.reverse();
        assert_eq!(Baseline::record(&found, &files).to_text(), text);
        let entry =
            |line: &str, count: usize| format!(r#"{{"file":"a.yml","rule":"x","text":"{line}","count":{count}}}"#);
        let list = [entry(r#"- \"bad\""#, 1), entry("- bad", 2)].join(",\n");
        assert_eq!(text, format!("{{\"version\": 1, \"findings\": [\n{list}\n]}}\n"));
        assert_eq!(Baseline::parse(&text).map(|it| it.to_text()), Ok(text));
        let none = Baseline::default().to_text();
        assert_eq!(Baseline::parse(&none), Ok(Baseline::default()));
        for text in ["", "[]", r#"{"version": 2, "findings": []}"#, r#"{"version": 1, "findings": [{"file": "x"}]}"#] {
            assert!(Baseline::parse(text).is_err(), "{text}");
        }
    }
}
