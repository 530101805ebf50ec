//! Every address that the server answers.

use crate::{
    auth, chat, files,
    kit::{
        budget, errors,
        forms::{self, Posts},
        origin,
        route::{Route, Takes},
        session,
        site::{Site, is_public},
        state::AppState,
    },
    people, routes, settings,
    web::{headers, health, observe, pages},
};
use any_spawner::Executor;
use axum::{
    Router,
    extract::{Request, State},
    http::{Method, Uri, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
    routing::{MethodFilter, MethodRouter, any_service, on},
};
use leptos_axum::handle_server_fns_with_context;
use std::sync::Arc;
use tower::ServiceBuilder;
use tower_http::{
    request_id::{PropagateRequestIdLayer, SetRequestIdLayer},
    services::ServeDir,
    trace::TraceLayer,
};

/// What is answered with the session at hand, beside pages and server functions.
fn with_session() -> impl Iterator<Item = &'static Route> {
    let chat = chat::server::ROUTES.into_iter().flatten();
    let people = people::server::ROUTES;
    let account = auth::server::ROUTES.iter().chain(settings::server::routes::ROUTES);
    chat.chain(account).chain(people).chain(files::server::ROUTES)
}

/// What is answered without one.
const OPEN: &[Route] = routes! {
    GET "/health/live" => health::live;
    GET "/health/ready" => health::ready;
    GET "/health/ws" => health::socket;
};

/// What each handler takes that is posted to.
fn posts() -> Posts {
    let routes = with_session().filter(|route| route.method == Method::POST);
    let routes = routes.map(|route| (route.path, route.takes));
    let functions = people::server::FORMS.iter().map(|(path, leads)| (*path, Takes::leading(*leads)));
    routes.chain(functions).collect()
}

/// Every address that is answered, but for files: the tests ask each of them.
pub fn addresses() -> Vec<(Method, &'static str)> {
    let by_hand = with_session().chain(OPEN).map(|route| (route.method.clone(), route.path));
    let pages = pages::PATHS.into_iter().map(|path| (Method::GET, path));
    let functions = server_fn::axum::server_fn_paths().map(|(path, method)| (method, path));
    by_hand.chain(pages).chain(functions).collect()
}

fn answering(routes: impl Iterator<Item = &'static Route>) -> Router<AppState> {
    routes.fold(Router::new(), |router, route| router.route(route.path, (route.handler)()))
}

/// The whole server as one service. Layers stand in the order in which a request meets them.
pub fn router(app: AppState) -> Router {
    // Rendering spawns; a second router in the same process finds this done.
    let _ = Executor::init_tokio();
    let posts = Arc::new(posts());
    let with_session = Router::new()
        .merge(pages::routes(&app))
        .merge(server_functions(&app))
        .merge(answering(with_session()))
        .layer(
            ServiceBuilder::new()
                .layer(from_fn_with_state(app.clone(), budget::bound))
                .layer(from_fn_with_state(app.clone(), session::bound_removal_cookie))
                .layer(session::layer(&app))
                .layer(from_fn(session::renew))
                .layer(from_fn_with_state((app.clone(), posts.clone()), files::server::form::take_files))
                .layer(from_fn_with_state((app.clone(), posts), forms::answer_forms))
                .layer(from_fn(errors::set_status)),
        );
    Router::new()
        .merge(with_session)
        .merge(answering(OPEN.iter()))
        .fallback_service(files(&app))
        .layer(
            ServiceBuilder::new()
                .layer(from_fn(observe::count))
                .layer(from_fn(observe::forget_id))
                .layer(SetRequestIdLayer::new(observe::REQUEST_ID, observe::MakeId))
                // What fails says so itself, and a server that is busy says it to many.
                .layer(TraceLayer::new_for_http().make_span_with(observe::span).on_failure(()))
                .layer(PropagateRequestIdLayer::new(observe::REQUEST_ID))
                .layer(from_fn_with_state(app.clone(), observe::audit))
                .layer(from_fn_with_state(app.clone(), headers::secure))
                .layer(from_fn(errors::set_shape))
                .layer(from_fn_with_state(app.clone(), origin::own_host))
                .layer(from_fn_with_state(app.clone(), origin::same_site)),
        )
        .with_state(app)
}

/// Every function marked `#[server]`, at its path.
fn server_functions(app: &AppState) -> Router<AppState> {
    let context = pages::context(app.clone());
    server_fn::axum::server_fn_paths().fold(Router::new(), |router, (path, method)| {
        let context = context.clone();
        let handler = move |mut request: Request| {
            // Only the head is wanted, of the same answer.
            if request.method() == Method::HEAD {
                *request.method_mut() = Method::GET;
            }
            handle_server_fns_with_context(context.clone(), request)
        };
        let method = if method == Method::GET { MethodFilter::GET } else { MethodFilter::POST };
        router.route(path, on(method, handler))
    })
}

/// The page's files; whatever else is asked for gets the page that says so.
fn files(app: &AppState) -> MethodRouter {
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

/// An address at which there never is anything.
const NOWHERE: &str = "/nowhere";

/// Says how long a file may be kept.
async fn cache(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let mut request = request;
    if !is_public(app.leptos_options.site_root.as_ref(), request.uri().path()) {
        *request.uri_mut() = Uri::from_static(NOWHERE);
    }
    let lifetime = Site::lifetime(&app.leptos_options, request.uri().path());
    let mut response = next.run(request).await;
    if response.status().is_success() {
        response.headers_mut().insert(header::CACHE_CONTROL, lifetime);
    }
    response
}
