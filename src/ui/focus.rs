//! The focus, where what has it can go by itself.

use crate::browser::focus;
use leptos::prelude::*;

/// Leads the focus to an heir where what had it goes with the news: it would fall to nothing, and the keys with it.
/// What surrounds it has [`focus::note`] on its `focusin`.
///
/// `news` tracks what may take something away; `heir` is a selector.
pub fn inherited(news: impl Fn() + 'static, heir: &'static str) {
    Effect::new(move || {
        news();
        focus::inherit(heir);
    });
}
