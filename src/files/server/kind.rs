//! What a file is, by its first bytes and by nothing else: what its name or its sender says is not believed.

use model::file::MediaType;

/// How many of its first bytes tell what a file is.
pub const HEAD: usize = 4096;

/// What is shown in its place, as a media type; everything else is only ever saved. Nothing of it can run.
const SHOWN: [(&str, &str); 12] = [
    ("image/jpeg", "image/jpeg"),
    ("image/png", "image/png"),
    ("image/gif", "image/gif"),
    ("image/webp", "image/webp"),
    ("image/avif", "image/avif"),
    ("video/mp4", "video/mp4"),
    ("video/webm", "video/webm"),
    ("audio/ogg", "audio/ogg"),
    ("application/ogg", "audio/ogg"),
    ("audio/mpeg", "audio/mpeg"),
    ("audio/m4a", "audio/mp4"),
    ("audio/mp4", "audio/mp4"),
];

/// The media type of a file that begins so.
pub fn kind_of(head: &[u8]) -> &'static str {
    let Some(found) = infer::get(head) else { return MediaType::UNKNOWN };
    let shown = SHOWN.iter().find(|(found_as, _)| *found_as == found.mime_type());
    // What a browser could run stands under a name of nothing.
    match (shown, found.matcher_type()) {
        (Some((_, kind)), _) => kind,
        (None, infer::MatcherType::Text) => MediaType::UNKNOWN,
        (None, _) => found.mime_type(),
    }
}

/// Whether it is a picture that can be looked at here, and of which can be taken what it tells besides itself.
pub fn is_picture(kind: &str) -> bool {
    matches!(kind, "image/jpeg" | "image/png" | "image/gif" | "image/webp")
}

/// Whether it is shown where it stands.
pub fn is_shown(kind: &str) -> bool {
    SHOWN.iter().any(|(_, shown)| *shown == kind)
}
