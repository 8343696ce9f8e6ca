use std::ffi::OsString;
use std::io::{self, Write};

use clap::Parser as _;

use super::args::{Args, Command};
use super::failure::Failure;
use super::{ExitStatus, Streams, eval, explain, pages};

/// Runs the command line `args`, the program's name first.
pub fn run(args: impl IntoIterator<Item = OsString>, mut streams: Streams<'_>) -> ExitStatus {
    let args = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(error) => return usage(&error, &mut streams),
    };
    if let Some(color) = args.color.wanted() {
        streams.style.color = color;
    }
    let result = match args.command {
        Command::Explain(explain) => explain::run(&explain, &args.common, &mut streams),
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
    let text = if streams.style.color { rendered.ansi().to_string() } else { rendered.to_string() };
    let (stream, status): (&mut dyn Write, _) =
        if error.use_stderr() { (streams.err, ExitStatus::Failed) } else { (streams.out, ExitStatus::Clean) };
    // Nobody is left to tell when this fails.
    let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
    status
}

fn report(failure: Failure, streams: &mut Streams<'_>) -> ExitStatus {
    let (message, help) = match failure {
        Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => return ExitStatus::Clean,
        Failure::Output(error) => (format!("cannot write the answer: {error}"), None),
        Failure::Message { message, help } => (message, help),
    };
    // Nobody is left to tell when this fails.
    let _ = writeln!(streams.err, "error: {message}");
    if let Some(help) = help {
        let _ = writeln!(streams.err, "help: {help}");
    }
    ExitStatus::Failed
}
