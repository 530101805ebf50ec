//! The page's files: carried by the program itself, or in the folder where they were built.
//!
//! A program that carries them has them at its end, behind all that the system loads of it: an
//! archive (tar), its length (8 bytes, little-endian) and [`MARK`]. Made by `sotto bundle`. What was built
//! stands under an address that the content of all of it names: the files of a release refer to each other,
//! and two releases never mix (docs/decisions/0028-one-release-one-folder.md).

use crate::ui::document::PageFiles;
use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use leptos::config::LeptosOptions;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, HashMap},
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Ends a program that carries its site.
const MARK: [u8; 8] = *b"SOTTO/01";
/// What follows the archive.
const TRAILER: u64 = 16;
/// An address that holds a hash of the content never gets another content.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Other files are looked up daily.
const FOR_A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");
/// Files that are built anew under the same name are asked for each time.
const ASK: HeaderValue = HeaderValue::from_static("no-cache");

/// Where the page's files are, and what they are called.
#[derive(Clone)]
pub struct Site {
    page: PageFiles,
    files: Option<Arc<HashMap<String, Carried>>>,
}

/// A file that the program carries.
struct Carried {
    content: Bytes,
    brotli: Option<Bytes>,
    content_type: &'static str,
    etag: String,
    cache: HeaderValue,
}

impl Site {
    /// The site in the folder that the options name, under the names that cargo-leptos gives: those that its
    /// reload looks for.
    pub fn in_folder(options: &LeptosOptions) -> Self {
        let pkg = format!("/{}", options.site_pkg_dir);
        Self { page: page_files(&pkg, &options.output_name, &[], &[]), files: None }
    }

    /// The site that this program carries. `None`: it carries none.
    pub fn carried(options: &LeptosOptions) -> io::Result<Option<Self>> {
        let mut program = File::open(std::env::current_exe()?)?;
        let Some((start, length)) = archive_in(&mut program)? else { return Ok(None) };
        program.seek(SeekFrom::Start(start))?;
        let mut contents = BTreeMap::new();
        for entry in tar::Archive::new(program.take(length)).entries()? {
            let mut entry = entry?;
            let path = entry.path()?.to_string_lossy().into_owned();
            let mut content = Vec::new();
            entry.read_to_end(&mut content)?;
            contents.insert(path, Bytes::from(content));
        }
        let built = format!("{}/", options.site_pkg_dir);
        let release = release(contents.iter().filter(|(path, _)| path.starts_with(&built)));
        let pkg = format!("/{built}{release}");
        let compressed = |path: &String| contents.get(&format!("{path}.br")).cloned();
        let ahead = contents.iter().find(|(path, _)| path.ends_with(MANIFEST)).map(|(_, list)| ahead(list));
        let mut names = Vec::new();
        let mut files = HashMap::new();
        let served = |path: &str| !path.ends_with(".br") && !path.ends_with(MANIFEST);
        for (path, content) in contents.iter().filter(|(path, _)| served(path)) {
            let (address, cache) = match path.strip_prefix(&built) {
                Some(name) => {
                    names.push(name);
                    (format!("{pkg}/{name}"), FOR_EVER)
                }
                None => (format!("/{path}"), FOR_A_DAY),
            };
            let file = Carried {
                content: content.clone(),
                brotli: compressed(path),
                content_type: content_type(path),
                etag: short(Sha256::digest(content)),
                cache,
            };
            files.insert(address, file);
        }
        let page = page_files(&pkg, &options.output_name, &names, &ahead.unwrap_or_default());
        Ok(Some(Self { page, files: Some(Arc::new(files)) }))
    }

    /// What the page's own files are called.
    pub fn page(&self) -> PageFiles {
        self.page.clone()
    }

    /// How long a browser may take a file of a folder for what it was, without asking.
    pub fn lifetime(options: &LeptosOptions, path: &str) -> HeaderValue {
        let is_built = path.split('/').nth(1) == Some(options.site_pkg_dir.as_ref());
        if is_built { ASK } else { FOR_A_DAY }
    }

    /// Whether the program carries the files.
    pub fn is_carried(&self) -> bool {
        self.files.is_some()
    }

    /// The answer to a request for a file that the program carries; `None` for anything else.
    pub fn answer(&self, request: &Request) -> Option<Response> {
        let file = self.files.as_ref()?.get(request.uri().path())?;
        let is_head = match *request.method() {
            Method::GET => false,
            Method::HEAD => true,
            _ => return None,
        };
        Some(file.answer(request.headers(), is_head))
    }
}

impl Carried {
    fn answer(&self, asked: &HeaderMap, is_head: bool) -> Response {
        let brotli = self.brotli.as_ref().filter(|_| takes_brotli(asked));
        let etag = format!("\"{}{}\"", self.etag, if brotli.is_some() { "-br" } else { "" });
        let is_known = asked
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .filter_map(|known| known.to_str().ok())
            .flat_map(|known| known.split(','))
            .any(|known| matches!(known.trim(), "*") || known.trim().trim_start_matches("W/") == etag);
        let content = brotli.unwrap_or(&self.content);
        let mut response = match (is_known, is_head) {
            (true, _) => StatusCode::NOT_MODIFIED.into_response(),
            (false, true) => Body::empty().into_response(),
            (false, false) => Body::from(content.clone()).into_response(),
        };
        let headers = response.headers_mut();
        if let Ok(etag) = HeaderValue::from_str(&etag) {
            headers.insert(header::ETAG, etag);
        }
        headers.insert(header::CACHE_CONTROL, self.cache.clone());
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if !is_known {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
            headers.insert(header::CONTENT_LENGTH, content.len().into());
            if brotli.is_some() {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
            }
        }
        response
    }
}

/// Whether a path may be answered from the folder: no part of it is hidden, and it leads nowhere else.
pub fn is_public(folder: &str, path: &str) -> bool {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    if parts.any(|part| part.starts_with('.') || part.contains('%')) {
        return false;
    }
    let leads_to = |path: &Path| fs::canonicalize(path).ok();
    match (leads_to(Path::new(folder)), leads_to(&Path::new(folder).join(path.trim_start_matches('/')))) {
        (Some(folder), Some(file)) => file.starts_with(folder),
        // What is not there is told of elsewhere.
        _ => true,
    }
}

/// Writes a copy of this program that carries the site in `folder`. What this program itself
/// carries is left out.
pub fn bundle(folder: &Path, to: &Path) -> io::Result<()> {
    let mut program = File::open(std::env::current_exe()?)?;
    let length = match archive_in(&mut program)? {
        Some((start, _)) => start,
        None => program.metadata()?.len(),
    };
    program.rewind()?;
    let unfinished = to.with_extension("part");
    let _ = fs::remove_file(&unfinished);
    let mut copy = OpenOptions::new().mode(0o755).write(true).create_new(true).open(&unfinished)?;
    io::copy(&mut program.take(length), &mut copy)?;
    let mut archive = tar::Builder::new(copy);
    let mut count = 0;
    for path in files_in(folder)? {
        let name = path.strip_prefix(folder).map_err(io::Error::other)?;
        append(&mut archive, &fs::read(&path)?, name)?;
        count += 1;
    }
    if count == 0 {
        return Err(io::Error::other("the folder holds no files"));
    }
    let mut copy = archive.into_inner()?;
    let end = copy.stream_position()?;
    copy.write_all(&(end - length).to_le_bytes())?;
    copy.write_all(&MARK)?;
    copy.sync_all()?;
    fs::rename(&unfinished, to)
}

/// The same bytes from the same files, whenever and by whomever it is done.
fn append(archive: &mut tar::Builder<File>, content: &[u8], name: &Path) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    header.set_cksum();
    archive.append_data(&mut header, name, content)
}

/// What is built for others than browsers: types for programmers, and what is compressed in a way that is not
/// used.
const UNUSED: [&str; 4] = [".gz", ".ts", ".ts.br", "_manifest.json.br"];
/// Ends the name of the list of parts, each with the files that it consists of.
const MANIFEST: &str = "_manifest.json";
/// The part that every page wants as soon as it lives.
const LINE: &str = "line";

/// The names, without their ending, of the files of the part that is loaded ahead. Where the list cannot be read
/// nothing is: the page asks for it itself, a little later.
fn ahead(list: &[u8]) -> Vec<String> {
    let parts = serde_json::from_slice::<HashMap<String, Vec<String>>>(list);
    parts.ok().and_then(|mut parts| parts.remove(LINE)).unwrap_or_default()
}

/// Every file below a folder, in order, but those that are unused.
fn files_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files_in(&path)?);
        } else if !UNUSED.iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Where the archive begins in a program that carries one, and how long it is.
fn archive_in(program: &mut File) -> io::Result<Option<(u64, u64)>> {
    let length = program.metadata()?.len();
    if length < TRAILER {
        return Ok(None);
    }
    program.seek(SeekFrom::Start(length - TRAILER))?;
    let (mut size, mut mark) = ([0; 8], [0; 8]);
    program.read_exact(&mut size)?;
    program.read_exact(&mut mark)?;
    let size = u64::from_le_bytes(size);
    let start = (length - TRAILER).checked_sub(size);
    Ok(start.filter(|_| mark == MARK).map(|start| (start, size)))
}

/// What stands for a release: a hash of the names and contents of all that was built.
fn release<'a>(built: impl Iterator<Item = (&'a String, &'a Bytes)>) -> String {
    let hash = built.fold(Sha256::new(), |hash, (path, content)| {
        // Each with its length, so that nothing can be taken for a part of something else.
        let lengths = [path.len().to_le_bytes(), content.len().to_le_bytes()];
        hash.chain_update(lengths.as_flattened()).chain_update(path).chain_update(content)
    });
    short(hash.finalize())
}

/// The first 8 bytes of a hash in hexadecimal digits.
fn short(hash: impl AsRef<[u8]>) -> String {
    hash.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// What the files are called that cargo-leptos makes, and which of `names` are parts that are loaded later, or
/// `ahead` of being wanted, with the script that loads parts.
fn page_files(pkg: &str, output: &str, names: &[&str], ahead: &[String]) -> PageFiles {
    let own = |kind: &str| format!("{output}.{kind}");
    let (js, wasm) = (own("js"), own("wasm"));
    let is_part =
        |name: &&&str| **name != js && **name != wasm && (name.ends_with(".js") || name.ends_with(".wasm"));
    let is_ahead = |name: &&&str| match name.strip_suffix(".wasm") {
        Some(part) => ahead.iter().any(|file| file == part),
        None => !ahead.is_empty(),
    };
    let paths = |names: Vec<&&str>| names.into_iter().map(|name| format!("{pkg}/{name}")).collect();
    let parts: Vec<_> = names.iter().filter(is_part).collect();
    PageFiles {
        ahead: paths(parts.iter().copied().filter(is_ahead).collect()),
        parts: paths(parts),
        css: format!("{pkg}/{}", own("css")),
        js: format!("{pkg}/{js}"),
        wasm: format!("{pkg}/{wasm}"),
    }
}

/// Whether brotli is among what a browser takes.
fn takes_brotli(asked: &HeaderMap) -> bool {
    let accepted = asked.get_all(header::ACCEPT_ENCODING).iter();
    accepted.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let refused = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse().ok()) == Some(0.0);
        name.trim() == "br" && !refused
    })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "ico" => "image/x-icon",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
