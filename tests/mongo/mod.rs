//! What is special to the store in MongoDB: answers that are lost, indexes, crashes of the server.

mod crash;
mod explain;
mod losses;
mod open;
mod proxy;
mod servers;
