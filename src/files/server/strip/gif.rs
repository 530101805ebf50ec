//! A GIF without what it tells besides itself (GIF89a specification, <https://www.w3.org/Graphics/GIF/spec-gif89a.txt>).

use super::broken;
use std::io;

const EXTENSION: u8 = 0x21;
const IMAGE: u8 = 0x2c;
const TRAILER: u8 = 0x3b;
/// The kinds of extensions that stay: how long a frame is shown and what shines through, and what programs added.
const GRAPHIC_CONTROL: u8 = 0xf9;
const APPLICATION: u8 = 0xff;

/// What programs added that a picture looks as it does for: how often it is repeated, and a profile of its colours.
/// Others, like XMP, say where it comes from.
const APPLICATIONS: [&[u8; 11]; 3] = [b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"];

/// The picture without comments, texts and what programs noted, up to its end; what was cut off stays cut off.
/// Errors: it is made of something else than a GIF is.
pub(super) fn stripped(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut rest = Rest(bytes);
    let mut kept = Vec::with_capacity(bytes.len());
    let whole = keep(&mut rest, &mut kept)?;
    if whole.is_none() {
        // Browsers show what came of it.
        kept.extend_from_slice(rest.0);
    }
    Ok(kept)
}

/// `None`: it ends in the middle of something that stays, which is the rest.
fn keep(rest: &mut Rest<'_>, kept: &mut Vec<u8>) -> io::Result<Option<()>> {
    let Some(head) = rest.take(|at| Some(13 + colours(*at.get(10)?))) else { return Ok(None) };
    kept.extend_from_slice(head);
    loop {
        let block = match (rest.0.first(), rest.0.get(1)) {
            (None, _) => return Ok(Some(())),
            (Some(&TRAILER), _) => {
                kept.push(TRAILER);
                return Ok(Some(()));
            }
            (Some(&IMAGE), _) => rest.take(|at| {
                let pixels = 10 + colours(*at.get(9)?) + 1;
                Some(pixels + blocks(at.get(pixels..)?)?)
            }),
            (Some(&EXTENSION), Some(&kind)) => {
                let block = rest.take(|at| Some(2 + blocks(at.get(2..)?)?));
                if !block.map_or_else(|| stays(kind, rest.0), |block| stays(kind, block)) {
                    if block.is_none() {
                        return Ok(Some(()));
                    }
                    continue;
                }
                block
            }
            (Some(&EXTENSION), None) => return Ok(None),
            _ => return Err(broken("no block of a GIF")),
        };
        let Some(block) = block else { return Ok(None) };
        kept.extend_from_slice(block);
    }
}

/// Whether an extension of this kind makes the picture look as it does.
fn stays(kind: u8, block: &[u8]) -> bool {
    match kind {
        GRAPHIC_CONTROL => true,
        APPLICATION => block.get(3..14).is_some_and(|name| APPLICATIONS.iter().any(|known| *known == name)),
        _ => false,
    }
}

/// How many bytes the table of colours has that a byte of flags speaks of.
fn colours(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// How many bytes the blocks have that come next, with the empty one at their end. `None`: they do not end.
fn blocks(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        match bytes.get(at)? {
            0 => return Some(at + 1),
            length => at += 1 + usize::from(*length),
        }
    }
}

/// What was not looked at yet.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    /// The next so many bytes. `None`: there are not so many, and nothing was taken.
    fn take(&mut self, length: impl FnOnce(&[u8]) -> Option<usize>) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length(self.0)?)?;
        self.0 = rest;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::stripped;

    /// A GIF of one black pixel, as so many pieces.
    fn gif(extensions: &[&[u8]]) -> Vec<u8> {
        let head: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff";
        let image: &[u8] = b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x3b";
        [head, &extensions.concat(), image].concat()
    }

    #[test]
    fn what_makes_it_look_as_it_does_stays_byte_for_byte() {
        let control: &[u8] = b"\x21\xf9\x04\0\x0a\0\0\0";
        let repeated: &[u8] = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0";
        let whole = gif(&[repeated, control]);
        assert_eq!(stripped(&whole).expect("a picture"), whole);
        // However it is cut off, nothing of what stays is lost; whose an extension is must be known for that.
        let (begins, named) = (19, 19 + 14);
        for end in 0..whole.len() {
            let kept = if (begins + 2..named).contains(&end) { begins } else { end };
            assert_eq!(stripped(&whole[..end]).expect("a picture"), &whole[..kept], "{end}");
        }
    }

    #[test]
    fn what_tells_of_something_else_goes() {
        let comment: &[u8] = b"\x21\xfe\x05place\0";
        let xmp: &[u8] = b"\x21\xff\x0bXMP DataXMP\x05place\0";
        let text: &[u8] = b"\x21\x01\x0c\0\0\0\0\0\0\0\0\0\0\0\0\x05place\0";
        let told = [gif(&[comment, xmp, text]), b"place".to_vec()].concat();
        assert_eq!(stripped(&told).expect("a picture"), gif(&[]));
        let cut_off = [&gif(&[])[..19], &comment[..6]].concat();
        assert_eq!(stripped(&cut_off).expect("a picture"), &gif(&[])[..19]);
        assert!(stripped(&[&gif(&[])[..19], b"what?"].concat()).is_err());
    }
}
