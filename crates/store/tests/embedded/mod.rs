//! What is special to the embedded store: its files, and what a crash leaves of them.

mod crash;
mod erasure;
mod files;
