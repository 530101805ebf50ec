//! How many messages a second a server takes, beside another build of it in the same run.
//!
//! Pairs of contacts write to each other over sockets. Of each pair one message is on its way at a time; it counts
//! once the other side has it, which is after it is durable. The programs take turns, several rounds, each with a
//! data folder of its own, so that what else the machine does falls on all of them.
//!
//! `cargo run --release -p sotto-benches --bin messages -- [--pairs 40] [--seconds 5] [--rounds 3] PROGRAM...`

mod served;

use futures::SinkExt;
use serde_json::json;
use served::{Device, Result, Server, hear, processor_ms, resident_mb, say};
use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

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
        Server::start(&self.program, self.place.path())
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
