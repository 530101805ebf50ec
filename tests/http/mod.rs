//! What programs and browsers without scripting can rely on.

mod accounts;
mod changes;
mod contacts;
mod conversations;
mod exchange;
mod forms;
mod groups;
mod health;
mod history;
mod mentions;
mod pages;
mod requests;
mod search;
mod settings;
