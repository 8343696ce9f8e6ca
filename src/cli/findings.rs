//! What a command has found, as it is answered.

use super::args::{Common, FindingsFormat};
use super::failure::Failure;
use super::{ExitStatus, Streams};
use crate::diag::{Problem, Severity};
use crate::fleet::CheckedRoster;
use crate::report::{self, Findings, Unread};
use crate::source::Sources;

/// What a command has found.
pub(super) struct Found {
    pub problems: Vec<Problem>,
    /// The files that were looked at.
    pub files: Sources,
    /// The rosters among them.
    pub rosters: Vec<CheckedRoster>,
    pub unread: Vec<Unread>,
    /// What is to be said besides: whole phrases, safe to print.
    pub notes: Vec<String>,
}

impl Found {
    /// The same, for whoever writes it.
    pub(super) fn findings(&self) -> Findings<'_> {
        let Self { problems, files, rosters, unread, notes } = self;
        Findings { problems, files, rosters, unread, notes }
    }

    /// Writes the answer, on standard error what could not be read, and says how the run ended.
    pub(super) fn answer(
        mut self,
        format: FindingsFormat,
        common: &Common,
        streams: &mut Streams<'_>,
    ) -> Result<ExitStatus, Failure> {
        if common.quiet {
            self.problems.retain(|problem| problem.severity > Severity::Note);
            self.notes.clear();
        }
        let findings = self.findings();
        let out = &mut *streams.out;
        match format {
            FindingsFormat::Human => report::write_findings(out, &findings, streams.style)?,
            FindingsFormat::Json => report::write_findings_json(out, &findings)?,
            FindingsFormat::Sarif => report::write_findings_sarif(out, &findings)?,
            FindingsFormat::Github => report::write_findings_github(out, &findings)?,
            FindingsFormat::Junit => report::write_findings_junit(out, &findings)?,
            FindingsFormat::Markdown => report::write_findings_markdown(out, &findings)?,
        }
        for file in &self.unread {
            writeln!(streams.err, "error: {}", file.message)?;
        }
        Ok(if !self.unread.is_empty() {
            ExitStatus::Failed
        } else if findings.is_wrong() {
            ExitStatus::Findings
        } else {
            ExitStatus::Clean
        })
    }
}
