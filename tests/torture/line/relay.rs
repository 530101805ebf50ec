//! One connection: the two heads of HTTP as they are, then frame by frame; or a request and its answer, byte
//! by byte.

use super::{Shared, forgery::Told, frames};
use std::{io, net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    select,
    time::sleep,
};

/// The longest time for which a frame, and all behind it, is held up, in milliseconds.
const HOLD_UP: u64 = 250;
/// Room for what is read at a time.
const BUFFER: usize = 16 * 1024;

/// What came from one side and has not been passed on.
#[derive(Default)]
struct Inbound {
    bytes: Vec<u8>,
    /// Whether the head has passed.
    begun: bool,
    /// Whether no frames come behind it.
    is_plain: bool,
}

impl Inbound {
    /// The next whole thing to pass on: the head, then a frame.
    fn take(&mut self) -> Option<Piece> {
        if !self.begun {
            let end = self.bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
            self.begun = true;
            return Some(Piece::Head(self.bytes.drain(..end).collect()));
        }
        if self.is_plain {
            return (!self.bytes.is_empty()).then(|| Piece::Bytes(std::mem::take(&mut self.bytes)));
        }
        let length = frames::length(&self.bytes)?;
        Some(Piece::Frame(self.bytes.drain(..length).collect()))
    }
}

/// Devices know the line's address as the site's, and the server its own, which is another one after
/// each start.
struct Names {
    line: SocketAddr,
    server: SocketAddr,
}

impl Names {
    fn translate(&self, head: Vec<u8>) -> Vec<u8> {
        match String::from_utf8(head) {
            Ok(text) => text.replace(&self.line.to_string(), &self.server.to_string()).into_bytes(),
            Err(error) => error.into_bytes(),
        }
    }
}

enum Piece {
    Head(Vec<u8>),
    Bytes(Vec<u8>),
    Frame(Vec<u8>),
}

/// What becomes of a frame.
pub enum Fate {
    Pass,
    Lose,
    HoldUp(Duration),
    Double,
    /// So many bytes arrive, then the connection breaks.
    Cut(usize),
    /// This arrives, too.
    Add(Vec<u8>),
    /// It is lost; this arrives at its sender as if it were the answer, then the connection breaks.
    Answer(Vec<u8>),
}

pub async fn relay(mut client: TcpStream, mut server: TcpStream, shared: &Shared) -> io::Result<()> {
    let (mut up, mut down) = (Inbound::default(), Inbound::default());
    // What whoever is at its end was told over it.
    let mut told = Told::default();
    let mut is_plain = false;
    let names = Names { line: client.local_addr()?, server: server.peer_addr()? };
    loop {
        up.bytes.reserve(BUFFER);
        down.bytes.reserve(BUFFER);
        let (is_clients, read) = select! {
            read = client.read_buf(&mut up.bytes) => (true, read?),
            read = server.read_buf(&mut down.bytes) => (false, read?),
        };
        if read == 0 {
            return Ok(());
        }
        let (inbound, to, from) = match is_clients {
            true => (&mut up, &mut server, &mut client),
            false => (&mut down, &mut client, &mut server),
        };
        inbound.is_plain = is_plain;
        while let Some(piece) = inbound.take() {
            let frame = match piece {
                Piece::Head(head) if is_clients && !asks_for_a_socket(&head) => {
                    is_plain = true;
                    inbound.is_plain = true;
                    to.write_all(&names.translate(head)).await?;
                    continue;
                }
                Piece::Head(head) => {
                    to.write_all(&names.translate(head)).await?;
                    continue;
                }
                Piece::Bytes(bytes) if is_cut(shared) => {
                    return to.write_all(&bytes[..bytes.len() / 2]).await;
                }
                Piece::Bytes(bytes) => {
                    to.write_all(&bytes).await?;
                    continue;
                }
                Piece::Frame(frame) => frame,
            };
            match fate(&frame, is_clients, &mut told, shared) {
                Fate::Pass => to.write_all(&frame).await?,
                Fate::Lose => {}
                Fate::HoldUp(time) => {
                    sleep(time).await;
                    to.write_all(&frame).await?;
                }
                Fate::Double => to.write_all(&frame.repeat(2)).await?,
                Fate::Cut(length) => return to.write_all(&frame[..length]).await,
                Fate::Add(other) => to.write_all(&[frame, other].concat()).await?,
                Fate::Answer(answer) => {
                    from.write_all(&answer).await?;
                    return from.shutdown().await;
                }
            }
        }
    }
}

fn asks_for_a_socket(head: &[u8]) -> bool {
    String::from_utf8_lossy(head).to_ascii_lowercase().contains("upgrade: websocket")
}

/// Whether the connection breaks here. Nothing else happens to bytes that are no frames.
fn is_cut(shared: &Shared) -> bool {
    let mut state = shared.state();
    let state = &mut *state;
    let is_cut = state.random.chance(state.weather.cut);
    state.losses.cut += u64::from(is_cut);
    is_cut
}

fn fate(frame: &[u8], is_clients: bool, told: &mut Told, shared: &Shared) -> Fate {
    let mut state = shared.state();
    let state = &mut *state;
    if let Some(forged) = state.forger.touch(frame, is_clients, told, &mut state.random) {
        state.losses.forged += 1;
        return forged;
    }
    let (random, weather, losses) = (&mut state.random, state.weather, &mut state.losses);
    if random.chance(weather.lose) {
        losses.lost += 1;
        Fate::Lose
    } else if random.chance(weather.hold_up) {
        losses.held_up += 1;
        Fate::HoldUp(Duration::from_millis(random.within(1..HOLD_UP)))
    } else if random.chance(weather.double) {
        losses.doubled += 1;
        Fate::Double
    } else if random.chance(weather.cut) {
        losses.cut += 1;
        Fate::Cut(random.within(1..frame.len() as u64) as usize)
    } else {
        losses.passed += 1;
        Fate::Pass
    }
}
