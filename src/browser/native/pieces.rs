//! What is drawn once: as a view.

use crate::browser::Piece;
use leptos::{
    attr::{any_attribute::IntoAnyAttribute, custom::custom_attribute},
    prelude::*,
    tachys::html::element::custom,
};
use std::sync::Arc;

/// An element with a class, and what stands in it.
pub fn draw(class: &'static str, pieces: Arc<dyn Fn() -> Vec<Piece>>) -> AnyView {
    view! { <div class=class>{drawn(pieces())}</div> }.into_any()
}

fn drawn(pieces: Vec<Piece>) -> Vec<AnyView> {
    let draw = |piece| match piece {
        Piece::Text(text) => text.into_any(),
        Piece::Element(tag, attributes, within) => {
            let attributes = attributes.into_iter();
            let attributes: Vec<_> =
                attributes.map(|(name, value)| custom_attribute(name, value).into_any_attr()).collect();
            custom(tag).child(drawn(within)).add_any_attr(attributes).into_any()
        }
    };
    pieces.into_iter().map(draw).collect()
}
