//! The server's contract once more, with its data in MongoDB: what holds for people and programs
//! must not depend on the store.
#![allow(missing_docs, reason = "a test's name says what it shows")]

#[expect(dead_code, unused_imports, reason = "the other binary uses more of it")]
mod app;
#[allow(dead_code, unused_imports, reason = "the other binary uses more of it")]
#[path = "../crates/store/tests/backend/mod.rs"]
mod backend;
mod corpus;
mod http;
#[path = "security/injection.rs"]
mod injection;
#[expect(dead_code, reason = "the other binary uses more of it")]
#[path = "../crates/store/tests/mongod/mod.rs"]
mod mongod;
mod socket;

/// Where servers keep their data.
type Usual = mongod::Database<mongod::ReplicaSet>;
