//! Ways through the page that are seldom wanted at once: the palette, the sheet of shortcuts, the dialog that leads to a
//! day, and the panel of what a conversation holds. One part, loaded when one of them is.

mod goto;
mod jump;
pub mod rank;
mod sheet;

use crate::{
    browser::element,
    chat::view::{
        media::{MEDIA, MediaPanel},
        message::Doing,
        shortcuts::{GO_TO, SHEET},
    },
    ui::lazy::{Opening, lazy},
};
use goto::GoTo;
use jump::JumpToDate;
use leptos::{ev, prelude::*};
use model::id::ConversationId;
use sheet::Sheet;

pub use jump::beginning_of;

/// What stands in the part.
#[derive(Clone, Copy)]
pub struct Ways {
    /// Draws the palette, or the sheet.
    pub board: fn(Board, Boards) -> AnyView,
    /// Draws the dialog that leads to a day of a conversation: the first signal gets the seq of a message, the second
    /// one says whether it is open.
    pub jump: fn(ConversationId, RwSignal<Option<u64>>, RwSignal<bool>) -> AnyView,
    /// Draws the panel of what a conversation holds besides words; the signal says whether it is open.
    pub media: fn(Doing, RwSignal<bool>) -> AnyView,
}

lazy! {
    /// All of it.
    pub static WAYS: Ways = palette(Ways {
        board: |board, boards| match board {
            Board::GoTo => view! { <GoTo boards/> }.into_any(),
            Board::Sheet => view! { <Sheet boards/> }.into_any(),
        },
        jump: |id, goal, open| view! { <JumpToDate id goal open/> }.into_any(),
        media: |doing, open| view! { <MediaPanel doing open/> }.into_any(),
    })
}

/// What the address says while one of them is open: the palette, the sheet, the dialog, the panel.
pub const ASKED: [&str; 4] = ["go", "shortcuts", JUMP, MEDIA];
/// The dialog that leads to a day.
pub const JUMP: &str = "jump";

/// What can lie over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Board {
    /// The palette.
    GoTo,
    /// The sheet of shortcuts.
    Sheet,
}

/// Whether they are open; a cheap handle, found in the context of every view.
#[derive(Clone, Copy)]
pub struct Boards {
    go_to: Opening,
    sheet: Opening,
    /// Which conversation is open.
    pub conversation: Memo<Option<ConversationId>>,
}

impl Boards {
    /// Puts it into the context. The address opens them, and keys do.
    pub fn provide(conversation: Memo<Option<ConversationId>>) -> Self {
        let opening =
            |board: Board| Opening::new(ASKED[board as usize], || WAYS.loader(), RwSignal::new(false));
        let boards = Self { go_to: opening(Board::GoTo), sheet: opening(Board::Sheet), conversation };
        provide_context(boards);
        Effect::new(move || {
            let keys = window_event_listener(ev::keydown, move |event| {
                let board = match event {
                    // Whoever has the focus has made something of it, or something lies over the page already.
                    _ if event.default_prevented() || element::shows("dialog[open]") => return,
                    _ if GO_TO.is(&event) => Board::GoTo,
                    _ if SHEET.is(&event) => Board::Sheet,
                    _ => return,
                };
                event.prevent_default();
                boards.open(board);
            });
            on_cleanup(move || keys.remove());
        });
        boards
    }

    /// Opens one, once it is loaded.
    pub fn open(self, board: Board) {
        self.of(board).open();
    }

    /// Closes it.
    pub fn close(self, board: Board) {
        self.of(board).is_open.set(false);
    }

    /// Those that are open.
    pub fn shown(self) -> impl Iterator<Item = Board> {
        [Board::GoTo, Board::Sheet].into_iter().filter(move |board| self.of(*board).is_open.get())
    }

    fn of(self, board: Board) -> Opening {
        match board {
            Board::GoTo => self.go_to,
            Board::Sheet => self.sheet,
        }
    }
}
