//! Pictures: how large they are, and a small one to show first. What their sender says of them is not believed.

use base64::{Engine, prelude::BASE64_STANDARD};
use image::{
    DynamicImage, ImageDecoder, ImageReader, Limits, codecs::jpeg::JpegEncoder, codecs::png::PngEncoder,
    metadata::Orientation,
};
use std::io::Cursor;

/// The most pixels that are looked at; a larger picture is a file like any other.
const MAX_PIXELS: u64 = 50_000_000;
/// The most memory for pixels, in bytes.
const MAX_MEMORY: u64 = MAX_PIXELS * 8;
/// The most memory for what a picture says before its pixels: a profile of colours is packed, too.
const BESIDES: u64 = 32 * 1024 * 1024;
/// The longest side that is looked at.
const MAX_SIDE: u32 = 16_384;
/// The longest side of the small one.
const THUMBNAIL: u32 = 480;
/// The longest side of what a placeholder is made of: ThumbHash takes no more.
const PLACEHOLDER: u32 = 100;
/// How good the small one is, of 100.
const QUALITY: u8 = 80;

/// What was found out about a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// As it is shown, in pixels.
    pub size: (u32, u32),
    /// A ThumbHash (<https://evanw.github.io/thumbhash/>), in base64.
    pub placeholder: String,
    /// The small one, a JPEG, or a PNG where something shines through.
    pub thumbnail: Vec<u8>,
}

/// Looks at a picture. `None`: it is none, is too large, or is broken. Takes seconds, and up to eight bytes for each pixel;
/// a progressive JPEG eleven, which its decoder does not limit.
pub fn look(bytes: &[u8]) -> Option<Picture> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    reader.limits(limits(BESIDES));
    // Before anything is unpacked: few bytes can say that they are many pixels.
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return None;
    }
    let left = MAX_MEMORY.checked_sub(decoder.total_bytes())?;
    decoder.set_limits(limits(left)).ok()?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).ok()?;
    let mut small = match width.max(height) > THUMBNAIL {
        true => picture.thumbnail(THUMBNAIL, THUMBNAIL),
        false => picture,
    };
    // The small one alone: for a moment there are two of what is turned.
    small.apply_orientation(orientation);
    let size = if is_quarter_turn(orientation) { (height, width) } else { (width, height) };
    Some(Picture { size, placeholder: placeholder(&small), thumbnail: encoded(&small).ok()? })
}

fn limits(memory: u64) -> Limits {
    let mut limits = Limits::no_limits();
    (limits.max_image_width, limits.max_image_height) = (Some(MAX_SIDE), Some(MAX_SIDE));
    limits.max_alloc = Some(memory);
    limits
}

fn is_quarter_turn(orientation: Orientation) -> bool {
    use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    matches!(orientation, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH)
}

fn placeholder(small: &DynamicImage) -> String {
    let tiny = small.thumbnail(PLACEHOLDER, PLACEHOLDER).into_rgba8();
    let hash = thumbhash::rgba_to_thumb_hash(tiny.width() as usize, tiny.height() as usize, tiny.as_raw());
    BASE64_STANDARD.encode(hash)
}

fn encoded(small: &DynamicImage) -> image::ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    let shines_through =
        small.color().has_alpha() && small.to_rgba8().pixels().any(|pixel| pixel.0[3] < u8::MAX);
    match shines_through {
        true => small.to_rgba8().write_with_encoder(PngEncoder::new(&mut bytes))?,
        false => small.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY))?,
    }
    Ok(bytes)
}
