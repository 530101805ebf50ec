//! Where everything is kept, if not in the data folder.

use super::ConfigError;

/// A database on a MongoDB server.
#[derive(Clone)]
pub struct Mongo {
    /// `MONGODB_URI`: which servers, as whom and how, like `mongodb://localhost:27017`. May hold a
    /// password, so it is never shown.
    pub uri: String,
    /// `DATABASE_NAME`: which database; default `sotto`.
    pub database: String,
}

impl std::fmt::Debug for Mongo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mongo").field("uri", &HIDDEN).field("database", &self.database).finish()
    }
}

/// Stands in texts for what may hold a password.
const HIDDEN: &str = "[not shown]";

impl Mongo {
    /// `None` if `MONGODB_URI` is not set.
    pub(super) fn read(get: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, ConfigError> {
        let Some(uri) = get("MONGODB_URI") else { return Ok(None) };
        if !uri.starts_with("mongodb://") && !uri.starts_with("mongodb+srv://") {
            return Err(ConfigError::new(
                "MONGODB_URI",
                HIDDEN,
                "expected mongodb:// or mongodb+srv:// and a host, like mongodb://localhost:27017",
            ));
        }
        let database = get("DATABASE_NAME").unwrap_or_else(|| "sotto".into());
        // What MongoDB itself forbids, on any system.
        if database.len() > 63 || database.chars().any(|c| "/\\. \"$*<>:|?\0".contains(c)) {
            return Err(ConfigError::new(
                "DATABASE_NAME",
                database,
                "expected at most 63 bytes, and none of / \\ . \" $ * < > : | ? or spaces",
            ));
        }
        Ok(Some(Self { uri, database }))
    }
}
