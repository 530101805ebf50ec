//! Files that somebody has chosen: their bytes, what is kept of them in the browser's database, and their way to the
//! server.

use crate::browser::{
    Chosen, Picture,
    wasm::database::{self, Database},
};
use js_sys::Promise;
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, HtmlInputElement, HtmlProgressElement, IdbTransactionMode, ImageBitmap, ImageEncodeOptions,
    OffscreenCanvas, OffscreenCanvasRenderingContext2d, ProgressEvent, Url, XmlHttpRequest,
};

/// What is said of files, and their bytes, both by the name that this device gave them.
const KEPT: Database = Database("sotto-files", &[ABOUT, BYTES]);
const ABOUT: &str = "about";
const BYTES: &str = "bytes";
/// The longest side of a picture that is made smaller, in pixels.
const SIDE: f64 = 2048.0;
/// How faithful it is, from 0 to 1.
const QUALITY: f64 = 0.85;

/// The bytes of a file, wherever the browser has them: they are read when they are sent.
#[derive(Clone)]
pub struct Bytes(Blob);

/// Whether something stands chosen in a field of files.
pub fn has_chosen(field: &str) -> bool {
    field_of(field).and_then(|field| field.files()).is_some_and(|files| files.length() > 0)
}

fn field_of(selector: &str) -> Option<HtmlInputElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}

/// Takes what was chosen in a field of files, which is empty then.
pub fn take_chosen(field: &str) -> Vec<Chosen> {
    let Some(field) = field_of(field) else { return Vec::new() };
    let files = field.files();
    let files = files.iter().flat_map(|files| (0..files.length()).filter_map(|index| files.get(index)));
    let chosen = files.map(|file| Chosen {
        name: file.name(),
        kind: file.type_(),
        size: file.size() as u64,
        bytes: Bytes(file.into()),
    });
    let chosen = chosen.collect();
    field.set_value("");
    chosen
}

/// Makes a picture upright, no larger than is needed, and without anything but its pixels. The browser decodes and
/// encodes it beside the page, which stays responsive. `None`: the browser cannot read it as one.
pub async fn picture(Bytes(bytes): &Bytes) -> Option<Picture> {
    let read = window().create_image_bitmap_with_blob(bytes).ok()?;
    let bitmap: ImageBitmap = JsFuture::from(read).await.ok()?.dyn_into().ok()?;
    let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
    let scale = (SIDE / width.max(height)).min(1.0);
    let side = |side: f64| (side * scale).round().max(1.0);
    let (width, height) = (side(width), side(height));
    let canvas = OffscreenCanvas::new(width as u32, height as u32).ok()?;
    let context: OffscreenCanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.draw_image_with_image_bitmap_and_dw_and_dh(&bitmap, 0.0, 0.0, width, height).ok()?;
    bitmap.close();
    for kind in ["image/webp", "image/jpeg"] {
        let options = ImageEncodeOptions::new();
        options.set_type(kind);
        options.set_quality(QUALITY);
        let made = canvas.convert_to_blob_with_options(&options).ok()?;
        let made: Blob = JsFuture::from(made).await.ok()?.dyn_into().ok()?;
        // What a browser cannot write it writes as a PNG, which is no photograph's format.
        if made.type_() == kind {
            let (width, height, size) = (width as u32, height as u32, made.size() as u64);
            return Some(Picture { kind, size, width, height, is_reduced: scale < 1.0, bytes: Bytes(made) });
        }
        // JPEG knows no transparency.
        context.set_global_composite_operation("destination-over").ok()?;
        context.set_fill_style_str("#fff");
        context.fill_rect(0.0, 0.0, width, height);
    }
    None
}

/// An address in this page under which bytes can be shown, until [`hide`].
pub fn show(Bytes(bytes): &Bytes) -> Option<String> {
    Url::create_object_url_with_blob(bytes).ok()
}

/// Lets go of such an address.
pub fn hide(address: &str) {
    let _ = Url::revoke_object_url(address);
}

/// Shows in the page how much of a file has gone, from 0 to 100.
pub fn show_progress(file: &str, percent: f64) {
    let Ok(found) = document().query_selector_all(&["progress[data-file='", file, "']"].concat()) else {
        return;
    };
    for index in 0..found.length() {
        let bar = found.get(index).and_then(|bar| bar.dyn_into::<HtmlProgressElement>().ok());
        let _ = bar.map(|bar| bar.set_value(percent));
    }
}

/// Keeps what is said of a file, and its bytes if they are given, over the end of the page. `None`: the browser cannot;
/// it may have no room.
pub async fn keep(file: &str, about: String, bytes: Option<&Bytes>) -> Option<()> {
    let transaction = KEPT.begin(IdbTransactionMode::Readwrite).await?;
    let key = file.into();
    database::put(&transaction, ABOUT, &key, Some(about.into()))?;
    if let Some(Bytes(bytes)) = bytes {
        database::put(&transaction, BYTES, &key, Some(bytes.into()))?;
    }
    database::ended(&transaction).await
}

/// Keeps it no longer.
pub async fn forget(file: &str) -> Option<()> {
    let transaction = KEPT.begin(IdbTransactionMode::Readwrite).await?;
    let key = file.into();
    database::put(&transaction, ABOUT, &key, None)?;
    database::put(&transaction, BYTES, &key, None)?;
    database::ended(&transaction).await
}

/// What is said of all files that are kept.
pub async fn kept() -> Vec<String> {
    KEPT.texts(ABOUT).await.unwrap_or_default()
}

/// The bytes of one of them. `None`: they are not there.
pub async fn bytes(file: &str) -> Option<Bytes> {
    let transaction = KEPT.begin(IdbTransactionMode::Readonly).await?;
    let request = transaction.object_store(BYTES).ok()?.get(&file.into()).ok()?;
    database::result(&request).await?.dyn_into().ok().map(Bytes)
}

/// What the server answered.
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its body.
    pub body: String,
    request: XmlHttpRequest,
}

impl Answer {
    /// One of its headers.
    pub fn header(&self, name: &str) -> Option<String> {
        self.request.get_response_header(name).ok()?
    }
}

/// Asks the server something, with the bytes of a file from one of them on. `goes_on` hears how many have gone, and
/// says whether more are to go. `None`: there was no answer.
pub async fn ask(
    method: &str,
    address: &str,
    headers: &[(&str, String)],
    body: Option<(&Bytes, u64)>,
    goes_on: Box<dyn Fn(u64) -> bool>,
) -> Option<Answer> {
    // The one kind of request that tells how far it is.
    let request = XmlHttpRequest::new().ok()?;
    request.open(method, address).ok()?;
    for (name, value) in headers {
        request.set_request_header(name, value).ok()?;
    }
    let asked = request.clone();
    let told = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
        if !goes_on(event.loaded() as u64) {
            let _ = asked.abort();
        }
    });
    let ended = Promise::new(&mut |end, _| request.set_onloadend(Some(&end)));
    match body {
        Some((Bytes(bytes), from)) => {
            request.upload().ok()?.set_onprogress(Some(told.as_ref().unchecked_ref()));
            request.send_with_opt_blob(Some(&bytes.slice_with_f64(from as f64).ok()?)).ok()?;
        }
        None => request.send().ok()?,
    }
    JsFuture::from(ended).await.ok()?;
    drop(told);
    let status = request.status().ok().filter(|status| *status > 0)?;
    let body = request.response_text().ok().flatten().unwrap_or_default();
    Some(Answer { status, body, request })
}

/// A text as base64, as headers carry it.
pub fn base64(text: &str) -> String {
    let bytes: String = text.bytes().map(char::from).collect();
    window().btoa(&bytes).unwrap_or_default()
}
