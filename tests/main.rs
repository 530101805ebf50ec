//! One binary.
#![allow(missing_docs, reason = "a test's name says what it shows")]

mod app;
mod cli;
mod conformance;
mod embedded;
mod http;
mod pure;
mod security;
mod settings;
mod socket;
