//! Which bytes of a file are asked for: `Range`, one of them (RFC 9110, 14).

use axum::http::{HeaderMap, header};
use std::ops::Range;

/// What is to be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// All of it. Also where several ranges are asked for, which nobody has to serve.
    Whole,
    /// These bytes of it.
    Part(Range<u64>),
    /// Bytes that it does not have.
    Beyond,
}

/// What a request asks for of a file of `size` bytes. With `If-Range` a part is wanted only of the file that `etag` or
/// `modified` names.
pub fn asked(headers: &HeaderMap, size: u64, etag: &str, modified: &str) -> Asked {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if text(header::IF_RANGE).is_some_and(|known| known != etag && known != modified) {
        return Asked::Whole;
    }
    let Some(range) = text(header::RANGE).and_then(|range| range.strip_prefix("bytes=")) else {
        return Asked::Whole;
    };
    let Some((first, last)) = range.split_once('-') else { return Asked::Whole };
    let (first, last) = (first.trim(), last.trim());
    let part = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(size),
        (Ok(first), Err(_)) if last.is_empty() => first..size,
        // The last so many.
        (Err(_), Ok(count)) if first.is_empty() => size.saturating_sub(count)..size,
        _ => return Asked::Whole,
    };
    if part.is_empty() { Asked::Beyond } else { Asked::Part(part) }
}
