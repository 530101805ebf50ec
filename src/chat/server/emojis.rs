//! `GET /api/emojis`: which emojis there are, for a page's picker.

use crate::{kit::route::Route, routes};
use axum::{
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    response::IntoResponse,
};
use emojis::{Emoji, Group, SkinTone};
use std::sync::LazyLock;

/// What is answered here.
pub const ROUTES: &[Route] = routes! {
    GET "/api/emojis" => all;
};

/// Another release may know more.
const CACHED: &str = "public, max-age=86400";

static ALL: LazyLock<String> = LazyLock::new(|| {
    let groups: Vec<_> =
        Group::iter().map(|group| (name(group), group.emojis().map(row).collect::<Vec<_>>())).collect();
    serde_json::to_string(&groups).unwrap_or_default()
});

/// `GET /api/emojis`: groups of `[name, [[emoji, found by, tones]]]`. What it is found by is in lower case and begins
/// with its name; the tones are the five, from light to dark, where it has them.
pub async fn all() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, CACHED)], ALL.as_str())
}

fn row(emoji: &'static Emoji) -> (&'static str, String, Vec<&'static str>) {
    let others = emoji.shortcodes().map(|code| code.replace('_', " "));
    let found_by: Vec<_> = std::iter::once(emoji.name().to_lowercase()).chain(others).collect();
    let tones =
        [SkinTone::Light, SkinTone::MediumLight, SkinTone::Medium, SkinTone::MediumDark, SkinTone::Dark];
    let tones = tones.into_iter().filter_map(|tone| emoji.with_skin_tone(tone)).map(Emoji::as_str).collect();
    (emoji.as_str(), found_by.join(","), tones)
}

fn name(group: Group) -> &'static str {
    match group {
        Group::SmileysAndEmotion => "Smileys and emotion",
        Group::PeopleAndBody => "People and body",
        Group::AnimalsAndNature => "Animals and nature",
        Group::FoodAndDrink => "Food and drink",
        Group::TravelAndPlaces => "Travel and places",
        Group::Activities => "Activities",
        Group::Objects => "Objects",
        Group::Symbols => "Symbols",
        Group::Flags => "Flags",
    }
}
