//! `graph`: from what was typed to a plan, and from the plan to a picture.

use super::args::{Common, GraphArgs, Picture};
use super::case::Case;
use super::failure::Failure;
use super::{ExitStatus, Streams, input};
use crate::report::{self, Diagram, Explanation};
use crate::text::escape;

pub(super) fn run(args: &GraphArgs, common: &Common, streams: &mut Streams<'_>) -> Result<ExitStatus, Failure> {
    let workflow = args.workflow.as_deref().map(|text| input::glob("--workflow", text)).transpose()?;
    let case = Case::read(&args.change, common, streams.input)?;
    let plan = case.plan();
    let notes = case.notes(&plan);
    let Case { context, files, server, .. } = &case;
    let explanation =
        Explanation { context, notes: &notes, plan: &plan, files, server: *server, policies: &[], step: None };
    let diagram = Diagram::new(explanation, workflow.as_ref());
    if let Some(pattern) = workflow.as_ref().filter(|_| diagram.is_empty()) {
        let message = format!("no workflow is named `{}`", escape(pattern.text()));
        return Err(Failure::new(message).help("`wp-gate graph` draws them all"));
    }
    match args.format {
        Picture::Text => report::write_graph(streams.out, &diagram, streams.style)?,
        Picture::Mermaid => report::write_graph_mermaid(streams.out, &diagram)?,
        Picture::Dot => report::write_graph_dot(streams.out, &diagram)?,
        Picture::Svg => report::write_graph_svg(streams.out, &diagram)?,
        Picture::Json => report::write_graph_json(streams.out, &diagram)?,
    }
    Ok(if plan.is_refused() { ExitStatus::Findings } else { ExitStatus::Clean })
}
