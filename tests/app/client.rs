//! A browser without scripting: its requests, its cookies.

use reqwest::{
    Method,
    header::{HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN, REFERER, SET_COOKIE},
};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

/// What stands between the fields of a form with files.
pub const BOUNDARY: &str = "----WebKitFormBoundary7MA4YWxkTrZu0gW";

/// A browser with cookies of its own, which follows no redirect.
#[derive(Clone)]
pub struct Visitor {
    http: reqwest::Client,
    pub addr: SocketAddr,
    pub origin: String,
    jar: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Visitor {
    pub fn new(addr: SocketAddr, origin: &str) -> Self {
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build();
        Self { http: http.expect("a client"), addr, origin: origin.to_owned(), jar: Arc::default() }
    }

    /// The same browser with a copy of the cookies as they are now.
    pub fn copy(&self) -> Self {
        let cookies = self.jar.lock().expect("no panic").clone();
        Self { jar: Arc::new(Mutex::new(cookies)), ..self.clone() }
    }

    /// A request; all but GET carry the site's own origin, as in a browser.
    pub fn call(&self, method: Method, path: &str) -> Call {
        let mut headers = HeaderMap::new();
        if let Some((_, host)) = self.origin.split_once("://") {
            headers.insert(HOST, host.parse().expect("a host"));
        }
        if method != Method::GET {
            headers.insert(ORIGIN, self.origin.parse().expect("an origin"));
        }
        Call { visitor: self.clone(), method, path: path.to_owned(), headers, body: Vec::new() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path).send().await
    }

    pub async fn post(&self, path: &str, json: Value) -> Answer {
        self.call(Method::POST, path).json(json).send().await
    }

    /// Posts a form that stands on the page `from`.
    pub async fn post_form(&self, path: &str, from: &str, fields: &[(&str, &str)]) -> Answer {
        let referer = format!("{}{from}", self.origin);
        self.call(Method::POST, path).form(fields).header(REFERER.as_str(), &referer).send().await
    }

    pub async fn sign_up(&self, name: &str, password: &str) -> Answer {
        self.enter("signup", name, password).await
    }

    pub async fn log_in(&self, name: &str, password: &str) -> Answer {
        self.enter("login", name, password).await
    }

    async fn enter(&self, mode: &str, username: &str, password: &str) -> Answer {
        let fields = serde_json::json!({ "mode": mode, "username": username, "password": password });
        self.post("/auth", fields).await
    }

    /// The value of a cookie that the browser holds.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.jar.lock().expect("no panic").get(name).cloned()
    }

    /// The `Cookie` header.
    pub fn cookies(&self) -> Option<String> {
        let jar = self.jar.lock().expect("no panic");
        let pairs: Vec<_> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    fn keep(&self, headers: &HeaderMap) {
        let mut jar = self.jar.lock().expect("no panic");
        for cookie in headers.get_all(SET_COOKIE) {
            let cookie = cookie.to_str().expect("an ASCII cookie");
            let (pair, flags) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (name, value) = pair.split_once('=').expect("a name and a value");
            if flags.split(';').any(|flag| flag.trim() == "Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// A request on its way.
pub struct Call {
    visitor: Visitor,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Call {
    /// Sets a header, in place of the one that was there.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().expect("a header's name");
        self.headers.insert(name, HeaderValue::from_str(value).expect("a header's value"));
        self
    }

    pub fn without_origin(mut self) -> Self {
        self.headers.remove(ORIGIN);
        self
    }

    pub fn json(self, json: Value) -> Self {
        self.body("application/json", json.to_string())
    }

    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let body = serde_urlencoded::to_string(fields).expect("fields");
        self.body("application/x-www-form-urlencoded", body)
    }

    /// A form with files in its fields `files`, each with a name.
    pub fn form_with_files(self, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Self {
        let mut body = Vec::new();
        for (name, value) in fields {
            let head = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n");
            body.extend_from_slice(format!("{head}{value}\r\n").as_bytes());
        }
        for (name, bytes) in files {
            let head = format!("content-disposition: form-data; name=\"files\"; filename=\"{name}\"");
            let kind = "content-type: application/octet-stream";
            body.extend_from_slice(format!("--{BOUNDARY}\r\n{head}\r\n{kind}\r\n\r\n").as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        self.body(&format!("multipart/form-data; boundary={BOUNDARY}"), body)
    }

    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", content_type)
    }

    pub async fn send(self) -> Answer {
        let Self { visitor, method, path, headers, body } = self;
        let mut request = visitor
            .http
            .request(method, format!("http://{}{path}", visitor.addr))
            .headers(headers)
            .body(body);
        if let Some(cookies) = visitor.cookies() {
            request = request.header("cookie", cookies);
        }
        let response = request.send().await.expect("an answer");
        visitor.keep(response.headers());
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.expect("a body").to_vec();
        Answer { status, headers, text: String::from_utf8_lossy(&bytes).into_owned(), bytes }
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("an ASCII header"))
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The JSON of a success.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json()
    }

    /// It was done, and there is nothing to say.
    #[track_caller]
    pub fn done(&self) {
        assert_eq!((self.status, self.text.as_str()), (204, ""));
    }

    /// A refusal in the shape that every refusal has. Returns its field, if it names one.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Option<String> {
        assert_eq!(self.status, status, "{}", self.text);
        let json = self.json();
        let error = &json["error"];
        assert_eq!(error["code"], code, "{json}");
        assert!(error["message"].as_str().is_some_and(|message| message.len() > 10), "{json}");
        assert_eq!(json.as_object().map(serde_json::Map::len), Some(1), "nothing beside the error: {json}");
        error["field"].as_str().map(str::to_owned)
    }

    /// Where a 303 leads.
    #[track_caller]
    pub fn redirect(&self) -> &str {
        assert_eq!(self.status, 303, "{}", self.text);
        self.header("location").expect("a place to go to")
    }

    /// The `Set-Cookie` headers for a cookie.
    pub fn set_cookies(&self, name: &str) -> Vec<String> {
        let cookies = self.headers.get_all(SET_COOKIE).into_iter();
        let cookies = cookies.map(|cookie| cookie.to_str().expect("an ASCII cookie").to_owned());
        cookies.filter(|cookie| cookie.starts_with(&format!("{name}="))).collect()
    }
}
