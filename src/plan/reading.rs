//! What the text of a file says once its variables are in, and what the linter says of that: kept, since many changes lead to the
//! same text, or to one that differs where nobody looks: in a commit's id that stands in a command or a setting.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use crate::admission::{self, Finding, Policy};
use crate::diag::Problem;
use crate::source::OffsetMap;
use crate::subst::Substituted;
use crate::workflow::{File, Workflow};
use crate::yaml::Slack;

/// How many texts of one file are kept: the axes of a usual matrix. What a text says is a few times as large as the text.
const TEXTS: usize = 16;

/// What is kept of one file.
#[derive(Default)]
pub(super) struct Kept {
    /// What the linter says of the file as it was written.
    as_written: OnceCell<Vec<Finding>>,
    /// Texts that differ from it, the newest last.
    texts: RefCell<Vec<Text>>,
}

/// A text that came of the file, and what it says.
struct Text {
    text: String,
    /// Two ways to the same text may lead its bytes back to different ones of the file.
    map: OffsetMap,
    /// Where another text may differ that says the same. What the linter says hangs on what the text says alone.
    slack: Slack,
    read: Result<Rc<Checked>, Vec<Problem>>,
}

/// What a text says, and what the linter says of it.
pub(super) struct Checked {
    workflow: Workflow,
    findings: Vec<Finding>,
}

/// [`Checked`], of the file itself or of a text that is kept.
pub(super) enum Reading<'r> {
    AsWritten(&'r Workflow, &'r [Finding]),
    Substituted(Rc<Checked>),
}

impl Reading<'_> {
    pub(super) fn workflow(&self) -> &Workflow {
        match self {
            Self::AsWritten(workflow, _) => workflow,
            Self::Substituted(checked) => &checked.workflow,
        }
    }

    pub(super) fn findings(&self) -> &[Finding] {
        match self {
            Self::AsWritten(_, findings) => findings,
            Self::Substituted(checked) => &checked.findings,
        }
    }
}

impl Text {
    /// Whether it says what `rendered` says.
    fn says(&self, rendered: &Substituted<'_>) -> bool {
        self.map == rendered.map && self.slack.covers(&self.text, &rendered.text)
    }
}

impl Kept {
    /// Reads `rendered`, which came of `file`, or takes what was kept of it.
    ///
    /// # Errors
    /// What the server refuses the text for.
    pub(super) fn read<'r>(
        &'r self,
        file: &'r File<'_>,
        rendered: &'r Substituted<'_>,
        policy: &Policy,
    ) -> Result<Reading<'r>, Vec<Problem>> {
        if let Some(workflow) = file.as_written().filter(|_| rendered.text == file.source().text()) {
            let findings = self.as_written.get_or_init(|| admission::check(workflow, file, policy));
            return Ok(Reading::AsWritten(workflow, findings));
        }
        let mut texts = self.texts.borrow_mut();
        if let Some(kept) = texts.iter().rfind(|kept| kept.says(rendered)) {
            return kept.read.clone().map(Reading::Substituted);
        }
        let (read, slack) = file.lower_with_slack(rendered);
        let read = read.map(|lowered| {
            let findings = admission::check(&lowered.workflow, file, policy);
            Rc::new(Checked { workflow: lowered.workflow.into_owned(), findings })
        });
        if texts.len() == TEXTS {
            texts.remove(0);
        }
        texts.push(Text { text: rendered.text.to_string(), map: rendered.map.clone(), slack, read: read.clone() });
        read.map(Reading::Substituted)
    }
}
