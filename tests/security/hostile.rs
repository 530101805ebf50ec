//! Files that are made to do harm. What is the same each time lies in `tests/corpus/files`; the rest is small and is made
//! here, where it can be read what is wrong with it.

use image::{ColorType, ImageEncoder, codecs::jpeg::JpegEncoder};
use img_parts::{Bytes, png::PngChunk};

/// Stands in a picture where it must not be told.
pub const CANARY: &[u8] = b"GPS canary";
/// What somebody wants to run.
pub const SCRIPT: &[u8] = b"<html><script>alert(document.cookie)</script></html>";

pub const PLACED_JPEG: &[u8] = include_bytes!("../corpus/files/placed.jpg");
pub const PLACED_PNG: &[u8] = include_bytes!("../corpus/files/placed.png");
pub const PLACED_WEBP: &[u8] = include_bytes!("../corpus/files/placed.webp");

/// What must become of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// It is shown as this, and was looked at.
    Seen(&'static str),
    /// It is shown as this, and nothing of it was unpacked.
    Shown(&'static str),
    /// It is only ever saved.
    Saved,
}

pub struct Sample {
    pub name: &'static str,
    pub bytes: Vec<u8>,
    pub expected: Expected,
}

/// Files that are something else than they look like, or more.
pub fn disguised() -> Vec<Sample> {
    use Expected::{Saved, Seen};
    let text = |text: &str| text.as_bytes().to_vec();
    let svg = r#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
    let sample = |name, bytes, expected| Sample { name, bytes, expected };
    vec![
        sample("nothing.png", Vec::new(), Saved),
        sample("page.jpg", SCRIPT.to_vec(), Saved),
        sample("page.html", text("<!DOCTYPE html><body onload=alert(1)>"), Saved),
        sample("drawing.svg", text(svg), Saved),
        sample("drawing.png", text(&format!("<?xml version=\"1.0\"?>\n<!-- \u{fffd} -->{svg}")), Saved),
        sample(
            "page.xhtml",
            text(r#"<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>"#),
            Saved,
        ),
        sample("script.js", text("alert(1)"), Saved),
        sample(
            "paper.pdf",
            text("%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>"),
            Saved,
        ),
        // A page, and a picture further down.
        sample("both.jpg", [SCRIPT, PLACED_JPEG].concat(), Saved),
        // A picture, and a page in its comment and behind its end.
        sample("both.html", polyglot(), Seen("image/jpeg")),
        // As a script it assigns and calls.
        sample("both.gif", text("GIF89a=1;alert(1)//"), Saved),
        sample("both.png", [b"\x89PNG\r\n\x1a\n", SCRIPT].concat(), Saved),
        sample("both.webp", [b"RIFF\x34\0\0\0WEBP", SCRIPT].concat(), Saved),
    ]
}

/// Pictures whose parts say that they are far more than they are.
pub fn bombs() -> Vec<Sample> {
    use Expected::{Saved, Seen, Shown};
    let sample = |name, bytes, expected| Sample { name, bytes, expected };
    let pixels = (*b"IDAT", zeros(1 << 16));
    let huge = |side| png(&[(*b"IHDR", header_of_png(side, side)), pixels.clone()]);
    let profile = (*b"iCCP", [b"icc\0\0".to_vec(), zeros(256 << 20)].concat());
    let note = (*b"zTXt", [b"Comment\0\0".to_vec(), zeros(256 << 20)].concat());
    let small = [(*b"IHDR", header_of_png(1, 1)), profile, note, (*b"IDAT", zeros(2))];
    let lossy = lossy(16_383, 16_383);
    let frame = [&[0; 16], &riff(&[(*b"VP8 ", lossy.clone())])[12..]].concat();
    vec![
        sample("side.png", huge(16_385), Shown("image/png")),
        sample("area.png", huge(16_384), Shown("image/png")),
        sample("largest.png", huge(i32::MAX as u32), Shown("image/png")),
        sample("profile.png", png(&small), Seen("image/png")),
        sample("screen.gif", gif((65_535, 65_535), (1, 1)), Shown("image/gif")),
        sample("frame.gif", gif((1, 1), (65_535, 65_535)), Shown("image/gif")),
        sample("frame.webp", riff(&[(*b"VP8X", canvas(0, 1, 1)), (*b"VP8 ", lossy)]), Saved),
        sample(
            "animation.webp",
            riff(&[(*b"VP8X", canvas(2, 1, 1)), (*b"ANIM", vec![0; 6]), (*b"ANMF", frame)]),
            Saved,
        ),
        sample(
            "canvas.webp",
            riff(&[(*b"VP8X", canvas(0, 1 << 24, 1 << 24)), (*b"VP8L", vec![0x2f; 64])]),
            Shown("image/webp"),
        ),
        sample("lists.webp", nested(20_000), Saved),
        sample("scans.jpg", many_scans(), Saved),
        sample("side.jpg", large_jpeg(), Shown("image/jpeg")),
    ]
}

/// Pictures that tell something besides themselves, in places where cameras and programs put it.
pub fn telling() -> Vec<Sample> {
    let jpeg = jpeg();
    let (before, end) = jpeg.split_at(jpeg.len() - 2);
    let told = [b"Exif\0\0", CANARY].concat();
    let segment = |marker: u8| segment(marker, &told);
    let (start, rest) = jpeg.split_at(2);
    let png = |chunks: &[([u8; 4], Vec<u8>)]| {
        let (head, behind) = PLACED_PNG.split_at(33);
        [head, &chunks_of_png(chunks), behind].concat()
    };
    let sample = |name, bytes, kind| Sample { name, bytes, expected: Expected::Seen(kind) };
    let webp = |id: &[u8; 4]| {
        let mut webp = [PLACED_WEBP, &riff(&[(*id, CANARY.to_vec())])[12..]].concat();
        let length = (webp.len() - 8) as u32;
        webp[4..8].copy_from_slice(&length.to_le_bytes());
        // It says that it has XMP.
        webp[20] |= 4;
        webp
    };
    vec![
        sample("placed.jpg", PLACED_JPEG.to_vec(), "image/jpeg"),
        sample("placed.png", PLACED_PNG.to_vec(), "image/png"),
        sample("placed.webp", PLACED_WEBP.to_vec(), "image/webp"),
        sample("comment.jpg", [start, &segment(0xfe), rest].concat(), "image/jpeg"),
        sample("small.jpg", [start, &segment(0xe0), rest].concat(), "image/jpeg"),
        sample("scan.jpg", [before, &segment(0xe1), end].concat(), "image/jpeg"),
        // A second picture behind the first, as some cameras have it for the depth, or a film.
        sample("second.jpg", [&jpeg, PLACED_JPEG].concat(), "image/jpeg"),
        sample("film.jpg", [&jpeg, &b"\0\0\0\x18ftypmp42"[..], CANARY].concat(), "image/jpeg"),
        sample("origin.png", png(&[(*b"caBX", CANARY.to_vec())]), "image/png"),
        sample(
            "text.png",
            png(&[(*b"iTXt", [b"XML:com.adobe.xmp\0\0\0\0\0", CANARY].concat())]),
            "image/png",
        ),
        sample("behind.png", [PLACED_PNG, CANARY].concat(), "image/png"),
        sample("notes.webp", webp(b"XMP "), "image/webp"),
        sample("unknown.webp", webp(b"PLCE"), "image/webp"),
        sample("behind.webp", [PLACED_WEBP, CANARY].concat(), "image/webp"),
        sample("comment.gif", noted_gif(&[b"\x21\xfe"]), "image/gif"),
        sample("xmp.gif", noted_gif(&[b"\x21\xff", b"\x0bXMP DataXMP"]), "image/gif"),
        sample("behind.gif", [&gif((1, 1), (1, 1)), CANARY].concat(), "image/gif"),
    ]
}

/// A picture in one colour.
pub fn jpeg() -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, 80);
    encoder.write_image(&[200; 8 * 8 * 3], 8, 8, ColorType::Rgb8.into()).expect("a picture");
    bytes
}

fn polyglot() -> Vec<u8> {
    let jpeg = jpeg();
    [&jpeg[..2], &segment(0xfe, SCRIPT), &jpeg[2..], SCRIPT].concat()
}

/// Each scan goes over all pixels once more.
fn many_scans() -> Vec<u8> {
    let jpeg = jpeg();
    let scan = jpeg.windows(2).position(|pair| pair == b"\xff\xda").expect("a scan");
    let (head, scan) = jpeg.split_at(scan);
    let (scan, end) = scan.split_at(scan.len() - 2);
    [head, &scan.repeat(200), end].concat()
}

/// One that says that it is 65,535 pixels wide and high.
fn large_jpeg() -> Vec<u8> {
    let mut jpeg = jpeg();
    let frame = jpeg.windows(2).position(|pair| pair == b"\xff\xc0").expect("a frame");
    jpeg[frame + 5..frame + 9].fill(0xff);
    jpeg
}

fn segment(marker: u8, contents: &[u8]) -> Vec<u8> {
    let length = (contents.len() + 2) as u16;
    [&[0xff, marker], &length.to_be_bytes()[..], contents].concat()
}

fn png(chunks: &[([u8; 4], Vec<u8>)]) -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n", &chunks_of_png(chunks)[..], &chunks_of_png(&[(*b"IEND", Vec::new())])].concat()
}

fn chunks_of_png(chunks: &[([u8; 4], Vec<u8>)]) -> Vec<u8> {
    let chunk = |(kind, contents): &([u8; 4], Vec<u8>)| PngChunk::new(*kind, Bytes::from(contents.clone()));
    chunks.iter().flat_map(|known| chunk(known).encoder().bytes()).collect()
}

/// Grey, of eight bits.
fn header_of_png(width: u32, height: u32) -> Vec<u8> {
    [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 0, 0, 0, 0]].concat()
}

/// So many zeros, two at least, packed as well as can be (RFC 1950, and 1951 with fixed codes): a byte for 158.
fn zeros(count: usize) -> Vec<u8> {
    let (mut packed, mut held, mut bits) = (vec![0x78, 0x01], 0_u32, 0);
    // Codes begin with their highest bit, numbers with their lowest.
    let mut put = |code: u32, length: u32| {
        held |= (code.reverse_bits() >> (32 - length)) << bits;
        bits += length;
        while bits >= 8 {
            packed.push(held as u8);
            (held, bits) = (held >> 8, bits - 8);
        }
    };
    // The last block, of fixed codes; a zero.
    put(0b110, 3);
    put(0b0011_0000, 8);
    for _ in 0..(count - 1) / 258 {
        // 258 times what was one before.
        put(0b1100_0101, 8);
        put(0, 5);
    }
    for _ in 0..(count - 1) % 258 {
        put(0b0011_0000, 8);
    }
    // The end of the block, and the rest of a byte.
    put(0, 7);
    put(0, 7);
    let sum = ((count % 65_521) as u32) << 16 | 1;
    packed.extend(sum.to_be_bytes());
    packed
}

fn gif(screen: (u16, u16), frame: (u16, u16)) -> Vec<u8> {
    let size = |(width, height): (u16, u16)| [width.to_le_bytes(), height.to_le_bytes()].concat();
    let colours = [0, 0, 0, 255, 255, 255];
    let pixels = [2, 2, 0x44, 1, 0];
    [
        b"GIF89a",
        &size(screen)[..],
        &[0x80, 0, 0],
        &colours,
        &[0x2c, 0, 0, 0, 0],
        &size(frame),
        &[0],
        &pixels,
        &[0x3b],
    ]
    .concat()
}

/// A GIF with an extension that tells something, behind what it begins with.
fn noted_gif(begins: &[&[u8]]) -> Vec<u8> {
    let gif = gif((1, 1), (1, 1));
    let (head, image) = gif.split_at(19);
    [head, &begins.concat(), &[CANARY.len() as u8], CANARY, &[0], image].concat()
}

fn riff(chunks: &[([u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (id, data) in chunks {
        body.extend_from_slice(id);
        body.extend((data.len() as u32).to_le_bytes());
        body.extend_from_slice(data);
        body.extend(vec![0; data.len() % 2]);
    }
    [b"RIFF", &(body.len() as u32).to_le_bytes()[..], &body].concat()
}

/// How large a WebP says that it is, and what it has.
fn canvas(flags: u8, width: u32, height: u32) -> Vec<u8> {
    [&[flags, 0, 0, 0], &(width - 1).to_le_bytes()[..3], &(height - 1).to_le_bytes()[..3]].concat()
}

/// The beginning of a lossy picture of this size.
fn lossy(width: u16, height: u16) -> Vec<u8> {
    [&[0x10, 2, 0, 0x9d, 1, 0x2a], &width.to_le_bytes()[..], &height.to_le_bytes(), &[0; 64]].concat()
}

/// Lists in lists.
fn nested(depth: u32) -> Vec<u8> {
    let lists =
        (0..depth).rev().flat_map(|behind| [b"LIST", &(behind * 12 + 4).to_le_bytes()[..], b"list"].concat());
    let lists: Vec<_> = lists.collect();
    [b"RIFF", &(lists.len() as u32 + 4).to_le_bytes()[..], b"WEBP", &lists].concat()
}
