//! How many deliveries a second a server makes of what is said in a large group, beside another build of it in the
//! same run.
//!
//! One of 1,000 members writes, with some messages on their way at a time; 50 others have a device on line that reads
//! along. The programs take turns, several rounds. Then somebody adds members to the group, in one request.
//!
//! `cargo run --release -p sotto-benches --bin group -- [--members 1000] [--devices 50] [--seconds 5] [--rounds 3]
//! [--added 100] PROGRAM...`

mod served;

use futures::{SinkExt, StreamExt};
use model::{
    friendship::{Friendship, Move, Pair},
    group::GroupName,
    id::{ConversationId, MessageId, UserId},
    user::Username,
};
use serde_json::json;
use served::{Device, Result, Server, data, hear, processor_ms, resident_mb, say};
use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use store::{Conversations, Membership, NewAccount, Store, Users, embedded::EmbeddedStore, now};
use tokio::{sync::watch, task::JoinSet};
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

/// Messages that are on their way at a time: fewer than a device's queue holds.
const ON_THEIR_WAY: usize = 20;

/// What is asked for on the command line.
struct Wanted {
    members: usize,
    devices: usize,
    added: usize,
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
    let time = Duration::from_secs(5);
    let mut wanted = Wanted { members: 1000, devices: 50, added: 100, time, rounds: 3, programs: Vec::new() };
    while let Some(arg) = args.next() {
        let mut number =
            || args.next().and_then(|number| number.parse().ok()).ok_or(format!("{arg} needs a number"));
        match arg.as_str() {
            "--members" => wanted.members = number()?,
            "--devices" => wanted.devices = number()?,
            "--added" => wanted.added = number()?,
            "--seconds" => wanted.time = Duration::from_secs(number()? as u64),
            "--rounds" => wanted.rounds = number()?,
            _ => wanted.programs.push(fs::canonicalize(&arg)?),
        }
    }
    match (wanted.programs.is_empty(), wanted.members > wanted.devices + wanted.added) {
        (true, _) => Err("say which programs are to be measured, by their paths".into()),
        (_, false) => Err("a group has more members than devices and those who are added".into()),
        _ => Ok(wanted),
    }
}

/// What one program did in one round.
struct Round {
    /// Messages and deliveries a second.
    messages: f64,
    deliveries: f64,
    /// The processor's time for a delivery, in microseconds: the server's, and this program's.
    server: f64,
    client: f64,
    /// The server's resident memory, in MB.
    memory: f64,
}

async fn measure(wanted: &Wanted) -> Result<()> {
    let mut worlds = Vec::new();
    for program in &wanted.programs {
        worlds.push(World::new(program, wanted).await?);
    }
    for number in 1..=wanted.rounds {
        for world in &worlds {
            let Round { messages, deliveries, server, client, memory } = world.round(wanted.time).await?;
            say(&format!(
                "round {number}, {}: {messages:.0} messages and {deliveries:.0} deliveries a second; a delivery costs \
                 the server {server:.2} us and this program {client:.2} us; {memory:.0} MB resident",
                world.program.display()
            ));
        }
    }
    for world in &worlds {
        let (took, server) = world.add().await?;
        say(&format!(
            "{}: {} members added in one request in {took:.0} ms, {server:.0} ms of the server's processor",
            world.program.display(),
            world.away.len()
        ));
    }
    say(&format!("load average: {}", fs::read_to_string("/proc/loadavg")?.trim()));
    Ok(())
}

/// A program with its data, and the group in it.
struct World {
    program: PathBuf,
    place: tempfile::TempDir,
    /// Of those with a device, the writer first.
    cookies: Vec<String>,
    group: ConversationId,
    /// Contacts of the writer who are not in the group yet.
    away: Vec<UserId>,
}

impl World {
    async fn new(program: &Path, wanted: &Wanted) -> Result<Self> {
        let place = tempfile::tempdir()?;
        let (mut cookies, mut people) = (Vec::new(), Vec::new());
        {
            let server = Server::start(program, place.path())?;
            for number in 0..=wanted.devices {
                let cookie = server.sign_up(&format!("member{number}")).await?;
                people.push(server.id_of(&cookie).await?.parse()?);
                cookies.push(cookie);
            }
        }
        let store = EmbeddedStore::open(&data(place.path()))?;
        let (group, writer) = (ConversationId::new(), people[0]);
        let hash = store.account(writer).await?.ok_or("no account")?.password_hash;
        let mut away = Vec::new();
        while people.len() < wanted.members {
            let username = Username::parse(&format!("away{}", people.len()))?;
            let new =
                NewAccount { id: UserId::new(), username, password_hash: hash.clone(), created_at: now() };
            let id = store.create_user(new).await?.id;
            people.push(id);
            if people.len() > wanted.members - wanted.added {
                befriend(&store, writer, id).await?;
                away.push(id);
            }
        }
        let first = Membership {
            conversation: group,
            member: writer,
            by: writer,
            message: MessageId::new(),
            at: now(),
        };
        let others = people[1..wanted.members - wanted.added].to_vec();
        store.create_group(first, Some(GroupName::parse("All of us")?), others).await?;
        store.close().await;
        Ok(Self { program: program.to_owned(), place, cookies, group, away })
    }

    fn start(&self) -> Result<Server> {
        Server::start(&self.program, self.place.path())
    }

    async fn round(&self, time: Duration) -> Result<Round> {
        let server = self.start()?;
        let mut writer = server.connect(&self.cookies[0]).await?;
        let mut readers = Vec::new();
        for cookie in &self.cookies[1..] {
            readers.push(server.connect(cookie).await?);
        }
        let (before, own_before) = (processor_ms(server.child.id())?, processor_ms(std::process::id())?);
        let begun = Instant::now();
        let (done, written) = watch::channel(None);
        let mut reading = JoinSet::new();
        for reader in readers {
            reading.spawn(read(reader, written.clone()));
        }
        let messages = self.write(&mut writer, begun + time).await?;
        done.send_replace(Some(messages));
        let mut deliveries = 0;
        while let Some(read) = reading.join_next().await {
            deliveries += read??;
        }
        let elapsed = begun.elapsed().as_secs_f64();
        let (after, own_after) = (processor_ms(server.child.id())?, processor_ms(std::process::id())?);
        let count = deliveries as f64;
        Ok(Round {
            messages: messages as f64 / elapsed,
            deliveries: count / elapsed,
            server: (after - before) * 1e3 / count,
            client: (own_after - own_before) * 1e3 / count,
            memory: resident_mb(server.child.id())?,
        })
    }

    /// Writes until the end; how many messages are stored.
    async fn write(&self, writer: &mut Device, end: Instant) -> Result<usize> {
        let (mut sent, mut acked) = (0, 0);
        loop {
            while sent - acked < ON_THEIR_WAY && Instant::now() < end {
                let (id, group) = (Uuid::now_v7(), self.group);
                let frame = format!(
                    r#"{{"type":"send_private_message","id":"{id}","conversation_id":"{group}","body":"How are you all today?"}}"#
                );
                writer.send(Message::text(frame)).await?;
                sent += 1;
            }
            if sent == acked {
                return Ok(acked);
            }
            hear(writer, "message_acked").await?;
            acked += 1;
        }
    }

    /// Adds those who are away; how long it took, and the server's processor time, in ms.
    async fn add(&self) -> Result<(f64, f64)> {
        let server = self.start()?;
        let mut devices = Vec::new();
        for cookie in &self.cookies {
            devices.push(server.connect(cookie).await?);
        }
        let before = processor_ms(server.child.id())?;
        let begun = Instant::now();
        let path = format!("/api/groups/{}/add", self.group);
        server.post(&path, &json!({ "members": self.away }), Some(&self.cookies[0])).await?;
        let took = begun.elapsed().as_secs_f64() * 1e3;
        Ok((took, processor_ms(server.child.id())? - before))
    }
}

/// Reads along until all that was written has come; how many messages have.
async fn read(mut device: Device, written: watch::Receiver<Option<usize>>) -> Result<usize> {
    let mut count = 0;
    loop {
        if written.borrow().is_some_and(|written| count >= written) {
            return Ok(count);
        }
        let mut changed = written.clone();
        tokio::select! {
            frame = device.next() => match frame.ok_or("the socket has ended")?? {
                Message::Text(text) if text.starts_with(r#"{"type":"new_message""#) => count += 1,
                Message::Close(_) => return Err("the socket was closed".into()),
                _ => {}
            },
            _ = changed.changed(), if written.borrow().is_none() => {}
        }
    }
}

/// Makes two people contacts.
async fn befriend(store: &dyn Store, one: UserId, other: UserId) -> Result<()> {
    let pair = Pair::of(one, other).ok_or("one person")?;
    let asked = Friendship::after(None, pair, one, Move::Request, now())?.ok_or("no request")?;
    store.commit_friendship(&asked).await?;
    let accepted = Friendship::after(Some(&asked), pair, other, Move::Accept, now())?.ok_or("no contact")?;
    store.commit_friendship(&accepted).await?;
    Ok(())
}
