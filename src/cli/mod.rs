//! The command line: one program that serves, and that looks after what is served.

mod backup;
mod data;
mod doctor;
mod env_file;
mod import;
mod invite;
mod log;
mod password;
mod serve;
mod settings;
mod table;
mod user;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use model::text::is_directional;
use settings::{AllSettings, StoreSettings};
use std::{
    error::Error,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

/// How every command ends: well, or with one sentence for the person who gave it.
type CommandResult<T = ()> = Result<T, Box<dyn Error>>;

/// How long the end of a command waits for what is still done on other threads.
const LEFT_OVER: Duration = Duration::from_secs(3);

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
    /// Invite people: print a link that lets them sign up, also while the server runs
    #[command(after_help = invite::EXAMPLES)]
    Invite {
        #[command(flatten)]
        args: invite::InviteArgs,
        #[command(flatten)]
        settings: StoreSettings,
    },
    /// Copy all data into a file, also while the server runs
    #[command(after_help = backup::BACKUP_EXAMPLES)]
    Backup {
        /// The file to make; it must not exist
        file: PathBuf,
        #[command(flatten)]
        settings: StoreSettings,
    },
    /// Put a backup in the place of the data, or see whether it could be
    #[command(after_help = backup::RESTORE_EXAMPLES)]
    Restore {
        /// A file that sotto backup has made
        file: PathBuf,
        /// Only restore into a temporary folder, check it and compare it; change nothing
        #[arg(long)]
        verify: bool,
        /// Replace the data that is there; it is kept beside
        #[arg(long, conflicts_with = "verify")]
        force: bool,
        #[command(flatten)]
        settings: StoreSettings,
    },
    /// Move in from the Flask chat: copy its MongoDB database into the store
    #[command(after_help = import::EXAMPLES)]
    ImportChatroom {
        #[command(flatten)]
        args: import::ImportArgs,
        #[command(flatten)]
        settings: StoreSettings,
    },
    /// Check settings, data, certificate, port, and that a WebSocket passes the public address
    #[command(after_help = doctor::EXAMPLES)]
    Doctor {
        /// Only ask the running server whether it is ready
        #[arg(long)]
        live: bool,
        #[command(flatten)]
        settings: AllSettings,
    },
    /// Write a copy of this program that carries the page; the build's last step
    #[command(hide = true)]
    Bundle {
        /// The folder that cargo-leptos has built
        folder: PathBuf,
        /// The copy [default: this program itself]
        #[arg(long)]
        output: Option<PathBuf>,
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
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(io::stderr(), "sotto: {}", printable(&error.to_string()));
            ExitCode::FAILURE
        }
    }
}

fn run() -> CommandResult<ExitCode> {
    // Only of this folder: one further up belongs to something else.
    env_file::load(Path::new(".env")).map_err(|error| format!("the file .env cannot be read: {error}"))?;
    let cli = Cli::parse();
    match cli.command {
        None => serve::serve(cli.settings.config()?)?,
        Some(Command::Serve { settings }) => serve::serve(settings.config()?)?,
        Some(Command::User { settings, command }) => user::run(&settings.config()?, command)?,
        Some(Command::Invite { args, settings }) => invite::run(&settings.config()?, args)?,
        Some(Command::Backup { file, settings }) => backup::back_up(&settings.config()?, &file)?,
        Some(Command::Restore { file, verify, force, settings }) => match (settings.config()?, verify) {
            (config, true) => backup::verify(&config, &file)?,
            (config, false) => backup::restore(&config, &file, force)?,
        },
        Some(Command::ImportChatroom { args, settings }) => import::run(&settings.config()?, &args)?,
        Some(Command::Doctor { live: true, settings }) => doctor::ask_live(&settings.config()?)?,
        Some(Command::Doctor { live: false, settings }) => return doctor::examine(&settings.config()?),
        Some(Command::Bundle { folder, output }) => serve::bundle(&folder, output.as_deref())?,
        Some(Command::Completions { shell }) => {
            clap_complete::generate(shell, &mut Cli::command(), "sotto", &mut io::stdout());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints to standard output. Errors: nobody reads it any more.
fn print(text: impl std::fmt::Display) -> CommandResult {
    Ok(writeln!(io::stdout(), "{}", printable(&text.to_string()))?)
}

/// A text as a terminal may have it: files, databases and servers of others may have written part of it,
/// and no terminal is to obey them. Lines and columns stay.
fn printable(text: &str) -> String {
    let is_safe = |c: char| matches!(c, '\n' | '\t') || !(c.is_control() || is_directional(c));
    text.chars().fold(String::new(), |mut printable, c| {
        match is_safe(c) {
            true => printable.push(c),
            false => printable.extend(c.escape_unicode()),
        }
        printable
    })
}

/// Runs one command to its end, on this thread.
fn block_on<T>(command: impl Future<Output = CommandResult<T>>) -> CommandResult<T> {
    to_its_end(tokio::runtime::Builder::new_current_thread(), command)
}

/// Runs a command to its end. What a library still does elsewhere then does not keep the program from ending.
fn to_its_end<T>(
    mut threads: tokio::runtime::Builder,
    command: impl Future<Output = CommandResult<T>>,
) -> CommandResult<T> {
    let runtime = threads.enable_all().build()?;
    let outcome = runtime.block_on(command);
    runtime.shutdown_timeout(LEFT_OVER);
    outcome
}
