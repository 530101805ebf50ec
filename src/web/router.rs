//! Every address that the server answers.

use super::{client, errors, forms, guard, headers, health, observe, pages, session, site, state::AppState};
use crate::{auth, chat};
use any_spawner::Executor;
use axum::{
    Router,
    extract::{Request, State},
    http::{Method, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
    routing::{MethodFilter, any_service, get, on, post},
};
use leptos_axum::handle_server_fns_with_context;
use tower::ServiceBuilder;
use tower_http::{
    request_id::{PropagateRequestIdLayer, SetRequestIdLayer},
    services::ServeDir,
    trace::TraceLayer,
};

/// The whole server as one service. Layers stand in the order in which a request meets them.
pub fn router(app: AppState) -> Router {
    // Rendering spawns; a second router in the same process finds this done.
    let _ = Executor::init_tokio();
    let with_session = Router::new()
        .merge(pages::routes(&app))
        .merge(server_functions(&app))
        .route("/auth/logout", post(auth::server::log_out))
        .route("/api/conversations", get(chat::server::routes::list))
        .route(
            "/api/conversations/{id}/messages",
            get(chat::server::routes::messages).post(chat::server::routes::post_message),
        )
        .route("/ws", get(chat::server::socket::upgrade))
        .layer(
            ServiceBuilder::new()
                .layer(from_fn_with_state(app.clone(), session::complete_removal_cookie))
                .layer(session::layer(&app))
                .layer(from_fn(session::renew))
                .layer(from_fn_with_state(app.clone(), forms::answer_forms))
                .layer(from_fn(errors::set_status)),
        );
    Router::new()
        .merge(with_session)
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route(client::SOCKET_PATH, get(health::socket))
        .fallback_service(files(&app))
        .layer(
            ServiceBuilder::new()
                .layer(from_fn(observe::count))
                .layer(from_fn(observe::forget_id))
                .layer(SetRequestIdLayer::new(observe::REQUEST_ID, observe::MakeId))
                .layer(TraceLayer::new_for_http().make_span_with(observe::span))
                .layer(PropagateRequestIdLayer::new(observe::REQUEST_ID))
                .layer(from_fn(observe::audit))
                .layer(from_fn_with_state(app.clone(), headers::secure))
                .layer(from_fn(errors::set_shape))
                .layer(from_fn_with_state(app.clone(), guard::same_site)),
        )
        .with_state(app)
}

/// Every function marked `#[server]`, at its path.
fn server_functions(app: &AppState) -> Router<AppState> {
    let context = pages::context(app.clone());
    server_fn::axum::server_fn_paths().fold(Router::new(), |router, (path, method)| {
        let context = context.clone();
        let handler = move |request: Request| handle_server_fns_with_context(context.clone(), request);
        let method = if method == Method::GET { MethodFilter::GET } else { MethodFilter::POST };
        router.route(path, on(method, handler))
    })
}

/// The page's files; whatever else is asked for gets the page that says so.
fn files(app: &AppState) -> axum::routing::MethodRouter {
    if app.site.is_carried() {
        return pages::not_found(app).layer(from_fn_with_state(app.clone(), carried));
    }
    let site = ServeDir::new(app.leptos_options.site_root.as_ref())
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
        .fallback(pages::not_found(app));
    any_service(site).layer(from_fn_with_state(app.clone(), cache))
}

async fn carried(State(app): State<AppState>, request: Request, next: Next) -> Response {
    match app.site.answer(&request) {
        Some(file) => file,
        None => next.run(request).await,
    }
}

/// Files whose name holds a hash of their content never change; others are looked up daily.
async fn cache(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let hashed = app.leptos_options.hash_files
        && request.uri().path().starts_with(&format!("/{}/", app.leptos_options.site_pkg_dir));
    let mut response = next.run(request).await;
    if response.status().is_success() {
        let lifetime = if hashed { site::FOR_EVER } else { site::FOR_A_DAY };
        response.headers_mut().insert(header::CACHE_CONTROL, lifetime);
    }
    response
}
