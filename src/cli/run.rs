use std::ffi::OsString;
use std::io::{self, Write};

use clap::{CommandFactory as _, FromArgMatches as _};

use super::args::{Args, Command};
use super::failure::Failure;
use super::guard::Guard;
use super::{
    ExitStatus, Streams, audit, changes, check, diff, eval, explain, fleet, graph, lint, pages, plugin, prove, rules,
};
use crate::ci::System;
use crate::text::escape;

/// Runs the command line `args`, the program's name first.
pub fn run(args: impl IntoIterator<Item = OsString>, streams: Streams<'_>) -> ExitStatus {
    let Streams { input, out, err, progress, variables, mut style } = streams;
    let is_log = System::of(variables).is_some_and(System::is_actions);
    let (mut guarded_out, mut guarded_err);
    let err: &mut dyn Write = if is_log {
        guarded_err = Guard::new(err);
        &mut guarded_err
    } else {
        err
    };
    // Help is as wide as the answers are, whatever terminal this process has.
    let command = Args::command().term_width(style.width);
    let args = match command.try_get_matches_from(args).and_then(|matches| Args::from_arg_matches(&matches)) {
        Ok(args) => args,
        Err(error) => return usage(&error, &mut Streams { input, out, err, progress, variables, style }),
    };
    let out: &mut dyn Write = if is_log && args.command.is_for_people() {
        guarded_out = Guard::new(out);
        &mut guarded_out
    } else {
        out
    };
    if let Some(color) = args.color.wanted() {
        style.color = color;
    }
    style.verbose = args.common.verbose;
    let mut streams = Streams { input, out, err, progress, variables, style };
    let result = match args.command {
        Command::Explain(explain) => explain::run(&explain, &args.common, &mut streams),
        Command::Changes(changes) => changes::run(&changes, &args.common, &mut streams),
        Command::Diff(diff) => diff::run(&diff, &args.common, &mut streams),
        Command::Prove(prove) => prove::run(&prove, &args.common, &mut streams),
        Command::Check(check) => check::run(&check, &args.common, &mut streams),
        Command::Graph(graph) => graph::run(&graph, &args.common, &mut streams),
        Command::Audit(audit) => audit::run(*audit, &args.common, &mut streams),
        Command::Fleet(fleet) => fleet::run(&fleet, &args.common, &mut streams),
        Command::Lint(lint) => lint::run(&lint, &args.common, &mut streams),
        Command::Rules(rules) => rules::run(&rules, &mut streams),
        Command::Plugin => match plugin::arguments(streams.variables, &args.common) {
            Ok(arguments) => return run(arguments, streams),
            Err(failure) => Err(failure),
        },
        Command::Eval(eval) => eval::run(&eval, &mut streams),
        Command::Completions { shell } => pages::completions(shell, &mut streams),
        Command::Man { command } => pages::man(command.as_deref(), &mut streams),
    };
    let status = match result {
        Ok(status) => status,
        Err(failure) => return report(failure, &mut streams),
    };
    match streams.out.flush() {
        Ok(()) => status,
        Err(error) => report(Failure::Output(error), &mut streams),
    }
}

/// Help and version go to standard output, wrong usage to standard error.
fn usage(error: &clap::Error, streams: &mut Streams<'_>) -> ExitStatus {
    let rendered = error.render();
    if error.use_stderr() {
        // It repeats what was typed.
        for line in rendered.to_string().lines() {
            // Nobody is left to tell when this fails.
            let _ = writeln!(streams.err, "{}", escape(line));
        }
        return ExitStatus::Failed;
    }
    let text = if streams.style.color { rendered.ansi().to_string() } else { rendered.to_string() };
    match streams.out.write_all(text.as_bytes()).and_then(|()| streams.out.flush()) {
        Ok(()) => ExitStatus::Clean,
        Err(error) => report(Failure::Output(error), streams),
    }
}

fn report(failure: Failure, streams: &mut Streams<'_>) -> ExitStatus {
    if matches!(&failure, Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe) {
        return ExitStatus::Clean;
    }
    // Nobody is left to tell when this fails.
    let _ = writeln!(streams.err, "error: {failure}");
    if let Failure::Message { help: Some(help), .. } = failure {
        let _ = writeln!(streams.err, "help: {help}");
    }
    ExitStatus::Failed
}
