//! Forms of pages without scripting: what a server function answers as JSON becomes a redirect
//! back to the page, and its error is shown there, with what was typed.

use crate::{
    kit::{
        Config, Part,
        body::{self, Timely},
        codec,
        error::Refused,
        errors::too_large,
        limits::{Limiter, client_network},
        own_path,
        route::{self, Leads, Takes},
        session::AuthSession,
        state::AppState,
    },
    ui::flash::Flash,
};
use axum::{
    Extension,
    body::{Body, Bytes, HttpBody, to_bytes},
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use model::{
    error::{AppError, ErrorBody},
    id::FileId,
};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    net::IpAddr,
    sync::Arc,
};
use store::internal;
use tower_sessions::{Expiry, Session, cookie::time::Duration};

/// The longest name that is shown again, in bytes.
const MAX_FIELD: usize = 200;
/// How long an error waits to be shown to somebody who is not signed in.
const FLASH_LIFETIME: Duration = Duration::minutes(10);
const FLASH: &str = "flash";
const NOTICE: &str = "notice";

/// Errors of forms kept for people who are not signed in, by network: each costs a row in the store
/// for ten minutes.
struct Flashes(Limiter<IpAddr>);

impl Part for Flashes {
    fn new(config: &Config) -> Self {
        Self(Limiter::new(config.limits.hourly(300)))
    }
}

/// What a page says after a form has done what it was for; the extension of a success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct Notice(pub Cow<'static, str>);

impl Notice {
    /// A whole sentence for people.
    pub const fn new(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

/// Done, with nothing to answer a program: 204. A form's page says the sentence.
pub struct Done(pub &'static str);

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        (StatusCode::NO_CONTENT, Extension(Notice::new(self.0))).into_response()
    }
}

/// Where a form leads that has made something with a page of its own: a path of this site; the extension of a success.
#[derive(Clone, Debug)]
pub struct Leading(pub String);

/// The files that came with a form, received as uploads are, or why they were refused; the extension of its request.
/// Those that are in no message once the form is answered are not kept.
#[derive(Clone, Debug)]
pub struct Enclosed(pub Result<Vec<FileId>, AppError>);

/// What the handler behind each address that is posted to takes.
pub type Posts = HashMap<&'static str, Takes>;

/// Reads the body, within the handler's bounds, and answers a form with a redirect to where it leads.
pub async fn answer_forms(
    State((app, posts)): State<(AppState, Arc<Posts>)>,
    session: Session,
    Extension(auth): Extension<AuthSession>,
    matched: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    if *request.method() != Method::POST {
        return next.run(request).await;
    }
    let takes = matched.and_then(|path| posts.get(path.as_str()).copied()).unwrap_or(Takes::USUAL);
    let (mut parts, body) = request.into_parts();
    if body.size_hint().lower() > takes.body as u64 {
        return Refused(too_large()).into_response();
    }
    let body = Body::new(Timely::new(body, takes.time.unwrap_or(app.config.timeouts.body)));
    let body = match to_bytes(body, takes.body).await {
        Ok(body) => body,
        Err(error) if body::is_late(&error) => {
            return Refused(AppError::malformed(body::LATE)).into_response();
        }
        Err(error) if body::is_too_large(&error) => return Refused(too_large()).into_response(),
        Err(error) => {
            tracing::debug!(%error, "a body could not be read");
            return Refused(AppError::malformed(body::BROKEN)).into_response();
        }
    };
    let content_type =
        parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !codec::is_form(content_type) {
        return next.run(Request::from_parts(parts, Body::from(body))).await;
    }
    // The redirect is ours to make: leptos_axum must not see a browser's `Accept`.
    parts.headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let back = came_from(&parts.headers);
    let from = client_network(&app, &parts);
    let path = parts.uri.path().to_owned();
    let response = next.run(Request::from_parts(parts, Body::from(body.clone()))).await;
    if response.status().is_success() {
        let made = response.extensions().get::<Leading>().cloned();
        let to = match (&made, takes.leads) {
            (Some(Leading(page)), _) => page,
            (None, Leads::Back) => &back,
            (None, Leads::BackToNewest) => without_query(&back),
            (None, Leads::To(page)) => page,
        };
        // Whoever has just signed out sees no page of theirs.
        if let Some(notice) = response.extensions().get::<Notice>()
            && !session.is_empty().await
        {
            remember(&session, NOTICE, notice).await;
        }
        return redirect(to, response.headers());
    }
    if response.status().is_redirection() {
        return response;
    }
    let (parts, answer) = response.into_parts();
    let answer = to_bytes(answer, route::MAX_BODY).await.unwrap_or_default();
    let error = serde_json::from_slice(&answer)
        .map_or_else(|_| internal("a form's answer was no error of ours"), |ErrorBody { error }| error);
    // Who is not signed in has no row in the store yet, and cannot have one made without end.
    let kept = auth.user.is_some() || from.and_then(|from| app.part::<Flashes>().0.take(&from)).is_ok();
    if !kept {
        return Refused(error).into_response();
    }
    let typed = typed(&body, auth.user.is_some());
    remember(&session, FLASH, &Flash { path, error: error.clone(), typed }).await;
    let mut response = redirect(&back, &parts.headers);
    // A refusal all the same.
    response.extensions_mut().insert(error);
    response
}

/// 303 to a path of this site, with the cookies that the answer set.
fn redirect(to: &str, headers: &HeaderMap) -> Response {
    let mut response = Redirect::to(to).into_response();
    for cookie in headers.get_all(header::SET_COOKIE) {
        response.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    response
}

/// The page that the form stands on.
fn came_from(headers: &HeaderMap) -> String {
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let uri = referer.parse::<Uri>().unwrap_or_default();
    own_path(uri.path_and_query().map_or("/", |path| path.as_str())).to_owned()
}

fn without_query(path: &str) -> &str {
    path.split_once('?').map_or(path, |(path, _)| path)
}

/// What was typed, as far as a form shows it again: never a password, and a message only of
/// somebody who is signed in.
fn typed(body: &Bytes, signed_in: bool) -> BTreeMap<String, String> {
    let mut fields: BTreeMap<String, String> = serde_urlencoded::from_bytes(body).unwrap_or_default();
    fields.retain(|name, value| match name.as_str() {
        "mode" | "username" | "display_name" | "invite" | "name" => value.len() <= MAX_FIELD,
        "body" => signed_in,
        _ => false,
    });
    fields
}

async fn remember(session: &Session, what: &str, value: &impl Serialize) {
    if session.is_empty().await {
        session.set_expiry(Some(Expiry::OnInactivity(FLASH_LIFETIME)));
    }
    if let Err(error) = session.insert(what, value).await {
        tracing::error!(%error, "what came of a form could not be kept for its page");
    }
}

/// Hands what came of the last form to the page that is about to be rendered, once.
pub async fn show_flash(session: Session, mut request: Request, next: Next) -> Response {
    let flash = take::<Flash>(&session, FLASH).await;
    let notice = take::<Notice>(&session, NOTICE).await;
    if (flash.is_some() || notice.is_some()) && session.is_empty().await {
        let _ = session.flush().await.inspect_err(|error| tracing::warn!(%error, "flash kept"));
    }
    if let Some(flash) = flash {
        request.extensions_mut().insert(flash);
    }
    if let Some(notice) = notice {
        request.extensions_mut().insert(notice);
    }
    next.run(request).await
}

/// Takes something out of the session, if it is there. Looked at first: removing, even of nothing,
/// would save the session with every page.
async fn take<T: DeserializeOwned>(session: &Session, what: &str) -> Option<T> {
    let found = session.get::<T>(what).await.unwrap_or_else(|error| {
        tracing::error!(%error, "what came of a form could not be read");
        None
    })?;
    let _ = session.remove_value(what).await.inspect_err(|error| tracing::warn!(%error, "flash kept"));
    Some(found)
}
