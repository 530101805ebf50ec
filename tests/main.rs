//! All tests but those that run once more on MongoDB, in `on_mongo.rs`.
#![allow(missing_docs, reason = "a test's name says what it shows")]

mod app;
mod backend;
mod cli;
mod conformance;
mod corpus;
mod embedded;
mod http;
#[path = "torture/judge/mod.rs"]
#[expect(dead_code, reason = "the torture uses more of it")]
mod judge;
mod mongo;
mod mongod;
mod pure;
mod security;
mod settings;
mod socket;
mod upgrade;
mod verdicts;

/// Where servers keep their data.
type Usual = embedded::Embedded;
