//! The server's side of files. The way of one: [`uploads`] begins it, [`receive`] takes its bytes in, [`finish`] finds
//! out what it is, a message has it, [`serving`] gives it to those who may see that message, [`sweep`] erases it. It comes
//! by [`tus`], or with the [`form`] of a page without scripting.
//! [`taking`] is the door for those that come with an import.

mod checksum;
mod disposition;
mod finish;
pub mod form;
mod holds;
mod images;
mod kind;
mod metadata;
mod multipart;
mod range;
mod receive;
mod serving;
mod strip;
pub mod sweep;
mod taking;
mod tus;
mod uploads;

use crate::{kit::route::Route, routes};
pub use finish::{Keeping, Looking};
pub use taking::{Given, is_shown_picture, take_in};

/// What is answered of this feature.
pub const ROUTES: &[Route] = routes! {
    POST "/api/files" => tus::create;
    OPTIONS "/api/files" => tus::options;
    OPTIONS "/api/files/{id}" => tus::options;
    PATCH "/api/files/{id}" => tus::append;
    DELETE "/api/files/{id}" => tus::end;
    HEAD "/api/files/{id}" => serving::head;
    GET "/api/files/{id}" => serving::file;
    GET "/api/files/{id}/thumbnail" => serving::thumbnail;
};
