//! What was typed into the search, and who was found for it.

use crate::{
    device::{Device, first::Searched},
    search::finding::FINDING,
    ui::{
        lazy::{fetch, load},
        route::Route,
        toast::Toasts,
    },
};
use leptos::{ev::KeyboardEvent, html, prelude::*, task::spawn_local};
use model::{error::AppError, search::Found};

/// What the address calls a search, so that it can be asked for without scripting, too.
pub const FIND: &str = "find";
/// How long after the last key the search begins, in milliseconds.
pub const PAUSE_MS: u32 = 300;

/// What came of a search.
#[derive(Clone, PartialEq)]
pub enum Answer {
    /// Nothing was asked.
    Silent,
    Searching,
    Found(Vec<Found>),
    Failed(AppError),
}

/// A search in progress; a cheap handle. What can be done with it stands in `finding`, which is loaded when
/// somebody begins to search.
#[derive(Clone, Copy)]
pub struct Finder {
    pub device: Device,
    pub toasts: Toasts,
    pub route: Route,
    /// Where it is typed.
    pub field: NodeRef<html::Input>,
    pub term: RwSignal<String>,
    pub answer: RwSignal<Answer>,
    /// Which of those found Enter means.
    pub active: RwSignal<usize>,
    /// Whether it was pointed out with an arrow.
    pub picked: StoredValue<bool>,
    /// Counts what was typed: only the answer to the last of it is shown, and chosen from.
    pub typed: StoredValue<u32>,
    pub answered: StoredValue<u32>,
}

impl Finder {
    /// With what the address asks for, and the server's answer.
    pub fn new(search: Option<Searched>) -> Self {
        let (asked, answer) = match search {
            None => (String::new(), Answer::Silent),
            Some(Searched { text, answer }) => {
                let answer = FINDING.get().map(|finding| (finding.read)(&answer));
                (text, answer.unwrap_or(Answer::Silent))
            }
        };
        let finder = Self {
            device: expect_context(),
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
                finder.typed(early, 0);
            }
        });
        finder
    }

    /// What was asked for at first.
    pub fn asked(self) -> String {
        self.term.get_untracked()
    }

    /// Something was typed.
    pub fn typed(self, text: String, pause: u32) {
        self.term.set(text);
        self.find(pause);
    }

    /// Searches for what was typed, after a pause in milliseconds.
    pub fn find(self, pause: u32) {
        spawn_local(async move {
            let again = move || self.route.asking(FIND, &self.term.try_get_untracked().unwrap_or_default());
            let came = load(FINDING.loader(), Box::new(again)).await;
            match (came, FINDING.get()) {
                (Err(error), _) => drop(self.answer.try_set(Answer::Failed(error))),
                (Ok(()), Some(finding)) => (finding.find)(self, pause),
                (Ok(()), None) => {}
            }
        });
    }

    /// Loads what a search needs, before it is asked for anything.
    pub fn prepare(self) {
        // Where it fails, the search itself says so.
        spawn_local(async move {
            fetch(FINDING.loader()).await;
        });
    }

    /// A key that may mean more than a letter. Before anybody was searched for, none does.
    pub fn key(self, event: KeyboardEvent) {
        if let Some(finding) = FINDING.get() {
            (finding.key)(self, event);
        }
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
            Answer::Failed(error) => Some(error.message),
            _ => (FINDING.get()?.hint)(self),
        }
    }

    /// Those found, as a list shows them.
    pub fn rows(self) -> AnyView {
        match (FINDING.get(), self.found()) {
            (Some(finding), found) if !found.is_empty() => (finding.rows)(self, found),
            _ => ().into_any(),
        }
    }
}
