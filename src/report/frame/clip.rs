//! Long lines, cut for people: the bytes at fault and some around them stay, `…` stands for the rest.

use crate::source::Span;

/// The longest line that is shown whole, in bytes.
const MAX_LINE: usize = 240;
/// How much is shown before and behind each end of the bytes at fault, and of a line without any, in bytes.
const AROUND: usize = 60;

/// A text whose long lines are cut. Its lines are those of the whole text.
#[derive(Debug)]
pub(super) struct Clipped {
    pub text: String,
    /// The bytes of the whole text that are kept, in order, and where each piece starts in this text; none when nothing is cut.
    kept: Vec<(Span, u32)>,
}

impl Clipped {
    /// `text` with its long lines cut, so that both ends of each of `marks` can be seen.
    pub(super) fn new(text: String, marks: &[Span]) -> Self {
        if text.split('\n').all(|line| line.len() <= MAX_LINE) {
            return Self { text, kept: Vec::new() };
        }
        let mut clipped = Self { text: String::new(), kept: Vec::new() };
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let end = start + line.len();
            let pieces = pieces(&text, start, end, marks);
            let mut at = start;
            for piece in pieces {
                if at < piece.start {
                    clipped.text.push('…');
                }
                clipped.kept.push((Span::from(piece.clone()), clipped.text.len() as u32));
                clipped.text.push_str(&text[piece.clone()]);
                at = piece.end;
            }
            start = end;
        }
        clipped
    }

    /// Where `mark`, one of those that this was made for, is in this text.
    pub(super) fn span(&self, mark: Span) -> Span {
        if self.kept.is_empty() {
            return mark;
        }
        let place = |offset: u32| {
            let piece = self.kept.partition_point(|(kept, _)| kept.start <= offset).checked_sub(1);
            let (kept, start) = piece.and_then(|at| self.kept.get(at)).copied().unwrap_or_default();
            start + offset.min(kept.end) - kept.start
        };
        Span::new(place(mark.start), place(mark.end).max(place(mark.start)))
    }
}

/// What is kept of the line `start..end` of `text`: of a long one what is around the ends of each mark, and the line's break.
fn pieces(text: &str, start: usize, end: usize, marks: &[Span]) -> Vec<std::ops::Range<usize>> {
    if end - start <= MAX_LINE {
        return std::iter::once(start..end).collect();
    }
    let ends = marks.iter().flat_map(|mark| [mark.start as usize, mark.end as usize]);
    let mut wanted: Vec<std::ops::Range<usize>> = ends
        .filter(|at| (start..=end).contains(at))
        .map(|at| at.saturating_sub(AROUND).max(start)..(at + AROUND).min(end))
        .chain([start..start + AROUND, end - 1..end])
        .map(|piece| text.floor_char_boundary(piece.start)..text.ceil_char_boundary(piece.end))
        .collect();
    wanted.sort_by_key(|piece| piece.start);
    let mut pieces: Vec<std::ops::Range<usize>> = Vec::new();
    for piece in wanted {
        match pieces.last_mut() {
            Some(last) if piece.start <= last.end => last.end = last.end.max(piece.end),
            _ => pieces.push(piece),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_lines_stay() {
        let clipped = Clipped::new("a\nb".to_owned(), &[Span::new(2, 3)]);
        assert_eq!((clipped.text.as_str(), clipped.span(Span::new(2, 3))), ("a\nb", Span::new(2, 3)));
    }

    #[test]
    fn both_ends_of_a_mark_are_kept() {
        let text = format!("é\n{}[{}]{}\nz", "ö".repeat(5000), "ü".repeat(5000), "ä".repeat(5000));
        let (start, end) = (text.find('[').expect("it is there"), text.find(']').expect("it is there") + 1);
        let mark = Span::from(start..end);
        let clipped = Clipped::new(text.clone(), &[mark, Span::at(text.len() as u32)]);
        assert!(clipped.text.len() < 600 && clipped.text.lines().count() == 3, "{}", clipped.text);
        let span = clipped.span(mark);
        let shown = &clipped.text[span.range()];
        assert!(shown.starts_with("[ü") && shown.ends_with("ü]") && shown.contains("ü…ü"), "{shown}");
        assert!(clipped.text.ends_with("\nz"));
        assert_eq!(clipped.span(Span::at(text.len() as u32)).end as usize, clipped.text.len());
    }
}
