//! Frames that are kept to be tried each time, in `frames/`: `good-*` is understood, `bad-*` is
//! refused, `passed-over-*` is from a newer server. A frame that once did harm is put there.

use std::{fs, path::Path};

/// The kept frames of one side, by name.
pub fn frames(side: &str) -> Vec<(String, String)> {
    // The tests of more than one crate read it: this folder is the same from all of them.
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let corpus = above.map(|folder| folder.join("tests/corpus/frames")).find(|folder| folder.is_dir());
    let entries = fs::read_dir(corpus.expect("a folder of frames").join(side))
        .expect("the corpus")
        .map(|entry| entry.expect("an entry"));
    let read = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().expect("a name");
        (name, fs::read_to_string(entry.path()).expect("a frame"))
    };
    let mut frames: Vec<_> = entries.map(read).collect();
    frames.sort();
    assert!(frames.len() > 9, "the corpus is there");
    frames
}
