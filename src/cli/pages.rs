//! Completion scripts and manual pages.

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::args::Args;
use super::failure::Failure;
use super::{ExitStatus, Streams};

pub(super) fn completions(shell: Shell, streams: &mut Streams<'_>) -> Result<ExitStatus, Failure> {
    // Into memory first: the generator gives up with a panic where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "wp-gate", &mut script);
    streams.out.write_all(&script)?;
    Ok(ExitStatus::Clean)
}

pub(super) fn man(command: Option<&str>, streams: &mut Streams<'_>) -> Result<ExitStatus, Failure> {
    let mut all = Args::command();
    all.build();
    let page = match command {
        None => all,
        Some(name) => {
            let Some(found) = all.find_subcommand(name) else {
                let known = all.get_subcommands().filter(|command| !command.is_hide_set()).map(clap::Command::get_name);
                let known: Vec<&str> = known.collect();
                let message = format!("no command `{}`", crate::text::escape(name));
                return Err(Failure::new(message).help(format!("the commands are {}", known.join(", "))));
            };
            // Only the title shows it; a page's name lives as long as the process.
            let title: &'static str = Box::leak(format!("wp-gate-{name}").into_boxed_str());
            found.clone().name(title)
        }
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text)?;
    streams.out.write_all(&text)?;
    Ok(ExitStatus::Clean)
}
