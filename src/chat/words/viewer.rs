//! Pictures, in a message and seen large.

/// What a picture is seen large in.
pub const VIEWER: &str = "Viewer";
/// The picture before this one.
pub const PREVIOUS: &str = "Previous";
/// The picture after this one.
pub const NEXT: &str = "Next";
/// Shows a picture larger.
pub const ZOOM_IN: &str = "Zoom in";
/// Shows it smaller.
pub const ZOOM_OUT: &str = "Zoom out";
/// Shows all of it.
pub const WHOLE_PICTURE: &str = "Whole picture";
/// Saves it.
pub const DOWNLOAD: &str = "Download";
/// It could not be had, or drawn.
pub const PICTURE_BROKEN: &str =
    "This picture cannot be shown. It may have been deleted, or there is no connection now.";
/// Its message is gone, or has none.
pub const NO_PICTURE: &str = "This picture is not here. It may have been deleted.";
/// It was deleted while somebody looked at it.
pub const PICTURE_DELETED: &str = "The picture was deleted.";

/// What stands together in a message.
pub fn so_many_pictures(count: usize) -> String {
    [&count.to_string(), " pictures"].concat()
}

/// Which one of those that can be gone through.
pub fn picture_of(place: usize, count: usize) -> String {
    format!("{place} of {count}")
}
