//! The focus, where what has it can go by itself.

use crate::browser::page;
use leptos::{ev::FocusEvent, prelude::*, wasm_bindgen::JsCast, web_sys::Element};

/// What had the focus last inside of something, part of which goes with the news: the focus would fall to nothing,
/// and the keys with it, and is led to an heir instead.
#[derive(Clone, Copy)]
pub struct FocusWithin(StoredValue<Option<Element>, LocalStorage>);

impl FocusWithin {
    /// `news` tracks what may take something away; `heir` is a selector.
    pub fn new(news: impl Fn() + 'static, heir: &'static str) -> Self {
        let last = StoredValue::new_local(None);
        Effect::new(move || {
            news();
            if let Some(last) = last.get_value() {
                page::inherit_focus(last, heir);
            }
        });
        Self(last)
    }

    /// What `focusin` calls.
    pub fn comes(self, event: &FocusEvent) {
        self.0.set_value(event.target().and_then(|target| target.dyn_into().ok()));
    }
}
