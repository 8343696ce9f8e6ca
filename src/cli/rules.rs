//! `rules`: the list of rules, and the page of one.

use super::args::{Format, RulesArgs};
use super::failure::Failure;
use super::{ExitStatus, Streams};
use crate::catalogue::{rule, rules};
use crate::report;
use crate::text::{escape, nearest};

pub(super) fn run(args: &RulesArgs, streams: &mut Streams<'_>) -> Result<ExitStatus, Failure> {
    let Some(id) = &args.id else {
        match args.format {
            Format::Human => report::write_rules(streams.out, rules(), streams.style)?,
            Format::Json => report::write_rules_json(streams.out, rules())?,
        }
        return Ok(ExitStatus::Clean);
    };
    let Some(rule) = rule(id) else {
        let failure = Failure::new(format!("there is no rule `{}`", escape(id)));
        return Err(match nearest(id, rules().iter().map(|rule| rule.id)) {
            Some(known) => failure.help(format!("did you mean `{known}`?")),
            None => failure.help("`wp-gate rules` lists them"),
        });
    };
    match args.format {
        Format::Human => streams.out.write_all(rule.page.as_bytes())?,
        Format::Json => report::write_rules_json(streams.out, &[*rule])?,
    }
    Ok(ExitStatus::Clean)
}
