//! Texts that only their writer can read, on a device that several people use.

use chacha20poly1305::{AeadInPlace, ChaCha20Poly1305, KeyInit, Nonce, Tag};
use uuid::Uuid;

/// What a sealed text begins with; no text that somebody typed does.
const MARK: char = '\u{1}';
/// Bytes of the nonce, another one for each text, and of the tag.
const NONCE: usize = 12;
const TAG: usize = 16;

/// Seals a text: mark, nonce, tag and cipher text, a character for each byte.
pub fn seal(key: [Uuid; 2], text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let random = Uuid::new_v4().into_bytes();
    // 90 bits of it are random: enough for more texts than anybody types.
    let nonce = Nonce::from_slice(&random[16 - NONCE..]);
    // Errors: a text of 256 GB.
    let Ok(tag) = cipher(key).encrypt_in_place_detached(nonce, b"", &mut bytes) else { return String::new() };
    let mut sealed = String::from(MARK);
    for part in [nonce.as_slice(), tag.as_slice(), &bytes] {
        for byte in part {
            sealed.push(char::from(*byte));
        }
    }
    sealed
}

/// What was sealed with this key. A text that is not sealed is what an older page kept.
pub fn open(key: [Uuid; 2], kept: String) -> Option<String> {
    let Some(sealed) = kept.strip_prefix(MARK) else { return Some(kept) };
    let mut bytes = Vec::new();
    for character in sealed.chars() {
        bytes.push(u8::try_from(character).ok()?);
    }
    let (nonce, rest) = bytes.split_at_mut_checked(NONCE)?;
    let (tag, text) = rest.split_at_mut_checked(TAG)?;
    let (nonce, tag) = (Nonce::from_slice(nonce), Tag::clone_from_slice(tag));
    cipher(key).decrypt_in_place_detached(nonce, b"", text, &tag).ok()?;
    String::from_utf8(text.to_vec()).ok()
}

fn cipher(key: [Uuid; 2]) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(key.map(Uuid::into_bytes).concat().as_slice().into())
}
