//! What is special to the store in MongoDB: answers that are lost, indexes.

mod erasure;
mod explain;
mod files;
mod losses;
mod numbers;
mod open;
mod proxy;
mod servers;
