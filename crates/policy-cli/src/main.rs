//! The `portcullis` program.

mod address;
mod allow;
mod arguments;
mod baseline;
mod catalogue;
mod check;
mod compare;
mod configuration;
mod context;
mod exit;
mod explain;
mod fix;
mod git;
mod here;
mod init;
mod lsp;
mod output;
mod request;
mod root;
mod routes;
mod schema;
mod stdin;
mod terminal;
mod workers;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use mimalloc::MiMalloc;

use arguments::{Arguments, Command};
use exit::{Failure, Outcome};
use output::Coloured;
use request::Request;

/// Parsing makes many small values and drops them at once: the system's allocator would take a quarter of the time of a
/// check of Terraform.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    policy_core::fault::listen();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(usage) => return exit::usage(&usage),
    };
    match run(arguments.command) {
        Ok(outcome) => outcome.into(),
        Err(failure) => failure.tell(),
    }
}

fn run(command: Command) -> Result<Outcome, Failure> {
    let text = match command {
        Command::Check(arguments) => return check::check(&Request::new(*arguments)?),
        Command::Explain { rule } => explain::explain(&rule)?,
        Command::Rules { format } => explain::rules(format)?,
        Command::Context(arguments) => context::context(&arguments)?,
        Command::Routes(arguments) => routes::routes(&arguments)?,
        Command::Init(arguments) => init::init(&arguments)?,
        Command::Lsp { .. } => return lsp::serve(),
        Command::Schema { of } => schema::schema(of),
        Command::Completions { shell } => completions(shell),
        Command::Man { folder } => {
            return clap_mangen::generate_to(Arguments::command(), &folder)
                .map(|()| Outcome::Clean)
                .map_err(|error| Failure::Output { path: folder, error });
        }
    };
    output::write(&text, Coloured::No, None)?;
    Ok(Outcome::Clean)
}

fn completions(shell: clap_complete::Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "portcullis", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}
