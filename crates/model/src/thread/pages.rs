//! Pages of history: the newest part, and an older one that somebody was led to.

use super::{KEPT_AT_REST, Thread};
use crate::{
    group::shows_history,
    id::UserId,
    message::{Anchor, Message},
    window::Window,
};
use std::sync::Arc;

impl Thread {
    /// Takes in a page of history. One around a seq is a part of its own, until it meets the newest one.
    pub(crate) fn load(&mut self, place: Anchor, page: Vec<Arc<Message>>, has_more: bool) {
        self.touch();
        match (place, &mut self.window) {
            (Anchor { around: Some(_), .. }, window) => *window = Window::new(&page, has_more),
            (Anchor { before: Some(before), .. }, Some(window)) if before == window.first() => {
                window.extend(&page);
                window.has_more = has_more;
            }
            (Anchor { after: Some(after), .. }, window) => match window {
                Some(window) if after == window.last() => window.extend(&page),
                // The part that it was to go on is not looked at any more.
                Some(_) | None => return,
            },
            (Anchor { before, .. }, _) => return self.load_older(before, page, has_more),
        }
        for message in &page {
            self.settle(message.id);
            self.requote(message);
        }
        self.join();
    }

    /// Takes in a page before the newest part, or the end of that.
    fn load_older(&mut self, before: Option<u64>, page: Vec<Arc<Message>>, has_more: bool) {
        let oldest = self.messages.keys().next().copied();
        // InFlight for before the history began anew: there may be a hole between the two.
        if before.zip(oldest).is_some_and(|(before, oldest)| before < oldest) {
            return;
        }
        let reaches_back = match (page.first(), oldest) {
            (Some(first), Some(oldest)) => first.seq <= oldest,
            (Some(_), None) | (None, _) => true,
        };
        if reaches_back {
            // Older messages than those held are welcome now.
            self.has_more = false;
        }
        for message in page {
            self.upsert(message);
        }
        if reaches_back {
            self.has_more = has_more;
        }
        self.loaded = true;
        self.join();
    }

    /// Once the part that is looked at overlaps the newest one, nothing is missing between them. Where nothing was
    /// known to be there, everything that is comes with the next catch-up.
    fn join(&mut self) {
        let oldest = self.messages.keys().next().copied();
        let meets = |window: &mut Window| oldest.is_none_or(|oldest| oldest <= window.last());
        let Some(window) = self.window.take_if(meets) else { return };
        let reaches_back = oldest.is_none_or(|oldest| window.first() < oldest).then_some(window.has_more);
        self.has_more &= reaches_back.is_none();
        window.into_messages().for_each(|message| self.upsert(message));
        self.has_more = reaches_back.unwrap_or(self.has_more);
        self.loaded = true;
    }

    /// Lets go of what somebody was led to; whether there was something.
    pub(crate) fn leave_window(&mut self) -> bool {
        let was_there = self.window.take().is_some();
        if was_there {
            self.touch();
        }
        was_there
    }

    /// Where all may see what was written before they joined, there may be more than this device knows of.
    pub(super) fn look_back(&mut self) {
        if shows_history(&self.conversation.settings) {
            self.has_more |= self.messages.keys().next().is_some_and(|oldest| *oldest > 1);
            if let Some(window) = &mut self.window {
                window.has_more |= window.first() > 1;
            }
        }
    }

    /// Takes in what quoted messages say.
    pub(crate) fn find(&mut self, messages: Vec<Arc<Message>>) {
        self.touch();
        for message in messages {
            self.requote(&message);
            if self.quoted.iter().all(|known| known.id != message.id) {
                self.quoted.push(message);
            }
        }
    }

    /// Lets go of older messages, which can be loaded again. Not while something in it is unread,
    /// which is counted by what is held.
    pub(crate) fn rest(&mut self, me: UserId) {
        self.leave_window();
        if self.unread(me) > 0 {
            return;
        }
        self.touch();
        self.quoted.clear();
        while self.messages.len() > KEPT_AT_REST {
            self.messages.pop_first();
            self.has_more = true;
        }
        self.counted = (0, self.messages.keys().next_back().copied().unwrap_or_default());
    }
}
