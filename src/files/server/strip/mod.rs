//! A picture without what it tells besides itself: where and when it was taken, by what, what programs noted, and whatever
//! is hidden behind its end. What makes it look as it does stays, byte for byte. What is left holds nothing that our
//! decoders and this code could understand in two ways.

mod gif;

use image::metadata::Orientation;
use img_parts::{
    Bytes, DynImage, ImageEXIF,
    jpeg::{Jpeg, JpegSegment, markers},
    png::Png,
    riff::RiffContent,
    webp::{self, WebP},
};
use std::{io, iter};

/// The most scans of a JPEG: encoders make ten or so. Each may go over all pixels once more, and takes a hundred bytes.
const MAX_SCANS: usize = 100;

/// The parts of a PNG that it looks as it does for (PNG 3, 11.2 and 11.3): all but texts, times and what programs note.
const OF_PNG: [[u8; 4]; 18] = [
    *b"IHDR", *b"PLTE", *b"IDAT", *b"IEND", *b"tRNS", *b"cHRM", *b"gAMA", *b"iCCP", *b"sBIT", *b"sRGB",
    *b"cICP", *b"mDCV", *b"cLLI", *b"bKGD", *b"pHYs", *b"acTL", *b"fcTL", *b"fdAT",
];

/// The same of a WebP (RFC 9649, 2.7).
const OF_WEBP: [[u8; 4]; 7] = [
    webp::CHUNK_VP8,
    webp::CHUNK_VP8L,
    webp::CHUNK_VP8X,
    webp::CHUNK_ALPH,
    webp::CHUNK_ANIM,
    webp::CHUNK_ANMF,
    webp::CHUNK_ICCP,
];

/// In the first byte of a WebP's `VP8X`: that it has XMP.
const HAS_XMP: u8 = 0b100;

/// A picture that tells nothing but itself. Every pixel stays as it is, and the way up, too. `None`: there is nothing to
/// take out.
///
/// Errors: it cannot be read as what it begins as, or is made to cost whoever reads it more than any picture does.
pub fn stripped(bytes: Bytes) -> io::Result<Option<Bytes>> {
    if bytes.starts_with(b"GIF8") {
        let clean = gif::stripped(&bytes)?;
        return Ok((clean != bytes).then(|| clean.into()));
    }
    let Some(picture) = DynImage::from_bytes(bytes.clone()).map_err(broken)? else { return Ok(None) };
    let up = picture.exif().and_then(|exif| Orientation::from_exif_chunk(&exif));
    let up = up.filter(|up| *up != Orientation::NoTransforms).map(|up| Bytes::from(only_orientation(up)));
    let clean = match picture {
        DynImage::Jpeg(jpeg) => of_jpeg(jpeg, up)?,
        DynImage::Png(png) => of_png(png, up),
        DynImage::WebP(webp) => of_webp(webp, up)?,
    };
    Ok((clean != bytes).then_some(clean))
}

fn broken(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// EXIF that says the way up, and nothing else: one directory of one short number (TIFF 6.0).
fn only_orientation(orientation: Orientation) -> Vec<u8> {
    let mut exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation.to_exif(), 0, 0, 0]);
    exif.extend([0; 4]);
    exif
}

fn of_jpeg(mut jpeg: Jpeg, up: Option<Bytes>) -> io::Result<Bytes> {
    jpeg.segments_mut().retain(|segment| stays(segment.marker(), segment.contents()));
    if up.is_some() {
        jpeg.set_exif(up);
    }
    // Behind the head of the first scan the rest of the file is one piece to the library.
    let rest = jpeg.segments().last().map_or(0, |scan: &JpegSegment| scan.len_with_entropy() - scan.len());
    let bytes = jpeg.encoder().bytes();
    if rest == 0 {
        return Ok(bytes);
    }
    let (head, rest) = bytes.split_at(bytes.len() - rest);
    Ok([head, &scans(rest)?].concat().into())
}

/// Whether a segment of a JPEG makes it look as it does: the head of the format, colours, and what pixels are made of.
fn stays(marker: u8, contents: &[u8]) -> bool {
    match marker {
        markers::APP0 => contents.starts_with(b"JFIF\0"),
        markers::APP2 => contents.starts_with(b"ICC_PROFILE\0"),
        markers::APP14 => contents.starts_with(b"Adobe"),
        markers::APP1..=markers::APP15 | markers::COM => false,
        _ => true,
    }
}

/// The scans of a JPEG behind the head of the first one, until the end of the picture. Cameras put more behind that, with
/// places of their own: a second picture, a film.
fn scans(mut rest: &[u8]) -> io::Result<Vec<u8>> {
    let (mut kept, mut count) = (Vec::with_capacity(rest.len()), 1);
    while let Some(at) = marker_in(rest) {
        kept.extend_from_slice(&rest[..at]);
        if rest[at + 1] == markers::EOI {
            kept.extend_from_slice(&rest[at..at + 2]);
            return Ok(kept);
        }
        let length =
            rest.get(at + 2..at + 4).map_or(0, |length| usize::from(length[0]) << 8 | usize::from(length[1]));
        let Some(segment) = rest.get(at..at + 2 + length).filter(|_| length >= 2) else { return Ok(kept) };
        count += usize::from(segment[1] == markers::SOS);
        if count > MAX_SCANS {
            return Err(broken("more scans than any picture has"));
        }
        if stays(segment[1], &segment[4..]) {
            kept.extend_from_slice(segment);
        }
        rest = &rest[at + 2 + length..];
    }
    kept.extend_from_slice(rest);
    Ok(kept)
}

/// Where the next marker is that is no part of a scan (ITU-T T.81, B.1.1).
fn marker_in(rest: &[u8]) -> Option<usize> {
    let is_data = |second: u8| matches!(second, 0 | 1 | markers::RST0..=markers::SOI | markers::P);
    let mut from = 0;
    loop {
        let at = from + rest[from..].iter().position(|byte| *byte == markers::P)?;
        if !is_data(*rest.get(at + 1)?) {
            return Some(at);
        }
        from = at + 1;
    }
}

fn of_png(mut png: Png, up: Option<Bytes>) -> Bytes {
    png.chunks_mut().retain(|chunk| OF_PNG.contains(&chunk.kind()));
    if up.is_some() {
        png.set_exif(up);
    }
    png.encoder().bytes()
}

fn of_webp(mut picture: WebP, up: Option<Bytes>) -> io::Result<Bytes> {
    if !fits(&picture) {
        return Err(broken("a picture that is larger than it says"));
    }
    picture.chunks_mut().retain(|chunk| OF_WEBP.contains(&chunk.id()));
    picture.set_exif(up);
    for chunk in picture.chunks_mut().iter_mut().filter(|chunk| chunk.id() == webp::CHUNK_VP8X) {
        if let RiffContent::Data(data) = chunk.content_mut() {
            let mut says = data.to_vec();
            says.iter_mut().take(1).for_each(|flags| *flags &= !HAS_XMP);
            *data = says.into();
        }
    }
    Ok(picture.encoder().bytes())
}

/// Whether no lossy picture in a WebP is larger than the whole: a decoder makes room for what that says of itself, and
/// compares afterwards.
fn fits(picture: &WebP) -> bool {
    let Some(whole) = picture.dimensions() else { return false };
    let fits = |data: &[u8]| lossy_size(data).is_none_or(|size| size.0 <= whole.0 && size.1 <= whole.1);
    picture.chunks().iter().all(|chunk| match (chunk.id(), chunk.content().data()) {
        (webp::CHUNK_VP8, Some(data)) => fits(data),
        // Of an animation each is a part of a frame, behind 16 bytes of its head.
        (webp::CHUNK_ANMF, Some(frame)) => {
            chunks(frame.get(16..).unwrap_or_default()).all(|(id, data)| id != webp::CHUNK_VP8 || fits(data))
        }
        _ => true,
    })
}

/// What is in a piece of RIFF.
fn chunks(mut rest: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    iter::from_fn(move || {
        let (head, behind) = rest.split_at_checked(8)?;
        let length = u32::from_le_bytes(head[4..].try_into().ok()?) as usize;
        let data = &behind[..length.min(behind.len())];
        rest = behind.get(length + length % 2..).unwrap_or_default();
        Some((head[..4].try_into().ok()?, data))
    })
}

/// How large a lossy picture says that it is (RFC 6386, 9.1).
fn lossy_size(data: &[u8]) -> Option<(u32, u32)> {
    let side =
        |at: usize| Some(u32::from(u16::from_le_bytes(data.get(at..at + 2)?.try_into().ok()?) & 0x3fff));
    Some((side(6)?, side(8)?))
}
