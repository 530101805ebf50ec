//! All tests but those that run once more on MongoDB, in `on_mongo.rs`.
#![allow(missing_docs, reason = "a test's name says what it shows")]

mod app;
mod backend;
mod cli;
mod conformance;
mod corpus;
mod embedded;
mod http;
mod mongo;
mod mongod;
mod pure;
mod security;
mod settings;
mod socket;

/// Where servers keep their data.
type Usual = embedded::Embedded;
