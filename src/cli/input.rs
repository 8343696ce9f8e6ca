//! Files and standard input, read within bounds.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::failure::Failure;
use crate::glob::Pattern;
use crate::source::MAX_LEN;
use crate::text::escape;

/// The longest list of paths on standard input, in bytes: 32 MiB, some millions of paths.
pub(super) const MAX_PATHS: usize = 32 << 20;

/// Reads a text file of at most [`MAX_LEN`] bytes.
pub(super) fn text_file(path: &Path) -> Result<String, Failure> {
    let not_utf8 = |_| Failure::new(format!("`{}` is not UTF-8", escape(path.as_os_str().as_encoded_bytes())));
    String::from_utf8(file(path)?).map_err(not_utf8)
}

/// Reads a file of at most [`MAX_LEN`] bytes.
pub(super) fn file(path: &Path) -> Result<Vec<u8>, Failure> {
    let shown = escape(path.as_os_str().as_encoded_bytes()).to_string();
    let cannot = |error: std::io::Error| Failure::new(format!("cannot read `{shown}`: {error}"));
    let bytes = bounded(&mut File::open(path).map_err(cannot)?, MAX_LEN).map_err(cannot)?;
    bytes.ok_or_else(|| Failure::new(format!("`{shown}` is longer than {MAX_LEN} bytes")))
}

/// Reads to the end; `None` when that is more than `limit` bytes away.
pub(super) fn bounded(input: &mut dyn Read, limit: usize) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    input.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= limit).then_some(bytes))
}

/// A glob on names, given by `option`.
pub(super) fn glob(option: &str, text: &str) -> Result<Pattern, Failure> {
    let pattern = Pattern::parse(text);
    match pattern.error() {
        Some(error) => Err(Failure::new(format!("`{option} {}`: {error}", escape(text)))),
        None => Ok(pattern),
    }
}
