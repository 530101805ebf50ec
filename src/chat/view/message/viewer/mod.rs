//! A picture over the page: all of it, or as near as one likes, and from there to the one before it and after it.

pub mod gallery;
pub mod lens;
mod stage;

use super::{Doing, OPTIONS_FORM, Writing, close};
use crate::{
    browser::focus,
    chat::{
        view::{
            attachments::address,
            pictures::{PICTURE, said, thumbnail},
        },
        words,
    },
    device::Device,
    ui::{
        dialog::Dialog,
        dynamic::{part, text},
        icon::drawn,
        lazy::lazy,
        toast::Toasts,
    },
};
use gallery::{Picture, of_list, of_thread, wanted};
use lens::Swipe;
use leptos::{
    ev::{KeyboardEvent, MouseEvent},
    html,
    prelude::*,
};
use model::id::{FileId, MessageId};
use stage::Stage;

// Drawn as the icons of `ui::icon` are; here, because no other part of the page needs them.
const LEFT: &str = "M12 4 6 10l6 6";
const RIGHT: &str = "M8 4l6 6-6 6";
const PLUS: &str = "M10 4v12M4 10h12";
const MINUS: &str = "M4 10h12";
const CORNERS: &str = "M3.5 7.5v-4h4M12.5 3.5h4v4M16.5 12.5v4h-4M7.5 16.5h-4v-4";
const ARROW_BACK: &str = "M8 4.5 3.5 9 8 13.5M4 9h7.5a5 5 0 0 1 5 5v1.5";
const TO_DISK: &str = "M10 3.5v9M6 9l4 4 4-4M4 16.5h12";
const CROSS: &str = "M5 5l10 10M15 5 5 15";

lazy! {
    /// All of it.
    pub static VIEWER: fn(Doing, MessageId) -> AnyView = viewer(|doing, message| {
        view! { <Viewer doing message/> }.into_any()
    })
}

/// The dialog. Without scripting, and by its address, it shows the first picture of a message.
#[component]
pub fn Viewer(doing: Doing, message: MessageId) -> impl IntoView {
    let (device, toasts) = (expect_context::<Device>(), expect_context::<Toasts>());
    // Of what is looked at of the conversation, unless there is a list: that which was pressed has the focus (`open.js`).
    let (begins_at, among) = match wanted() {
        Some((file, list)) => (Some(file), Some(list)),
        None => (focus::link(PICTURE).and_then(|address| address.rsplit('/').next()?.parse().ok()), None),
    };
    let is_of_log = among.is_none();
    let pictures = Memo::new(move |_| {
        let all = device.state.with_thread(doing.id, |state, thread| match &among {
            Some(list) => of_list(list, thread, state.me.id),
            None => of_thread(thread, state.me.id, message),
        });
        all.unwrap_or_default()
    });
    let first = pictures.with_untracked(|all| {
        let mut of_it = all.iter().filter(|picture| picture.message == message);
        of_it.clone().find(|picture| Some(id_of(picture)) == begins_at).or(of_it.next()).map(id_of)
    });
    let at = RwSignal::new(first);
    // Which one it is of all, and how many there are.
    let place = Memo::new(move |_| {
        let at = at.get();
        pictures.with(|all| (all.iter().position(|picture| Some(id_of(picture)) == at), all.len()))
    });
    let current = Memo::new(move |_| place.get().0.and_then(|place| pictures.read().get(place).cloned()));
    let (stage, frame) = (Stage::new(), NodeRef::<html::Div>::new());

    let leave = move || {
        let shown = at.get_untracked();
        close(doing, None);
        match shown.filter(|_| is_of_log) {
            // Where the picture is that was seen last.
            Some(file) => focus::rescue(&format!("{PICTURE}[href='/api/files/{file}']")),
            None => focus::give_back(),
        }
    };
    let step = move |by: i32| {
        let next = place.get_untracked().0.and_then(|place| place.checked_add_signed(by as isize));
        let next = next.and_then(|next| pictures.with_untracked(|all| all.get(next).map(id_of)));
        if next.is_some() {
            at.set(next);
        }
    };
    // What is deleted meanwhile gives way to what takes its place.
    Effect::new(move |before: Option<Option<usize>>| {
        let (now, before) = (place.get().0, before.flatten());
        if let (None, Some(before)) = (now, before) {
            toasts.done(words::PICTURE_DELETED);
            match pictures.with_untracked(|all| all.get(before).or(all.last()).map(id_of)) {
                Some(next) => at.set(Some(next)),
                None => leave(),
            }
        }
        now
    });

    let key = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        match (event.key().as_str(), event.shift_key() && stage.is_enlarged.get_untracked()) {
            ("ArrowLeft", true) => stage.shift([1.0, 0.0]),
            ("ArrowRight", true) => stage.shift([-1.0, 0.0]),
            ("ArrowUp", true) => stage.shift([0.0, 1.0]),
            ("ArrowDown", true) => stage.shift([0.0, -1.0]),
            ("ArrowLeft", false) => step(-1),
            ("ArrowRight", false) => step(1),
            ("+" | "=", _) => stage.step(1),
            ("-", _) => stage.step(-1),
            ("0", _) => stage.whole(),
            _ => return,
        }
        event.prevent_default();
    };
    let swiped = move |swipe: Swipe| match swipe {
        Swipe::Back => {}
        Swipe::Step(by) => step(by),
        Swipe::Away => leave(),
    };
    let seen = part(move || {
        let current = current.get();
        match &current {
            Some(picture) => {
                stage.begin(picture);
                view! { <Seen picture=picture.clone()/> }.into_any()
            }
            None => view! { <p class="viewer-says">{words::NO_PICTURE}</p> }.into_any(),
        }
    });
    // The last button that leads on goes, and would take the focus with it.
    let turns = move |by: i32| {
        move |_: MouseEvent| {
            step(by);
            let (now, all) = place.get_untracked();
            let is_end = now.is_none_or(|now| if by < 0 { now == 0 } else { now + 1 == all });
            if let Some(frame) = frame.get_untracked().filter(|_| is_end) {
                let _ = frame.focus();
            }
        }
    };
    let is_first = Signal::derive(move || place.get().0.is_none_or(|now| now == 0));
    let is_last = Signal::derive(move || {
        let (now, all) = place.get();
        now.is_none_or(|now| now + 1 == all)
    });
    let caption = text(move || current.get().map(|picture| said(&picture.file).to_owned()));
    view! {
        <Dialog role="dialog" class="viewer" labelled="viewer-title" close=Callback::new(move |()| leave())>
            <h2 id="viewer-title" class="unseen">{words::VIEWER}</h2>
            <div class="viewer-frame" tabindex="-1" node_ref=frame on:keydown=key>
                <Head doing stage current place leave=Callback::new(move |()| leave())/>
                {stage.draw(seen.into_any(), swiped)}
                <button type="button" class="icon turn before scripted" hidden=is_first aria-label=words::PREVIOUS title=words::PREVIOUS
                    on:click=turns(-1)>{drawn(LEFT, 24)}</button>
                <button type="button" class="icon turn after scripted" hidden=is_last aria-label=words::NEXT title=words::NEXT
                    on:click=turns(1)>{drawn(RIGHT, 24)}</button>
                <p class="viewer-caption">{caption}</p>
            </div>
        </Dialog>
    }
}

fn id_of(picture: &Picture) -> FileId {
    picture.file.file
}

/// Whose picture it is, and what can be done with it.
#[component]
fn Head(
    doing: Doing,
    stage: Stage,
    current: Memo<Option<Picture>>,
    place: Memo<(Option<usize>, usize)>,
    leave: Callback<()>,
) -> impl IntoView {
    let device = expect_context::<Device>();
    let author = text(move || {
        let sender = current.get()?.sender;
        Some(device.state.with_people(|state| words::author(state, sender)))
    });
    let when = text(move || {
        let there = device.zone.get().civil(current.get()?.at);
        let (now, all) = place.get();
        let place = now.filter(|_| all > 1).map(|now| words::picture_of(now + 1, all));
        let place = place.unwrap_or_default();
        let when = [&*there.date(), ", ", &*there.clock(), if place.is_empty() { "" } else { " · " }, &place];
        Some(when.concat())
    });
    let is_gone = Signal::derive(move || current.read().is_none());
    let zooms = move |by: i32, class: &'static str, name: &'static str, path: &'static str| {
        let zoom = move |_: MouseEvent| if by == 0 { stage.whole() } else { stage.step(by) };
        view! {
            <button type="button" class=class hidden=is_gone aria-label=name title=name on:click=zoom>{drawn(path, 20)}</button>
        }
    };
    let answers = move |_: MouseEvent| {
        if let Some(picture) = current.get_untracked() {
            close(doing, None);
            doing.write(Writing::Reply(picture.message));
        }
    };
    // Nobody answers where they may not write.
    let may_write = device.state.with_untracked(|state| {
        state.threads.get(&doing.id).is_some_and(|thread| thread.conversation.lets_write(state.me.id))
    });
    let file = text(move || current.get().map(|picture| address(&picture.file)));
    let name = text(move || current.get().map(|picture| picture.file.name.as_str().to_owned()));
    view! {
        <header>
            <p class="viewer-about" role="status"><b>{author}</b><small>{when}</small></p>
            {zooms(-1, "icon scripted", words::ZOOM_OUT, MINUS)}
            {zooms(0, "icon scripted to-whole", words::WHOLE_PICTURE, CORNERS)}
            {zooms(1, "icon scripted", words::ZOOM_IN, PLUS)}
            {may_write.then(|| view! {
                <button type="button" class="icon scripted" hidden=is_gone aria-label=words::REPLY title=words::REPLY
                    on:click=answers>{drawn(ARROW_BACK, 20)}</button>
            })}
            <a class="icon" rel="external" hidden=is_gone href=file download=name aria-label=words::DOWNLOAD title=words::DOWNLOAD>
                {drawn(TO_DISK, 20)}
            </a>
            <button class="icon" form=OPTIONS_FORM autofocus=true aria-label=words::CLOSE title=words::CLOSE on:click=move |event| {
                event.prevent_default();
                leave.run(());
            }>{drawn(CROSS, 20)}</button>
        </header>
    }
}

/// The picture, and until it is there the small one that was seen before.
#[component]
fn Seen(picture: Picture) -> impl IntoView {
    let (is_there, is_broken) = (RwSignal::new(false), RwSignal::new(false));
    let [width, height] = picture.size().map(|side| side.to_string());
    let file = picture.file;
    let small = view! {
        <img src=thumbnail(&file) width=width.clone() height=height.clone() alt="" draggable="false" hidden=Signal::derive(move || is_there.get())/>
    };
    let whole = view! {
        <img src=address(&file) width=width height=height alt=said(&file).to_owned() draggable="false"
            on:load=move |_| { is_there.try_set(true); } on:error=move |_| { is_broken.try_set(true); }/>
    };
    let broken = part(move || {
        is_broken
            .get()
            .then(|| view! { <p class="viewer-says" role="alert">{words::PICTURE_BROKEN}</p> })
            .into_any()
    });
    view! {
        <div class="seen" hidden=Signal::derive(move || is_broken.get())>{small}{whole}</div>
        {broken}
    }
}
