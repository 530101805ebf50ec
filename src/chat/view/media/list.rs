//! A list of one kind, a heading above each month.

use super::{entry::drawn, listing::Listing};
use crate::{
    browser::{clock, element},
    chat::{view::message::Doing, words},
    device::Device,
    ui::{
        dynamic::{Row, Rows, part, text},
        empty::Empty,
        words::TRY_AGAIN,
    },
};
use leptos::{
    ev::{Event, MouseEvent},
    prelude::*,
};
use model::{media::MediaEntry, text::look};

/// So many pixels before its end a list goes on.
const SOON: i32 = 400;

/// Entries of one month, in a row.
#[derive(Clone, PartialEq)]
struct Month {
    number: i64,
    label: String,
    entries: Vec<MediaEntry>,
}

/// These by month, in the order in which they stand. One that comes again, where a clock was set back, is one.
fn by_month(device: Device, entries: Vec<MediaEntry>) -> Vec<Month> {
    let zone = device.zone.get();
    let today = zone.civil(clock::now());
    let mut months = Vec::<Month>::new();
    for entry in entries {
        let there = zone.civil(entry.created_at);
        let number = there.month_number();
        match months.iter_mut().rfind(|month| month.number == number) {
            Some(month) => month.entries.push(entry),
            None => months.push(Month { number, label: there.month_label(&today), entries: vec![entry] }),
        }
    }
    months
}

/// The list.
#[component]
pub fn List(doing: Doing, listing: Listing) -> impl IntoView {
    let device = expect_context::<Device>();
    let kind = listing.kind;
    let months = Memo::new(move |_| by_month(device, listing.shown.get()));
    let rows = Signal::derive(move || {
        let row = |month: &Month| {
            let (number, label) = (month.number, month.label.clone());
            Row::new(number as u128, look(&label), move || {
                view! { <MonthView doing listing months number label=label.clone()/> }.into_any()
            })
        };
        months.read().iter().map(row).collect()
    });
    let empty = part(move || {
        let is_empty = listing.shown.read().is_empty() && listing.before.read().is_none();
        let (title, hint) = words::no_media(kind);
        (is_empty && !listing.is_loading.get() && !listing.has_failed.get())
            .then(|| view! { <Empty title hint/> })
            .into_any()
    });
    let more = part(move || {
        let clicked = move |event: MouseEvent| {
            event.prevent_default();
            listing.load_more();
        };
        listing
            .more()
            .filter(|_| !listing.has_failed.get())
            .map(|more| view! { <a class="btn" href=more on:click=clicked>{words::LOAD_MORE}</a> })
            .into_any()
    });
    let failed = part(move || {
        let again = move |_| listing.ask();
        let said = || {
            view! {
                <p class="hint" role="alert">{words::MEDIA_NOT_LOADED}</p>
                <button class="btn" on:click=again>{TRY_AGAIN}</button>
            }
        };
        listing.has_failed.get().then(said).into_any()
    });
    let loading = text(move || listing.is_loading.get().then_some(words::LOADING));
    view! {
        <div class=format!("media-list of-{}", kind.word()) on:scroll=move |event: Event| {
            if element::is_near_end(&event, SOON) {
                listing.load_more();
            }
        }>
            <Rows rows/>
            {empty}
            <p class="hint" role="status">{loading}</p>
            <div class="media-more">{failed}{more}</div>
        </div>
    }
}

/// One month of it. What stands there stays while others come and go.
#[component]
fn MonthView(
    doing: Doing,
    listing: Listing,
    months: Memo<Vec<Month>>,
    number: i64,
    label: String,
) -> impl IntoView {
    let rows = Signal::derive(move || {
        let months = months.read();
        let entries = months.iter().find(|month| month.number == number).map(|month| &month.entries);
        let row = |entry: &MediaEntry| {
            let (id, version) = key(entry);
            let entry = entry.clone();
            Row::new(id, version, move || drawn(doing, listing, &entry))
        };
        entries.into_iter().flatten().map(row).collect()
    });
    let head = format!("month-{number}");
    view! {
        <h3 id=head.clone()>{label}</h3>
        <ul class="plain" aria-labelledby=head><Rows rows/></ul>
    }
}

/// What names an entry, and a number that is another one where it looks otherwise. A file never does.
fn key(entry: &MediaEntry) -> (u128, u64) {
    match (&entry.attachment, &entry.link) {
        (Some(file), _) => (file.file.0.as_u128(), 0),
        (None, Some(link)) => {
            let says = [&*link.url, link.label.as_deref().unwrap_or_default(), &link.text].concat();
            (entry.message.0.as_u128().wrapping_add(u128::from(entry.at)), look(&says))
        }
        (None, None) => (entry.message.0.as_u128(), 0),
    }
}
