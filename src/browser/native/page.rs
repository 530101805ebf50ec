//! The window: there is none.

/// Leaves the page for another one.
pub fn go_to(_path: &str) {}

/// Loads the page again.
pub fn reload() {}

/// Whether the server has another page by now.
pub async fn is_outdated() -> bool {
    false
}

/// Tells the server, by a cookie, in which zone to render times next time.
pub fn remember_zone() {}

/// Whether the address asks for something by one of these names.
pub fn asks_for(_names: &[&str]) -> bool {
    false
}

/// Calls the window so.
pub fn set_title(_title: &str) {}

/// Shows a number on the page's icon; none for 0.
pub fn show_count(_count: u64) {}

/// What is printed on the key that shortcuts are held with.
pub fn command_key() -> &'static str {
    "Ctrl"
}

/// Shows the page light or dark, and so next time.
pub fn set_theme(_forced: Option<&str>) {}

/// Whether the machine is used with fingers.
pub fn is_touched() -> bool {
    false
}

/// Puts a text into the clipboard.
pub async fn copy(_text: &str) -> bool {
    false
}

/// The whole address of a path of this site, as far as it is known.
pub fn absolute(path: &str) -> String {
    path.to_owned()
}

/// Whether the page is on the screen.
pub fn is_visible() -> bool {
    false
}

/// Whether somebody looks at the page: it is visible and has the focus.
pub fn is_watched() -> bool {
    false
}

/// Completes after a time.
pub async fn sleep(_milliseconds: u32) {
    std::future::pending().await
}

/// A number from 0 to 1.
pub fn random() -> f64 {
    0.5
}
