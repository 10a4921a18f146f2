//! The `portcullis` program.

mod arguments;
mod check;
mod disk;
mod exit;
mod root;
mod terminal;

use std::process::ExitCode;

use arguments::{Arguments, Command};
use clap::Parser;

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Check(arguments) => check::check(&arguments),
    };
    match outcome {
        Ok(outcome) => outcome.into(),
        Err(failure) => {
            let _ =
                std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("portcullis: {failure}\n"));
            ExitCode::from(2)
        }
    }
}
