//! The window.

use crate::browser::wasm::clock;
use gloo_net::http::{Method, Request};
use js_sys::{Array, JSON, Object, Reflect};
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{
    Element, Event, EventInit, FocusEvent, FormData, HtmlDocument, HtmlElement, HtmlFormElement,
    HtmlInputElement, HtmlTextAreaElement, KeyboardEvent, MouseEvent, RequestCache, ScrollIntoViewOptions,
    ScrollLogicalPosition, SubmitEvent, VisibilityState,
};

/// Leaves the page for another one.
pub fn go_to(path: &str) {
    // A browser that refuses to go leaves the person where they are.
    let _ = leptos::prelude::window().location().assign(path);
}

/// Tells the server, by a cookie, in which zone to render times next time.
pub fn remember_zone() {
    if let Ok(document) = leptos::prelude::document().dyn_into::<HtmlDocument>() {
        let name = clock::local_name();
        // Without the cookie the first paint shows UTC; nothing else depends on it.
        let _ = document.set_cookie(&format!("tz={name}; path=/; max-age=31536000; samesite=lax"));
    }
}

/// Whether the server rendered times in another zone than this machine's, and would not next time:
/// then the cookie is set, and the page is to be loaded again. Taking it over would fail, because
/// days begin elsewhere.
pub fn is_rendered_elsewhere() -> bool {
    let here = clock::local_name();
    let rendered = leptos::prelude::document()
        .document_element()
        .and_then(|html| html.get_attribute("data-zone"))
        .is_some_and(|zone| zone != here);
    rendered && !knows_zone(&here) && {
        remember_zone();
        // A browser without cookies would load it for ever.
        knows_zone(&here)
    }
}

fn knows_zone(name: &str) -> bool {
    let cookies = leptos::prelude::document()
        .dyn_into::<HtmlDocument>()
        .ok()
        .and_then(|document| document.cookie().ok())
        .unwrap_or_default();
    cookies.split(';').any(|cookie| cookie.trim().strip_prefix("tz=") == Some(name))
}

/// Loads the page again.
pub fn reload() {
    let _ = leptos::prelude::window().location().reload();
}

/// Whether the server has another page by now: it does not know the address of this one's styles any more.
pub async fn is_outdated() -> bool {
    let styles = leptos::prelude::document().query_selector("link[rel=stylesheet]").ok().flatten();
    let Some(address) = styles.and_then(|styles| styles.get_attribute("href")) else { return false };
    // Asked of the server itself: this page's files are kept in more than one place.
    let ask = Request::get(&address).method(Method::HEAD).cache(RequestCache::NoStore);
    ask.send().await.is_ok_and(|answer| answer.status() == 404)
}

/// Whether the address asks for something by one of these names.
pub fn asks_for(names: &[&str]) -> bool {
    let query = leptos::prelude::window().location().search().unwrap_or_default();
    let mut asked = query.trim_start_matches('?').split('&').filter_map(|pair| pair.split('=').next());
    asked.any(|name| names.contains(&name))
}

/// Whether there is something in the page that the selector finds.
pub fn shows(selector: &str) -> bool {
    leptos::prelude::document().query_selector(selector).is_ok_and(|found| found.is_some())
}

/// What a form that is being submitted would post: its address, and its fields as a JSON object. A field whose
/// name is in `lists` is a list of texts, unless there is none of it, every other one a text.
pub fn posted(event: &SubmitEvent, lists: &[&str]) -> Option<(String, String)> {
    let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
    let fields = FormData::new_with_form(&form).ok()?;
    let json = Object::new();
    for name in lists {
        let chosen = fields.get_all(name);
        if chosen.length() > 0 {
            Reflect::set(&json, &(*name).into(), &chosen).ok()?;
        }
    }
    for field in js_sys::try_iter(&fields).ok()?? {
        let field: Array = field.ok()?.dyn_into().ok()?;
        if field.get(0).as_string().is_some_and(|name| !lists.contains(&name.as_str())) {
            Reflect::set(&json, &field.get(0), &field.get(1)).ok()?;
        }
    }
    Some((form.get_attribute("action")?, JSON::stringify(&json).ok()?.as_string()?))
}

/// Moves the focus among what the selector finds in an element, around its ends.
pub fn focus_next(within: &Element, selector: &str, step: i32) {
    let Ok(found) = within.query_selector_all(selector) else { return };
    let found: Vec<HtmlElement> =
        (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok()).collect();
    let active = leptos::prelude::document().active_element();
    let now = found.iter().position(|element| Some(element.as_ref()) == active.as_ref());
    let next = match (now, step) {
        (None, 1..) => 0,
        (None, _) => -1,
        (Some(now), step) => now as i32 + step,
    };
    let next = next.checked_rem_euclid(found.len() as i32).and_then(|next| found.get(next as usize));
    let _ = next.map(|element| element.focus());
}

/// Moves the focus so where one of these keys was pressed: back, or forth.
pub fn walk(event: &KeyboardEvent, within: &Element, selector: &str, [back, forth]: [&str; 2]) {
    let step = match event.key() {
        key if key == back => -1,
        key if key == forth => 1,
        _ => return,
    };
    focus_next(within, selector, step);
    event.prevent_default();
}

/// Calls the window so.
pub fn set_title(title: &str) {
    leptos::prelude::document().set_title(title);
}

/// Shows a number on the page's icon; none for 0.
pub fn show_count(count: u64) {
    let icon = leptos::prelude::document().query_selector("link[rel=icon]").ok().flatten();
    let Some(icon) = icon else { return };
    let href = match count {
        0 => "/favicon.svg".to_owned(),
        _ => {
            let count = if count < 100 { count.to_string() } else { "99+".to_owned() };
            format!(
                "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'>\
                 <rect width='32' height='32' rx='10' fill='%23c2255c'/>\
                 <text x='16' y='23' text-anchor='middle' font-family='sans-serif' font-weight='700' \
                 font-size='{}' fill='%23fff'>{count}</text></svg>",
                [20, 20, 17, 14][count.len().min(3)],
            )
        }
    };
    let _ = icon.set_attribute("href", &href);
}

/// Moves the focus to the first that the selector finds in the page, where it has fallen to nothing because
/// what had it is gone, or will be in the next frame.
pub fn rescue_focus(selector: &str) {
    let selector = selector.to_owned();
    rescue_focus_if(|| true, selector);
}

thread_local! {
    /// What had the focus last, of what can go by itself.
    static NOTED: RefCell<Option<Element>> = const { RefCell::new(None) };
}

/// Notes what has the focus now, where it can go by itself.
pub fn note_focus(event: &FocusEvent) {
    NOTED.set(event.target().and_then(|target| target.dyn_into().ok()));
}

/// The same as [`rescue_focus`], where what was noted is gone from the page by then.
pub fn inherit_focus(selector: &str) {
    if let Some(noted) = NOTED.with_borrow(Clone::clone) {
        rescue_focus_if(move || !noted.is_connected(), selector.to_owned());
    }
}

fn rescue_focus_if(is_wanted: impl Fn() -> bool + 'static, selector: String) {
    let rescue = move || {
        if !is_wanted() {
            return;
        }
        let document = leptos::prelude::document();
        let is_lost = document.active_element().is_none_or(|active| active.tag_name() == "BODY");
        let heir = document.query_selector(&selector).ok().flatten().filter(|_| is_lost);
        if let Some(heir) = heir.and_then(|heir| heir.dyn_into::<HtmlElement>().ok()) {
            let _ = heir.focus();
        }
    };
    let rescue = move || leptos::prelude::request_animation_frame(rescue);
    leptos::prelude::request_animation_frame(rescue);
}

/// Whether the focus is somewhere inside.
pub fn has_focus(within: &Element) -> bool {
    within.contains(leptos::prelude::document().active_element().as_deref())
}

/// Whether something is selected in a field.
pub fn has_selected(field: &HtmlTextAreaElement) -> bool {
    field.selection_start().ok() != field.selection_end().ok()
}

/// What is selected in a field, in UTF-16 code units: from where to where.
pub fn selection(field: &HtmlTextAreaElement) -> (u32, u32) {
    let end = field.selection_end().ok().flatten().unwrap_or_default();
    (field.selection_start().ok().flatten().unwrap_or(end), end)
}

/// Selects something in a field, in UTF-16 code units.
pub fn select(field: &HtmlTextAreaElement, from: u32, to: u32) {
    let _ = field.set_selection_range(from, to);
}

/// Replaces a part of what stands in a field, in UTF-16 code units, as if it was typed: the field's listeners hear of it.
pub fn replace(field: &HtmlTextAreaElement, (from, to): (u32, u32), text: &str) {
    let _ = field.focus();
    select(field, from, to);
    // Deprecated, and the only way that the browser's own undo knows of.
    let document = leptos::prelude::document().dyn_into::<HtmlDocument>().ok();
    let command = if text.is_empty() { "delete" } else { "insertText" };
    let is_done = document.is_some_and(|document| {
        document.exec_command_with_show_ui_and_value(command, false, text).unwrap_or(false)
    });
    if !is_done {
        let _ = field.set_range_text_with_start_and_end(text, from, to);
        tell_typed(field);
        let end = from + text.encode_utf16().count() as u32;
        select(field, end, end);
    }
}

/// Has a field's listeners hear that something was typed into it.
fn tell_typed(field: &Element) {
    let init = EventInit::new();
    init.set_bubbles(true);
    let _ = Event::new_with_event_init_dict("input", &init).map(|event| field.dispatch_event(&event));
}

/// What is printed on the key that shortcuts are held with.
pub fn command_key() -> &'static str {
    let platform = leptos::prelude::window().navigator().platform().unwrap_or_default();
    if platform.starts_with("Mac") || platform.starts_with("iP") { "⌘" } else { "Ctrl" }
}

/// Whether somebody is in the middle of writing into another field: it has the focus, and something in it.
pub fn is_typing() -> bool {
    let active = leptos::prelude::document().active_element();
    let input = active.and_then(|active| active.dyn_into::<HtmlInputElement>().ok());
    input.is_some_and(|input| !input.value().is_empty())
}

/// Whether what has the focus takes text, so that a letter is one.
pub fn takes_text() -> bool {
    let active = leptos::prelude::document().active_element();
    active.is_some_and(|active| active.matches("input, textarea, select, [contenteditable]").unwrap_or(false))
}

thread_local! {
    /// What had the focus before something was laid over the page.
    static FOCUSED: RefCell<Option<HtmlElement>> = const { RefCell::new(None) };
}

/// Notes what has the focus, before something is laid over the page that takes it.
pub fn keep_focus() {
    let active = leptos::prelude::document().active_element();
    // What lies over the page already goes, and leads to this.
    let stays = |active: &Element| {
        active.tag_name() != "BODY" && active.closest("dialog").is_ok_and(|over| over.is_none())
    };
    if let Some(active) = active.filter(stays).and_then(|active| active.dyn_into().ok()) {
        FOCUSED.set(Some(active));
    }
}

/// Gives the focus back to what had it then, once what lies over the page is gone.
pub fn return_focus() {
    let focus = || FOCUSED.with_borrow(|focused| drop(focused.as_ref().map(|focused| focused.focus())));
    let focus = move || leptos::prelude::request_animation_frame(focus);
    leptos::prelude::request_animation_frame(focus);
}

/// Scrolls what is found into sight, as far as it must.
pub fn reveal(selector: &str) {
    let selector = selector.to_owned();
    leptos::prelude::request_animation_frame(move || {
        let found = leptos::prelude::document().query_selector(&selector).ok().flatten();
        if let Some(found) = found {
            let options = ScrollIntoViewOptions::new();
            options.set_block(ScrollLogicalPosition::Nearest);
            found.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
}

/// Whether what is found can be seen.
pub fn is_shown(selector: &str) -> bool {
    let found = leptos::prelude::document().query_selector(selector).ok().flatten();
    found.is_some_and(|found| found.get_client_rects().length() > 0)
}

/// Writes into the field that is found in the next frame, as a person would.
pub fn fill(selector: String, text: String) {
    let fill = move || {
        let field = leptos::prelude::document().query_selector(&selector).ok().flatten();
        let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) else { return };
        field.set_value(&text);
        let _ = field.focus();
        tell_typed(&field);
    };
    // What lay over the page gives the focus back first.
    let fill = move || leptos::prelude::request_animation_frame(fill);
    leptos::prelude::request_animation_frame(move || leptos::prelude::request_animation_frame(fill));
}

/// Submits the form that is found.
pub fn submit(selector: &str) {
    let found = leptos::prelude::document().query_selector(selector).ok().flatten();
    let _ = found.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()).map(|form| form.request_submit());
}

/// Shows the page light or dark; as the system is, where nothing else is forced.
pub fn set_theme(forced: Option<&str>) {
    let Some(html) = leptos::prelude::document().document_element() else { return };
    let _ = match forced {
        Some(theme) => html.set_attribute("data-theme", theme),
        None => html.remove_attribute("data-theme"),
    };
}

/// The theme that is forced.
pub fn theme() -> Option<String> {
    leptos::prelude::document().document_element()?.get_attribute("data-theme")
}

/// Whether the machine is used with fingers: a keyboard would cover half of it, and its Enter is no command.
pub fn is_touched() -> bool {
    let query = leptos::prelude::window().match_media("(pointer: coarse)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

/// Makes a field as high as its text, where the style sheet alone cannot.
pub fn fit_height(field: &HtmlElement) {
    if web_sys::css::supports_with_value("field-sizing", "content").unwrap_or(true) {
        return;
    }
    let style = field.style();
    let _ = style.set_property("height", "auto");
    let _ = style.set_property("height", &format!("{}px", field.scroll_height()));
}

/// What stands before the caret in a field.
pub fn before_caret(field: &HtmlTextAreaElement) -> String {
    let units = field.selection_start().ok().flatten().unwrap_or_default() as usize;
    let before: Vec<u16> = field.value().encode_utf16().take(units).collect();
    String::from_utf16_lossy(&before)
}

/// The field that the selector finds.
pub fn text_field(selector: &str) -> Option<HtmlTextAreaElement> {
    let found = leptos::prelude::document().query_selector(selector).ok().flatten();
    found.and_then(|found| found.dyn_into().ok())
}

/// Gives what the selector finds an attribute, or takes it away.
pub fn describe(selector: &str, name: &str, value: Option<&str>) {
    if let Ok(Some(found)) = leptos::prelude::document().query_selector(selector) {
        let _ = match value {
            Some(value) => found.set_attribute(name, value),
            None => found.remove_attribute(name),
        };
    }
}

/// Puts the box around a menu beside what it is about, where there is room for it; a style sheet may say otherwise.
pub fn put_beside(menu: &HtmlElement, around: &str, about: &str) {
    let found = |selector: &str| leptos::prelude::document().query_selector(selector).ok().flatten();
    let around = menu.closest(around).ok().flatten().and_then(|around| around.dyn_into::<HtmlElement>().ok());
    let Some((about, around)) = found(about).zip(around) else { return };
    let Some(page) = leptos::prelude::document().document_element() else { return };
    let (about, size) = (about.get_bounding_client_rect(), around.get_bounding_client_rect());
    // In whole pixels: what writes fractions is large (docs/decisions/0006-page-weight.md).
    let within = |at: f64, size: f64, room: i32| (at as i32).min(room - size as i32 - 8).max(8);
    let style = around.style();
    let top = within(about.top(), size.height(), page.client_height());
    let left = match about.left() + about.width() / 2.0 > f64::from(page.client_width()) / 2.0 {
        true => about.right() - size.width(),
        false => about.left(),
    };
    let left = within(left, size.width(), page.client_width());
    for (name, value) in
        [("margin", "0".to_owned()), ("top", format!("{top}px")), ("left", format!("{left}px"))]
    {
        let _ = style.set_property(name, &value);
    }
}

/// Whether the browser has a menu of its own that is wanted here: over a link, or over what is selected.
pub fn is_for_the_browser(event: &MouseEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_link = element.is_some_and(|element| element.closest("a").is_ok_and(|link| link.is_some()));
    let selection = leptos::prelude::window().get_selection().ok().flatten();
    is_link || selection.is_some_and(|selection| !selection.is_collapsed())
}

/// Puts a text into the clipboard. `false`: the browser does not let us.
pub async fn copy(text: &str) -> bool {
    let clipboard = leptos::prelude::window().navigator().clipboard();
    // On a page that came over plain HTTP there is none.
    !clipboard.is_undefined()
        && wasm_bindgen_futures::JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// The whole address of a path of this site.
pub fn absolute(path: &str) -> String {
    leptos::prelude::window().location().origin().unwrap_or_default() + path
}

/// What is chosen under a name in a form that is being submitted.
pub fn chosen(event: &SubmitEvent, name: &str) -> Vec<String> {
    let form = event.target().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    let fields = form.and_then(|form| FormData::new_with_form(&form).ok());
    fields.map_or_else(Vec::new, |fields| {
        fields.get_all(name).iter().filter_map(|value| value.as_string()).collect()
    })
}

/// Brings an element into sight, and has it be noticed.
pub fn point_at(selector: &str) {
    let found = leptos::prelude::document().query_selector(selector).ok().flatten();
    let Some(found) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) else { return };
    let _ = found.remove_attribute("data-at");
    found.scroll_into_view();
    let _ = found.focus();
    leptos::prelude::request_animation_frame(move || drop(found.set_attribute("data-at", "")));
}

/// Scrolls what is found in a log into sight, so many pixels below the upper edge, if it lies above that.
pub fn scroll_up_to(log: &Element, selector: &str, room: i32) {
    let Some(found) = log.query_selector(selector).ok().flatten() else { return };
    let above = log.get_bounding_client_rect().top() - found.get_bounding_client_rect().top();
    if above > 0.0 {
        log.set_scroll_top(log.scroll_top() - above as i32 - room);
    }
}

/// Of the groups that a log holds, which are elements of the class `group`, and the articles in them: the
/// last one whose beginning is above the log's lower edge.
pub fn last_in_sight(log: &Element, group: &str) -> Option<(usize, usize)> {
    let groups = log.query_selector_all(group).ok()?;
    let edge = log.get_bounding_client_rect().bottom() - 1.0;
    let begins_above = |node: Option<web_sys::Node>| {
        let element = node.and_then(|node| node.dyn_into::<Element>().ok());
        element.is_some_and(|element| element.get_bounding_client_rect().top() < edge)
    };
    // They stand in order.
    let (mut low, mut high) = (0, groups.length());
    while low < high {
        let middle = low.midpoint(high);
        if begins_above(groups.get(middle)) { low = middle + 1 } else { high = middle }
    }
    let last = low.checked_sub(1)?;
    let articles = groups.get(last)?.dyn_into::<Element>().ok()?.query_selector_all("article").ok()?;
    let above = (0..articles.length()).rev().find(|index| begins_above(articles.get(*index)))?;
    Some((last as usize, above as usize))
}

/// Whether the page is on the screen.
pub fn is_visible() -> bool {
    leptos::prelude::document().visibility_state() == VisibilityState::Visible
}

/// Whether somebody looks at the page: it is visible and has the focus.
pub fn is_watched() -> bool {
    is_visible() && leptos::prelude::document().has_focus().unwrap_or(false)
}

/// Completes after a time.
pub async fn sleep(milliseconds: u32) {
    gloo_timers::future::TimeoutFuture::new(milliseconds).await;
}

/// A number from 0 to 1.
pub fn random() -> f64 {
    js_sys::Math::random()
}
