//! How a message may change once it is stored: the rules, without a store.

use crate::{
    content::Content,
    error::{AppError, ErrorCode},
    id::UserId,
    mention::Mentions,
    message::{Message, MessageBody, Pinned, Reaction},
    time::Timestamp,
};

/// The most different emojis under one message.
pub const MAX_EMOJIS: usize = 20;
/// The most reactions under one message, of all people and emojis together.
pub const MAX_REACTIONS: usize = 256;
/// The most pinned messages of one conversation.
pub const MAX_PINS: usize = 100;

/// What somebody wants to do to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Other words in place of one's own, or beside files none; the old ones are kept nowhere. The files stay.
    Edit(MessageBody),
    /// One's own words and files are erased; a tombstone stays.
    Delete,
    /// One's own reaction is there from now on, or is not.
    React {
        /// Which.
        emoji: Emoji,
        /// Whether it is to be there.
        on: bool,
    },
    /// It is pinned for everybody from now on, or is not.
    Pin {
        /// Whether it is to be.
        on: bool,
    },
}

impl Change {
    /// Whether it is done to other people's messages, too.
    fn is_for_all(&self) -> bool {
        matches!(self, Self::React { .. } | Self::Pin { .. })
    }
}

/// What people react with: 1 to 64 bytes of text without blanks and control characters. Which pictures
/// there are depends on the year: the server knows a list, and stores an emoji as that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emoji(String);

impl Emoji {
    /// The longest one, in bytes: families with skin tones and flags take about 40.
    pub const MAX: usize = 64;

    /// Errors: `invalid_reaction`.
    pub fn parse(text: &str) -> Result<Self, AppError> {
        let fits = (1..=Self::MAX).contains(&text.len());
        match fits && !text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            true => Ok(Self(text.to_owned())),
            false => Err(Self::invalid()),
        }
    }

    /// What is said of a text that is no emoji.
    pub fn invalid() -> AppError {
        AppError::new(ErrorCode::InvalidReaction, "A reaction is a single emoji.").on("emoji")
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Message {
    /// The message after a member's change, still with its old version; `None` if it is so
    /// already, which includes the deletion of what is deleted, and that it is not pinned. Whether somebody may pin
    /// in its conversation, and how many are, is not looked at; who is meant by other words, the server says.
    ///
    /// Errors: `not_allowed` (words of others, or a system message), `not_found` (deleted),
    /// `invalid_message` (no words, and no files), `invalid_reaction` (one too many).
    pub fn after(&self, by: UserId, change: &Change, at: Timestamp) -> Result<Option<Self>, AppError> {
        let is_own = self.sender == by || change.is_for_all();
        let refused = || AppError::new(ErrorCode::NotAllowed, "Only who wrote a message can change it.");
        let mut next = self.clone();
        match (&self.content, change) {
            _ if !is_own => return Err(refused()),
            (Content::System(_) | Content::Hidden | Content::Unknown, _) => return Err(refused()),
            (Content::Deleted { .. }, Change::Delete | Change::Pin { on: false }) => return Ok(None),
            (Content::Deleted { .. }, Change::Edit(_) | Change::React { .. } | Change::Pin { on: true }) => {
                return Err(AppError::new(ErrorCode::NotFound, "This message has been deleted."));
            }
            (Content::Text { body, attachments, edited_at }, Change::Edit(words)) => {
                let words = if attachments.is_empty() { words.without_files()? } else { words };
                let edited_at = (words.as_str() != body).then_some(at).or(*edited_at);
                let (body, attachments) = (words.as_str().to_owned(), attachments.clone());
                next.content = Content::Text { body, attachments, edited_at };
            }
            (Content::Text { .. }, Change::Delete) => {
                next.content = Content::Deleted { at };
                next.reply_to = None;
                next.pinned = None;
                next.mentions = Mentions::default();
                next.reactions.clear();
            }
            (Content::Text { .. }, Change::Pin { on: true }) => {
                next.pinned.get_or_insert(Pinned { by, at });
            }
            (Content::Text { .. }, Change::Pin { on: false }) => next.pinned = None,
            (Content::Text { .. }, Change::React { emoji, on: true }) => next.add_reaction(by, emoji)?,
            (Content::Text { .. }, Change::React { emoji, on: false }) => {
                next.drop_reactions(by, |known| is_same(known, &emoji.0));
            }
        }
        Ok((next != *self).then_some(next))
    }

    /// What is left of the message once `gone` has no account any more; `None`: all of it.
    pub fn without(&self, gone: UserId, at: Timestamp) -> Option<Self> {
        if self.sender == gone {
            return self.after(gone, &Change::Delete, at).ok().flatten();
        }
        let mut next = self.clone();
        next.drop_reactions(gone, |_| true);
        next.pinned.take_if(|pinned| pinned.by == gone);
        next.mentions.users.retain(|user| *user != gone);
        (next != *self).then_some(next)
    }

    fn add_reaction(&mut self, by: UserId, emoji: &Emoji) -> Result<(), AppError> {
        let (emojis, all) =
            (self.reactions.len(), self.reactions.iter().map(|reaction| reaction.users.len()));
        let is_full = all.sum::<usize>() >= MAX_REACTIONS;
        match self.reactions.iter_mut().find(|reaction| is_same(&reaction.emoji, &emoji.0)) {
            Some(reaction) if reaction.users.contains(&by) => {}
            Some(reaction) if !is_full => reaction.users.push(by),
            None if !is_full && emojis < MAX_EMOJIS => {
                self.reactions.push(Reaction { emoji: emoji.0.clone(), users: vec![by] });
            }
            Some(_) | None => {
                let why = "This message has so many reactions that there is no room for another.";
                return Err(AppError::new(ErrorCode::InvalidReaction, why).on("emoji"));
            }
        }
        Ok(())
    }

    fn drop_reactions(&mut self, of: UserId, which: impl Fn(&str) -> bool) {
        for reaction in self.reactions.iter_mut().filter(|reaction| which(&reaction.emoji)) {
            reaction.users.retain(|user| *user != of);
        }
        self.reactions.retain(|reaction| !reaction.users.is_empty());
    }
}

/// Whether two emojis are one, written with and without the selectors that ask for a picture.
fn is_same(one: &str, other: &str) -> bool {
    let bare = |text| str::chars(text).filter(|c| *c != '\u{fe0f}');
    bare(one).eq(bare(other))
}
