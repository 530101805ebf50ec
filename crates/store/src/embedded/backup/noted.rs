//! What a data file says of the files whose bytes lie beside it, without a store being opened.

use crate::{
    bytes::{Fault, Noted},
    embedded::{
        files,
        open::{self, OpenError},
    },
};
use model::id::FileId;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};

/// So many rows are read at a time.
const PAGE: usize = 500;

/// The files of a data file, which is only read, also while a server uses it.
#[derive(Debug)]
pub struct NotedFiles {
    /// `None`: an earlier version knew no files.
    connection: Option<Connection>,
    file: PathBuf,
}

impl NotedFiles {
    /// Opens a data file.
    pub fn of(file: &Path) -> Result<Self, OpenError> {
        let connection = open::connect(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let is_there = connection
            .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'files'")
            .and_then(|mut table| table.exists([]))
            .map_err(|error| OpenError::of(file, error))?;
        Ok(Self { connection: is_there.then_some(connection), file: file.to_owned() })
    }

    /// The next files after this one whose bytes are to be there; none: that were all.
    pub fn after(&self, last: Option<FileId>) -> Result<Vec<Noted>, OpenError> {
        self.ask(|connection| files::noted(connection, last, PAGE)).map(Option::unwrap_or_default)
    }

    /// Looks at each file whose bytes are to be there, and adds up what is found.
    pub fn look<E: From<OpenError>>(
        &self,
        mut find: impl FnMut(&Noted) -> Result<Option<Fault>, E>,
    ) -> Result<Bytes, E> {
        let (mut bytes, mut last) = (Bytes::default(), None);
        loop {
            let page = self.after(last)?;
            let Some(newest) = page.last() else { return Ok(bytes) };
            last = Some(newest.id);
            for file in &page {
                bytes.add(file, find(file)?);
            }
        }
    }

    /// Whether the bytes of a file are to be there, as it is now.
    pub fn has(&self, id: FileId) -> Result<bool, OpenError> {
        self.ask(|connection| files::is_noted(connection, id)).map(Option::unwrap_or_default)
    }

    /// Whether anything is known of a file, and be it that it is to be erased, as it is now.
    pub fn knows(&self, id: FileId) -> Result<bool, OpenError> {
        self.ask(|connection| files::is_known(connection, id)).map(Option::unwrap_or_default)
    }

    fn ask<T>(
        &self,
        question: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, OpenError> {
        self.connection.as_ref().map(question).transpose().map_err(|error| OpenError::of(&self.file, error))
    }
}

/// The files of a copy, and which of them are not as they should be.
#[derive(Debug, Default)]
pub struct Bytes {
    /// So many files.
    pub files: u64,
    /// With so many bytes, as they are noted.
    pub bytes: u64,
    /// So many of them are missing or not as they should be.
    pub faulty: u64,
    /// The first of these.
    pub faults: Vec<(FileId, Fault)>,
}

impl Bytes {
    /// So many of those that are not as they should be are named.
    pub const MOST_NAMED: usize = 20;

    /// Counts one.
    pub(super) fn add(&mut self, noted: &Noted, fault: Option<Fault>) {
        self.files += 1;
        self.bytes = self.bytes.saturating_add(noted.size);
        if let Some(fault) = fault {
            self.faulty += 1;
            if self.faults.len() < Self::MOST_NAMED {
                self.faults.push((noted.id, fault));
            }
        }
    }
}
