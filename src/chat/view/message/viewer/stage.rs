//! The room that a picture is seen in: what a mouse, fingers and keys make of it.

use super::{
    gallery::Picture,
    lens::{Lens, Swipe},
};
use crate::browser::element;
use leptos::{
    ev::{MouseEvent, PointerEvent, WheelEvent},
    html,
    prelude::*,
};

/// How much larger a button, a key and a double click make it.
const STEP: f64 = 1.5;
const LEAP: f64 = 2.5;
/// A turn of a wheel by so many pixels doubles it, or nearly.
const WHEEL: f64 = 500.0;
/// The height of a line, in which some browsers count a wheel's turn, in pixels.
const LINE: f64 = 33.0;
/// How much more two fingers on a touch pad mean than a wheel.
const PINCH: f64 = 5.0;
/// Keys move it by so many pixels.
const KEYS: f64 = 80.0;

/// A finger, or a mouse's button, that is down, and where it was last: from the middle of the room, in pixels.
type Pointer = (i32, [f64; 2]);

/// A picture in its room. A cheap handle.
#[derive(Clone, Copy)]
pub struct Stage {
    room: NodeRef<html::Div>,
    moved: NodeRef<html::Div>,
    lens: StoredValue<Lens>,
    /// At most two: others are not heard.
    pointers: StoredValue<Vec<Pointer>>,
    /// The picture's own size in pixels.
    size: StoredValue<[u32; 2]>,
    /// Whether more than the room shows there is.
    pub is_enlarged: RwSignal<bool>,
}

impl Stage {
    /// With nothing in it.
    pub fn new() -> Self {
        let (room, moved) = (NodeRef::new(), NodeRef::new());
        let (lens, pointers) = (StoredValue::new(Lens::WHOLE), StoredValue::new(Vec::new()));
        let (size, is_enlarged) = (StoredValue::new([1, 1]), RwSignal::new(false));
        Self { room, moved, lens, pointers, size, is_enlarged }
    }

    /// Another picture is in it.
    pub fn begin(self, picture: &Picture) {
        self.size.set_value(picture.size());
        self.pointers.set_value(Vec::new());
        self.lay(Lens::WHOLE, true);
    }

    /// All of it is seen.
    pub fn whole(self) {
        self.lay(Lens::WHOLE, false);
    }

    /// One step larger (1), or smaller (-1).
    pub fn step(self, larger: i32) {
        let by = if larger > 0 { STEP } else { 1.0 / STEP };
        self.hold(self.lens.get_value().enlarged(by, [0.0, 0.0]), false);
    }

    /// Moves what is enlarged so many steps to the right, and down.
    pub fn shift(self, [x, y]: [f64; 2]) {
        self.hold(self.lens.get_value().moved([x * KEYS, y * KEYS]), false);
    }

    /// The same as [`Self::lay`], within its room.
    fn hold(self, lens: Lens, at_once: bool) {
        let room = self.room.get_untracked().map(|room| element::size_of(&room));
        self.lay(lens.within(self.size.get_value(), room.unwrap_or_default()), at_once);
    }

    fn lay(self, lens: Lens, at_once: bool) {
        self.lens.set_value(lens);
        self.is_enlarged.maybe_update(|is| std::mem::replace(is, lens.is_enlarged()) != lens.is_enlarged());
        if let Some(moved) = self.moved.get_untracked() {
            element::transform(&moved, lens.scale, lens.offset, at_once);
        }
    }

    /// Where in it somebody points, from its middle.
    fn point(self, event: &MouseEvent) -> [f64; 2] {
        self.room.get_untracked().map(|room| element::point_in(&room, event).0).unwrap_or_default()
    }

    fn turned(self, event: &WheelEvent) {
        event.prevent_default();
        let turned = event.delta_y() * if event.delta_mode() == 0 { 1.0 } else { LINE };
        // Two fingers on a touch pad are told as a wheel that hardly turns.
        let turned = if event.ctrl_key() { turned * PINCH } else { turned };
        let by = 1.0 - (turned / WHEEL).clamp(-0.5, 0.5);
        self.hold(self.lens.get_value().enlarged(by, self.point(event)), true);
    }

    fn leapt(self, event: &MouseEvent) {
        let lens = self.lens.get_value();
        match lens.is_enlarged() {
            true => self.whole(),
            false => self.hold(lens.enlarged(LEAP, self.point(event)), false),
        }
    }

    fn pressed(self, event: &PointerEvent) {
        let at = self.point(event);
        let is_new = self.pointers.with_value(Vec::len) < 2 && event.button() == 0;
        if let Some(room) = self.room.get_untracked().filter(|_| is_new) {
            // Outside of the room, too, it is heard of what is held.
            let _ = room.set_pointer_capture(event.pointer_id());
            self.pointers.update_value(|all| all.push((event.pointer_id(), at)));
        }
    }

    fn dragged(self, event: &PointerEvent) {
        let (now, before) = (self.point(event), self.pointers.get_value());
        let Some(held) = before.iter().position(|(id, _)| *id == event.pointer_id()) else { return };
        self.pointers.update_value(|all| all[held].1 = now);
        let lens = self.lens.get_value();
        let by = |from: [f64; 2], to: [f64; 2]| [to[0] - from[0], to[1] - from[1]];
        match *before {
            [(_, from)] if lens.is_enlarged() => self.hold(lens.moved(by(from, now)), true),
            // A mouse does not swipe: it would take the place of no finger.
            [(_, from)] if event.pointer_type() != "mouse" => self.lay(lens.moved(by(from, now)), true),
            [(_, first), (_, second)] => {
                let (from, other) = if held == 0 { (first, second) } else { (second, first) };
                let apart = |at: [f64; 2]| {
                    let [x, y] = by(other, at);
                    (x * x + y * y).sqrt().max(1.0)
                };
                let middle = |at: [f64; 2]| [(at[0] + other[0]) / 2.0, (at[1] + other[1]) / 2.0];
                let moved = lens.moved(by(middle(from), middle(now)));
                self.hold(moved.enlarged(apart(now) / apart(from), middle(now)), true);
            }
            _ => {}
        }
    }

    /// A pointer is up; what that means.
    fn released(self, event: &PointerEvent) -> Swipe {
        let before = self.pointers.with_value(Vec::len);
        self.pointers.update_value(|all| all.retain(|(id, _)| *id != event.pointer_id()));
        let lens = self.lens.get_value();
        if before != 1 || lens.is_enlarged() {
            return Swipe::Back;
        }
        let swipe = Swipe::of(lens.offset);
        self.whole();
        swipe
    }

    /// The room, with what is drawn in it. `swiped` runs when fingers have asked for something else.
    pub fn draw(self, picture: AnyView, swiped: impl Fn(Swipe) + Copy + 'static) -> AnyView {
        let released = move |event: PointerEvent| swiped(self.released(&event));
        view! {
            <div class="stage" class:enlarged=self.is_enlarged node_ref=self.room
                on:pointerdown=move |event| self.pressed(&event) on:pointermove=move |event| self.dragged(&event)
                on:pointerup=released on:pointercancel=move |event| { self.released(&event); }
                on:wheel=move |event| self.turned(&event) on:dblclick=move |event| self.leapt(&event)>
                <div class="lens" node_ref=self.moved>{picture}</div>
            </div>
        }
        .into_any()
    }
}
