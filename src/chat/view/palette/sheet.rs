//! The sheet of shortcuts.

use super::{Board, Boards};
use crate::{
    browser::focus,
    chat::{
        view::shortcuts::{Keys, Shortcut, TABLE},
        words,
    },
    ui::dialog::Dialog,
};
use leptos::{ev::MouseEvent, prelude::*};

/// All that there are, in two columns where there is room.
#[component]
pub fn Sheet(boards: Boards) -> impl IntoView {
    focus::keep();
    let close = Callback::new(move |()| {
        boards.close(Board::Sheet);
        focus::give_back();
    });
    let clicked = move |event: MouseEvent| {
        event.prevent_default();
        close.run(());
    };
    let group = |(title, shortcuts): (&'static str, &'static [Shortcut])| {
        view! {
            <section>
                <h3>{title}</h3>
                <dl>{shortcuts.iter().map(line).collect_view()}</dl>
            </section>
        }
    };
    view! {
        <Dialog role="dialog" labelled="sheet-title" class="dialog sheet" close>
            <h2 id="sheet-title">{words::SHORTCUTS}</h2>
            <div class="columns">{TABLE.into_iter().map(group).collect_view()}</div>
            <div class="acts">
                <a class="btn main" href="/" autofocus=true on:click=clicked>{words::CLOSE}</a>
            </div>
        </Dialog>
    }
}

fn line(shortcut: &Shortcut) -> AnyView {
    let ways: Vec<Vec<String>> = match shortcut.keys {
        Keys::One(key) => vec![key.caps()],
        Keys::Own(ways) => ways.iter().map(|way| way.split(' ').map(str::to_owned).collect()).collect(),
    };
    let way = |keys: Vec<String>| {
        let keys = keys.into_iter().map(|key| view! { <kbd>{key}</kbd> }).collect_view();
        view! { <span>{keys}</span> }
    };
    view! { <div><dt>{shortcut.does}</dt><dd>{ways.into_iter().map(way).collect_view()}</dd></div> }
        .into_any()
}
