//! What a large file costs a server: its memory and its time, on the way up and on the way down, beside `cat` and a sync of
//! the same file on the same disk, and beside nginx where there is one.
//!
//! They take turns, several rounds. A file goes up over tus, in one request, and counts once the server says that it has
//! all of it: written, synced, read again for its SHA-256.
//!
//! `cargo run --release -p sotto-benches --bin files -- [--megabytes 1000] [--rounds 3] [--folder FOLDER] PROGRAM`

mod served;

use served::{Result, Server, processor_ms, resident_mb, say};
use std::{
    fs::{self, File},
    io::Write,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::sleep,
};

/// How much is read or written at a time, in bytes.
const CHUNK: usize = 256 * 1024;
/// How much is asked of a disk to keep free: what is measured needs what there is.
const SETTINGS: [(&str, &str); 3] =
    [("SOTTO_FILE_SIZE", "100GB"), ("SOTTO_FILE_QUOTA", "1TB"), ("SOTTO_FREE_ROOM", "0")];

/// What is asked for on the command line.
struct Wanted {
    megabytes: usize,
    rounds: usize,
    folder: PathBuf,
    program: PathBuf,
}

fn main() -> Result<()> {
    let wanted = wanted(std::env::args().skip(1))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(measure(&wanted))
}

fn wanted(mut args: impl Iterator<Item = String>) -> Result<Wanted> {
    let (mut megabytes, mut rounds, mut folder, mut program) = (1000, 3, std::env::temp_dir(), None);
    while let Some(arg) = args.next() {
        let mut next = || args.next().ok_or(format!("{arg} needs something behind it"));
        match arg.as_str() {
            "--megabytes" => megabytes = next()?.parse()?,
            "--rounds" => rounds = next()?.parse()?,
            "--folder" => folder = next()?.into(),
            _ => program = Some(fs::canonicalize(&arg)?),
        }
    }
    let program = program.ok_or("say which program is to be measured, by its path")?;
    Ok(Wanted { megabytes, rounds, folder, program })
}

/// What one way took.
#[derive(Clone, Copy, Default)]
struct Way {
    seconds: f64,
    /// The server's processor time, in ms.
    processor: f64,
    /// The most resident memory of the server above what it had before the first round, in MB.
    memory: f64,
}

/// One round of everything.
#[derive(Clone, Copy, Default)]
struct Round {
    copied: f64,
    up: Way,
    read: f64,
    down: Way,
    nginx: Option<f64>,
}

async fn measure(wanted: &Wanted) -> Result<()> {
    let place = tempfile::tempdir_in(&wanted.folder)?;
    let source = place.path().join("source");
    make(&source, wanted.megabytes)?;
    let nginx = Nginx::start(place.path()).await;
    if let Err(why) = &nginx {
        say(&format!("without nginx: {why}"));
    }
    let server = Server::start_with(&wanted.program, place.path(), &SETTINGS)?;
    let cookie = server.sign_up("ada").await?;
    let idle = resident_mb(server.child.id())?;
    let mut rounds = Vec::new();
    for number in 1..=wanted.rounds {
        let copied = copy(&source, &place.path().join("copy"))?;
        let (address, up) = up(&server, idle, &cookie, &source).await?;
        let read = read(&source)?;
        let down =
            watched(&server, idle, get(server.addr, &address, Some(&cookie), wanted.megabytes)).await?;
        let nginx = match &nginx {
            Ok(nginx) => Some(get(nginx.addr, "/source", None, wanted.megabytes).await?),
            Err(_) => None,
        };
        erase(&server, &cookie, &address).await?;
        let round = Round { copied, up, read, down, nginx };
        say(&format!("round {number}: {}", line(&round, wanted.megabytes)));
        rounds.push(round);
    }
    say(&format!("medians: {}", line(&medians(&rounds), wanted.megabytes)));
    say(&format!("load average: {}", fs::read_to_string("/proc/loadavg")?.trim()));
    Ok(())
}

fn line(round: &Round, megabytes: usize) -> String {
    let rate = |seconds: f64| megabytes as f64 / seconds;
    let Round { copied, up, read, down, nginx } = round;
    let nginx =
        nginx.map(|took| format!(", nginx {:.0} MB/s ({:.2} of it)", rate(took), took / down.seconds));
    format!(
        "cat and sync {:.0} MB/s, up {:.0} MB/s ({:.2} of it, {:.0} ms of processor, {:.1} MB of memory); \
         cat into nothing {:.0} MB/s, down {:.0} MB/s ({:.2} of it, {:.0} ms of processor, {:.1} MB of memory){}",
        rate(*copied),
        rate(up.seconds),
        copied / up.seconds,
        up.processor,
        up.memory,
        rate(*read),
        rate(down.seconds),
        read / down.seconds,
        down.processor,
        down.memory,
        nginx.unwrap_or_default(),
    )
}

fn medians(rounds: &[Round]) -> Round {
    let median = |what: &dyn Fn(&Round) -> f64| {
        let mut values: Vec<f64> = rounds.iter().map(what).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or_default()
    };
    let way = |of: fn(&Round) -> Way| Way {
        seconds: median(&|round| of(round).seconds),
        processor: median(&|round| of(round).processor),
        memory: median(&|round| of(round).memory),
    };
    let has_nginx = rounds.iter().all(|round| round.nginx.is_some());
    Round {
        copied: median(&|round| round.copied),
        up: way(|round| round.up),
        read: median(&|round| round.read),
        down: way(|round| round.down),
        nginx: has_nginx.then(|| median(&|round| round.nginx.unwrap_or_default())),
    }
}

/// A file that nothing can make smaller, on disk.
fn make(path: &Path, megabytes: usize) -> Result<()> {
    let mut file = File::create(path)?;
    let mut state = 1_u64;
    let mut chunk = vec![0; 1_000_000];
    for _ in 0..megabytes {
        for word in chunk.chunks_exact_mut(8) {
            // Xorshift: what it looks like is all that matters.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            word.copy_from_slice(&state.to_le_bytes());
        }
        file.write_all(&chunk)?;
    }
    Ok(file.sync_all()?)
}

/// `cat` into another file, until that is on disk.
fn copy(source: &Path, copy: &Path) -> Result<f64> {
    let begun = Instant::now();
    let file = File::create(copy)?;
    cat(source, file.try_clone()?.into())?;
    file.sync_all()?;
    let took = begun.elapsed().as_secs_f64();
    fs::remove_file(copy)?;
    Ok(took)
}

/// `cat` into nothing.
fn read(source: &Path) -> Result<f64> {
    let begun = Instant::now();
    // Through a pipe, as a socket would be: what goes into /dev/null is not even read.
    let mut cat = Command::new("cat").arg(source).stdout(Stdio::piped()).spawn()?;
    let output = cat.stdout.take().ok_or("no output")?;
    std::io::copy(&mut std::io::BufReader::with_capacity(CHUNK, output), &mut std::io::sink())?;
    cat.wait()?;
    Ok(begun.elapsed().as_secs_f64())
}

fn cat(source: &Path, into: Stdio) -> Result<()> {
    let ended = Command::new("cat").arg(source).stdout(into).status()?;
    if ended.success() { Ok(()) } else { Err("cat did not end well".into()) }
}

/// What something costs the server while it lasts.
async fn watched(server: &Server, idle: f64, work: impl Future<Output = Result<f64>>) -> Result<Way> {
    let process = server.child.id();
    let before = processor_ms(process)?;
    // From here on the peak is that of what follows (proc(5)).
    fs::write(format!("/proc/{process}/clear_refs"), "5")?;
    let seconds = work.await?;
    Ok(Way { seconds, processor: processor_ms(process)? - before, memory: peak_mb(process)? - idle })
}

fn peak_mb(process: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no memory")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1e3)
}

/// A file on its way up; its address, and what that took.
async fn up(server: &Server, idle: f64, cookie: &str, source: &Path) -> Result<(String, Way)> {
    let size = source.metadata()?.len();
    let head = format!("POST /api/files HTTP/1.1\r\nupload-length: {size}\r\ncontent-length: 0\r\n");
    let (begun, _) = asked(server, cookie, &head, None).await?;
    let address =
        begun.lines().find_map(|line| line.strip_prefix("location: ")).ok_or(begun.clone())?.to_owned();
    let head = format!(
        "PATCH {address} HTTP/1.1\r\nupload-offset: 0\r\ncontent-type: application/offset+octet-stream\r\n\
         content-length: {size}\r\n"
    );
    let sent = watched(server, idle, async {
        let (answer, took) = asked(server, cookie, &head, Some(source)).await?;
        if answer.starts_with("HTTP/1.1 204") { Ok(took) } else { Err(answer.into()) }
    });
    let way = sent.await?;
    Ok((address, way))
}

/// Takes a file back, and waits until its bytes are gone: the next round has the same room.
async fn erase(server: &Server, cookie: &str, address: &str) -> Result<()> {
    let head = format!("DELETE {address} HTTP/1.1\r\n");
    asked(server, cookie, &head, None).await?;
    // That nobody is told.
    sleep(Duration::from_secs(2)).await;
    Ok(())
}

/// Asks for something, maybe with a file; the head of the answer, and how long it took.
async fn asked(server: &Server, cookie: &str, head: &str, body: Option<&Path>) -> Result<(String, f64)> {
    let begun = Instant::now();
    let mut line = TcpStream::connect(server.addr).await?;
    let origin = server.origin();
    let head = format!(
        "{head}host: {}\r\norigin: {origin}\r\ncookie: {cookie}\r\ntus-resumable: 1.0.0\r\nconnection: close\r\n\r\n",
        server.addr
    );
    line.write_all(head.as_bytes()).await?;
    if let Some(path) = body {
        let (mut file, mut chunk) = (File::open(path)?, vec![0; CHUNK]);
        loop {
            let read = std::io::Read::read(&mut file, &mut chunk)?;
            if read == 0 {
                break;
            }
            line.write_all(&chunk[..read]).await?;
        }
    }
    let mut answer = Vec::new();
    line.read_to_end(&mut answer).await?;
    Ok((String::from_utf8_lossy(&answer).into_owned(), begun.elapsed().as_secs_f64()))
}

/// Takes a file of so many megabytes, and throws it away; how long that took.
async fn get(addr: SocketAddr, path: &str, cookie: Option<&str>, megabytes: usize) -> Result<f64> {
    let begun = Instant::now();
    let mut line = TcpStream::connect(addr).await?;
    let cookie = cookie.map(|cookie| format!("cookie: {cookie}\r\n")).unwrap_or_default();
    let head = format!("GET {path} HTTP/1.1\r\nhost: {addr}\r\n{cookie}connection: close\r\n\r\n");
    line.write_all(head.as_bytes()).await?;
    let (mut chunk, mut came) = (vec![0; CHUNK], 0);
    loop {
        match line.read(&mut chunk).await? {
            0 => break,
            read => came += read,
        }
    }
    match came > megabytes * 1_000_000 {
        true => Ok(begun.elapsed().as_secs_f64()),
        false => Err(format!("only {came} bytes came").into()),
    }
}

/// nginx, as it is installed, with sendfile.
struct Nginx {
    addr: SocketAddr,
    child: Child,
}

impl Nginx {
    /// Errors: there is none, or it does not start.
    async fn start(place: &Path) -> Result<Self> {
        let addr = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let at = place.display();
        let settings = format!(
            "daemon off; worker_processes 1; user root; pid {at}/nginx.pid; error_log {at}/nginx.log; events {{}}\n\
             http {{ sendfile on; access_log off; client_body_temp_path {at}/body; proxy_temp_path {at}/proxy;\n\
             fastcgi_temp_path {at}/fastcgi; uwsgi_temp_path {at}/uwsgi; scgi_temp_path {at}/scgi;\n\
             server {{ listen {addr}; root {at}; }} }}\n"
        );
        let file = place.join("nginx.conf");
        fs::write(&file, settings)?;
        let child = Command::new("nginx").arg("-c").arg(&file).stderr(Stdio::null()).spawn()?;
        let nginx = Self { addr, child };
        for _ in 0..50 {
            if TcpStream::connect(addr).await.is_ok() {
                return Ok(nginx);
            }
            sleep(Duration::from_millis(100)).await;
        }
        Err("it does not answer".into())
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // As the one that it is asked to end by: killed, it would leave its worker behind.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}
