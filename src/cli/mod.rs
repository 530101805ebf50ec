//! The command line: one program that serves, and that looks after what is served.

mod password;
mod serve;
mod settings;
mod store;
mod table;
mod user;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use settings::{AllSettings, StoreSettings};
use std::{
    error::Error,
    io::{self, Write},
    process::ExitCode,
};

/// How every command ends: well, or with one sentence for the person who gave it.
type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const EXAMPLES: &str = "\
Examples:
  sotto                                   serve on http://127.0.0.1:3000, data in ./data
  sotto serve --addr 127.0.0.1:8080       the same on another port
  sotto user add anna                     make an account; asks for the password
  sotto user disable anna                 sign anna out everywhere and keep her out

Every setting is also an environment variable, or a line of a .env file in this folder:
--addr is SOTTO_ADDR. A flag wins over the environment, and the environment over the file.";

/// Private chat that you run yourself.
#[derive(Parser)]
#[command(name = "sotto", version, after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    settings: AllSettings,
}

#[derive(Subcommand)]
enum Command {
    /// Serve; also what sotto does without a command
    #[command(after_help = serve::EXAMPLES)]
    Serve {
        #[command(flatten)]
        settings: AllSettings,
    },
    /// Look after accounts, also while the server runs
    #[command(after_help = user::EXAMPLES)]
    User {
        #[command(flatten)]
        settings: StoreSettings,
        #[command(subcommand)]
        command: user::UserCommand,
    },
    /// Print completions for a shell
    #[command(after_help = "\
Examples:
  sotto completions bash > /etc/bash_completion.d/sotto
  sotto completions zsh > ~/.zfunc/_sotto")]
    Completions {
        /// Which shell
        shell: Shell,
    },
}

/// Runs the program. A failure is one sentence on standard error and exit code 1; a command that
/// cannot be understood is 2.
pub fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "sotto: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome {
    // Only of this folder: one further up belongs to something else.
    match dotenvy::from_path(".env") {
        Err(error) if !error.not_found() => {
            return Err(format!("the file .env cannot be read: {error}").into());
        }
        _ => {}
    }
    let cli = Cli::parse();
    match cli.command {
        None => serve::serve(cli.settings.config()?),
        Some(Command::Serve { settings }) => serve::serve(settings.config()?),
        Some(Command::User { settings, command }) => user::run(&settings.config()?, command),
        Some(Command::Completions { shell }) => {
            clap_complete::generate(shell, &mut Cli::command(), "sotto", &mut io::stdout());
            Ok(())
        }
    }
}

/// Prints to standard output. Errors: nobody reads it any more.
fn print(text: impl std::fmt::Display) -> Outcome {
    Ok(writeln!(io::stdout(), "{text}")?)
}

/// Runs one command to its end, on this thread.
fn block_on<T>(command: impl Future<Output = Outcome<T>>) -> Outcome<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(command)
}
