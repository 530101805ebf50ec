//! A program that is measured: started in a folder of its own, spoken to as its page does.

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::{
    error::Error,
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest},
};

pub type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

pub type Device = WebSocketStream<TcpStream>;

/// Passes over what is said until there is an event of that kind.
pub async fn hear(device: &mut Device, kind: &str) -> Result<()> {
    let beginning = format!(r#"{{"type":"{kind}""#);
    loop {
        match device.next().await.ok_or("the socket has ended")?? {
            Message::Text(text) if text.starts_with(&beginning) => return Ok(()),
            Message::Close(_) => return Err("the socket was closed".into()),
            _ => {}
        }
    }
}

/// A program that runs; it ends with this.
pub struct Server {
    #[allow(dead_code, reason = "not every program speaks to it by itself")]
    pub addr: SocketAddr,
    pub child: Child,
    http: reqwest::Client,
    _output: BufReader<std::process::ChildStdout>,
}

impl Server {
    /// Starts a program whose data lie in a folder. Errors: it did not start.
    #[allow(dead_code, reason = "not every program takes it as it is")]
    pub fn start(program: &Path, place: &Path) -> Result<Self> {
        Self::start_with(program, place, &[])
    }

    /// The same with settings.
    pub fn start_with(program: &Path, place: &Path, settings: &[(&str, &str)]) -> Result<Self> {
        let site = place.join("site");
        fs::create_dir_all(site.join("pkg"))?;
        let mut child = Command::new(program)
            .current_dir(place)
            .env_clear()
            .envs([("SOTTO_ADDR", "127.0.0.1:0"), ("SOTTO_RATE_LIMITS", "off")])
            .envs([("LEPTOS_SITE_ROOT", &site), ("SOTTO_DATA", &data(place))])
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut line = String::new();
        let output = child.stdout.take().ok_or("no output")?;
        let mut output = BufReader::new(output);
        output.read_line(&mut line)?;
        let addr = line.trim().strip_prefix("Sotto is running at http://").ok_or("it did not start")?;
        Ok(Self { addr: addr.parse()?, child, http: reqwest::Client::new(), _output: output })
    }

    pub async fn sign_up(&self, username: &str) -> Result<String> {
        let body = json!({ "mode": "signup", "username": username, "password": "a long enough password" });
        let (_, cookie) = self.post("/auth", &body, None).await?;
        Ok(cookie.ok_or("no cookie")?)
    }

    /// The id of whoever has this cookie.
    #[allow(dead_code, reason = "not every program asks")]
    pub async fn id_of(&self, cookie: &str) -> Result<String> {
        let request = self.http.get(format!("http://{}/api/me", self.addr)).header("cookie", cookie);
        let me: Value = serde_json::from_str(&request.send().await?.text().await?)?;
        Ok(me["id"].as_str().ok_or("no id")?.to_owned())
    }

    /// Errors: the server refused it.
    pub async fn post(
        &self,
        path: &str,
        body: &Value,
        cookie: Option<&str>,
    ) -> Result<(Value, Option<String>)> {
        let request = self.http.post(format!("http://{}{path}", self.addr)).json(body);
        let request = request.header("accept", "application/json").header("origin", self.origin());
        let answer = request.header("cookie", cookie.unwrap_or_default()).send().await?;
        let cookie = answer.headers().get("set-cookie").and_then(|cookie| cookie.to_str().ok());
        let cookie = cookie.and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
        let (status, text) = (answer.status(), answer.text().await?);
        match status.is_success() {
            true => Ok((serde_json::from_str(&text).unwrap_or_default(), cookie)),
            false => Err(format!("{path}: {status} {text}").into()),
        }
    }

    #[allow(dead_code, reason = "not every program has devices")]
    pub async fn connect(&self, cookie: &str) -> Result<Device> {
        let mut request = format!("ws://{}/ws", self.addr).into_client_request()?;
        request.headers_mut().insert("origin", self.origin().parse()?);
        request.headers_mut().insert("cookie", cookie.parse()?);
        let stream = TcpStream::connect(self.addr).await?;
        stream.set_nodelay(true)?;
        let (mut device, _) = client_async(request, stream).await?;
        device.send(Message::text(r#"{"type":"resume","cursors":{}}"#)).await?;
        hear(&mut device, "resumed").await?;
        Ok(device)
    }

    pub fn origin(&self) -> String {
        format!("http://{}", self.addr)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where a program that was started in this folder keeps its data.
pub fn data(place: &Path) -> PathBuf {
    place.join("data")
}

/// The processor's time that a process has had, in ms (proc(5): fields 14 and 15, in hundredths of a second).
pub fn processor_ms(process: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name before it may hold anything but ends with the last bracket.
    let (_, fields) = stat.rsplit_once(')').ok_or("no fields")?;
    let ticks =
        |field: usize| fields.split_whitespace().nth(field).and_then(|ticks| ticks.parse::<f64>().ok());
    Ok(10.0 * (ticks(11).ok_or("no time")? + ticks(12).ok_or("no time")?))
}

pub fn resident_mb(process: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no memory")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1e3)
}

pub fn say(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{text}");
}
