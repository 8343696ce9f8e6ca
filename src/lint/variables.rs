//! The variables of any change.

use std::borrow::Cow;

use super::context::Context;
use crate::change::Variable;
use crate::env::{Env, Lookup};
use crate::workflow::Axis;

/// What takes the place of a value that hangs on the change.
const STAND_IN: &str = "unknown";

/// The variables of one matrix axis, for a change that is not known: the server sets every `CI_*` variable that it has, to anything.
pub(super) struct AnyChange<'a> {
    pub axis: &'a Axis,
    pub context: &'a Context<'a>,
}

impl Env for AnyChange<'_> {
    fn lookup(&self, name: &str) -> Lookup<'_> {
        if let Some(value) = self.axis.get(name) {
            return Lookup::Known(Cow::Borrowed(value));
        }
        if Variable::find(name).is_some_and(|variable| variable.exists_on(self.context.server)) {
            return Lookup::Unknown(STAND_IN);
        }
        self.context.variables.get(name).map_or(Lookup::Missing, |value| Lookup::Known(Cow::Borrowed(value)))
    }
}
