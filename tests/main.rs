//! All tests but those that run once more on MongoDB, in `on_mongo.rs`.
#![allow(missing_docs, reason = "a test's name says what it shows")]

mod app;
#[path = "../crates/store/tests/backend/mod.rs"]
#[allow(dead_code, reason = "the store's tests use more of it")]
mod backend;
mod cli;
mod corpus;
mod http;
#[path = "torture/judge/mod.rs"]
#[expect(dead_code, reason = "the torture uses more of it")]
mod judge;
mod live;
mod mongo;
#[path = "../crates/store/tests/mongod/mod.rs"]
#[expect(dead_code, reason = "the store's tests use more of it")]
mod mongod;
mod pure;
#[path = "../crates/store/tests/bytes/server.rs"]
mod s3;
mod security;
mod settings;
mod socket;
mod verdicts;
mod watchdog;

/// Where servers keep their data.
type Usual = backend::Embedded;
