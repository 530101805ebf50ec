//! Reading, a chunk at a time.

use super::blocking;
use crate::bytes::{BytesError, CHUNK, Chunk, Reading, Result};
use futures::{StreamExt, stream};
use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    ops::Range,
    path::{Path, PathBuf},
};

/// What is still to be read.
struct Rest {
    file: File,
    length: u64,
}

/// Reads what there is of a range.
pub(super) async fn read(path: PathBuf, range: Range<u64>) -> Result<Reading<'static>> {
    let rest = blocking(move || open(&path, range)).await?;
    let chunks = stream::unfold(Some(rest), |rest| async move {
        let rest = rest.filter(|rest| rest.length > 0)?;
        match blocking(move || next(rest)).await {
            Ok((chunk, rest)) => Some((Ok(chunk), Some(rest))),
            Err(error) => Some((Err(error), None)),
        }
    });
    Ok(chunks.boxed())
}

fn open(path: &Path, range: Range<u64>) -> Result<Rest> {
    let mut file = File::open(path)?;
    let end = range.end.min(file.metadata()?.len());
    let start = range.start.min(end);
    file.seek(SeekFrom::Start(start))?;
    Ok(Rest { file, length: end - start })
}

fn next(mut rest: Rest) -> Result<(Chunk, Rest)> {
    let most = usize::try_from(rest.length).map_or(CHUNK, |length| length.min(CHUNK));
    let mut chunk = vec![0; most];
    let read = rest.file.read(&mut chunk)?;
    if read == 0 {
        return Err(BytesError::Failed("a file has become shorter while it was read".into()));
    }
    chunk.truncate(read);
    rest.length -= read as u64;
    Ok((chunk.into(), rest))
}
