//! Texts that only their writer can read, on a device that several people use.

use chacha20poly1305::{AeadInPlace, KeyInit, Tag, XChaCha20Poly1305, XNonce};
use uuid::Uuid;

/// What a sealed text begins with; no text that somebody typed does.
const MARK: char = '\u{1}';
/// Bytes of the nonce, which is never used twice, and of the tag.
const NONCE: usize = 24;
const TAG: usize = 16;

/// Seals a text: mark, nonce, tag and cipher text, a character for each byte.
pub fn seal(key: [Uuid; 2], text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let nonce = [Uuid::new_v4(), Uuid::new_v4()].map(Uuid::into_bytes).concat();
    let nonce = XNonce::from_slice(&nonce[..NONCE]);
    // Errors: a text of 256 GB.
    let Ok(tag) = cipher(key).encrypt_in_place_detached(nonce, b"", &mut bytes) else { return String::new() };
    let sealed = nonce.iter().chain(&tag).chain(&bytes).map(|byte| char::from(*byte));
    std::iter::once(MARK).chain(sealed).collect()
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
    let (nonce, tag) = (XNonce::from_slice(nonce), Tag::clone_from_slice(tag));
    cipher(key).decrypt_in_place_detached(nonce, b"", text, &tag).ok()?;
    String::from_utf8(text.to_vec()).ok()
}

fn cipher(key: [Uuid; 2]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.map(Uuid::into_bytes).concat().as_slice().into())
}
