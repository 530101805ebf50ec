//! Who sees which page: without a session the log-in, with one anything else.

use crate::kit::own_path;
use axum::{
    extract::Query,
    http::Uri,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

/// Where a page sends its visitor instead: to `/auth` without a session, and from there on to
/// the page first wanted with one.
pub fn elsewhere(signed_in: bool, uri: &Uri) -> Option<Response> {
    let to = match (uri.path() == "/auth", signed_in) {
        (true, true) => {
            let Next { next } = Query::try_from_uri(uri).map(|Query(next)| next).unwrap_or_default();
            own_path(&next).to_owned()
        }
        (false, false) => match uri.path_and_query().map_or("/", |wanted| wanted.as_str()) {
            "/" => "/auth".to_owned(),
            wanted => {
                let next = serde_urlencoded::to_string([("next", wanted)]).unwrap_or_default();
                format!("/auth?{next}")
            }
        },
        (true, false) | (false, true) => return None,
    };
    Some(Redirect::to(&to).into_response())
}

/// The page wanted before the log-in.
#[derive(Default, Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}
