//! The `wp-gate` command: see [`wp_gate::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(wp_gate::cli::main().code())
}
