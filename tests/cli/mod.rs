//! The command line, by running the program.

mod program;
mod serving;
mod settings;
mod users;
