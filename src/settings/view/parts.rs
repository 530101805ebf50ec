//! What the page is made of.

use crate::browser::clock::{self, Zone};
use leptos::prelude::*;
use model::time::Timestamp;

/// A part of the page under a heading.
#[component]
pub(super) fn Panel(id: &'static str, title: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="panel" id=id aria-labelledby=format!("{id}-title")>
            <h2 id=format!("{id}-title")>{title}</h2>
            {children()}
        </section>
    }
}

/// `today at 14:32`, there.
pub(super) fn moment(at: Timestamp, zone: &Zone) -> String {
    let (then, now) = (zone.civil(at), zone.civil(clock::now()));
    match now.days - then.days {
        0 | 1 => format!("{} at {}", then.day_label(&now).to_lowercase(), then.clock()),
        _ => format!("on {} at {}", then.day_label(&now), then.clock()),
    }
}
