//! The attack: the real program, its devices in processes of their own, and a nemesis between them.
//!
//! `cargo test --features ssr --test torture` takes about a minute; `make torture` as long as it is
//! told. `SOTTO_TORTURE_SECONDS` and `SOTTO_TORTURE_SEED` say how long and with which seed, which
//! repeats what is done but not the moment at which it hits; arguments choose scenarios by a part of
//! their names. `docs/reliability.md` says what is promised and how this tests it.
#![allow(missing_docs, reason = "a test's name says what it shows")]

mod aftermath;
mod client;
mod crowd;
mod judge;
mod line;
mod machine;
mod people;
mod random;
mod report;
mod run;
mod scenario;
mod schedule;
mod server;
#[path = "../watchdog/mod.rs"]
mod watchdog;
mod world;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [first, orders] if first == crowd::CLIENT => client::main(orders),
        _ if arguments.iter().any(|argument| argument == "--list") => ExitCode::SUCCESS,
        _ if !cfg!(target_os = "linux") => {
            report::say("torture: SKIPPED: freezing, preloading and small disks are Linux's here");
            ExitCode::SUCCESS
        }
        _ => {
            machine::enter_namespace();
            schedule::main(&arguments)
        }
    }
}
