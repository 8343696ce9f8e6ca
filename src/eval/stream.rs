use std::io::{self, Read, Write};

use rayon::prelude::*;

use super::answer::answer;
use crate::server::Version;

/// The longest request, in bytes: 64 MiB.
pub const MAX_LINE: usize = 64 << 20;
/// How much is read at once: what has arrived is answered before more is read, so that a caller may wait for each answer.
const CHUNK: usize = 1 << 20;

/// Answers the requests of `input`, line by line, on `out`, with `pool`'s threads; answers come in the order of requests whatever their
/// number is. Memory stays bounded by [`MAX_LINE`] and a few chunks.
///
/// # Errors
/// When `input` cannot be read or `out` cannot be written to.
pub fn stream(input: &mut dyn Read, out: &mut dyn Write, server: Version, pool: &rayon::ThreadPool) -> io::Result<()> {
    let mut pending = Vec::new();
    let mut chunk = vec![0; CHUNK];
    let mut too_long = false;
    loop {
        let read = match input.read(&mut chunk) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        let arrived = &chunk[..read];
        let Some(end) = memchr::memrchr(b'\n', arrived) else {
            if read == 0 {
                return finish(&pending, too_long, out, server);
            }
            pending.extend_from_slice(if too_long { &[] } else { arrived });
            if pending.len() > MAX_LINE {
                pending = Vec::new();
                too_long = true;
            }
            continue;
        };
        pending.extend_from_slice(&arrived[..end]);
        if too_long {
            // The rest of a line that is given up, then whole ones.
            let start = memchr::memchr(b'\n', &pending).map_or(pending.len(), |at| at + 1);
            refuse(out)?;
            too_long = false;
            if start <= pending.len() && memchr::memchr(b'\n', &pending).is_some() {
                respond(&pending[start..], out, server, pool)?;
            }
        } else {
            respond(&pending, out, server, pool)?;
        }
        pending.clear();
        pending.extend_from_slice(&arrived[end + 1..]);
        out.flush()?;
    }
}

/// Answers complete lines, of which the last has lost its line break.
fn respond(lines: &[u8], out: &mut dyn Write, server: Version, pool: &rayon::ThreadPool) -> io::Result<()> {
    let lines: Vec<&[u8]> = lines.split(|&byte| byte == b'\n').collect();
    let answers: Vec<String> = if pool.current_num_threads() == 1 {
        lines.iter().map(|line| answer(line, server)).collect()
    } else {
        pool.install(|| lines.par_iter().map(|line| answer(line, server)).collect())
    };
    answers.iter().try_for_each(|answer| writeln!(out, "{answer}"))
}

/// Answers the last line, which has no line break.
fn finish(pending: &[u8], too_long: bool, out: &mut dyn Write, server: Version) -> io::Result<()> {
    if too_long {
        refuse(out)?;
    } else if !pending.is_empty() {
        writeln!(out, "{}", answer(pending, server))?;
    }
    out.flush()
}

fn refuse(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", serde_json::json!({ "error": format!("not a request: longer than {MAX_LINE} bytes") }))
}
