//! Enums as JSON objects that hold their variant's name as `type`.
//!
//! `#[serde(tag = "type")]` does the same, but buffers every frame in a tree before it reads it,
//! with a second copy of all the code that reads types: a fifth of the page. Here the name is
//! read first, and then the same text again as that variant.

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeSeed, EnumAccess, Error as _, IntoDeserializer, VariantAccess, Visitor},
    forward_to_deserialize_any,
};
use serde_json::Error;
use std::borrow::Cow;

/// Writes a struct variant or a newtype variant that holds a struct.
pub fn encode<T: Serialize>(event: &T) -> Result<String, Error> {
    // serde's own form is {"name":{fields}}; a name needs no escapes.
    let outer = serde_json::to_string(event)?;
    let inner = outer.strip_prefix("{\"").and_then(|rest| rest.strip_suffix("}}"));
    let Some((name, fields)) = inner.and_then(|inner| inner.split_once("\":{")) else {
        return Err(serde::ser::Error::custom("not a variant with fields"));
    };
    let comma = if fields.is_empty() { "" } else { "," };
    Ok(format!("{{\"type\":\"{name}\"{comma}{fields}}}"))
}

/// Reads what [`encode`] wrote; the fields may come in any order, and unknown ones are ignored.
pub fn decode<'de, T: Deserialize<'de>>(json: &'de str) -> Result<T, Error> {
    let Tag { name } = serde_json::from_str(json)?;
    T::deserialize(Tagged { name, json })
}

#[derive(Deserialize)]
struct Tag<'a> {
    #[serde(borrow, rename = "type")]
    name: Cow<'a, str>,
}

struct Tagged<'de> {
    name: Cow<'de, str>,
    json: &'de str,
}

impl<'de> Deserializer<'de> for Tagged<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_enum(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> EnumAccess<'de> for Tagged<'de> {
    type Error = Error;
    type Variant = Fields<'de>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Fields<'de>), Error> {
        let name: serde::de::value::CowStrDeserializer<'_, Error> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, Fields(self.json)))
    }
}

/// The object again, read as the fields of its variant.
struct Fields<'de>(&'de str);

impl<'de> VariantAccess<'de> for Fields<'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(&mut serde_json::Deserializer::from_str(self.0))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("an event has named fields"))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        serde_json::Deserializer::from_str(self.0).deserialize_struct("", fields, visitor)
    }
}
