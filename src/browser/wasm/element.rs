//! What is in the page: whether it is there, and where it lies.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, MouseEvent, ScrollIntoViewOptions, ScrollLogicalPosition};

/// Whether there is something in the page that the selector finds.
pub fn shows(selector: &str) -> bool {
    leptos::prelude::document().query_selector(selector).is_ok_and(|found| found.is_some())
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

/// Where in an element somebody points, from its middle, and how large it is, in pixels of the page.
pub fn point_in(within: &Element, event: &MouseEvent) -> ([f64; 2], [f64; 2]) {
    let (around, size) = (within.get_bounding_client_rect(), size_of(within));
    let from_middle = |at: i32, edge: f64, size: f64| f64::from(at) - edge - size / 2.0;
    let x = from_middle(event.client_x(), around.left(), size[0]);
    let y = from_middle(event.client_y(), around.top(), size[1]);
    ([x, y], size)
}

/// How large an element is, in pixels of the page.
pub fn size_of(element: &Element) -> [f64; 2] {
    let around = element.get_bounding_client_rect();
    [around.width(), around.height()]
}

/// Draws an element so much larger, and moved by so many pixels; at once, or with the motion that its style has.
pub fn transform(element: &HtmlElement, scale: f64, [x, y]: [f64; 2], at_once: bool) {
    // In whole numbers: what writes fractions is large (docs/decisions/0006-page-weight.md).
    let (x, y, thousandths) = (x as i32, y as i32, (scale * 1000.0) as i32);
    let transform = format!("translate({x}px, {y}px) scale(calc({thousandths} / 1000))");
    let style = element.style();
    for (name, value) in [("transition", if at_once { "none" } else { "" }), ("transform", &transform)] {
        let _ = style.set_property(name, value);
    }
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

/// Whether what has been scrolled is within so many pixels of its end.
pub fn is_near_end(event: &Event, room: i32) -> bool {
    let scrolled = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    scrolled.is_some_and(|it| it.scroll_height() - it.scroll_top() - it.client_height() < room)
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
