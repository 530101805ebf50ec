//! What is drawn once: as elements. A view of it would bring the code that hydrates it and changes it, which it never
//! needs, and would read anew what the server has drawn already.

use crate::browser::Piece;
use leptos::prelude::*;
use std::sync::Arc;
use web_sys::Element;

/// What says what stands in an element.
type Pieces = Arc<dyn Fn() -> Vec<Piece>>;

/// An element with a class, and what stands in it.
pub fn draw(class: &'static str, pieces: Pieces) -> AnyView {
    view! { <div class=class use:fill=pieces></div> }.into_any()
}

fn fill(element: Element, pieces: Pieces) {
    // What the server has drawn is there.
    if !element.has_child_nodes() {
        append(&element, pieces());
    }
}

// A browser refuses none of this: the tags and names are ours.
fn append(within: &Element, pieces: Vec<Piece>) {
    for piece in pieces {
        let _ = match piece {
            Piece::Text(text) => within.append_with_str_1(&text),
            Piece::Element(tag, attributes, pieces) => document().create_element(tag).and_then(|element| {
                for (name, value) in attributes {
                    element.set_attribute(name, &value)?;
                }
                append(&element, pieces);
                within.append_child(&element).map(drop)
            }),
        };
    }
}
