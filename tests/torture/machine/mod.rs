//! The machine that the server runs on, as the attack wants it: what `shim.c` and a small tmpfs make
//! of it.

mod control;
mod power;
mod shim;
mod tmpfs;

pub use control::{Control, Sync};
pub use power::{Power, files_in};
pub use shim::Shim;
pub use tmpfs::{Tmpfs, enter_namespace};
