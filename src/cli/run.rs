use std::ffi::OsString;
use std::io::{self, Write};

use clap::{CommandFactory as _, FromArgMatches as _};

use super::args::{Args, Command, DiffFormat, FindingsFormat, Format, Picture, Report};
use super::failure::Failure;
use super::guard::{Guard, Written};
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
        guarded_err = Guard::new(err, Written::Text);
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
    let out: &mut dyn Write = match written(&args.command).filter(|_| is_log) {
        Some(written) => {
            guarded_out = Guard::new(out, written);
            &mut guarded_out
        }
        None => out,
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

/// What a command writes on standard output, from start to end, if a repository can have a say in it.
fn written(command: &Command) -> Option<Written> {
    let plain = |format: &Format| match format {
        Format::Human => Some(Written::Text),
        Format::Json => Some(Written::Json),
    };
    match command {
        Command::Explain(args) => plain(&args.format),
        Command::Changes(args) => plain(&args.format),
        Command::Prove(args) => plain(&args.format),
        Command::Rules(args) => plain(&args.format),
        Command::Graph(args) => match args.format {
            Picture::Text => Some(Written::Text),
            Picture::Dot | Picture::Svg => Some(Written::Markup),
            Picture::Json => Some(Written::Json),
            // Names are letters and entities there, and `:::` is of its language.
            Picture::Mermaid => None,
        },
        Command::Diff(args) => Some(match args.format {
            DiffFormat::Human | DiffFormat::Markdown => Written::Text,
            DiffFormat::Json => Written::Json,
        }),
        Command::Audit(args) => Some(match args.history.format {
            _ if args.history.shard.is_some() => Written::Json,
            Report::Human | Report::Markdown | Report::Csv => Written::Text,
            // The page has all that is of the repository as JSON.
            Report::Json | Report::Html => Written::Json,
        }),
        Command::Fleet(args) => of_findings(args.format),
        // A patch, or a file that was mended, is for a program that takes it as it is.
        Command::Lint(args) if args.diff || args.stdin && args.fix.is_some() => None,
        Command::Lint(args) => of_findings(args.format),
        Command::Eval(_) => Some(Written::Json),
        // `check` can write annotations beside text, and sees to it by itself; the others print nothing of a repository.
        Command::Check(_) | Command::Plugin | Command::Completions { .. } | Command::Man { .. } => None,
    }
}

/// What a list of findings is, in its form.
pub(super) fn of_findings(format: FindingsFormat) -> Option<Written> {
    match format {
        FindingsFormat::Human | FindingsFormat::Markdown => Some(Written::Text),
        FindingsFormat::Json | FindingsFormat::Sarif => Some(Written::Json),
        FindingsFormat::Junit => Some(Written::Markup),
        // Commands are what it is, and it writes them so that nothing in them is one more.
        FindingsFormat::Github => None,
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
