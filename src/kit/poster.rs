//! How views post their forms where there is scripting: in place, with the answer or the refusal said.

use crate::{
    browser::form,
    kit::{codec, error::Refused},
    ui::toast::Toasts,
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

/// Fields that are lists.
const LISTS: [&str; 1] = ["members"];

/// Posts forms, one at a time: what is pressed twice is done once.
#[derive(Clone, Copy)]
pub struct Poster {
    toasts: Toasts,
    is_busy: StoredValue<bool>,
}

impl Poster {
    /// One that says what is refused in the toasts of the page around it.
    pub fn from_context() -> Self {
        Self { toasts: expect_context(), is_busy: StoredValue::new(false) }
    }

    /// Posts a form that is being submitted; `done` runs with the answer. A refusal is said.
    pub fn post(self, event: &SubmitEvent, done: impl FnOnce(String) + 'static) {
        event.prevent_default();
        if self.is_busy.get_value() {
            return;
        }
        let Some((path, json)) = form::posted(event, &LISTS) else { return };
        self.is_busy.set_value(true);
        spawn_local(async move {
            let answer = codec::post(&path, json).await;
            self.is_busy.try_set_value(false);
            match answer {
                Ok(answer) => done(answer),
                Err(Refused(error)) => self.toasts.failed(&error),
            }
        });
    }
}
