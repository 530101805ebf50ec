//! The clients: a process for each device.

use crate::{
    client::{Command, Orders, Report},
    people::People,
    random::Random,
};
use std::{
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    path::Path,
    process::{Child, ChildStdin, Stdio},
    time::Duration,
};
use tokio::sync::mpsc;

/// The argument that makes this program a client.
pub const CLIENT: &str = "client";

/// All of them; killed when it is dropped.
pub struct Crowd {
    members: Vec<Member>,
    reports: mpsc::Receiver<(usize, Report)>,
}

struct Member {
    device: String,
    child: Child,
    input: ChildStdin,
}

impl Crowd {
    /// Starts a client for each device. They know the server as `addr`.
    pub fn gather(
        people: &People,
        addr: SocketAddr,
        history: &Path,
        pace: Duration,
        random: &mut Random,
    ) -> Self {
        let (sender, reports) = mpsc::channel(64);
        let members = people.seats.iter().enumerate().map(|(index, seat)| {
            let orders = Orders {
                device: seat.device.clone(),
                user: seat.user,
                addr,
                origin: format!("http://{addr}"),
                cookies: seat.cookies(),
                history: history.to_owned(),
                seed: random.next(),
                pace,
                groups: people.groups.clone(),
            };
            let mut child = std::process::Command::new(std::env::current_exe().expect("this program"))
                .args([CLIENT, &serde_json::to_string(&orders).expect("JSON")])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .expect("a client");
            let input = child.stdin.take().expect("its input");
            let output = BufReader::new(child.stdout.take().expect("its output"));
            let sender = sender.clone();
            std::thread::spawn(move || {
                for line in output.lines().map_while(Result::ok) {
                    let Ok(report) = serde_json::from_str(&line) else { continue };
                    if sender.blocking_send((index, report)).is_err() {
                        break;
                    }
                }
            });
            Member { device: seat.device.clone(), child, input }
        });
        Self { members: members.collect(), reports }
    }

    /// Tells everybody to do something, and waits until all have done it. Errors: those who have not
    /// within the time.
    pub async fn all(
        &mut self,
        command: &Command,
        done: Report,
        patience: Duration,
    ) -> Result<(), Vec<String>> {
        let line = serde_json::to_string(command).expect("JSON");
        for member in &mut self.members {
            // One that has died will not report.
            let _ = writeln!(member.input, "{line}");
        }
        let mut waiting: Vec<_> = (0..self.members.len()).collect();
        let all = async {
            while !waiting.is_empty() {
                let Some((index, report)) = self.reports.recv().await else { break };
                waiting.retain(|member| report != done || *member != index);
            }
        };
        let _ = tokio::time::timeout(patience, all).await;
        match waiting.is_empty() {
            true => Ok(()),
            false => Err(waiting.into_iter().map(|index| self.members[index].device.clone()).collect()),
        }
    }

    /// Ends all clients: nothing more is written to the history.
    pub fn leave(&mut self) {
        for Member { child, .. } in &mut self.members {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.leave();
    }
}
