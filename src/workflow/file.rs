//! A workflow file, read as far as it can be without knowing a change.

use std::borrow::Cow;

use super::matrix::{Axis, axes};
use super::model::Workflow;
use super::problem::{encoding_problem, syntax_problem};
use super::{lower, name_of};
use crate::diag::Problem;
use crate::env::Env;
use crate::server::Version;
use crate::source::{FileId, OffsetMap, Source};
use crate::subst::{SubstError, Substituted, Template};
use crate::yaml::{Dialect, Document, Slack};

/// A workflow file: what all its matrix axes share is read once.
#[derive(Debug)]
pub struct File<'a> {
    source: &'a Source,
    id: FileId,
    server: Version,
    template: Result<Template<'a>, SubstError>,
    /// The file without substitution: what the matrix, deprecations and habits are looked for in.
    document: Result<Document<'a>, Problem>,
    workflow: Workflow,
    /// What the server refuses the file for when it reads it without substitution.
    problems: Vec<Problem>,
    axes: Result<Vec<Axis>, Vec<Problem>>,
}

/// A file after substitution.
#[derive(Debug)]
pub struct Lowered<'f> {
    /// The YAML. Its text is the substituted one.
    pub document: Cow<'f, Document<'f>>,
    /// What it says.
    pub workflow: Cow<'f, Workflow>,
}

impl<'a> File<'a> {
    /// Reads `source`, which is `id`, as `server` does. What is wrong with it comes out later, of the methods that stumble over it.
    pub fn read(source: &'a Source, id: FileId, server: Version) -> Self {
        let text = source.text();
        let template = Template::parse(text);
        let identity = OffsetMap::identity(text.len() as u32);
        let document = match encoding_problem(source, id) {
            Some(problem) => Err(problem),
            None => Document::parse(text, Dialect::from(server)).map_err(|error| syntax_problem(&error, &identity, id)),
        };
        let (workflow, problems, axes) = match &document {
            Ok(document) => {
                let (workflow, problems, _) = lower(document, &identity, id, server);
                (workflow, problems, axes(document, id, server))
            }
            Err(problem) => (Workflow::default(), Vec::new(), Err(vec![problem.clone()])),
        };
        Self { source, id, server, template, document, workflow, problems, axes }
    }

    /// The workflow's name.
    pub fn name(&self) -> &'a str {
        name_of(self.source.name())
    }

    /// The file's text.
    pub fn source(&self) -> &'a Source {
        self.source
    }

    /// Which file it is.
    pub fn id(&self) -> FileId {
        self.id
    }

    /// The server that reads it.
    pub fn server(&self) -> Version {
        self.server
    }

    /// The axes of the matrix: one that is empty when there is none.
    ///
    /// # Errors
    /// What the server refuses the file for before it looks at anything else.
    pub fn axes(&self) -> Result<&[Axis], &[Problem]> {
        self.axes.as_deref().map_err(Vec::as_slice)
    }

    /// The file's variables and escapes; `None` when some `${…}` is malformed.
    pub fn template(&self) -> Option<&Template<'a>> {
        self.template.as_ref().ok()
    }

    /// The file as it was written, without substitution; `None` when that is not YAML.
    pub fn document(&self) -> Option<&Document<'a>> {
        self.document.as_ref().ok()
    }

    /// What the file says without substitution; `None` when it cannot be read so.
    pub fn as_written(&self) -> Option<&Workflow> {
        (self.document.is_ok() && self.problems.is_empty()).then_some(&self.workflow)
    }

    /// What the server's linter stumbles over: it reads the file once more, without substitution.
    pub fn unreadable_as_written(&self) -> impl Iterator<Item = Problem> {
        self.problems.iter().cloned().map(|mut problem| {
            problem.message.push_str(" (the server's linter reads the file before substitution, too)");
            problem
        })
    }

    /// The file's text with the variables of `env`.
    ///
    /// # Errors
    /// A `${…}` that the server refuses.
    pub fn render(&self, env: &dyn Env) -> Result<Substituted<'a>, Problem> {
        let rendered = self.template.as_ref().map_err(Clone::clone).and_then(|template| template.render(env));
        let rendered = rendered.map_err(|error| {
            let problem = Problem::error("bad-substitution", error.to_string()).label(self.id, error.span, "here");
            match error.help() {
                Some(help) => problem.help(help),
                None => problem,
            }
        })?;
        match rendered.broken {
            None => Ok(rendered),
            Some(span) => {
                let message = "this cuts a character in half: the result is not UTF-8";
                Err(Problem::error("bad-substitution", message).label(self.id, span, "here"))
            }
        }
    }

    /// What the substituted text says.
    ///
    /// # Errors
    /// What the server refuses it for.
    pub fn lower<'f>(&'f self, rendered: &'f Substituted<'_>) -> Result<Lowered<'f>, Vec<Problem>> {
        self.lower_with_slack(rendered).0
    }

    /// As [`lower`](Self::lower), with the slack of the text: another one within it, with the same map, says the same.
    pub fn lower_with_slack<'f>(&'f self, rendered: &'f Substituted<'_>) -> (Result<Lowered<'f>, Vec<Problem>>, Slack) {
        if let Some(document) = self.document().filter(|_| rendered.text == self.source.text()) {
            let read = match self.as_written() {
                Some(workflow) => Ok(Lowered { document: Cow::Borrowed(document), workflow: Cow::Borrowed(workflow) }),
                None => Err(self.problems.clone()),
            };
            return (read, Slack::default());
        }
        let document = match Document::parse(&rendered.text, Dialect::from(self.server)) {
            Ok(document) => document,
            Err(error) => return (Err(vec![syntax_problem(&error, &rendered.map, self.id)]), Slack::default()),
        };
        let (workflow, problems, slack) = lower(&document, &rendered.map, self.id, self.server);
        let read = if problems.is_empty() {
            Ok(Lowered { document: Cow::Owned(document), workflow: Cow::Owned(workflow) })
        } else {
            Err(problems)
        };
        (read, slack)
    }
}
