use crate::plan::{Context, Plan};
use crate::server::Version;
use crate::source::Sources;

/// All that `explain` has to say.
#[derive(Clone, Copy, Debug)]
pub struct Explanation<'a> {
    /// The change.
    pub context: &'a Context,
    /// What the change was taken from, and what was assumed: whole phrases, safe to print.
    pub notes: &'a [String],
    /// What the server would do.
    pub plan: &'a Plan,
    /// The workflow files.
    pub files: &'a Sources,
    /// The server that was asked for.
    pub server: Version,
    /// Only steps whose name matches are shown; `None`: all.
    pub step: Option<&'a crate::glob::Pattern>,
}

impl Explanation<'_> {
    /// Whether the step `name` is to be shown.
    pub(super) fn shows(&self, name: &str) -> bool {
        self.step.is_none_or(|pattern| pattern.is_match(name.as_bytes()))
    }
}
