//! Settings, and files that must agree.

mod config;
mod page_files;
