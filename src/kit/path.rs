//! Paths of this site.

/// `wanted` if it is a path on this site, else `/`: nobody is sent elsewhere after a log-in.
/// Browsers drop control characters and take `\` for `/`, so neither may be in it.
pub fn own_path(wanted: &str) -> &str {
    let own = wanted.starts_with('/')
        && !wanted.starts_with("//")
        && !wanted.contains('\\')
        && !wanted.chars().any(char::is_control);
    if own { wanted } else { "/" }
}

/// The longest part of a path that is written down, in bytes: whoever asks for longer ones fills no disk.
const LOGGED: usize = 200;

/// The beginning of a path. One is ASCII, however it was typed.
pub fn shortened(path: &str) -> &str {
    path.get(..LOGGED).unwrap_or(path)
}
