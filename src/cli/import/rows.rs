//! What is in a row, whatever its fields have become.

use model::time::Timestamp;
use mongodb::bson::{Bson, Document, RawDocumentBuf, oid::ObjectId, spec::BinarySubtype};

/// Why a row cannot be carried over.
pub type Reason = &'static str;

/// Days that can be shown: years 1970 to 9999.
const DAYS: std::ops::Range<i64> = 0..253_402_300_800_000;

/// A row, or nothing of it that could be read.
pub struct Row(Option<Document>);

impl Row {
    pub fn read(raw: &RawDocumentBuf) -> Self {
        Self(Document::try_from(raw.clone()).ok())
    }

    fn get(&self, field: &str) -> Option<&Bson> {
        self.0.as_ref()?.get(field).filter(|value| **value != Bson::Null)
    }

    /// Whether the field is there, and not empty.
    pub fn has(&self, field: &str) -> bool {
        self.get(field).is_some_and(|value| value.as_str() != Some(""))
    }

    pub fn text(&self, field: &str) -> Option<&str> {
        self.get(field)?.as_str()
    }

    pub fn flag(&self, field: &str) -> bool {
        self.get(field).and_then(Bson::as_bool).unwrap_or(false)
    }

    /// Text, also where it was written as bytes.
    pub fn text_or_bytes(&self, field: &str) -> Option<&str> {
        match self.get(field)? {
            Bson::String(text) => Some(text),
            Bson::Binary(binary) if binary.subtype == BinarySubtype::Generic => {
                std::str::from_utf8(&binary.bytes).ok()
            }
            _ => None,
        }
    }

    /// The row's own id as text. Errors: it cannot be read.
    pub fn id(&self) -> Result<String, Reason> {
        self.get("_id").map(key).ok_or("damaged")
    }

    /// The id of another row, as text: an ObjectId, its hexadecimal text, or any other text.
    pub fn reference(&self, field: &str) -> Option<String> {
        self.get(field).filter(|value| matches!(value, Bson::ObjectId(_) | Bson::String(_))).map(key)
    }

    /// A date that can be shown.
    pub fn date(&self, field: &str) -> Option<Timestamp> {
        let at = match self.get(field)? {
            Bson::DateTime(at) => at.timestamp_millis(),
            _ => return None,
        };
        DAYS.contains(&at).then_some(Timestamp(at))
    }

    /// The date, or when the row's id was made; the epoch if that does not tell either.
    pub fn date_or_origin(&self, field: &str) -> Timestamp {
        let origin = || {
            let id = self.id().ok()?.parse::<ObjectId>().ok()?;
            Some(Timestamp(id.timestamp().timestamp_millis()).max(Timestamp(0)))
        };
        self.date(field).or_else(origin).unwrap_or(Timestamp(0))
    }
}

fn key(value: &Bson) -> String {
    match value {
        Bson::ObjectId(id) => id.to_hex(),
        Bson::String(text) => text.parse::<ObjectId>().map_or_else(|_| text.clone(), ObjectId::to_hex),
        other => other.to_string(),
    }
}
