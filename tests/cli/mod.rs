//! The command line, by running the program.

mod backups;
mod bucket;
mod doctor;
mod file_backups;
mod import;
mod invites;
mod logs;
mod metrics;
mod one_file;
pub mod program;
mod serving;
mod settings;
mod tls;
mod users;
