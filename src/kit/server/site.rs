//! The page's files: carried by the program itself, or in the folder where they were built.
//!
//! A program that carries them has them at its end, behind all that the system loads of it: an
//! archive (tar), its length (8 bytes, little-endian) and [`MARK`]. Made by `sotto bundle`.

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
    collections::HashMap,
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
/// Names what the build called the page's files.
const HASHES: &str = "hash.txt";
/// A name that holds a hash of the content never gets another content.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Other files are looked up daily.
const FOR_A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

/// Where the page's files are, and what they are called.
#[derive(Clone)]
pub struct Site {
    page: PageFiles,
    /// Whether the files change while the server runs (`cargo leptos watch`).
    is_watched: bool,
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
    /// The site in the folder that the options name, with `hash.txt` beside the program.
    pub fn in_folder(options: &LeptosOptions) -> Self {
        let is_watched = std::env::var_os("LEPTOS_WATCH").is_some();
        Self { page: named(options), is_watched, files: None }
    }

    /// The site that this program carries. `None`: it carries none.
    pub fn carried(options: &LeptosOptions) -> io::Result<Option<Self>> {
        let mut program = File::open(std::env::current_exe()?)?;
        let Some((start, length)) = archive_in(&mut program)? else { return Ok(None) };
        program.seek(SeekFrom::Start(start))?;
        let mut contents = HashMap::new();
        for entry in tar::Archive::new(program.take(length)).entries()? {
            let mut entry = entry?;
            let path = entry.path()?.to_string_lossy().into_owned();
            let mut content = Vec::new();
            entry.read_to_end(&mut content)?;
            contents.insert(path, Bytes::from(content));
        }
        let hashes = contents.remove(HASHES).unwrap_or_default();
        let hashed = format!("{}/", options.site_pkg_dir);
        let compressed = |path: &String| contents.get(&format!("{path}.br")).cloned();
        let files = contents.iter().filter(|(path, _)| !path.ends_with(".br")).map(|(path, content)| {
            let file = Carried {
                content: content.clone(),
                brotli: compressed(path),
                content_type: content_type(path),
                etag: Sha256::digest(content).iter().take(8).map(|byte| format!("{byte:02x}")).collect(),
                cache: if path.starts_with(&hashed) { FOR_EVER } else { FOR_A_DAY },
            };
            (format!("/{path}"), file)
        });
        let files = Arc::new(files.collect());
        let page = page_files(options, &String::from_utf8_lossy(&hashes));
        Ok(Some(Self { page, is_watched: false, files: Some(files) }))
    }

    /// What the page's own files are called.
    pub fn page(&self) -> PageFiles {
        self.page.clone()
    }

    /// How long a browser may take a file of a folder for what it was, without asking.
    pub fn lifetime(&self, options: &LeptosOptions, path: &str) -> HeaderValue {
        match path.strip_prefix('/').and_then(|path| path.strip_prefix(options.site_pkg_dir.as_ref())) {
            _ if self.is_watched => HeaderValue::from_static("no-cache"),
            Some(file) if options.hash_files && file.starts_with('/') => FOR_EVER,
            Some(_) | None => FOR_A_DAY,
        }
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
pub fn bundle(folder: &Path, hashes: &Path, to: &Path) -> io::Result<()> {
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
    append(&mut archive, &fs::read(hashes)?, Path::new(HASHES))?;
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

/// Every file below a folder, in order, but types for programmers and what is compressed in a way
/// that is not used.
fn files_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files_in(&path)?);
        } else if ![".gz", ".ts", ".ts.br"].iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
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

/// What the files are called now, as `hash.txt` beside the program says.
fn named(options: &LeptosOptions) -> PageFiles {
    let hashes = std::env::current_exe()
        .and_then(|program| fs::read_to_string(program.with_file_name(options.hash_file.as_ref())));
    page_files(options, &hashes.unwrap_or_default())
}

/// `hashes` has lines like `css: hash`.
fn page_files(options: &LeptosOptions, hashes: &str) -> PageFiles {
    let name = |kind: &str| {
        let lines = hashes.lines().filter_map(|line| line.split_once(':'));
        let mut hashes = lines.filter(|(of, _)| options.hash_files && of.trim() == kind);
        let hash = hashes.next().map(|(_, hash)| format!(".{}", hash.trim())).unwrap_or_default();
        format!("/{}/{}{hash}.{kind}", options.site_pkg_dir, options.output_name)
    };
    PageFiles { js: name("js"), wasm: name("wasm"), css: name("css") }
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
