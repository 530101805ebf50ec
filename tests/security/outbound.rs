//! What the server asks for somebody else reaches the public web, and nothing that only this machine reaches.

use crate::app::in_time;
use sotto::kit::outbound::{Bounds, Fetched, MOST, Names, Outbound, OutboundError, address::is_public};
use std::{
    collections::HashMap,
    io,
    net::IpAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Where the public web is, in these tests.
const PUBLIC: [u8; 4] = [127, 0, 0, 5];

fn allows(address: IpAddr) -> bool {
    address == IpAddr::from(PUBLIC) || is_public(address)
}

/// Names with an answer for each time they are asked for; the last one stays.
#[derive(Default)]
struct Known(Mutex<HashMap<&'static str, Vec<Vec<IpAddr>>>>);

#[async_trait::async_trait]
impl Names for Known {
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        let mut names = self.0.lock().expect("no panic");
        let answers = names.get_mut(host).ok_or(io::ErrorKind::NotFound)?;
        Ok(if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() })
    }
}

/// A server, on the address of the public web and on that of this machine, and a client.
struct Web {
    port: u16,
    outbound: Outbound,
    names: Arc<Known>,
    /// What it was asked.
    heard: Arc<Mutex<Vec<String>>>,
    /// How often it was asked where nobody may ask.
    inside: Arc<AtomicUsize>,
}

impl Web {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut Bounds)) -> Self {
        let (listener, private, port) = on_both_sides().await;
        let (heard, inside) = (Arc::<Mutex<Vec<String>>>::default(), Arc::<AtomicUsize>::default());
        tokio::spawn(serve(listener, port, heard.clone()));
        tokio::spawn(count(private, inside.clone()));
        let names = Arc::new(Known::default());
        let mut bounds =
            Bounds { allows, ports: vec![port], patience: Duration::from_secs(5), names: names.clone() };
        change(&mut bounds);
        Self { port, outbound: Outbound::within(bounds), names, heard, inside }
    }

    fn name(&self, name: &'static str, answers: &[&[IpAddr]]) {
        let answers = answers.iter().map(|answer| answer.to_vec()).collect();
        self.names.0.lock().expect("no panic").insert(name, answers);
    }

    async fn get(&self, path: &str) -> Result<Fetched, OutboundError> {
        self.outbound.get(&format!("http://127.0.0.5:{}{path}", self.port)).await
    }

    #[track_caller]
    fn nobody_came_inside(&self) {
        assert_eq!(self.inside.load(Ordering::SeqCst), 0);
    }
}

/// Listeners on the address of the public web and on that of this machine, on one port. A port that is free on
/// the first may have been taken on the second by another test, so that several are tried.
async fn on_both_sides() -> (TcpListener, TcpListener, u16) {
    for _ in 0..100 {
        let public = TcpListener::bind((IpAddr::from(PUBLIC), 0)).await.expect("a free port");
        let port = public.local_addr().expect("an address").port();
        if let Ok(private) = TcpListener::bind(("127.0.0.1", port)).await {
            return (public, private, port);
        }
    }
    panic!("no port is free on both addresses");
}

/// Counts what [`Outbound`] asks. The clients of other tests may still know the port from a server that has
/// gone, and are not counted: they have another name.
async fn count(listener: TcpListener, asked: Arc<AtomicUsize>) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let asked = asked.clone();
        tokio::spawn(async move {
            let request = head(&mut stream).await.unwrap_or_default().to_lowercase();
            if request.contains("user-agent: sotto/") {
                asked.fetch_add(1, Ordering::SeqCst);
            }
        });
    }
}

/// A request up to its body; nothing, if it breaks off.
async fn head(stream: &mut TcpStream) -> Option<String> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(stream.read_u8().await.ok()?);
    }
    String::from_utf8(request).ok()
}

/// Answers by path: `/to/URL` leads there, `/hops/N` leads on so often, `/endless` and `/slow` never end.
async fn serve(listener: TcpListener, port: u16, heard: Arc<Mutex<Vec<String>>>) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let heard = heard.clone();
        tokio::spawn(async move {
            let Some(request) = head(&mut stream).await else { return };
            let path = request.split(' ').nth(1).expect("a path").to_owned();
            heard.lock().expect("no panic").push(request);
            let hops = path.strip_prefix("/hops/").and_then(|hops| hops.parse::<u32>().ok());
            let to = match (path.strip_prefix("/to/"), hops) {
                (Some(to), _) => Some(to.replace("PORT", &port.to_string())),
                (_, Some(hops)) if hops > 0 => Some(format!("/hops/{}", hops - 1)),
                _ => None,
            };
            let head = match to {
                Some(to) => format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n"),
                None if matches!(&*path, "/endless" | "/slow") => {
                    "HTTP/1.1 200 OK\r\nset-cookie: a=b\r\n\r\n".to_owned()
                }
                None => "HTTP/1.1 200 OK\r\nset-cookie: a=b\r\ncontent-length: 5\r\n\r\nhello".to_owned(),
            };
            let mut going = stream.write_all(head.as_bytes()).await.is_ok();
            while going && path == "/endless" {
                going = stream.write_all(&[b'x'; 8192]).await.is_ok();
            }
            while going && path == "/slow" {
                going = stream.write_all(b"x").await.is_ok();
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
    }
}

#[tokio::test]
async fn what_is_public_is_fetched_and_told_nothing_of_whoever_asks() {
    let web = Web::new().await;
    for _ in 0..2 {
        let fetched = web.get("/hops/1").await.expect("an answer");
        assert_eq!((fetched.status.as_u16(), &fetched.body[..]), (200, &b"hello"[..]));
        assert_eq!(fetched.url.path(), "/hops/0", "where it came from in the end");
    }
    for request in web.heard.lock().expect("no panic").iter() {
        let request = request.to_lowercase();
        assert!(request.contains("user-agent: sotto/"), "{request}");
        for nothing in ["cookie", "referer", "authorization", "x-forwarded-for"] {
            assert!(!request.contains(nothing), "{request}");
        }
    }
}

#[tokio::test]
async fn no_form_of_an_address_leads_inside() {
    let web = Web::new().await;
    let port = web.port;
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.0.0.1.",
        "0.0.0.0",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "[fe80::1]",
        "[fd00::1]",
        "\u{ff11}27.0.0.1",
        "user@127.0.0.5",
        "user:password@127.0.0.5",
        ":password@127.0.0.5",
    ] {
        let got = web.outbound.get(&format!("http://{host}:{port}/")).await;
        assert!(matches!(got, Err(OutboundError::Forbidden)), "{host}: {got:?}");
    }
    for url in [
        "",
        "/",
        "127.0.0.5",
        "file:///etc/passwd",
        "gopher://127.0.0.5/",
        "ftp://127.0.0.5/",
        "data:,hello",
        "http://127.0.0.5/",
        "https://127.0.0.5/",
        "http://127.0.0.5:22/",
        "http:///",
        "unix:/run/x",
    ] {
        let got = web.outbound.get(url).await;
        assert!(matches!(got, Err(OutboundError::Forbidden)), "{url}: {got:?}");
    }
    web.nobody_came_inside();
    let usual = Outbound::within(Bounds::default());
    for url in
        [format!("http://127.0.0.5:{port}/"), "http://localhost/".into(), "http://1.1.1.1:8080/".into()]
    {
        let got = usual.get(&url).await;
        assert!(matches!(got, Err(OutboundError::Forbidden)), "{url}: {got:?}");
    }
    assert!(web.heard.lock().expect("no panic").is_empty(), "nor was anything asked of the web");
}

#[tokio::test]
async fn no_name_leads_inside() {
    let web = Web::new().await;
    let (public, inside) = (IpAddr::from(PUBLIC), IpAddr::from([127, 0, 0, 1]));
    web.name("inside.example", &[&[inside]]);
    web.name("mapped.example", &[&["::ffff:127.0.0.1".parse().expect("an address")]]);
    web.name("both.example", &[&[inside, public]]);
    web.name("turns.example", &[&[public], &[inside]]);
    let get =
        async |host: &str, path: &str| web.outbound.get(&format!("http://{host}:{}{path}", web.port)).await;
    for host in ["inside.example", "mapped.example"] {
        let got = get(host, "/").await;
        assert!(matches!(got, Err(OutboundError::Forbidden)), "{host}: {got:?}");
    }
    assert!(matches!(get("unknown.example", "/").await, Err(OutboundError::Failed(_))));
    assert!(get("both.example", "/").await.is_ok(), "by the address that may be asked");
    // What was resolved is what is connected to; the next time it is looked at anew.
    let got = get("turns.example", "/hops/1").await;
    assert!(matches!(got, Err(OutboundError::Forbidden)), "{got:?}");
    assert_eq!(web.heard.lock().expect("no panic").len(), 2, "each once");
    web.nobody_came_inside();
}

#[tokio::test]
async fn redirects_are_few_and_each_is_looked_at() {
    let web = Web::new().await;
    assert!(web.get("/hops/3").await.is_ok());
    assert!(matches!(web.get("/hops/4").await, Err(OutboundError::Redirects)));
    web.name("inside.example", &[&[IpAddr::from([127, 0, 0, 1])]]);
    for to in [
        "http://127.0.0.1:PORT/",
        "//127.0.0.1:PORT/",
        "http://[::1]:PORT/",
        "http://inside.example:PORT/",
        "http://127.0.0.5:22/",
        "file:///etc/passwd",
        "http://user@127.0.0.5:PORT/",
        "https://127.0.0.5/",
    ] {
        let got = web.get(&format!("/to/{to}")).await;
        assert!(matches!(got, Err(OutboundError::Forbidden)), "{to}: {got:?}");
    }
    web.nobody_came_inside();
}

#[tokio::test]
async fn no_more_is_read_than_so_much() {
    let web = Web::new().await;
    let fetched = in_time("an end", web.get("/endless")).await.expect("an answer");
    assert_eq!(fetched.body.len(), MOST);
}

#[tokio::test]
async fn what_takes_too_long_is_given_up() {
    let web = Web::with(|bounds| bounds.patience = Duration::from_millis(300)).await;
    let begun = Instant::now();
    assert!(matches!(web.get("/slow").await, Err(OutboundError::Late)));
    assert!(begun.elapsed() < Duration::from_secs(3));
}
