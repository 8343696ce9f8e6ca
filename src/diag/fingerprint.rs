//! What a problem is known by from one run to the next.

use super::Problem;
use crate::source::Sources;

/// The longest text of a fingerprint, in characters. Of a longer line the beginning is enough.
const MAX_TEXT: usize = 200;

/// What a problem is known by from one run to the next: its kind, its file, and what is written where it points. Lines that are added or
/// moved elsewhere in the file do not change it. Problems can have it in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint {
    /// The file of the primary label; empty when there is none.
    pub file: String,
    /// The problem's kind.
    pub code: String,
    /// The line of the primary label, without the blanks around it; where that underlines nothing, the message. Cut after 200 characters.
    pub text: String,
}

impl Fingerprint {
    /// The fingerprint of `problem`, whose labels point into `files`.
    pub fn of(problem: &Problem, files: &Sources) -> Self {
        let label = problem.labels.first();
        let line = label.filter(|label| !label.span.is_empty()).map(|label| {
            let source = &files[label.file];
            source.slice(source.line(label.span.start)).trim()
        });
        Self {
            file: label.map(|label| files[label.file].name().to_owned()).unwrap_or_default(),
            code: problem.code.to_owned(),
            text: line.unwrap_or(&problem.message).chars().take(MAX_TEXT).collect(),
        }
    }

    /// A number that stands for the fingerprint and the problem's place among those that share it (from 0): 64 bits of FNV-1a, which are
    /// the same on every machine and in every version.
    pub fn digest(&self, nth: usize) -> u64 {
        let nth = nth.to_string();
        let parts = [&self.file, &self.code, &self.text, &nth].map(String::as_bytes);
        let bytes = parts.into_iter().flat_map(|part| part.iter().chain(&[0]));
        bytes.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, Span};

    fn of(text: &str, word: &str) -> Fingerprint {
        let mut files = Sources::new();
        let file = files.add(Source::new("a.yml", text));
        let at = text.find(word).expect("it is there");
        Fingerprint::of(&Problem::error("x", "m").label(file, Span::from(at..at + word.len()), ""), &files)
    }

    #[test]
    fn lines_may_move_and_be_indented() {
        let (one, other) = (of("a: 1\nb: [two]\n", "two"), of("a: 1\nc: 3\nd:\n  b: [two] \n", "two"));
        assert_eq!(one, other);
        assert_ne!(one, of("b: [two, three]", "two"));
        assert_eq!(of(&"ö".repeat(5000), "ö").text.len(), 400);
        assert_ne!(one.digest(0), one.digest(1));
        assert_eq!(format!("{:016x}", one.digest(0)), "c588f92248836ed0");
    }
}
