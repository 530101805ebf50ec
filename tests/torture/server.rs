//! The real program, as its users run it; killed when it is dropped.

use crate::watchdog::Watchdog;
use std::{
    fs::{self, OpenOptions},
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

/// How to start it, always in the same place.
pub struct Program {
    pub place: PathBuf,
    /// Makes the command run on the machine that the attack wants.
    pub machine: Box<dyn Fn(&mut Command) + Send>,
}

impl Program {
    pub fn data(&self) -> PathBuf {
        self.place.join("data")
    }

    pub fn log(&self) -> PathBuf {
        self.place.join("server.log")
    }

    /// Starts it on a free port. Errors: it ended before it served.
    pub fn start(&self) -> Result<Server, String> {
        let site = self.place.join("site");
        fs::create_dir_all(site.join("pkg")).expect("a page without files");
        let log = OpenOptions::new().append(true).create(true).open(self.log()).expect("a log");
        let mut command = Command::new(env!("CARGO_BIN_EXE_sotto"));
        command
            .current_dir(&self.place)
            .env_clear()
            .envs([("SOTTO_ADDR", "127.0.0.1:0"), ("SOTTO_RATE_LIMITS", "off")])
            // Full is what is full: the small disk never has more room than would usually be kept free.
            .env("SOTTO_FREE_ROOM", "0")
            .envs([("LEPTOS_SITE_ROOT", &site), ("SOTTO_DATA", &self.data())])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::from(log.try_clone().expect("a log")));
        (self.machine)(&mut command);
        Server::start(command, &self.log())
    }
}

pub struct Server {
    pub addr: SocketAddr,
    child: Child,
    _output: BufReader<ChildStdout>,
}

impl Server {
    fn start(mut command: Command, log: &Path) -> Result<Self, String> {
        let mut child = command.spawn().expect("the program");
        let mut output = BufReader::new(child.stdout.take().expect("its output"));
        let mut line = String::new();
        let watchdog = Watchdog::over(&child);
        let _ = output.read_line(&mut line);
        drop(watchdog);
        let addr = line.trim().strip_prefix("Sotto is running at http://").and_then(|addr| addr.parse().ok());
        match addr {
            Some(addr) => Ok(Self { addr, child, _output: output }),
            None => {
                let _ = child.kill();
                let _ = child.wait();
                Err(last_line(log))
            }
        }
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// SIGSTOP: it does nothing any more, and keeps all that it has open.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    /// SIGCONT.
    pub fn thaw(&self) {
        self.signal("CONT");
    }

    /// Asks it to end, as a supervisor does. Errors: it did not end well, or not at all.
    pub fn stop(mut self) -> Result<(), String> {
        self.signal("TERM");
        let asked = Instant::now();
        while asked.elapsed() < Duration::from_secs(30) {
            match self.child.try_wait() {
                Ok(Some(status)) if status.success() => return Ok(()),
                Ok(Some(status)) => return Err(format!("asked to end it ended with {status}")),
                Ok(None) => std::thread::sleep(Duration::from_millis(20)),
                Err(error) => return Err(error.to_string()),
            }
        }
        Err("asked to end it did not".into())
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "kill -s {name}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn last_line(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    text.lines().next_back().unwrap_or("it said nothing").to_owned()
}
