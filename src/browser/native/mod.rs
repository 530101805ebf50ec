//! The server's twin.

pub mod clock;
pub mod page;
pub mod socket;
