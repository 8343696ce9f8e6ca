//! What was typed.

mod audit;
mod baseline;
mod change;
mod changes;
mod check;
mod diff;
mod eval;
mod every;
mod explain;
mod fleet;
mod format;
mod graph;
mod known;
mod lint;
mod prove;

pub(super) use audit::{AuditArgs, AuditCommand, HistoryArgs, MergeArgs, Report};
pub(super) use baseline::BaselineArgs;
pub(super) use change::{ChangeArgs, SubjectArgs};
pub(super) use changes::ChangesArgs;
pub(super) use check::CheckArgs;
pub(super) use diff::{DiffArgs, DiffFormat};
pub(super) use eval::EvalArgs;
pub(super) use every::EveryArgs;
pub(super) use explain::{Expect, ExplainArgs};
pub(super) use fleet::FleetArgs;
pub(super) use format::{FindingsFormat, Format};
pub(super) use graph::{GraphArgs, Picture};
pub(super) use known::{KnownArgs, ServerArgs, VersionArgs};
pub(super) use lint::{LintArgs, RulesArgs};
pub(super) use prove::ProveArgs;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Predicts which steps of a Woodpecker CI pipeline run for a change, and says why.
#[derive(Debug, Parser)]
#[command(name = "wp-gate", version, long_version = LONG_VERSION, arg_required_else_help = true)]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    pub common: Common,
    /// Colour the output
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
    #[command(subcommand)]
    pub command: Command,
}

const LONG_VERSION: &str =
    concat!(env!("CARGO_PKG_VERSION"), "\nknows Woodpecker 2.8, 3.0 to 3.17, and next (August 2026)");

#[derive(Debug, Default, clap::Args)]
pub(in crate::cli) struct Common {
    /// Run as if started in this folder
    #[arg(short = 'C', long = "directory", global = true, value_name = "DIR", default_value = ".")]
    pub directory: PathBuf,
    /// The configuration [default: `.wp-gate.yaml`, searched for upward]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Leave out notes
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Leave out nothing: every changed file, every problem, the reasons of every step
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
}

impl Common {
    /// The same, to be typed once more.
    pub(in crate::cli) fn arguments(&self) -> Vec<OsString> {
        let Self { directory, config, quiet, verbose } = self;
        let directory =
            Some(directory).filter(|directory| ![Path::new(""), Path::new(".")].contains(&directory.as_path()));
        let mut arguments: Vec<OsString> = Vec::new();
        for (option, path) in [("--directory", directory), ("--config", config.as_ref())] {
            arguments.extend(path.into_iter().flat_map(|path| [option.into(), path.into()]));
        }
        arguments.extend(quiet.then(|| "--quiet".into()));
        arguments.extend(verbose.then(|| "--verbose".into()));
        arguments
    }
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Also into files and pipes
    Always,
    /// Not even on a terminal
    Never,
}

impl Color {
    /// What overrides the terminal's own answer.
    pub(in crate::cli) fn wanted(self) -> Option<bool> {
        match self {
            Self::Auto => None,
            Self::Always => Some(true),
            Self::Never => Some(false),
        }
    }
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Command {
    /// Say what would run for a change, and why
    Explain(Box<ExplainArgs>),
    /// List the changed files that the forge reports, and what it hides
    Changes(Box<ChangesArgs>),
    /// Check all of it for a merge: workflows, the change at hand, policies, fleet manifests
    Check(Box<CheckArgs>),
    /// Draw what would run for a change, and in which order
    Graph(Box<GraphArgs>),
    /// Decide policies over every change, or show the change that breaks them
    Prove(Box<ProveArgs>),
    /// Say how the gates differ between two revisions: for which changes what runs with one only
    Diff(DiffArgs),
    /// Replay a history: how often each step ran, what it cost, which policies were broken
    Audit(Box<AuditArgs>),
    /// Check fleet manifests: one orchestrator, names that systemd takes, runtimes that are there
    Fleet(FleetArgs),
    /// Check workflow files: what the server's linter reports, and what only we can see
    Lint(LintArgs),
    /// List the rules, or print the page of one
    Rules(RulesArgs),
    /// Check for a merge, with the options in `PLUGIN_*` variables
    #[command(hide = true)]
    Plugin,
    /// Answer requests as the server's engine would: JSON Lines in, JSON Lines out
    Eval(EvalArgs),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page, of the whole or of one command
    Man {
        /// The command
        command: Option<String>,
    },
}
