//! Pages: what they show is loaded first, then they are rendered in one go.

use crate::{
    app::{NotFound, shell},
    auth,
    browser::clock::Zone,
    chat::{
        self,
        server::Asked,
        view::{group::PANEL, media, message::ASKED, palette::beginning_of, pins::PINS},
    },
    device::first::{FirstPaint, Loaded, Searched},
    kit::{
        Config, Network, Part,
        error::Refused,
        forms, internal,
        session::{AuthSession, Login},
        state::AppState,
        still_page, theme,
        turns::Turns,
        zone,
    },
    search, settings,
    ui::flash::Flash,
    web::guard,
};
use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    extract::{Query, RawPathParams, Request, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode, request::Parts},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Redirect, Response},
    routing::{MethodRouter, get},
};
use leptos::{nonce::Nonce, prelude::*};
use leptos_axum::render_app_async_with_context;
use model::{
    error::{AppError, ErrorCode},
    id::{ConversationId, MessageId, UserId},
    message::Anchor,
    user::User,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, future::Future, pin::Pin};
use tower_sessions::Session;
use uuid::Uuid;

/// Where the pages are.
pub const PATHS: [&str; 5] = [CHAT[0], CHAT[1], AUTH, SETTINGS, JOIN];
const CHAT: [&str; 2] = ["/", "/c/{id}"];
const AUTH: &str = "/auth";
const SETTINGS: &str = "/settings";
const JOIN: &str = "/join/{token}";

/// All pages.
pub fn routes(app: &AppState) -> Router<AppState> {
    Router::new()
        .merge(
            Router::new()
                .route(CHAT[0], get(render(app)))
                .route(CHAT[1], get(render(app)))
                .layer(from_fn_with_state(app.clone(), render_in_turn))
                .layer(from_fn_with_state(app.clone(), load)),
        )
        .route(AUTH, get(auth::server::page))
        .route(SETTINGS, get(settings::server::page))
        .route(JOIN, get(chat::server::join_page::page))
        .layer(from_fn(prepare))
}

/// The page that says that there is nothing here.
pub fn not_found(app: &AppState) -> MethodRouter {
    let app = app.clone();
    get(move |headers: HeaderMap| async move {
        still_page(&app, &headers, StatusCode::NOT_FOUND, "Not found · Sotto", || {
            view! { <NotFound/> }.into_any()
        })
    })
}

type Rendering = Pin<Box<dyn Future<Output = Response> + Send>>;

fn render(app: &AppState) -> impl Fn(Request<Body>) -> Rendering + Clone + Send + Sync + 'static {
    let (options, site) = (app.leptos_options.clone(), app.site.clone());
    render_app_async_with_context(context(app.clone()), move || shell(options.clone(), site.page()))
}

/// What pages and server functions find in their context.
pub fn context(app: AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    move || {
        provide_context(app.clone());
        let Some(Parts { extensions, headers, .. }) = use_context::<Parts>() else { return };
        provide_context(theme::of_visitor(&headers));
        if let Some(nonce) = extensions.get::<Nonce>() {
            provide_context(nonce.clone());
        }
        if let Some(flash) = extensions.get::<Flash>() {
            provide_context(flash.clone());
        }
        if let Some(loaded) = extensions.get::<Loaded>() {
            provide_context(loaded.clone());
        }
    }
}

/// Pages want somebody signed in, and show the error of the form posted before.
async fn prepare(
    Extension(auth): Extension<AuthSession>,
    session: Session,
    request: Request,
    next: Next,
) -> Response {
    match guard::elsewhere(auth.user.is_some(), request.uri()) {
        Some(redirect) => redirect,
        None => forms::show_flash(session, request, next).await,
    }
}

/// The largest page, in bytes; none comes near it.
const MAX_HTML: usize = 16 * 1024 * 1024;

/// Whose turn it is to have a page rendered. So many are at once: half as many as there are cores.
pub struct Renderings(pub Turns);

impl Part for Renderings {
    fn new(_: &Config) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self(Turns::new((cores / 2).max(1)))
    }
}

/// What the address of a chat page may ask for; what cannot be read is passed over.
#[derive(Default, Deserialize)]
struct ChatQuery {
    before: Option<String>,
    at: Option<String>,
    find: Option<String>,
    date: Option<String>,
    #[serde(flatten)]
    others: BTreeMap<String, String>,
}

impl ChatQuery {
    /// Which part of the open conversation.
    fn place(&self) -> Anchor {
        let seq = |text: &Option<String>| text.as_ref()?.parse().ok();
        Anchor { before: seq(&self.before), after: None, around: seq(&self.at) }
    }

    /// What is asked of the conversation's messages.
    fn of_messages(&self) -> Asked {
        let message = ASKED.iter().find_map(|name| self.others.get(*name)?.parse().ok());
        Asked { message, pins: self.others.contains_key(PINS) }
    }
}

/// Loads what the chat begins with. A page that cannot be loaded says so, with the right status.
async fn load(
    State(app): State<AppState>,
    Extension(session): Extension<AuthSession>,
    path: RawPathParams,
    query: Result<Query<ChatQuery>, QueryRejection>,
    headers: HeaderMap,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(Login(account)) = session.user else { return next.run(request).await };
    let conversation = path.iter().find(|(name, _)| *name == "id").and_then(|(_, id)| id.parse().ok());
    let asked = query.map(|Query(asked)| asked).unwrap_or_default();
    let names_message = asked.at.is_some();
    let zone = zone::of_visitor(&headers);
    // A day leads to its first message, as a link to that does.
    let moment = asked.date.as_deref().and_then(|day| beginning_of(day, &Zone::rendered(&zone)));
    if let Some((id, moment)) = conversation.zip(moment)
        && let Ok(Some(seq)) = chat::server::first_since(&app, account.user.id, id, moment).await
    {
        return Redirect::to(&format!("/c/{id}?at={seq}#m{seq}")).into_response();
    }
    let loaded = first_paint(&app, account.user, conversation, asked, zone).await;
    let failed = match &loaded {
        Err(error) => StatusCode::from_u16(error.code.status()).ok(),
        // A link to a message that is not for the viewer.
        Ok(first) => (names_message && first.opened.is_none()).then_some(StatusCode::NOT_FOUND),
    };
    request.extensions_mut().insert(Loaded(loaded));
    let mut response = next.run(request).await;
    if let Some(status) = failed {
        *response.status_mut() = status;
    }
    response
}

/// Renders a page in its turn, whole: rendering keeps a core busy that sockets need, too.
async fn render_in_turn(
    State(app): State<AppState>,
    Network(network): Network,
    Extension(session): Extension<AuthSession>,
    request: Request,
    next: Next,
) -> Response {
    let name = session.user.map(|Login(account)| account.user.username.folded()).unwrap_or_default();
    let Some(_turn) = app.part::<Renderings>().0.take(network, &name).await else {
        let why = "Many pages are asked for. Please try again in a moment.";
        return Refused(AppError::new(ErrorCode::Unavailable, why).retry_after(2)).into_response();
    };
    let (parts, body) = next.run(request).await.into_parts();
    match to_bytes(body, MAX_HTML).await {
        Ok(html) => Response::from_parts(parts, Body::from(html)),
        Err(error) => Refused(internal(error)).into_response(),
    }
}

async fn first_paint(
    app: &AppState,
    viewer: User,
    conversation: Option<ConversationId>,
    asked: ChatQuery,
    zone: String,
) -> Result<FirstPaint, AppError> {
    let (place, of_messages) = (asked.place(), asked.of_messages());
    let id = viewer.id;
    let search = match asked.find.filter(|text| !text.trim().is_empty()) {
        Some(text) => {
            let found = search::server::search(app, id, &text).await;
            Some(Searched { text, answer: serde_json::to_string(&found).map_err(internal)? })
        }
        None => None,
    };
    let key = key_of(app, id).await?;
    let snapshot = chat::server::snapshot(app, viewer, &BTreeMap::new()).await?;
    // After it: a page may hold more than the snapshot's cursor covers, but never less, or what was
    // stored in between would be missing for good.
    let opened = match conversation {
        Some(conversation) => chat::server::open(app, id, conversation, place, of_messages).await?,
        None => None,
    };
    let details = match conversation {
        Some(conversation) => panel(app, id, conversation, &asked.others).await.map_err(internal)?,
        None => None,
    };
    Ok(FirstPaint { snapshot, opened, search, details, key, zone, next_id: MessageId::new() })
}

/// What the panel that the address asks for draws besides what the page knows, as JSON. `None`: there is no panel, or
/// it is not theirs.
async fn panel(
    app: &AppState,
    viewer: UserId,
    conversation: ConversationId,
    asked: &BTreeMap<String, String>,
) -> serde_json::Result<Option<String>> {
    if asked.contains_key(PANEL) {
        let details = chat::server::entrances(app, viewer, conversation).await.ok();
        return details.map(|details| serde_json::to_string(&details)).transpose();
    }
    let Some(request) = media::asked(|name| asked.get(name).cloned()) else { return Ok(None) };
    let page = chat::server::media(app, viewer, conversation, request).await.ok();
    page.map(|page| serde_json::to_string(&page)).transpose()
}

/// What somebody's devices seal with what they keep to themselves: the hash of the store's secret and of who
/// they are, which nobody else can work out. Both have one length, so that nothing reads as another pair.
async fn key_of(app: &AppState, user: UserId) -> Result<[Uuid; 2], AppError> {
    let hash =
        Sha256::new().chain_update(app.store.secret().await?).chain_update(user.0.as_bytes()).finalize();
    let mut key = [Uuid::nil(); 2];
    for (half, bytes) in key.iter_mut().zip(hash.chunks_exact(16)) {
        *half = Uuid::from_slice(bytes).map_err(internal)?;
    }
    Ok(key)
}
