//! `prove` for people.

use std::io::{self, Write};

use super::Proofs;
use crate::plan::{Key, Kind, Reason};
use crate::policy::Breach;
use crate::prove::{Proof, Status, Witness};
use crate::report::human::{lines, write_problems};
use crate::report::{Explanation, Paint, Style, policies_told};
use crate::text::escape;

/// How many breaches are told before the rest is counted.
const BREACHES_SHOWN: usize = 5;

/// Writes what is known of each policy, and the change that breaks it.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_proofs(out: &mut dyn Write, proofs: &Proofs<'_>, style: Style) -> io::Result<()> {
    for proof in proofs.proofs {
        write_proof(out, proof, proofs, style)?;
    }
    for note in proofs.notes {
        writeln!(out, "{} {note}", style.paint(Paint::Doubt, "note:"))?;
    }
    let policies = policies_told(proofs.proofs.len());
    writeln!(out, "{}", style.paint(Paint::Bold, format!("{policies}: {}", proofs.standing())))
}

fn write_proof(out: &mut dyn Write, proof: &Proof<'_>, proofs: &Proofs<'_>, style: Style) -> io::Result<()> {
    let (paint, sign) = match (&proof.status, style.unicode) {
        (Status::Proved, true) => (Paint::Good, "✓"),
        (Status::Proved, false) => (Paint::Good, "+"),
        (Status::Refuted(_), true) => (Paint::Bad, "✗"),
        (Status::Refuted(_), false) => (Paint::Bad, "x"),
        (Status::Unknown { .. }, _) => (Paint::Doubt, "?"),
    };
    let name = style.paint(Paint::Bold, escape(&proof.policy.name));
    let status = proof.status.name();
    writeln!(out, "{} {name}  {}", style.paint(paint, sign), style.paint(paint, status))?;
    match &proof.status {
        Status::Proved => Ok(()),
        Status::Refuted(witness) => write_witness(out, witness, proofs, style),
        Status::Unknown { because, witness, .. } => {
            writeln!(out, "    {because}")?;
            match witness {
                Some(witness) => write_witness(out, witness, proofs, style),
                None => writeln!(out),
            }
        }
    }
}

fn write_witness(out: &mut dyn Write, witness: &Witness, proofs: &Proofs<'_>, style: Style) -> io::Result<()> {
    let context = &witness.context;
    let mut change = vec![context.event().to_string()];
    change.extend(context.branch().map(|branch| format!("on {}", escape(branch))));
    // The ref of a branch says nothing more.
    let git_ref = witness.change.value(Key::Ref).filter(|git_ref| !git_ref.starts_with("refs/heads/"));
    change.extend(git_ref.map(|git_ref| format!("of {}", escape(git_ref))));
    for (key, what) in
        [(Key::Cron, "job"), (Key::DeployTarget, "target"), (Key::Repo, "repository"), (Key::Instance, "server")]
    {
        change.extend(witness.change.value(key).map(|value| format!("({what} {})", escape(value))));
    }
    writeln!(out, "    {}", style.paint(Paint::Bold, change.join(" ")))?;
    if !witness.change.message.is_empty() {
        writeln!(out, "      message: {}", escape(&witness.change.message))?;
    }
    for file in &witness.change.files {
        writeln!(out, "      {}", style.paint(Paint::Place, escape(file)))?;
    }
    if witness.change.files.is_empty() && context.event().has_changed_files(proofs.server) {
        writeln!(out, "      no changed file")?;
    }
    let breaches = Breach::telling(&witness.breaches, &witness.plan);
    for breach in breaches.iter().take(style.shown(BREACHES_SHOWN)) {
        writeln!(out, "    {}", breach.told(&witness.plan))?;
        let (workflow, step) = breach.target.of(&witness.plan);
        if let Some(workflow) = workflow {
            let lines = |reasons: &[Reason]| lines(reasons, workflow.file, proofs.files, style);
            let says = |reasons: &[Reason], not: Kind| reasons.iter().all(|reason| reason.kind != not);
            let own = step.map(|step| &*step.reasons).filter(|own| says(own, Kind::WorkflowNotRun));
            let by_workflow = own.is_none() || says(&workflow.reasons, Kind::Unconditional);
            for line in lines(&workflow.reasons).into_iter().filter(|_| by_workflow) {
                writeln!(out, "      {}{line}", if own.is_some() { "the workflow: " } else { "" })?;
            }
            let own = own.filter(|own| !by_workflow || says(own, Kind::Unconditional));
            for line in own.map(lines).unwrap_or_default() {
                writeln!(out, "      {line}")?;
            }
        }
    }
    if let Some(more) = breaches.len().checked_sub(style.shown(BREACHES_SHOWN)).filter(|&more| more > 0) {
        writeln!(out, "    {}", style.paint(Paint::Dim, format!("and {more} more")))?;
    }
    writeln!(out)?;
    if witness.plan.is_refused() {
        let explanation = Explanation {
            context,
            notes: &[],
            plan: &witness.plan,
            files: proofs.files,
            server: proofs.server,
            policies: &[],
            step: None,
        };
        write_problems(out, &explanation, style)?;
    }
    Ok(())
}
