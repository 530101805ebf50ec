//! The program in a folder of its own.

use crate::watchdog::Watchdog;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::SocketAddr,
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};
use tempfile::TempDir;

/// A folder in which commands are run, with `./data` as its data.
pub struct Place(TempDir);

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ended {
    /// What it printed, if it ended well.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.out
    }

    /// How a command ends.
    pub fn of(command: &mut Command) -> Self {
        end(command.spawn().expect("the program"))
    }

    /// The one sentence of a failure.
    #[track_caller]
    pub fn failed(self) -> String {
        assert_eq!((self.code, self.out.as_str()), (Some(1), ""), "{self:?}");
        let sentence = self.err.strip_prefix("sotto: ").and_then(|err| err.strip_suffix('\n'));
        sentence.unwrap_or_else(|| panic!("{self:?}")).to_owned()
    }
}

impl Place {
    pub fn new() -> Self {
        let place = Self(tempfile::tempdir().expect("a folder for temporary files"));
        std::fs::create_dir_all(place.path().join("site/pkg")).expect("a page without files");
        place
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The program with arguments, in an environment without settings.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sotto"));
        command
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            // Tests have no built page, and need none.
            .env("LEPTOS_SITE_ROOT", self.path().join("site"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        Ended::of(&mut self.command(arguments))
    }

    /// Runs a command with something on its standard input.
    pub fn run_with(&self, arguments: &[&str], input: &str) -> Ended {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().expect("the program");
        // Who does not read it has closed it.
        let _ = child.stdin.take().expect("an input").write_all(input.as_bytes());
        end(child)
    }

    /// Starts serving on a free port.
    pub fn serve(&self) -> Serving {
        self.serve_with(&[], &[])
    }

    /// Starts serving on a free port, with more arguments and settings.
    pub fn serve_with(&self, arguments: &[&str], settings: &[(&str, &str)]) -> Serving {
        let mut command = self.command(&["serve", "--addr", "127.0.0.1:0"]);
        command.args(arguments).envs(settings.iter().copied());
        Serving::start(command)
    }

    /// Starts serving at a public address, as behind a proxy on this machine, and says where it listens.
    pub fn serve_behind_proxy(&self, origin: &str) -> (Serving, SocketAddr) {
        let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
        let addr = free.expect("a free port");
        let server =
            Serving::start(self.command(&["serve", "--addr", &addr.to_string(), "--origin", origin]));
        (server, addr)
    }

    /// Starts another copy of the program, with nothing but an address.
    pub fn serve_program(&self, program: &Path) -> Serving {
        let mut command = Command::new(program);
        command
            .args(["--addr", "127.0.0.1:0"])
            .current_dir(self.path())
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Serving::start(command)
    }
}

fn end(child: Child) -> Ended {
    let _watchdog = Watchdog::over(&child);
    let output = child.wait_with_output().expect("an end");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// A server that runs; killed when it is dropped.
pub struct Serving {
    pub url: String,
    addr: SocketAddr,
    child: Child,
    output: BufReader<ChildStdout>,
    log: Option<std::thread::JoinHandle<String>>,
}

impl Serving {
    fn start(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the program");
        let mut output = BufReader::new(child.stdout.take().expect("its output"));
        let mut errors = child.stderr.take().expect("its errors");
        let log = std::thread::spawn(move || {
            let mut log = String::new();
            let _ = errors.read_to_string(&mut log);
            log
        });
        let mut line = String::new();
        let watchdog = Watchdog::over(&child);
        output.read_line(&mut line).expect("a line");
        drop(watchdog);
        let Some(url) = line.trim().strip_prefix("Sotto is running at ") else {
            panic!("it did not start: {line:?} {}", log.join().unwrap_or_default());
        };
        // A public address says nothing of where it listens.
        let addr = url.split_once("://").and_then(|(_, addr)| addr.parse().ok());
        let addr = addr.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 0)));
        Self { url: url.to_owned(), addr, child, output, log: Some(log) }
    }

    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The line that it printed after its address.
    pub fn second_line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("a line");
        line
    }

    pub fn visitor(&self) -> crate::app::Visitor {
        crate::app::Visitor::new(self.addr(), &self.url)
    }

    /// Asks it to end, as a supervisor does; returns what it logged.
    pub fn stop(mut self) -> String {
        self.signal("TERM");
        let _watchdog = Watchdog::over(&self.child);
        let status = self.child.wait().expect("an end");
        assert!(status.success(), "{status}");
        self.log.take().map(|log| log.join().expect("a log")).unwrap_or_default()
    }

    /// The most memory that it has had at once, in bytes; `None` where the system does not say (proc(5)).
    pub fn peak_memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        peak.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
    }

    /// Sends it a signal by its name.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status();
        assert!(sent.expect("kill").success());
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
