//! The bucket that the bytes of files lie in, if not the data folder.

use super::ConfigError;
use ::store::bytes::s3::Bucket;

/// Stands in texts for what is a secret.
const HIDDEN: &str = "[not shown]";

/// `None` if `SOTTO_FILES` is not set.
///
/// - `SOTTO_FILES`: `s3://bucket/prefix`, or without a prefix.
/// - `SOTTO_S3_ENDPOINT`: the address of what speaks S3; default Amazon's.
/// - `SOTTO_S3_REGION`: default `us-east-1`, which others than Amazon take for their own.
/// - `SOTTO_S3_KEY`, `SOTTO_S3_SECRET`: the key's id, and the key, which is never shown.
pub(super) fn read(get: impl Fn(&str) -> Option<String>) -> Result<Option<Bucket>, ConfigError> {
    let get = |name: &str| get(name).filter(|value| !value.is_empty());
    let Some(files) = get("SOTTO_FILES") else { return Ok(None) };
    let place = files.strip_prefix("s3://").map(|place| place.split_once('/').unwrap_or((place, "")));
    let is_name = |name: &str| !name.is_empty() && !name.contains(['@', ':', '?', '#', ' ']);
    let Some((name, prefix)) = place.filter(|(name, _)| is_name(name)) else {
        // Whoever writes a key in there is not to find it in a log.
        return Err(ConfigError::new(
            "SOTTO_FILES",
            HIDDEN,
            "expected s3:// and a bucket, like s3://chat/files",
        ));
    };
    let endpoint = get("SOTTO_S3_ENDPOINT");
    if let Some(endpoint) = &endpoint
        && (endpoint.contains('@') || !["http://", "https://"].iter().any(|web| endpoint.starts_with(web)))
    {
        let expected = "expected http:// or https:// and a host, like https://s3.example.org";
        return Err(ConfigError::new("SOTTO_S3_ENDPOINT", HIDDEN, expected));
    }
    let needed = |name: &'static str| {
        get(name).ok_or_else(|| ConfigError::new(name, "", "a bucket (SOTTO_FILES) needs a key"))
    };
    Ok(Some(Bucket {
        name: name.to_owned(),
        prefix: prefix.trim_matches('/').to_owned(),
        endpoint,
        region: get("SOTTO_S3_REGION").unwrap_or_else(|| "us-east-1".into()),
        key: needed("SOTTO_S3_KEY")?,
        secret: needed("SOTTO_S3_SECRET")?,
    }))
}
