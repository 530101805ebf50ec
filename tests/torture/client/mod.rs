//! A device in a process of its own: writes, reads, reconnects, and logs what it was told.
//!
//! It behaves as the page does (`src/chat/live.rs`), on the same reducer, but waits a tenth as
//! long for everything, so that a minute holds many faults.

mod device;
mod errand;
mod link;
mod log;
mod orders;
mod parcel;
mod person;

pub use orders::{Command, Goal, Group, Orders, Report};

use device::Device;
use std::process::ExitCode;

/// What a client process does, from its orders to the end of its input.
pub fn main(orders: &str) -> ExitCode {
    let orders: Orders = serde_json::from_str(orders).expect("orders");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let commands = orders::read_commands();
    runtime.block_on(Device::new(orders, commands).live());
    ExitCode::SUCCESS
}
