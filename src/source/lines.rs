use super::Span;

/// A place as people name it. Both count from 1; columns count characters (Unicode scalar values), as editors do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
}

/// Finds the line and column of a byte offset in one text.
#[derive(Clone, Debug)]
pub struct LineIndex {
    /// The offset of each line's first byte.
    starts: Vec<u32>,
}

impl LineIndex {
    /// Indexes `text`. A line ends with `\n`, `\r\n` or a lone `\r`, the breaks that YAML 1.2 knows.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
                starts.push(at as u32 + 1);
            }
        }
        Self { starts }
    }

    /// The position of byte `offset` of `text`, the text that was indexed. An offset past the end gives the end; one inside a
    /// character gives that character.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let offset = offset.min(text.len() as u32);
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = self.starts[line - 1] as usize;
        let before = &text.as_bytes()[start..offset as usize];
        let column = before.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
        let inside = !text.is_char_boundary(offset as usize);
        Position { line: line as u32, column: column as u32 + u32::from(!inside) }
    }

    /// The bytes of the line that holds `offset`, without its line break.
    pub fn line(&self, text: &str, offset: u32) -> Span {
        let line = self.starts.partition_point(|&start| start <= offset.min(text.len() as u32));
        let start = self.starts[line - 1];
        let end = self.starts.get(line).map_or(text.len(), |&next| next as usize);
        let content = text[start as usize..end].trim_end_matches(['\n', '\r']);
        Span::new(start, start + content.len() as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let text = "a\nüb\r\nc\rd";
        let index = LineIndex::new(text);
        let at = |offset| {
            let Position { line, column } = index.position(text, offset);
            (line, column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(1), (1, 2));
        assert_eq!(at(2), (2, 1));
        assert_eq!(at(3), (2, 1), "inside `ü`");
        assert_eq!(at(4), (2, 2));
        assert_eq!(at(7), (3, 1));
        assert_eq!(at(9), (4, 1));
        assert_eq!(at(99), (4, 2));
        assert_eq!(&text[index.line(text, 4).range()], "üb");
    }
}
