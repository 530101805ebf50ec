//! Components that know no feature's words.

pub mod act;
pub mod avatar;
pub mod dialog;
pub mod document;
pub mod dynamic;
pub mod empty;
pub mod field;
pub mod flash;
pub mod focus;
pub mod icon;
pub mod lazy;
pub mod menu;
pub mod route;
pub mod theme;
pub mod toast;
pub mod words;
