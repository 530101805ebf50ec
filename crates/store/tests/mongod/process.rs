//! A server process on a free port, with its data in a temporary folder.

use mongodb::{
    Client,
    bson::{Document, doc},
};
use std::{
    future::Future,
    io::{BufRead, BufReader},
    net::{SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// The name of a replica set of one.
const SET: &str = "tests";
/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Starts the server, says its id, and when its own input ends, kills it and removes the folder:
/// that is when the tests end, however they do.
const KEEPER: &str = r#"
    folder=$1; shift
    "$@" >>"$folder/log" 2>&1 </dev/null &
    echo $!
    cat >/dev/null
    kill -9 $! 2>/dev/null
    wait 2>/dev/null
    rm -rf "$folder"
"#;

/// An address that nobody listens on at this moment. Its port is not from the range that systems give to
/// connections: such a one would soon belong to somebody else when the server is away for a restart.
fn free_address() -> SocketAddr {
    loop {
        let addr = SocketAddr::from(([127, 0, 0, 1], fastrand::u16(10_000..32_768)));
        if TcpListener::bind(addr).is_ok() {
            return addr;
        }
    }
}

/// A running server. Killed, and its folder removed, when it is dropped or the tests end.
pub struct Process {
    /// Where it listens.
    pub addr: SocketAddr,
    standalone: bool,
    durable: bool,
    folder: PathBuf,
    keepers: Vec<Child>,
    /// The server's process id.
    server: String,
}

impl Process {
    /// Starts one that no test kills, and waits until it takes writes.
    pub fn start(standalone: bool) -> Self {
        Self::with(standalone, false)
    }

    /// Starts one that keeps what it has acknowledged even if it is killed.
    pub fn start_durable(standalone: bool) -> Self {
        Self::with(standalone, true)
    }

    fn with(standalone: bool, durable: bool) -> Self {
        let folder = tempfile::tempdir().expect("a folder for temporary files").keep();
        let mut process = Self {
            addr: free_address(),
            standalone,
            durable,
            folder,
            keepers: Vec::new(),
            server: String::new(),
        };
        process.run();
        process
    }

    /// For a client that finds the way by itself.
    pub fn uri(&self) -> String {
        format!("mongodb://{}", self.addr)
    }

    /// Kills it in the middle of whatever it does.
    pub fn kill(&self) {
        let killed = Command::new("kill").args(["-9", &self.server]).status().expect("kill");
        assert!(killed.success(), "there was no server to be killed");
        wait_until("the end of the server", || TcpStream::connect(self.addr).is_err());
    }

    /// It does nothing any more, and keeps all that it has open.
    pub fn freeze(&self) {
        let frozen = Command::new("kill").args(["-s", "STOP", &self.server]).status().expect("kill");
        assert!(frozen.success(), "there was no server to be frozen");
    }

    /// Starts it on the same data, and at the same place, after [`Process::kill`].
    pub fn run(&mut self) {
        let data = self.folder.join("data");
        std::fs::create_dir_all(&data).expect("a folder");
        let mut server = server(self.standalone, self.durable);
        server.extend([data.display().to_string(), "--port".into(), self.addr.port().to_string()]);
        let mut keeper = Command::new("sh")
            .args(["-c", KEEPER, "keeper"])
            .arg(&self.folder)
            .args(server)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let output = keeper.stdout.take().expect("its output");
        self.keepers.push(keeper);
        let mut id = String::new();
        BufReader::new(output).read_line(&mut id).expect("the server's id");
        self.server = id.trim().to_owned();
        wait_until("the server", || TcpStream::connect(self.addr).is_ok());
        let set = doc! { "_id": SET, "members": [{ "_id": 0, "host": self.addr.to_string() }] };
        aside(begin(format!("{}/?directConnection=true", self.uri()), (!self.standalone).then_some(set)));
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        for mut keeper in self.keepers.drain(..) {
            drop(keeper.stdin.take());
            let _ = keeper.wait();
        }
    }
}

/// The program with its arguments, the last of which wants the folder.
fn server(standalone: bool, durable: bool) -> Vec<String> {
    let mut command: Vec<String> = Vec::new();
    let found = Command::new("mongod").arg("--version").stdout(Stdio::null()).status();
    if found.is_ok_and(|status| status.success()) {
        command.push("mongod".into());
        if !standalone {
            command.extend(["--replSet".into(), SET.into()]);
        }
        command.push("--dbpath".into());
        return command;
    }
    let secantus = tools().join("mongod/bin/secantusd-py");
    assert!(
        secantus.exists(),
        "there is no MongoDB to test with: set MONGODB_URI, install mongod, or run scripts/setup.sh --tests"
    );
    command.push(secantus.display().to_string());
    // Without it, j: true does not mean what it says; with it, everything takes longer.
    if durable {
        command.push("--sync-on-commit".into());
    }
    if standalone {
        command.push("--standalone".into());
    }
    command.push("--storage-path".into());
    command
}

/// Where `scripts/setup.sh` installs what it installs.
fn tools() -> PathBuf {
    let folder = |name, below| std::env::var_os(name).map(|folder| PathBuf::from(folder).join(below));
    let tools = folder("SOTTO_TOOLS", "").or_else(|| folder("XDG_CACHE_HOME", "sotto"));
    tools.or_else(|| folder("HOME", ".cache/sotto")).expect("a home")
}

/// Makes a server the replica set that it is to be, and waits until it takes writes.
async fn begin(uri: String, set: Option<Document>) {
    let admin = Client::with_uri_str(uri).await.expect("a client").database("admin");
    if let Some(set) = set {
        // Refused by one that is a replica set already.
        let _ = admin.run_command(doc! { "replSetInitiate": set }).await;
    }
    let late = Instant::now() + PATIENCE;
    loop {
        let hello = admin.run_command(doc! { "hello": 1 }).await;
        if hello.is_ok_and(|hello| hello.get_bool("isWritablePrimary").unwrap_or(false)) {
            return;
        }
        assert!(Instant::now() < late, "the server takes no writes");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let late = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < late, "waited too long for {what}");
        sleep(Duration::from_millis(20));
    }
}

/// Runs to its end on a thread of its own, whatever runs here.
pub fn aside(work: impl Future<Output = ()> + Send + 'static) {
    let aside = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(work);
    });
    aside.join().expect("a thread that does not panic");
}
