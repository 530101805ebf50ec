//! What came over and what did not, while it happens and at the end.

use crate::cli::{import::rows::Reason, table::table};
use model::user::Username;
use std::{
    collections::BTreeMap,
    io::{self, Write},
    time::{Duration, Instant},
};

/// The pause between two lines of progress.
const PAUSE: Duration = Duration::from_secs(1);

/// So many rows that stay behind are named for each reason.
const MOST_LEFT: usize = 100;

/// What rows stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Users,
    Contacts,
    Requests,
    Messages,
    Reading,
}
use Kind::{Contacts, Messages, Reading, Requests, Users};

impl Kind {
    const ALL: [Self; 5] = [Users, Contacts, Requests, Messages, Reading];

    fn label(self) -> &'static str {
        match self {
            Users => "users",
            Contacts => "contacts",
            Requests => "friend requests",
            Messages => "messages",
            Reading => "read positions",
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Counts {
    carried: u64,
    there: u64,
    refused: u64,
}

impl Counts {
    fn all(self) -> u64 {
        self.carried + self.there + self.refused
    }
}

pub struct Report {
    dry: bool,
    counts: [Counts; Kind::ALL.len()],
    refused: BTreeMap<(Kind, Reason), u64>,
    /// The rows of messages that stay behind, by their ids.
    left: BTreeMap<Reason, Vec<String>>,
    notes: BTreeMap<Reason, u64>,
    renamed: Vec<(String, Username)>,
    shown: Instant,
}

impl Report {
    pub fn new(dry: bool) -> Self {
        let shown = Instant::now();
        Self {
            dry,
            counts: Default::default(),
            refused: BTreeMap::new(),
            left: BTreeMap::new(),
            notes: BTreeMap::new(),
            renamed: Vec::new(),
            shown,
        }
    }

    /// Rows that are carried over, or would be.
    pub fn carried(&mut self, kind: Kind, rows: u64) {
        self.counts[kind as usize].carried += rows;
        self.tick(kind);
    }

    /// Rows that an earlier run has carried over.
    pub fn there(&mut self, kind: Kind, rows: u64) {
        self.counts[kind as usize].there += rows;
        self.tick(kind);
    }

    /// Rows that are not carried over.
    pub fn refused(&mut self, kind: Kind, reason: Reason, rows: u64) {
        if rows > 0 {
            self.counts[kind as usize].refused += rows;
            *self.refused.entry((kind, reason)).or_default() += rows;
            self.tick(kind);
        }
    }

    /// A message that is not carried over, so that it can be looked up.
    pub fn left(&mut self, reason: Reason, id: String) {
        let ids = self.left.entry(reason).or_default();
        if ids.len() < MOST_LEFT {
            ids.push(id);
        }
        self.refused(Messages, reason, 1);
    }

    /// A part of a row that is not carried over, though the row is.
    pub fn note(&mut self, what: Reason) {
        *self.notes.entry(what).or_default() += 1;
    }

    /// A name that is no longer allowed or was taken, and what it became.
    pub fn renamed(&mut self, old: &str, new: Username) {
        self.renamed.push((old.to_owned(), new));
    }

    /// A line of progress when a kind is done.
    pub fn done(&mut self, kind: Kind) {
        self.show(kind);
    }

    fn tick(&mut self, kind: Kind) {
        if self.shown.elapsed() >= PAUSE {
            self.show(kind);
        }
    }

    fn show(&mut self, kind: Kind) {
        let counts = self.counts[kind as usize];
        // Nobody has to look on.
        let _ = writeln!(
            io::stderr(),
            "{}: {} seen, {} carried over, {} already there, {} not carried over",
            kind.label(),
            counts.all(),
            counts.carried,
            counts.there,
            counts.refused
        );
        self.shown = Instant::now();
    }

    /// The summary.
    pub fn text(&self, unread_collections: &[String]) -> String {
        let rows: Vec<_> = Kind::ALL
            .iter()
            .map(|kind| {
                let counts = self.counts[*kind as usize];
                let numbers = [counts.all(), counts.carried, counts.there, counts.refused];
                let [all, carried, there, refused] = numbers.map(|number| number.to_string());
                [kind.label().into(), all, carried, there, refused]
            })
            .collect();
        let mut parts =
            vec![table(["WHAT", "SEEN", "CARRIED OVER", "ALREADY THERE", "NOT CARRIED OVER"], &rows)];
        let refused = self.refused.iter().map(|((kind, why), rows)| (kind.label(), *why, rows));
        let notes = self.notes.iter().map(|(what, rows)| (Users.label(), *what, rows));
        let rows: Vec<_> = refused
            .chain(notes)
            .map(|(kind, why, rows)| [kind.into(), rows.to_string(), why.into()])
            .collect();
        if !rows.is_empty() {
            parts.push(table(["NOT CARRIED OVER", "HOW MANY", "WHY"], &rows));
        }
        if !self.left.is_empty() {
            let rows = self.left.iter().flat_map(|(why, ids)| {
                let all = self.refused.get(&(Messages, *why)).copied().unwrap_or_default();
                let more = (all > ids.len() as u64).then(|| format!("and {} more", all - ids.len() as u64));
                ids.iter().cloned().chain(more).map(|id| [id, (*why).into()])
            });
            parts.push(table(["MESSAGE", "NOT CARRIED OVER BECAUSE IT IS"], &rows.collect::<Vec<_>>()));
        }
        if !self.renamed.is_empty() {
            let names = self.renamed.iter().map(|(old, new)| [format!("{old:?}"), format!("→ {new}")]);
            parts.push(table(["NAME", "LOGS IN AS"], &names.collect::<Vec<_>>()));
        }
        if !unread_collections.is_empty() {
            parts.push(format!("Collections that were not read: {}.", unread_collections.join(", ")));
        }
        let carried: u64 = self.counts.iter().map(|counts| counts.carried).sum();
        parts.push(match (self.dry, carried) {
            (true, _) => "This was a dry run: nothing was changed.".into(),
            (false, 0) => "Nothing was changed: everything that can be carried over was there.".into(),
            (false, _) => "Done. People log in with their old passwords.".into(),
        });
        parts.join("\n\n")
    }
}
