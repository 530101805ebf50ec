//! The browser.

pub mod clock;
pub mod database;
pub mod element;
pub mod field;
pub mod files;
pub mod focus;
pub mod form;
pub mod notification;
pub mod page;
pub mod pieces;
pub mod seal;
pub mod socket;
pub mod storage;
pub mod tabs;
pub mod worker;
