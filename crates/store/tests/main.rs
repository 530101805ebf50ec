//! The contract of the store, held against every store there is, and what is special to each.
#![allow(missing_docs, reason = "a test's name says what it shows")]

mod backend;
mod bytes;
mod conformance;
mod embedded;
mod mongo;
#[expect(dead_code, reason = "the tests of the program use more of it")]
mod mongod;
mod upgrade;
