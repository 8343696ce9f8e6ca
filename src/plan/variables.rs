//! The variables of one workflow, as `${…}` and `evaluate` read them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::context::Context;
use super::facts::Known;
use crate::change::{Environment, Metadata, Origin, Reader, Variable};
use crate::env::{Env, Lookup};
use crate::server::Version;
use crate::workflow::Axis;

/// Stands for a text that only the server knows, where the YAML needs one.
pub(super) const UNKNOWN_TEXT: &str = "unknown";
/// The same for a number.
const UNKNOWN_NUMBER: &str = "1";

/// The variables of one workflow of one matrix axis.
pub(super) struct Variables<'a> {
    context: &'a Context,
    environment: Environment<'a>,
    /// Metadata of which only the workflow's own part is filled, for the variables made of it.
    own: Metadata,
    number_is_known: bool,
}

impl<'a> Variables<'a> {
    pub(super) fn new(
        context: &'a Context,
        variables: &'a BTreeMap<String, String>,
        axis: &'a Axis,
        name: &str,
        number: Option<u32>,
        server: Version,
    ) -> Self {
        let mut own = Metadata::default();
        name.clone_into(&mut own.workflow.name);
        own.workflow.number = i64::from(number.unwrap_or_default());
        let environment = Environment { metadata: context.metadata(), server, axis, variables };
        Self { context, environment, own, number_is_known: number.is_some() }
    }

    /// The variables as `reader` sees them.
    pub(super) fn read_by(&self, reader: Reader) -> ReadBy<'_> {
        ReadBy { variables: self, reader }
    }

    /// What a condition is held against: `value`, which is the value of the variable `name`.
    pub(super) fn known<'v>(&self, name: &'static str, value: &'v str) -> Known<'v> {
        if let Some(variable) = Variable::find(name).filter(|it| self.context.is_unknown(it, Some(value))) {
            return Known::Unknown(variable.name);
        }
        Known::Value(value)
    }

    fn ci(&self, variable: &Variable) -> Lookup<'_> {
        if let Some(value) = self.context.given(variable.name) {
            return Lookup::Known(Cow::Borrowed(value));
        }
        if variable.origin == Origin::Workflow {
            if variable.name == "CI_WORKFLOW_NUMBER" && !self.number_is_known {
                return Lookup::Unknown(UNKNOWN_NUMBER);
            }
            return lookup(variable.value(&self.own, self.environment.server));
        }
        let value = variable.value(self.environment.metadata, self.environment.server);
        if self.context.is_unknown(variable, value.as_deref()) {
            let stand_in = if value.as_deref() == Some("0") { UNKNOWN_NUMBER } else { UNKNOWN_TEXT };
            return Lookup::Unknown(stand_in);
        }
        lookup(value)
    }
}

fn lookup(value: Option<Cow<'_, str>>) -> Lookup<'_> {
    value.map_or(Lookup::Missing, Lookup::Known)
}

/// [`Variables`] as one reader sees them: the layers lie in its order.
pub(super) struct ReadBy<'v> {
    variables: &'v Variables<'v>,
    reader: Reader,
}

impl Env for ReadBy<'_> {
    fn lookup(&self, name: &str) -> Lookup<'_> {
        let Variables { context, environment, .. } = self.variables;
        match Variable::find(name) {
            Some(_) if self.reader.axis_first(environment.server) && environment.axis.contains_key(name) => {}
            Some(variable) => match self.variables.ci(variable) {
                Lookup::Missing => {}
                found => return found,
            },
            None => {
                if let Some(value) = context.given(name) {
                    return Lookup::Known(Cow::Borrowed(value));
                }
            }
        }
        lookup(environment.get(self.reader, name))
    }

    fn names(&self) -> Option<Vec<&str>> {
        let context = self.variables.context;
        let complete = !context.is_predicted();
        complete.then(|| {
            let own = ["CI_WORKFLOW_NAME", "CI_WORKFLOW_NUMBER"];
            let mut names = self.variables.environment.names();
            names.extend(own);
            names.into_iter().collect()
        })
    }
}
