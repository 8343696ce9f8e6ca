//! A log that is read for commands, and what keeps a repository from giving any.

use std::io::{self, Write};

/// Passes text on to a log of Actions, in which no part of it is taken for a command of the runner.
///
/// The runner takes a line that begins with `::` for a command, whatever blanks stand before it, and `##[` anywhere in a line. The last
/// character of each is written in another way, which depends on what is read there.
pub(super) struct Guard<'w> {
    log: &'w mut dyn Write,
    written: Written,
    /// The last two bytes.
    before: [u8; 2],
}

/// What is written, and how a character is spelled otherwise there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// Text for people: a blank goes before it, and what they read is nearly the same.
    Text,
    /// JSON, which has both inside of strings only: an escape, which every reader takes for the same string.
    Json,
    /// XML, or labels that are read like it: an entity.
    Markup,
}

impl Written {
    /// The colon or bracket `byte`, spelled otherwise.
    fn spelled(self, byte: u8) -> String {
        let character = char::from(byte);
        match self {
            Self::Text => format!(" {character}"),
            Self::Json => format!("\\u{byte:04x}"),
            Self::Markup => format!("&#{byte};"),
        }
    }
}

impl<'w> Guard<'w> {
    pub(super) fn new(log: &'w mut dyn Write, written: Written) -> Self {
        Self { log, written, before: [0; 2] }
    }
}

impl Write for Guard<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut guarded = Vec::with_capacity(bytes.len());
        for &byte in bytes {
            if (byte == b':' && self.before[1] == b':') || (byte == b'[' && self.before == *b"##") {
                guarded.extend(self.written.spelled(byte).bytes());
            } else {
                guarded.push(byte);
            }
            self.before = [self.before[1], byte];
        }
        self.log.write_all(&guarded)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.log.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_command_is_left_however_it_is_cut() {
        let text = "  ::error::x\n##[add-mask]y ::: ## [ #[\u{3000}::set-env name=A::b";
        for (written, colon, bracket) in
            [(Written::Text, " :", " ["), (Written::Json, "\\u003a", "\\u005b"), (Written::Markup, "&#58;", "&#91;")]
        {
            for cut in 0..=text.len() {
                let mut log = Vec::new();
                let mut guard = Guard::new(&mut log, written);
                let (first, second) = text.as_bytes().split_at(cut);
                guard.write_all(first).and_then(|()| guard.write_all(second)).expect("memory takes all");
                let log = String::from_utf8(log).expect("it is text");
                assert!(!log.contains("::") && !log.contains("##["), "{log}");
                let read = log.replace(colon, ":").replace(bracket, "[");
                assert_eq!(read.replace(' ', ""), text.replace(' ', ""));
            }
        }
    }
}
