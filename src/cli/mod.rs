//! The command line: arguments in, an exit status out. The only room that reads the environment, the working folder and the
//! terminal.

mod args;
mod eval;
mod exit;
mod explain;
mod input;
mod pages;
mod run;
mod settings;
mod terminal;

pub use exit::ExitStatus;
pub use run::{Streams, run};
pub use terminal::main;
