//! Requests that wait, and contacts.

pub mod contacts;
pub mod removal;
pub mod requests;
