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
}

/// A line of its input. Its end ends the client.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Write nothing more; report when nothing waits to be sent.
    Settle,
    /// Follow up to these versions, load all older history, log it, report and end.
    Agree(BTreeMap<ConversationId, u64>),
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
