//! Putting together a folder of the bytes of certain files: what a backup has, and what is put back from one. It is a
//! folder that nobody else knows yet: whoever lets go of it half-way removes it.

use super::{
    Folder, checking,
    paths::{self, Paths},
    writing,
};
use crate::bytes::{BytesError, Fault, Noted, Piece, Result};
use model::id::FileId;
use std::{
    collections::BTreeSet,
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

/// The largest small picture that is copied, in bytes: none that is made here is half as large.
const LARGEST_THUMBNAIL: u64 = 4 * 1024 * 1024;

/// A folder that is being put together. Everything about it blocks.
#[derive(Debug)]
pub struct Copying {
    from: PathBuf,
    earlier: Option<PathBuf>,
    to: PathBuf,
    /// The folders in which names have changed: at most one for each two bytes.
    touched: BTreeSet<PathBuf>,
}

impl Copying {
    /// Begins one at `to`, where there is nothing yet; it is made with the first file. Bytes come out of `from`; those
    /// that lie in `earlier` as they should are not copied but get a second name, where the disk knows such: nobody
    /// ever writes to bytes that are whole.
    pub fn new(from: &Folder, earlier: Option<&Folder>, to: impl Into<PathBuf>) -> Self {
        let earlier = earlier.map(|earlier| earlier.root.clone());
        Self { from: from.root.clone(), earlier, to: to.into(), touched: BTreeSet::new() }
    }

    /// Brings the bytes of a file, if they are what they were; again is no error. `Some`: what is wrong with them.
    /// Errors: they cannot be written.
    pub fn bring(&mut self, noted: &Noted) -> Result<Option<Fault>> {
        let paths = Paths::of(&self.to, noted.id);
        let whole = paths.piece(Piece::Whole);
        if !whole.exists()
            && let Some(fault) = self.whole(noted, &paths, &whole)?
        {
            return Ok(Some(fault));
        }
        let small = paths.piece(Piece::Thumbnail);
        match noted.has_thumbnail && !small.exists() {
            true => self.thumbnail(noted.id, &paths, &small),
            false => Ok(None),
        }
    }

    /// Takes the files out again that are not to be kept after all.
    pub fn retain<E: From<BytesError>>(
        &self,
        mut is_kept: impl FnMut(FileId) -> std::result::Result<bool, E>,
    ) -> std::result::Result<(), E> {
        for last in 0..=u8::MAX {
            for id in paths::list(&self.to, last)? {
                if !is_kept(id)? {
                    writing::erase(&Paths::of(&self.to, id))?;
                }
            }
        }
        Ok(())
    }

    /// Waits until everything is on disk.
    pub fn finish(self) -> Result<()> {
        self.touched.iter().try_for_each(|folder| paths::sync(folder))
    }

    fn whole(&mut self, noted: &Noted, paths: &Paths, place: &Path) -> Result<Option<Fault>> {
        if let Some(earlier) = self.earlier.as_deref().filter(|root| checking::bytes(root, noted).is_none()) {
            let earlier = Paths::of(earlier, noted.id).piece(Piece::Whole);
            self.make(&paths.folder)?;
            if fs::hard_link(earlier, place).is_ok() {
                return Ok(None);
            }
        }
        let mut source = match checking::whole(&self.from, noted) {
            Ok(source) => source,
            Err(fault) => return Ok(Some(fault)),
        };
        self.make(&paths.folder)?;
        let mut copy = create(place)?;
        let mut refused = None;
        let digest = checking::read(&mut source, |chunk| {
            copy.write_all(chunk).map_err(|error| io::Error::from(refused.insert(error).kind()))
        });
        let fault = match (refused, digest) {
            (Some(error), _) => return Err(error.into()),
            (None, Ok(digest)) if digest == noted.sha256 => None,
            (None, Ok(_)) => Some(Fault::Changed),
            (None, Err(error)) => Some(Fault::Unreadable(error.to_string())),
        };
        match fault {
            Some(_) => fs::remove_file(place)?,
            None => copy.sync_all()?,
        }
        Ok(fault)
    }

    fn thumbnail(&mut self, id: FileId, paths: &Paths, place: &Path) -> Result<Option<Fault>> {
        let earlier = self.earlier.as_deref().and_then(|root| Some((root, thumbnail(root, id)?)));
        let (bytes, earlier) = match (thumbnail(&self.from, id), earlier) {
            (Some(bytes), Some((root, same))) if same == bytes => (bytes, Some(root.to_owned())),
            (Some(bytes), _) | (None, Some((_, bytes))) => (bytes, None),
            (None, None) => return Ok(Some(Fault::NoThumbnail)),
        };
        self.make(&paths.folder)?;
        let linked = earlier
            .is_some_and(|root| fs::hard_link(Paths::of(&root, id).piece(Piece::Thumbnail), place).is_ok());
        if !linked {
            let mut copy = create(place)?;
            copy.write_all(&bytes)?;
            copy.sync_all()?;
        }
        Ok(None)
    }

    /// Makes the folder that parts of a file lie in.
    fn make(&mut self, folder: &Path) -> Result<()> {
        if !self.touched.contains(folder) {
            DirBuilder::new().mode(0o700).recursive(true).create(folder)?;
            // Their names are new, too.
            let above = folder.ancestors().take_while(|above| above.starts_with(&self.to));
            self.touched.extend(above.chain(self.to.parent()).map(Path::to_owned));
        }
        Ok(())
    }
}

fn create(place: &Path) -> io::Result<File> {
    OpenOptions::new().mode(0o600).write(true).create_new(true).open(place)
}

/// The small picture of a file, if there is one that can be read.
fn thumbnail(root: &Path, id: FileId) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = checking::open(root, id, Piece::Thumbnail).ok()??;
    file.take(LARGEST_THUMBNAIL + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= LARGEST_THUMBNAIL).then_some(bytes)
}
