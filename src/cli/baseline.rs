//! `--baseline` and `--write-baseline`: findings that are known, hidden or recorded.

use std::collections::HashSet;
use std::path::Path;

use super::args::{BaselineArgs, Common};
use super::failure::Failure;
use super::findings::Found;
use super::{input, settings};
use crate::config::Config;
use crate::report::plural;
use crate::rule::Baseline;
use crate::text::escape;

/// Hides what is known in `found`, or records it.
///
/// # Errors
/// A baseline that cannot be read or written.
pub(super) fn apply(args: &BaselineArgs, config: &Config, common: &Common, mut found: Found) -> Result<Found, Failure> {
    if let Some(path) = &args.write_baseline {
        let baseline = Baseline::record(&found.problems, &found.files);
        let (path, shown) = (common.directory.join(path), shown(path));
        let failure = |error| Failure::new(format!("cannot write `{shown}`: {error}"));
        std::fs::write(path, baseline.to_text()).map_err(failure)?;
        found.problems.clear();
        found.notes.push(format!("{} recorded in `{shown}`", plural(baseline.len(), "finding")));
        return Ok(found);
    }
    let root = settings::root(common);
    let configured = config.lint.baseline.as_ref().map(|path| root.join(path));
    let Some(path) = args.baseline.as_ref().map(|path| common.directory.join(path)).or(configured) else {
        return Ok(found);
    };
    let help = "`--write-baseline FILE` records what is found now";
    let text = input::text_file(&path).map_err(|failure| failure.help(help))?;
    let baseline =
        Baseline::parse(&text).map_err(|error| Failure::new(format!("`{}`: {error}", shown(&path))).help(help))?;
    let looked_at: HashSet<&str> = found.files.iter().map(|(_, source)| source.name()).collect();
    // In a file that is gone, nothing can be found any more.
    let is_looked_at = |name: &str| looked_at.contains(name) || (!name.is_empty() && !root.join(name).exists());
    let stale = baseline.hide(&mut found.problems, &found.files, is_looked_at);
    if !stale.is_empty() {
        let count = plural(stale.len(), "finding");
        found.notes.push(format!("{count} of `{}` not there any more: record it anew", shown(&path)));
    }
    Ok(found)
}

fn shown(path: &Path) -> String {
    escape(path.as_os_str().as_encoded_bytes()).to_string()
}
