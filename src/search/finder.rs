//! What was typed into the search, who was found for it, and what is done with whom.

use crate::{
    browser::page,
    device::{Live, first::Searched},
    kit::error::Refused,
    people::view::requests::{accept, ask},
    search::{api, words},
    ui::{route::Route, toast::Toasts},
};
use leptos::{ev::KeyboardEvent, html, prelude::*, task::spawn_local};
use model::{
    error::AppError,
    search::{Found, Relation},
};

/// How long after the last key the search begins, in milliseconds.
const PAUSE_MS: u32 = 300;

#[derive(Clone, PartialEq)]
enum Answer {
    /// Nothing was asked.
    Silent,
    Searching,
    Found(Vec<Found>),
    Failed(AppError),
}

/// A search in progress; a cheap handle.
#[derive(Clone, Copy)]
pub struct Finder {
    live: Live,
    toasts: Toasts,
    route: Route,
    /// Where it is typed.
    pub field: NodeRef<html::Input>,
    term: RwSignal<String>,
    answer: RwSignal<Answer>,
    /// Which of those found Enter means.
    pub active: RwSignal<usize>,
    /// Whether it was pointed out with an arrow.
    picked: StoredValue<bool>,
    /// Counts what was typed: only the answer to the last of it is shown, and chosen from.
    typed: StoredValue<u32>,
    answered: StoredValue<u32>,
}

impl Finder {
    /// With what the address asks for, and the server's answer.
    pub fn new(search: Option<Searched>) -> Self {
        let (asked, answer) = match search {
            None => (String::new(), Answer::Silent),
            Some(Searched { text, found }) => (text, found.map_or_else(Answer::Failed, Answer::Found)),
        };
        let finder = Self {
            live: expect_context(),
            toasts: expect_context(),
            route: expect_context(),
            field: NodeRef::new(),
            term: RwSignal::new(asked),
            answer: RwSignal::new(answer),
            active: RwSignal::new(0),
            picked: StoredValue::new(false),
            typed: StoredValue::new(0),
            answered: StoredValue::new(0),
        };
        // Typed before the page was taken over.
        Effect::new(move || {
            let Some(early) = finder.field.get().map(|field| field.value()) else { return };
            if early != finder.term.get_untracked() {
                finder.term.set(early);
                finder.find(0);
            }
        });
        finder
    }

    /// What was asked for at first.
    pub fn asked(self) -> String {
        self.term.get_untracked()
    }

    /// Something was typed.
    pub fn typed(self, text: String) {
        self.term.set(text);
        self.find(PAUSE_MS);
    }

    /// Searches, after a pause.
    pub fn find(self, pause: u32) {
        let now = self.typed.get_value() + 1;
        self.typed.set_value(now);
        let q = self.term.get_untracked().trim().to_owned();
        if q.is_empty() {
            return self.answer.set(Answer::Silent);
        }
        spawn_local(async move {
            if pause > 0 {
                page::sleep(pause).await;
            }
            let is_last = move || self.typed.try_get_value() == Some(now);
            if !is_last() {
                return;
            }
            if matches!(self.answer.get_untracked(), Answer::Silent | Answer::Failed(_)) {
                self.answer.set(Answer::Searching);
            }
            let result = api::search_users(q).await;
            if is_last() {
                self.active.set(0);
                self.picked.set_value(false);
                self.answered.set_value(now);
                let failed = |Refused(error)| Answer::Failed(error);
                self.answer.set(result.map_or_else(failed, Answer::Found));
            }
        });
    }

    /// Nothing is searched any more.
    pub fn clear(self) {
        if let Some(field) = self.field.get_untracked() {
            field.set_value("");
        }
        self.term.set(String::new());
        self.find(0);
    }

    /// Who was found.
    pub fn found(self) -> Vec<Found> {
        match self.answer.get() {
            Answer::Found(found) => found,
            Answer::Silent | Answer::Searching | Answer::Failed(_) => Vec::new(),
        }
    }

    /// What is said below the field.
    pub fn hint(self) -> Option<String> {
        match self.answer.get() {
            Answer::Searching => Some(words::SEARCHING.into()),
            Answer::Found(found) if found.is_empty() => {
                let is_me = self
                    .live
                    .state
                    .with_people(|state| self.term.with(|term| is_called(term, state.me.username.as_str())));
                Some(if is_me { words::YOURSELF } else { words::NOBODY }.into())
            }
            Answer::Silent | Answer::Found(_) => None,
            Answer::Failed(error) => Some(error.message),
        }
    }

    /// What somebody found is to the viewer by now: the search may be older than the state.
    pub fn relation(self, found: &Found) -> Relation {
        self.live.state.with_people(|state| relation_in(state, found))
    }

    /// Does with somebody what can be done: asks them, accepts their request, opens the conversation.
    pub fn choose(self, found: &Found) {
        let live = self.live;
        match untrack(|| self.relation(found)) {
            Relation::None => ask(self.toasts, found.username.to_string()),
            Relation::Incoming => {
                let request = live.state.with_untracked(|state| {
                    let asks = state.requests.incoming.iter().find(|request| request.user.id == found.id);
                    asks.map(|request| request.id)
                });
                if let Some(request) = request {
                    accept(self.toasts, request);
                    self.clear();
                }
            }
            Relation::Contact => {
                let contact = live.state.with_untracked(|state| state.contacts.get(&found.id).cloned());
                if let Some(contact) = contact {
                    self.clear();
                    self.route.go(&format!("/c/{}", contact.conversation_id));
                }
            }
            Relation::Requested => {}
        }
    }

    /// Arrows, Enter and Escape in the field.
    pub fn key(self, event: KeyboardEvent) {
        let found = untrack(|| self.found());
        let count = found.len();
        let point = |step: usize| {
            self.picked.set_value(true);
            self.active.update(|active| *active = (*active + step) % count);
        };
        match event.key().as_str() {
            "ArrowDown" if count > 0 => point(1),
            "ArrowUp" if count > 0 => point(count - 1),
            "Enter" if event.is_composing() => return,
            // Who stands there was found for something else.
            "Enter" if self.answered.get_value() != self.typed.get_value() => self.find(0),
            "Enter" => {
                // Nobody is asked whom nobody meant: it takes an arrow, or the whole name.
                let meant = found.get(self.active.get_untracked()).filter(|_| self.picked.get_value());
                let named = |found: &&Found| {
                    self.term.with_untracked(|term| is_called(term, found.username.as_str()))
                };
                if let Some(found) = meant.or_else(|| found.iter().find(named)) {
                    self.choose(found);
                }
            }
            "Escape" => self.clear(),
            _ => return,
        }
        event.prevent_default();
    }
}

/// Whether a text is somebody's whole username.
fn is_called(text: &str, username: &str) -> bool {
    text.trim().eq_ignore_ascii_case(username)
}

fn relation_in(state: &model::state::ChatState, found: &Found) -> Relation {
    let asks = |requests: &[model::request::FriendRequest]| {
        requests.iter().any(|request| request.user.id == found.id)
    };
    if state.contacts.contains_key(&found.id) {
        Relation::Contact
    } else if asks(&state.requests.outgoing) {
        Relation::Requested
    } else if asks(&state.requests.incoming) {
        Relation::Incoming
    } else {
        Relation::None
    }
}
