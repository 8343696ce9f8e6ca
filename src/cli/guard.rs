//! A log that is read for commands, and what keeps a repository from giving any.

use std::io::{self, Write};

/// Passes text on to a log of Actions, in which no part of it is taken for a command of the runner.
///
/// The runner takes a line that begins with `::` for a command, whatever blanks stand before it, and `##[` anywhere in a line. A blank is put
/// into each: what a person reads is nearly the same.
pub(super) struct Guard<'w> {
    log: &'w mut dyn Write,
    /// The last two bytes.
    before: [u8; 2],
}

impl<'w> Guard<'w> {
    pub(super) fn new(log: &'w mut dyn Write) -> Self {
        Self { log, before: [0; 2] }
    }
}

impl Write for Guard<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut guarded = Vec::with_capacity(bytes.len());
        for &byte in bytes {
            if (byte == b':' && self.before[1] == b':') || (byte == b'[' && self.before == *b"##") {
                guarded.push(b' ');
            }
            guarded.push(byte);
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
        for cut in 0..=text.len() {
            let mut log = Vec::new();
            let mut guard = Guard::new(&mut log);
            let (first, second) = text.as_bytes().split_at(cut);
            guard.write_all(first).and_then(|()| guard.write_all(second)).expect("memory takes all");
            let log = String::from_utf8(log).expect("it is text");
            assert!(!log.contains("::") && !log.contains("##["), "{log}");
            assert_eq!(log.replace(' ', ""), text.replace(' ', ""));
        }
    }
}
