//! Line icons, drawn with the text's colour.

use leptos::prelude::*;

/// The brand's mark: a voice.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <span class="mark" aria-hidden="true">
            <svg width="18" height="18" viewBox="0 0 18 18" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round">
                <path d="M4 9v0M9 5.5v7M14 7.5v3"/>
            </svg>
        </span>
    }
}

/// Which icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// A magnifying glass.
    Search,
    /// Yes.
    Check,
    /// No, or close.
    Cross,
    /// Back.
    Back,
    /// Send: an arrow up.
    Send,
    /// Speech.
    Speech,
    /// Down.
    Down,
    /// Take back: an arrow that turns.
    Undo,
    /// What else can be done: three dots.
    More,
    /// What is pinned.
    Pin,
    /// Two people.
    People,
    /// A new one.
    Add,
    /// A day: a leaf of a calendar.
    Day,
    /// An address: links of a chain.
    Link,
    /// What can be set: two sliders.
    Settings,
    /// How the page looks: a disc, half dark.
    Theme,
    /// Keys.
    Keyboard,
    /// The way out.
    Leave,
    /// How text looks: a letter.
    Letter,
    /// Something that goes with it: a paper clip.
    Clip,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Search => "M15 9a6 6 0 1 1-12 0 6 6 0 0 1 12 0zM13.5 13.5 17 17",
            Self::Check => "m4 10.5 4 4L16 6",
            Self::Cross => "M5 5l10 10M15 5 5 15",
            Self::Back => "M12 4 6 10l6 6",
            Self::Send => "M10 16.5V4M4.5 9.5 10 4l5.5 5.5",
            Self::Speech => {
                "M4 4h12a1.5 1.5 0 0 1 1.5 1.5v7A1.5 1.5 0 0 1 16 14h-6l-4 3.5V14H4a1.5 1.5 0 0 1-1.5-1.5v-7A1.5 1.5 0 0 1 4 4z"
            }
            Self::Undo => "M4 8h8a4 4 0 0 1 0 8H8M7.5 4.5 4 8l3.5 3.5",
            Self::More => "M10 4.5v0M10 10v0M10 15.5v0",
            Self::Pin => "M7 3h6M8 3v5l-2.5 3.5h9L12 8V3M10 11.5V17",
            Self::People => {
                "M10.5 7a3 3 0 1 1-6 0 3 3 0 0 1 6 0zM2 16.5a5.5 5.5 0 0 1 11 0M13.5 4.3a3 3 0 0 1 0 5.4M15.5 12a5.5 5.5 0 0 1 2.8 4.5"
            }
            Self::Clip => {
                "M16 9.5l-6 6a3.8 3.8 0 0 1-5.4-5.4l6.3-6.3a2.5 2.5 0 0 1 3.6 3.6l-6.2 6.2a1.2 1.2 0 0 1-1.8-1.8l5.5-5.5"
            }
            Self::Letter => "M3.5 16.5 10 4l6.5 12.5M6 12h8",
            Self::Down => "M10 4v12M5 11l5 5 5-5",
            Self::Add => "M10 4v12M4 10h12",
            Self::Day => "M3.5 5h13v12h-13zM3.5 9h13M7 2.5v4M13 2.5v4",
            Self::Link => {
                "M8.3 11.7a3.4 3.4 0 0 0 4.8 0l2.9-2.9a3.4 3.4 0 0 0-4.8-4.8l-1 1M11.7 8.3a3.4 3.4 0 0 0-4.8 0L4 11.2a3.4 3.4 0 0 0 4.8 4.8l1-1"
            }
            Self::Settings => "M3 6h8M16 6h1M3 14h1M9 14h8M13.5 3.5v5M6.5 11.5v5",
            Self::Theme => "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 3v14M13.5 6v8",
            Self::Keyboard => "M2.5 5h15v10h-15zM7 12h6M6 8.5v0M10 8.5v0M14 8.5v0",
            Self::Leave => "M11 4H4v12h7M8.5 10H17M14 7l3 3-3 3",
        }
    }
}

/// An icon of 20 by 20 units; says nothing to a screen reader.
#[component]
pub fn Glyph(
    /// Which one.
    icon: Icon,
    /// Its size in pixels.
    #[prop(default = 18)]
    size: u8,
) -> impl IntoView {
    drawn(icon.path(), size)
}

/// A drawing of an icon.
pub fn drawn(path: &'static str, size: u8) -> impl IntoView {
    view! {
        <svg width=size height=size viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="2.2"
            stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
            <path d=path/>
        </svg>
    }
}
