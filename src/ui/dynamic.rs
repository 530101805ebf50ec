//! Parts of a view that change. Each closure that stands in a view is compiled with all the code
//! that draws, hydrates and updates it; through the few types here they share one copy, which
//! halves the page. See `docs/decisions/0006-page-weight.md`.

use leptos::prelude::*;
use std::sync::Arc;

/// Text that changes; `None` leaves the element empty.
pub fn text<T: Into<String>>(text: impl Fn() -> Option<T> + Send + Sync + 'static) -> Signal<Option<String>> {
    Signal::derive(move || text().map(Into::into))
}

/// A part that changes its elements.
pub fn part(part: impl FnMut() -> AnyView + Send + 'static) -> Box<dyn FnMut() -> AnyView + Send> {
    Box::new(part)
}

/// One of many things in a row, drawn anew only when its key changes.
#[derive(Clone)]
pub struct Row {
    key: (u128, u64),
    view: Arc<dyn Fn() -> AnyView + Send + Sync>,
}

impl Row {
    /// `id` names the thing; `look` differs whenever it looks different.
    pub fn new(id: u128, look: u64, view: impl Fn() -> AnyView + Send + Sync + 'static) -> Self {
        Self { key: (id, look), view: Arc::new(view) }
    }
}

/// A changing number of things.
#[component]
pub fn Rows(
    /// The things in order.
    rows: Signal<Vec<Row>>,
) -> impl IntoView {
    view! {
        <For each=move || rows.get() key=|row| row.key let:row>
            {(row.view)()}
        </For>
    }
    .into_any()
}
