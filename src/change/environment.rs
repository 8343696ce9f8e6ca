use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::{Metadata, VARIABLES, Variable};
use crate::server::{Difference, Version};

/// The variables that a workflow reads, in their layers. Nothing is computed until it is asked for: most workflows read few.
#[derive(Clone, Copy, Debug)]
pub struct Environment<'e> {
    /// What the `CI_*` variables are made of.
    pub metadata: &'e Metadata,
    /// The server that makes them.
    pub server: Version,
    /// The values of the workflow's matrix axis.
    pub axis: &'e BTreeMap<String, String>,
    /// The server's own variables for the repository (`WOODPECKER_ENVIRONMENT`). Up to 3.17, also what somebody typed in for
    /// this pipeline; on the main branch that reaches the steps only, above the axis.
    pub variables: &'e BTreeMap<String, String>,
}

/// Who reads a variable. The layers lie in a different order for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reader {
    /// The substitution of the raw text, and the workflow's own `when.evaluate`: the axis, then `CI_*`, then the server's
    /// variables.
    Workflow,
    /// `when.evaluate` of services and steps, and the workflow's, which is asked a second time. Up to 3.17: `CI_*`, then the server's
    /// variables, then the axis. On the main branch: the axis, then `CI_*`, then the server's variables.
    Step,
}

impl Reader {
    /// Whether the axis hides `CI_*` variables and the server's own from this reader.
    pub fn axis_first(self, server: Version) -> bool {
        self == Self::Workflow || server.has(Difference::AxisHidesServerVariables)
    }
}

impl<'e> Environment<'e> {
    /// The value of `name` for `reader`. `None`: it is not there, and reads as the empty string.
    pub fn get(&self, reader: Reader, name: &str) -> Option<Cow<'e, str>> {
        let ci = || self.ci(name);
        let axis = || self.axis.get(name).map(|value| Cow::Borrowed(value.as_str()));
        let variables = || self.variables.get(name).map(|value| Cow::Borrowed(value.as_str()));
        if reader.axis_first(self.server) {
            axis().or_else(ci).or_else(variables)
        } else {
            ci().or_else(variables).or_else(axis)
        }
    }

    /// The value that the server makes of the metadata under `name`, whatever the axis and its own variables say.
    pub fn ci(&self, name: &str) -> Option<Cow<'e, str>> {
        Variable::find(name)?.value(self.metadata, self.server)
    }

    /// The names that have a value, sorted.
    pub fn names(&self) -> BTreeSet<&'e str> {
        let ci = VARIABLES.iter().filter(|variable| variable.value(self.metadata, self.server).is_some());
        let own = self.axis.keys().chain(self.variables.keys()).map(String::as_str);
        ci.map(|variable| variable.name).chain(own).collect()
    }
}
