//! The commands as buttons.

use super::{
    Help,
    format::{self, Command, from_units, to_units},
};
use crate::{
    browser::{ROW, field, focus, page},
    chat::words,
    ui::{dynamic::text, icon::drawn},
};
use leptos::{
    ev::{KeyboardEvent, MouseEvent},
    html,
    prelude::*,
    web_sys::HtmlTextAreaElement,
};

/// What the arrow keys move between.
const BUTTONS: &str = "button";

/// A button: what it does, its name, the keys that do the same, and its drawing.
struct Tool(Command, &'static str, &'static str, &'static str);

const TOOLS: [Tool; 8] = [
    Tool(Command::Bold, words::BOLD, "B", "M6 4h5a3 3 0 0 1 0 6H6zM6 10h6a3 3 0 0 1 0 6H6z"),
    Tool(Command::Italic, words::ITALIC, "I", "M9 4h6M5 16h6M12 4 8 16"),
    Tool(
        Command::Strike,
        words::STRIKE,
        "Shift+X",
        "M3 10h14M14 6.5C13 3.5 6.5 3.5 6.5 7c0 1 .6 2 1.8 3M6 13.5c1 3 8 3 8-.5",
    ),
    Tool(Command::Code, words::CODE, "E", "M7 6 3 10l4 4M13 6l4 4-4 4"),
    Tool(
        Command::Link,
        words::LINK,
        "K",
        "M8.5 11.5a3 3 0 0 0 4.2 0l2.8-2.8a3 3 0 0 0-4.2-4.2l-1 1M11.5 8.5a3 3 0 0 0-4.2 0l-2.8 2.8a3 3 0 0 0 4.2 4.2l1-1",
    ),
    Tool(Command::Quote, words::QUOTE, "Shift+9", "M4 5v10M8 6h9M8 10h9M8 14h6"),
    Tool(Command::List, words::LIST, "Shift+8", "M4 6v0M4 10v0M4 14v0M8 6h9M8 10h9M8 14h9"),
    Tool(
        Command::Spoiler,
        words::SPOILER,
        "Shift+H",
        "M2.5 10s2.5-4.5 7.5-4.5 7.5 4.5 7.5 4.5-2.5 4.5-7.5 4.5S2.5 10 2.5 10zM4 16 16 4",
    ),
];

/// All of them; one stop of the Tab key.
#[component]
pub fn Toolbar(help: Help) -> impl IntoView {
    let toolbar = NodeRef::<html::Div>::new();
    let stop = RwSignal::new(0);
    let key = move |event: KeyboardEvent| {
        if let Some(toolbar) = toolbar.get_untracked() {
            focus::walk(&event, &toolbar, BUTTONS, ROW);
        }
    };
    let button = move |(number, Tool(command, name, keys, path)): (usize, Tool)| {
        let obey = move |_| {
            if let Some(input) = help.input.get_untracked() {
                obey(&input, command);
            }
        };
        view! {
            <button type="button" class="icon" aria-label=name title=words::with_keys(name, page::command_key(), keys)
                tabindex=text(move || Some(if stop.get() == number { "0" } else { "-1" }))
                on:focus=move |_| stop.set(number)
                // What is selected stays so.
                on:mousedown=move |event: MouseEvent| event.prevent_default()
                on:click=obey>
                {drawn(path, 18)}
            </button>
        }
    };
    view! {
        <div class="tools" role="toolbar" aria-label=words::FORMATTING aria-controls="message" node_ref=toolbar
            hidden=Signal::derive(move || !help.has_toolbar.get()) on:keydown=key>
            {TOOLS.into_iter().enumerate().map(button).collect_view()}
        </div>
    }
}

/// Does what a command says to what is selected.
pub fn obey(input: &HtmlTextAreaElement, command: Command) {
    let text = input.value();
    let (start, end) = field::selection(input);
    let edit = format::edit(&text, from_units(&text, start), from_units(&text, end), command);
    let (from, to) = (to_units(&text, edit.from), to_units(&text, edit.to));
    field::replace(input, (from, to), &edit.text);
    let (first, last) = edit.selected;
    field::select(input, from + to_units(&edit.text, first), from + to_units(&edit.text, last));
}
