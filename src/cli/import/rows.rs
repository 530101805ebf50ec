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

    /// The row's own id, as it is stored.
    pub fn raw_id(&self) -> Option<&Bson> {
        self.get("_id")
    }

    /// The row's own id as text. Errors: it cannot be read.
    pub fn id(&self) -> Result<String, Reason> {
        self.get("_id").map(key).ok_or("damaged")
    }

    /// The id of another row, as text: an ObjectId, its hexadecimal text, any other text, or a number.
    pub fn reference(&self, field: &str) -> Option<String> {
        let value = self.get(field)?;
        let is_id = match value {
            Bson::ObjectId(_) | Bson::String(_) | Bson::Int32(_) | Bson::Int64(_) => true,
            Bson::Double(number) => number.fract() == 0.0,
            Bson::Document(document) => document.get_str("$oid").is_ok(),
            _ => false,
        };
        is_id.then(|| key(value))
    }

    /// A date that can be shown.
    pub fn date(&self, field: &str) -> Option<Timestamp> {
        let at = millis(self.get(field)?)?;
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
        // One number, however a driver has written it.
        Bson::Int32(number) => number.to_string(),
        Bson::Int64(number) => number.to_string(),
        Bson::Double(number) => number.to_string(),
        Bson::Document(document) => match document.get_str("$oid") {
            Ok(id) => id.to_ascii_lowercase(),
            Err(_) => value.to_string(),
        },
        other => other.to_string(),
    }
}

/// Milliseconds since 1970, from all that has been written for a date: MongoDB's own, text as RFC 3339 or
/// as Python writes it (UTC where no zone is said), extended JSON that was imported as it stood, and numbers
/// where only one unit makes sense.
fn millis(value: &Bson) -> Option<i64> {
    match value {
        Bson::DateTime(at) => Some(at.timestamp_millis()),
        Bson::Timestamp(at) => Some(i64::from(at.time) * 1000),
        Bson::String(text) => text_millis(text.trim()),
        Bson::Int32(number) => number_millis(f64::from(*number)),
        Bson::Int64(number) => number_millis(*number as f64),
        Bson::Double(number) => number_millis(*number),
        Bson::Document(document) => match (document.get("$date"), document.get_str("$numberLong")) {
            // A number by that name is milliseconds, whatever it is.
            (Some(Bson::Int64(number)), _) => Some(*number),
            (Some(Bson::Int32(number)), _) => Some((*number).into()),
            (Some(Bson::Document(number)), _) => number.get_str("$numberLong").ok()?.parse().ok(),
            (Some(date), _) => millis(date),
            (None, Ok(number)) => number_millis(number.parse().ok()?),
            (None, Err(_)) => None,
        },
        _ => None,
    }
}

fn text_millis(text: &str) -> Option<i64> {
    let instant = text.parse::<jiff::Timestamp>().ok();
    let utc = || {
        let civil: jiff::civil::DateTime = text.parse().ok()?;
        Some(civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
    };
    Some(instant.or_else(utc)?.as_millisecond())
}

/// Milliseconds from 1973 on, or seconds from 2001 to 2286: either would be 1970 in the other unit.
fn number_millis(number: f64) -> Option<i64> {
    if (1e11..1e15).contains(&number) {
        Some(number as i64)
    } else if (1e9..1e10).contains(&number) {
        Some((number * 1000.0) as i64)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::millis;
    use mongodb::bson::{Bson, DateTime, Timestamp, bson};

    #[test]
    fn a_date_is_read_in_every_form_that_has_one_meaning() {
        let at = 1_704_103_200_123;
        for value in [
            Bson::DateTime(DateTime::from_millis(at)),
            bson!("2024-01-01T10:00:00.123Z"),
            bson!("2024-01-01T11:00:00.123+01:00"),
            bson!("2024-01-01T10:00:00.123456"),
            bson!("2024-01-01 10:00:00.123"),
            bson!({ "$date": "2024-01-01T10:00:00.123Z" }),
            bson!({ "$date": at }),
            bson!({ "$date": { "$numberLong": "1704103200123" } }),
            bson!({ "$numberLong": "1704103200123" }),
            bson!(at),
            bson!(at as f64),
            bson!(1_704_103_200.123),
        ] {
            assert_eq!(millis(&value), Some(at), "{value}");
        }
        assert_eq!(millis(&Bson::Timestamp(Timestamp { time: 1_704_103_200, increment: 1 })), Some(at - 123));
        assert_eq!(millis(&bson!({ "$date": 5_i64 })), Some(5));
        for value in [
            bson!("yesterday"),
            bson!(5),
            bson!(-1.0),
            bson!(20_240_101),
            bson!(f64::NAN),
            bson!({}),
            bson!(["x"]),
        ] {
            assert_eq!(millis(&value), None, "{value}");
        }
    }
}
