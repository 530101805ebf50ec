//! What programs and browsers without scripting can rely on.

mod accounts;
mod blocks;
mod changes;
mod contacts;
mod conversations;
mod exchange;
mod files;
mod form_files;
mod forms;
mod group_invitations;
mod groups;
mod health;
mod history;
mod links;
mod media;
mod mentions;
mod pages;
mod prefs;
mod requests;
mod search;
mod settings;
