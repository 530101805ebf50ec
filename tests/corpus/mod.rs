//! Frames that are kept to be tried each time, in `frames/`: `good-*` is understood, `bad-*` is
//! refused, `passed-over-*` is from a newer server. A frame that once did harm is put there.

use std::{fs, path::Path};

/// The kept frames of one side, by name.
pub fn frames(side: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/frames").join(side);
    let entries = fs::read_dir(folder).expect("the corpus").map(|entry| entry.expect("an entry"));
    let read = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().expect("a name");
        (name, fs::read_to_string(entry.path()).expect("a frame"))
    };
    let mut frames: Vec<_> = entries.map(read).collect();
    frames.sort();
    assert!(frames.len() > 9, "the corpus is there");
    frames
}
