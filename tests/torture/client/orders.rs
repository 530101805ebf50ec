//! What the driver tells a client, and what it hears back: lines of JSON.

use model::id::{ConversationId, UserId};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, time::Duration};
use tokio::sync::mpsc;

/// Who the client is and how it behaves; its second argument.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Orders {
    pub device: String,
    pub user: UserId,
    /// Where to connect, as the browser would call it, and with which cookies.
    pub addr: SocketAddr,
    pub origin: String,
    pub cookies: String,
    pub history: PathBuf,
    pub seed: u64,
    /// The mean time between two messages.
    pub pace: Duration,
    pub groups: Vec<Group>,
}

/// What is settled of a group, so that it is always there.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Group {
    pub id: ConversationId,
    /// Who made it, stays in it.
    pub keeper: UserId,
    /// Whether its members may come to see what was said before they joined.
    pub is_open: bool,
}

/// What a conversation is when all is quiet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Goal {
    pub head: u64,
    pub members: Vec<UserId>,
}

/// A line of its input. Its end ends the client.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Write nothing more; report when nothing waits to be sent.
    Settle,
    /// Follow all conversations of one's own to there, load all older history, log it, report and end.
    Agree(BTreeMap<ConversationId, Goal>),
}

/// A line of its output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Report {
    Settled,
    Ended,
}

/// The commands as they come; a thread waits for them, and ends the process where there is nobody
/// left to command.
pub fn read_commands() -> mpsc::Receiver<Command> {
    let (sender, commands) = mpsc::channel(4);
    std::thread::spawn(move || {
        for line in std::io::stdin().lines() {
            let Some(command) = line.ok().and_then(|line| serde_json::from_str(&line).ok()) else { break };
            if sender.blocking_send(command).is_err() {
                break;
            }
        }
        std::process::exit(0);
    });
    commands
}

#[expect(clippy::print_stdout, reason = "the driver reads it")]
pub fn report(report: Report) {
    println!("{}", serde_json::to_string(&report).expect("JSON"));
}
