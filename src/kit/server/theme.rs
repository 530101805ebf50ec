//! The visitor's choice between light and dark: in a cookie, so that every page has it from its
//! first byte on, also the one that asks for a log-in.

use crate::{kit::state::AppState, ui::theme::Theme};
use axum::http::{HeaderMap, header};

/// A year, in seconds.
const LIFETIME: u32 = 365 * 24 * 60 * 60;

/// What the visitor chose.
pub fn of_visitor(headers: &HeaderMap) -> Theme {
    let cookies = headers.get(header::COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut chosen = cookies.split(';').filter_map(|cookie| cookie.trim().strip_prefix("theme="));
    chosen.find_map(Theme::forced_by).unwrap_or_default()
}

/// The cookie that says so next time; for what the system wants, the one that removes it. The page itself may
/// write it, too: what is chosen there is kept at once.
pub fn cookie(app: &AppState, theme: Theme) -> String {
    let (value, lifetime) = theme.forced().map_or(("", 0), |value| (value, LIFETIME));
    let secure = if app.config.is_https() { "; Secure" } else { "" };
    format!("theme={value}; Path=/; Max-Age={lifetime}; SameSite=Lax{secure}")
}
