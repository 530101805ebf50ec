//! How many messages a second a server takes, beside another build of it in the same run.
//!
//! Pairs of contacts write to each other over sockets. Of each pair one message is on its way at a time; it counts
//! once the other side has it, which is after it is durable. The programs take turns, several rounds, each with a
//! data folder of its own, so that what else the machine does falls on all of them.
//!
//! `cargo run --release -p sotto-benches --bin messages -- [--pairs 40] [--seconds 5] [--rounds 3] PROGRAM...`

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::{
    error::Error,
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tokio::{net::TcpStream, task::JoinSet};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest},
};
use uuid::Uuid;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// What is asked for on the command line.
struct Wanted {
    pairs: usize,
    time: Duration,
    rounds: usize,
    programs: Vec<PathBuf>,
}

fn main() -> Result<()> {
    let wanted = wanted(std::env::args().skip(1))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(measure(&wanted))
}

fn wanted(mut args: impl Iterator<Item = String>) -> Result<Wanted> {
    let mut wanted = Wanted { pairs: 40, time: Duration::from_secs(5), rounds: 3, programs: Vec::new() };
    while let Some(arg) = args.next() {
        let mut number =
            || args.next().and_then(|number| number.parse().ok()).ok_or(format!("{arg} needs a number"));
        match arg.as_str() {
            "--pairs" => wanted.pairs = number()?,
            "--seconds" => wanted.time = Duration::from_secs(number()? as u64),
            "--rounds" => wanted.rounds = number()?,
            _ => wanted.programs.push(fs::canonicalize(&arg)?),
        }
    }
    if wanted.programs.is_empty() {
        return Err("say which programs are to be measured, by their paths".into());
    }
    Ok(wanted)
}

/// What one program did in one round.
struct Round {
    /// Messages a second.
    rate: f64,
    /// How long a message took, in ms: half of them less, and all but one in a hundred.
    p50: f64,
    p99: f64,
    /// The processor's time for a message, in microseconds: the server's, and this program's.
    server: f64,
    client: f64,
    /// The server's resident memory, in MB.
    memory: f64,
}

async fn measure(wanted: &Wanted) -> Result<()> {
    let mut worlds = Vec::new();
    for program in &wanted.programs {
        worlds.push(World::new(program, wanted.pairs).await?);
    }
    let mut all: Vec<Vec<Round>> = worlds.iter().map(|_| Vec::new()).collect();
    for number in 1..=wanted.rounds {
        for (world, rounds) in worlds.iter().zip(&mut all) {
            let round = world.round(wanted.time).await?;
            say(&format!("round {number}, {}: {}", world.program.display(), line(&round)));
            rounds.push(round);
        }
    }
    say("medians:");
    let rates: Vec<f64> = all.iter().map(|rounds| median(rounds, |round| round.rate)).collect();
    for ((world, rounds), rate) in worlds.iter().zip(&all).zip(&rates) {
        let of = |what: fn(&Round) -> f64| median(rounds, what);
        let middle = Round {
            rate: *rate,
            p50: of(|round| round.p50),
            p99: of(|round| round.p99),
            server: of(|round| round.server),
            client: of(|round| round.client),
            memory: of(|round| round.memory),
        };
        say(&format!("{}: {}; {:.2} of the first", world.program.display(), line(&middle), rate / rates[0]));
    }
    say(&format!("load average: {}", fs::read_to_string("/proc/loadavg")?.trim()));
    Ok(())
}

fn line(round: &Round) -> String {
    let Round { rate, p50, p99, server, client, memory } = round;
    format!(
        "{rate:.0} messages a second, p50 {p50:.1} ms, p99 {p99:.1} ms; a message costs the server {server:.0} us and \
         this program {client:.0} us; {memory:.0} MB resident"
    )
}

fn median(rounds: &[Round], what: fn(&Round) -> f64) -> f64 {
    let mut values: Vec<f64> = rounds.iter().map(what).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// A program with its data, and the pairs who live in it.
struct World {
    program: PathBuf,
    place: tempfile::TempDir,
    pairs: Vec<Pair>,
}

/// Two contacts: their cookies and their conversation.
struct Pair {
    cookies: [String; 2],
    conversation: String,
}

impl World {
    async fn new(program: &Path, count: usize) -> Result<Self> {
        let mut world = Self { program: program.to_owned(), place: tempfile::tempdir()?, pairs: Vec::new() };
        let server = world.start()?;
        for number in 0..count {
            let (ada, grace) = (format!("ada{number}"), format!("grace{number}"));
            let people = [server.sign_up(&ada).await?, server.sign_up(&grace).await?];
            server.post("/api/friend-requests/send", &json!({ "username": grace }), Some(&people[0])).await?;
            let path = "/api/friend-requests/send";
            let (answer, _) = server.post(path, &json!({ "username": ada }), Some(&people[1])).await?;
            let conversation = answer["contact"]["conversation_id"].as_str().ok_or("no conversation")?;
            world.pairs.push(Pair { cookies: people, conversation: conversation.to_owned() });
        }
        Ok(world)
    }

    fn start(&self) -> Result<Server> {
        let site = self.place.path().join("site");
        fs::create_dir_all(site.join("pkg"))?;
        let mut child = Command::new(&self.program)
            .current_dir(self.place.path())
            .env_clear()
            .envs([("SOTTO_ADDR", "127.0.0.1:0"), ("SOTTO_RATE_LIMITS", "off")])
            .envs([("LEPTOS_SITE_ROOT", &site), ("SOTTO_DATA", &self.place.path().join("data"))])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut line = String::new();
        let output = child.stdout.take().ok_or("no output")?;
        let mut output = BufReader::new(output);
        output.read_line(&mut line)?;
        let addr = line.trim().strip_prefix("Sotto is running at http://").ok_or("it did not start")?;
        Ok(Server { addr: addr.parse()?, child, http: reqwest::Client::new(), _output: output })
    }

    async fn round(&self, time: Duration) -> Result<Round> {
        let server = self.start()?;
        let mut devices = Vec::new();
        for pair in &self.pairs {
            let [ada, grace] = &pair.cookies;
            devices.push(([server.connect(ada).await?, server.connect(grace).await?], &pair.conversation));
        }
        let (before, own_before) = (processor_ms(server.child.id())?, processor_ms(std::process::id())?);
        let begun = Instant::now();
        let mut talks = JoinSet::new();
        for (pair, conversation) in devices {
            talks.spawn(talk(pair, conversation.clone(), begun + time));
        }
        let mut times = Vec::new();
        while let Some(talk) = talks.join_next().await {
            times.extend(talk??);
        }
        let elapsed = begun.elapsed().as_secs_f64();
        let (after, own_after) = (processor_ms(server.child.id())?, processor_ms(std::process::id())?);
        times.sort_unstable();
        let count = times.len() as f64;
        let at = |part: f64| times.get((count * part) as usize).map_or(0.0, |time| time.as_secs_f64() * 1e3);
        Ok(Round {
            rate: count / elapsed,
            p50: at(0.5),
            p99: at(0.99),
            server: (after - before) * 1e3 / count,
            client: (own_after - own_before) * 1e3 / count,
            memory: resident_mb(server.child.id())?,
        })
    }
}

type Device = WebSocketStream<TcpStream>;

/// Two write to each other in turn until the end; how long each message took.
async fn talk(mut pair: [Device; 2], conversation: String, end: Instant) -> Result<Vec<Duration>> {
    let mut times = Vec::new();
    for turn in (0..2).cycle() {
        let sent = Instant::now();
        if sent >= end {
            return Ok(times);
        }
        let id = Uuid::now_v7();
        let frame = format!(
            r#"{{"type":"send_private_message","id":"{id}","conversation_id":"{conversation}","body":"How are you today?"}}"#
        );
        pair[turn].send(Message::text(frame)).await?;
        hear(&mut pair[1 - turn], "new_message").await?;
        times.push(sent.elapsed());
        // So that nothing piles up; it came before.
        hear(&mut pair[turn], "message_acked").await?;
    }
    Ok(times)
}

/// Passes over what is said until there is an event of that kind.
async fn hear(device: &mut Device, kind: &str) -> Result<()> {
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
struct Server {
    addr: SocketAddr,
    child: Child,
    http: reqwest::Client,
    _output: BufReader<std::process::ChildStdout>,
}

impl Server {
    async fn sign_up(&self, username: &str) -> Result<String> {
        let body = json!({ "mode": "signup", "username": username, "password": "a long enough password" });
        let (_, cookie) = self.post("/auth", &body, None).await?;
        Ok(cookie.ok_or("no cookie")?)
    }

    /// Errors: the server refused it.
    async fn post(&self, path: &str, body: &Value, cookie: Option<&str>) -> Result<(Value, Option<String>)> {
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

    async fn connect(&self, cookie: &str) -> Result<Device> {
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

    fn origin(&self) -> String {
        format!("http://{}", self.addr)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The processor's time that a process has had, in ms (proc(5): fields 14 and 15, in hundredths of a second).
fn processor_ms(process: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name before it may hold anything but ends with the last bracket.
    let (_, fields) = stat.rsplit_once(')').ok_or("no fields")?;
    let ticks =
        |field: usize| fields.split_whitespace().nth(field).and_then(|ticks| ticks.parse::<f64>().ok());
    Ok(10.0 * (ticks(11).ok_or("no time")? + ticks(12).ok_or("no time")?))
}

fn resident_mb(process: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no memory")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1e3)
}

fn say(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{text}");
}
