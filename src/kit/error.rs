//! A refusal on its way to whoever called: a server function or a route.

use model::error::{AppError, ErrorBody, ErrorCode};
use serde::{Deserialize, Serialize};
use server_fn::{
    Bytes,
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};

/// How a server function or a route fails. The model's error knows nothing of HTTP; at the edge it
/// is wrapped in this, which does.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error(transparent)]
#[serde(transparent)]
pub struct Refused(#[from] pub AppError);

impl FromServerFnError for Refused {
    type Encoder = JsonEncoding;

    fn ser(&self) -> Bytes {
        let body = ErrorBody { error: self.0.clone() };
        // Strings and numbers: there is nothing that could not be written.
        Bytes::from(serde_json::to_vec(&body).unwrap_or_default())
    }

    fn de(body: Bytes) -> Self {
        let text = std::str::from_utf8(&body).ok();
        let read = text.and_then(|text| model::json::from_str(text).ok());
        Self(read.map_or_else(AppError::unreachable, |ErrorBody { error }| error))
    }

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        use ServerFnErrorErr as E;
        Self(match error {
            E::Args(what) | E::MissingArg(what) | E::Deserialization(what) => AppError::malformed(what),
            E::Request(_) => AppError::unreachable(),
            E::Registration(what)
            | E::UnsupportedRequestMethod(what)
            | E::ServerError(what)
            | E::MiddlewareError(what)
            | E::Serialization(what)
            | E::Response(what) => AppError::new(ErrorCode::Internal, what),
        })
    }
}
