//! The command line: arguments in, an exit status out. The only room that reads the environment, the working folder and the
//! terminal.

mod args;
mod audit;
mod baseline;
mod case;
mod changes;
mod check;
mod diff;
mod eval;
mod every;
mod exit;
mod explain;
mod failure;
mod findings;
mod fix;
mod fleet;
mod graph;
mod guard;
mod input;
mod lint;
mod pages;
mod plugin;
mod prove;
mod rules;
mod run;
mod settings;
mod streams;
mod terminal;
mod tree;

pub use exit::ExitStatus;
pub use run::run;
pub use streams::Streams;
pub use terminal::main;
