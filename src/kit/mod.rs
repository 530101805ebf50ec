//! What features stand on: how calls and forms reach them, and how they refuse.

pub mod codec;
pub mod error;
