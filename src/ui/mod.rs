//! Components that know no feature's words.

pub mod act;
pub mod avatar;
pub mod dynamic;
pub mod empty;
pub mod flash;
pub mod icon;
pub mod menu;
pub mod toast;
