//! The browser.

pub mod clock;
pub mod page;
pub mod socket;
