//! Pictures in messages: the Flask chat kept them in their text, as data URIs.

use crate::{
    cli::{CommandResult, data, import::rows::Reason},
    files::server::{Given, Keeping, Looking, is_shown_picture, take_in},
    kit::Config,
};
use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use model::{file::Attachment, words::size};
use std::sync::Arc;
use store::{
    Store,
    bytes::{Bytes, Chunk},
};

/// The largest picture that the Flask chat took, in bytes.
const MAX: usize = 5 * 1024 * 1024;

/// Browsers write it with padding; what was cut off with it is no loss.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Where the bytes of pictures go.
pub struct Pictures {
    bytes: Arc<dyn Bytes>,
    looking: Looking,
    /// So many bytes of the disk stay free.
    free: u64,
}

impl Pictures {
    /// In the place that the settings name.
    pub async fn of(config: &Config) -> CommandResult<Self> {
        let bytes = data::bytes(config).await?;
        Ok(Self { bytes, looking: Looking::one(), free: config.files.free })
    }

    /// Takes one in, as what a message says of it. Errors within: it cannot be looked at.
    pub async fn take_in(
        &self,
        store: &dyn Store,
        picture: Given,
    ) -> CommandResult<Result<Attachment, Reason>> {
        let room = self.bytes.free_space().await?;
        if room < self.free.saturating_add(picture.bytes.len() as u64) {
            return Err(format!(
                "the disk has {} left, and SOTTO_FREE_ROOM keeps {} free",
                size(room),
                size(self.free)
            )
            .into());
        }
        let keeping = Keeping { store, bytes: &*self.bytes, looking: &self.looking };
        let file = take_in(keeping, picture).await?;
        Ok(file.map(|file| file.attachment(None)).ok_or(UNREADABLE))
    }
}

/// Whether one could be taken in.
pub async fn look(bytes: &Chunk) -> CommandResult<Result<(), Reason>> {
    Ok(if is_shown_picture(bytes).await? { Ok(()) } else { Err(UNREADABLE) })
}

const UNREADABLE: Reason = "an image that cannot be decoded, or of a kind that is not shown";

/// The bytes of a picture in a text. Errors: it is a link, no base64, or too large.
pub fn decoded(text: &str) -> Result<Chunk, Reason> {
    let text = text.trim();
    let uri = match text.split_at_checked("data:".len()) {
        Some((scheme, uri)) if scheme.eq_ignore_ascii_case("data:") => uri,
        _ => return Err("images by link"),
    };
    let is_base64 =
        |head: &str| head.rsplit(';').next().is_some_and(|last| last.trim().eq_ignore_ascii_case("base64"));
    let written = uri.split_once(',').filter(|(head, _)| is_base64(head)).map(|(_, written)| written);
    let written = written.ok_or("an image that is not written in base64")?;
    // Four letters are three bytes.
    if written.len() / 4 * 3 > MAX + 3 && written.bytes().all(|letter| !letter.is_ascii_whitespace()) {
        return Err("an image of more than 5 MB");
    }
    let written: Vec<u8> = written.bytes().filter(|letter| !letter.is_ascii_whitespace()).collect();
    match BASE64.decode(written) {
        Ok(bytes) if bytes.len() > MAX => Err("an image of more than 5 MB"),
        Ok(bytes) => Ok(Chunk::from(bytes)),
        Err(_) => Err("an image that is not written in base64"),
    }
}

#[cfg(test)]
mod tests {
    use super::{BASE64, MAX, decoded};
    use base64::Engine;

    #[test]
    fn a_picture_is_read_as_browsers_write_it_and_nothing_else_is() {
        for uri in ["data:image/png;base64,aGk=", "DATA:image/png;x=y;BASE64,aG k", " data:;base64,aGk\n"] {
            assert_eq!(decoded(uri).as_deref(), Ok(&b"hi"[..]), "{uri}");
        }
        for (uri, why) in [
            ("https://example.org/cat.png", "images by link"),
            ("d\u{e4}ta:", "images by link"),
            ("data:image/svg+xml,<svg/>", "an image that is not written in base64"),
            ("data:image/png;base64", "an image that is not written in base64"),
            ("data:image/png;base64,%%%", "an image that is not written in base64"),
        ] {
            assert_eq!(decoded(uri), Err(why), "{uri}");
        }
        let of = |bytes| format!("data:image/png;base64,{}", BASE64.encode(vec![7; bytes]));
        assert_eq!(decoded(&of(MAX)).map(|bytes| bytes.len()), Ok(MAX));
        assert_eq!(decoded(&of(MAX + 1)), Err("an image of more than 5 MB"));
    }
}
