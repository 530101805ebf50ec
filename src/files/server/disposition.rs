//! How a file is called where it is saved: `Content-Disposition` (RFC 6266).

use axum::http::HeaderValue;
use model::error::AppError;
use std::fmt::Write;

/// The header of a file of this name: what is `shown` in its place keeps the name for when it is saved.
pub fn disposition(name: &str, shown: bool) -> Result<HeaderValue, AppError> {
    let how = if shown { "inline" } else { "attachment" };
    // For programs that know no other names than those of ASCII, nor what quotation marks are for.
    let plain: String =
        name.chars().map(|c| if c.is_ascii_graphic() && !"\"\\%;".contains(c) { c } else { '_' }).collect();
    let mut exact = String::new();
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => exact.push(byte.into()),
            // Nothing fails in writing to a text.
            _ => drop(write!(exact, "%{byte:02X}")),
        }
    }
    let header = format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{exact}");
    HeaderValue::from_str(&header).map_err(crate::kit::internal)
}
