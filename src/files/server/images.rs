//! Pictures: how large they are, a small one to show first, and nothing in them that tells where and when they were
//! taken. What their sender says of them is not believed.

use base64::{Engine, prelude::BASE64_STANDARD};
use image::{
    DynamicImage, ImageDecoder, ImageReader, Limits, codecs::jpeg::JpegEncoder, codecs::png::PngEncoder,
    metadata::Orientation,
};
use img_parts::{
    Bytes, DynImage, ImageEXIF,
    jpeg::{Jpeg, JpegSegment, markers},
    png::Png,
    webp::WebP,
};
use std::io::{self, Cursor};

/// The most pixels that are looked at; a larger picture is a file like any other.
const MAX_PIXELS: u64 = 50_000_000;
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

/// Looks at a picture. `None`: it is none, is too large, or is broken. Takes seconds, and four bytes for each pixel.
pub fn look(bytes: &[u8]) -> Option<Picture> {
    let reader = || ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok();
    // Before anything is unpacked: few bytes can say that they are many pixels.
    let (width, height) = reader()?.into_dimensions().ok()?;
    if width > MAX_SIDE || height > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return None;
    }
    let mut reader = reader()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_PIXELS * 8);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    picture.apply_orientation(orientation);
    let size = (picture.width(), picture.height());
    let small = match size.0.max(size.1) > THUMBNAIL {
        true => picture.thumbnail(THUMBNAIL, THUMBNAIL),
        false => picture,
    };
    Some(Picture { size, placeholder: placeholder(&small), thumbnail: encoded(&small).ok()? })
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

/// A picture without what it tells besides itself: where and when it was taken, by what, and what programs noted.
/// Every pixel stays as it is, and the way up, too. `None`: there is nothing of it in there.
///
/// Errors: it cannot be read as what it begins as.
pub fn stripped(bytes: Bytes) -> io::Result<Option<Bytes>> {
    let broken = |error: img_parts::Error| io::Error::new(io::ErrorKind::InvalidData, error);
    let up = || Some(orientation(&bytes)).filter(|up| *up != Orientation::NoTransforms);
    let up = || up().map(|up| Bytes::from(only_orientation(up)));
    let clean = match DynImage::from_bytes(bytes.clone()).map_err(broken)? {
        Some(DynImage::Jpeg(jpeg)) => of_jpeg(jpeg, up()),
        Some(DynImage::Png(png)) => of_png(png, up()),
        Some(DynImage::WebP(webp)) => of_webp(webp, up()),
        None => return Ok(None),
    };
    Ok((clean != bytes).then_some(clean))
}

fn orientation(bytes: &[u8]) -> Orientation {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok();
    let decoder = reader.and_then(|reader| reader.into_decoder().ok());
    decoder.and_then(|mut decoder| decoder.orientation().ok()).unwrap_or(Orientation::NoTransforms)
}

fn of_jpeg(mut jpeg: Jpeg, up: Option<Bytes>) -> Bytes {
    // The head of the format, colours, and what the pixels are made of stay.
    let tells = |segment: &JpegSegment| match segment.marker() {
        markers::APP1 | markers::APP3..=markers::APP13 | markers::APP15 | markers::COM => true,
        markers::APP2 => !segment.contents().starts_with(b"ICC_PROFILE"),
        _ => false,
    };
    jpeg.segments_mut().retain(|segment| !tells(segment));
    if up.is_some() {
        jpeg.set_exif(up);
    }
    jpeg.encoder().bytes()
}

/// EXIF that says the way up, and nothing else: one directory of one short number (TIFF 6.0).
fn only_orientation(orientation: Orientation) -> Vec<u8> {
    let mut exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation.to_exif(), 0, 0, 0]);
    exif.extend([0; 4]);
    exif
}

fn of_png(mut png: Png, up: Option<Bytes>) -> Bytes {
    let tells = [*b"eXIf", *b"tEXt", *b"zTXt", *b"iTXt", *b"tIME"];
    png.chunks_mut().retain(|chunk| !tells.contains(&chunk.kind()));
    if up.is_some() {
        png.set_exif(up);
    }
    png.encoder().bytes()
}

fn of_webp(mut webp: WebP, up: Option<Bytes>) -> Bytes {
    webp.set_exif(up);
    webp.remove_chunks_by_id(*b"XMP ");
    webp.encoder().bytes()
}
