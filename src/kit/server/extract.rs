//! What a route takes from its request, with the right refusal where it is not there.

use crate::kit::{
    codec,
    error::Refused,
    limits::client_network,
    session::{AuthSession, Login},
    state::AppState,
};
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{header, request::Parts},
};
use model::error::AppError;
use serde::de::DeserializeOwned;
use std::net::IpAddr;
use store::Account;

/// Whoever is signed in, and their session. Refusal: `not_signed_in`.
pub struct SignedIn {
    /// With what only the server may know.
    pub account: Account,
    /// The session of this request.
    pub session: AuthSession,
}

impl SignedIn {
    /// What the store knows the session by. Errors: none, but for a defect.
    pub fn session_key(&self) -> Result<i128, AppError> {
        let id = self.session.session.id();
        id.map(super::session_key).ok_or_else(|| super::internal("somebody is signed in without a session"))
    }
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Refused> {
        let session = parts.extensions.get::<AuthSession>().ok_or_else(AppError::not_signed_in)?.clone();
        let Login(account) = session.user.clone().ok_or_else(AppError::not_signed_in)?;
        Ok(Self { account, session })
    }
}

/// The network that a request comes from, as [`client_network`] tells it.
pub struct Network(pub IpAddr);

impl FromRequestParts<AppState> for Network {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Refused> {
        Ok(Self(client_network(app, parts)?))
    }
}

/// A body, JSON or a form. Refusal: `malformed`.
pub struct Posted<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for Posted<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Refused> {
        let content_type = request.headers().get(header::CONTENT_TYPE).cloned();
        let content_type = content_type.as_ref().and_then(|value| value.to_str().ok()).unwrap_or_default();
        let body = Bytes::from_request(request, app).await.map_err(AppError::malformed)?;
        Ok(Self(codec::decode(content_type, &body)?))
    }
}
