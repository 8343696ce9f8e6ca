use std::fmt;
use std::io::{self, Read, Write};

use rayon::prelude::*;

use super::answer::answer;
use crate::server::Version;

/// The longest request, in bytes: 64 MiB.
pub const MAX_LINE: usize = 64 << 20;
/// How much is read at once: what has arrived is answered before more is read, so that a caller may wait for each answer.
const CHUNK: usize = 1 << 20;

/// Why a stream ended early.
#[derive(Debug)]
pub enum StreamError {
    /// The requests could not be read. Whoever sends them is at fault, or the system.
    Input(io::Error),
    /// The answers could not be written; a broken pipe if nobody reads them any more.
    Output(io::Error),
}

impl fmt::Display for StreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(error) => write!(f, "cannot read the requests: {error}"),
            Self::Output(error) => write!(f, "cannot write the answers: {error}"),
        }
    }
}

impl std::error::Error for StreamError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let (Self::Input(error) | Self::Output(error)) = self;
        Some(error)
    }
}

/// Answers the requests of `input`, line by line, on `out`, with `pool`'s threads; answers come in the order of requests whatever their
/// number is. A line longer than [`MAX_LINE`] is answered with an error. Memory stays bounded by [`MAX_LINE`] and a few chunks.
///
/// # Errors
/// When `input` cannot be read or `out` cannot be written to.
pub fn stream(
    input: &mut dyn Read,
    out: &mut dyn Write,
    server: Version,
    pool: &rayon::ThreadPool,
) -> Result<(), StreamError> {
    stream_within(MAX_LINE, input, out, server, pool)
}

fn stream_within(
    limit: usize,
    input: &mut dyn Read,
    out: &mut dyn Write,
    server: Version,
    pool: &rayon::ThreadPool,
) -> Result<(), StreamError> {
    // The beginning of a line whose end has not arrived.
    let mut pending = Vec::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = match input.read(&mut chunk) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read.map_err(StreamError::Input)?,
        };
        if read == 0 {
            let last = [pending.as_slice()];
            let last = if pending.is_empty() { &[] } else { &last[..] };
            return respond(last, limit, out, server, pool).map_err(StreamError::Output);
        }
        let arrived = &chunk[..read];
        let Some(end) = memchr::memrchr(b'\n', arrived) else {
            keep(&mut pending, arrived, limit);
            continue;
        };
        let mut lines: Vec<&[u8]> = arrived[..end].split(|&byte| byte == b'\n').collect();
        if let Some(first) = lines.first_mut() {
            keep(&mut pending, first, limit);
            *first = &pending;
        }
        respond(&lines, limit, out, server, pool).map_err(StreamError::Output)?;
        pending.clear();
        keep(&mut pending, &arrived[end + 1..], limit);
    }
}

/// Adds to the beginning of a line, but for what lies more than one byte beyond `limit`: enough to see that it is too long.
fn keep(pending: &mut Vec<u8>, bytes: &[u8], limit: usize) {
    let room = limit.saturating_add(1).saturating_sub(pending.len());
    pending.extend_from_slice(&bytes[..bytes.len().min(room)]);
}

/// Answers complete lines, without their line breaks, so that whoever waits for the answers sees them.
fn respond(
    lines: &[&[u8]],
    limit: usize,
    out: &mut dyn Write,
    server: Version,
    pool: &rayon::ThreadPool,
) -> io::Result<()> {
    let one = |line: &&[u8]| if line.len() > limit { refusal(limit) } else { answer(line, server) };
    let answers: Vec<String> = if pool.current_num_threads() == 1 {
        lines.iter().map(one).collect()
    } else {
        pool.install(|| lines.par_iter().map(one).collect())
    };
    answers.iter().try_for_each(|answer| writeln!(out, "{answer}"))?;
    out.flush()
}

fn refusal(limit: usize) -> String {
    serde_json::json!({ "error": format!("not a request: longer than {limit} bytes") }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands out `chunk` bytes at a time.
    struct Trickle<'t>(&'t [u8], usize);

    impl Read for Trickle<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let take = self.1.min(self.0.len());
            let (now, later) = self.0.split_at(take);
            buffer[..take].copy_from_slice(now);
            self.0 = later;
            Ok(take)
        }
    }

    #[test]
    fn a_line_over_the_limit_is_refused_and_its_neighbours_answered_however_they_arrive() {
        let limit = 64;
        let fits = format!("{{\"template\": \"{}\"}}", "a".repeat(limit - 16));
        let long = format!("{{\"template\": \"{}\"}}", "a".repeat(limit - 15));
        assert_eq!((fits.len(), long.len()), (limit, limit + 1));
        let longer = long.repeat(5);
        let input = format!("{fits}\n{long}\n{fits}\n{longer}\n\n{fits}\n{long}");
        let fits = format!("{{\"out\":\"{}\"}}", "a".repeat(limit - 16));
        let refused = refusal(limit);
        let blank = answer(b"", Version::NEWEST);
        let expected = format!("{fits}\n{refused}\n{fits}\n{refused}\n{blank}\n{fits}\n{refused}\n");
        for threads in [1, 3] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            for chunk in (1..=input.len()).chain([CHUNK]) {
                let mut out = Vec::new();
                let mut input = Trickle(input.as_bytes(), chunk);
                stream_within(limit, &mut input, &mut out, Version::NEWEST, &pool).expect("it can be written");
                assert_eq!(String::from_utf8(out).expect("JSON"), expected, "{chunk} bytes at a time");
            }
        }
    }
}
