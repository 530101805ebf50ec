//! Stands between the store and the server: listens in on commands, and loses answers.

use mongodb::bson::Document;
use std::{
    collections::HashMap,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    select,
};

/// What happens to a command's connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// It breaks before the server has got the command.
    Request,
    /// It breaks when the server has done it, before the answer has got back.
    Reply,
}

/// A way to a server. Ends with the runtime that it was made in.
pub struct Proxy {
    addr: SocketAddr,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    losses: HashMap<&'static str, Vec<Loss>>,
    heard: Vec<Document>,
}

/// OP_MSG, the only kind of message that matters here.
const MESSAGE: i32 = 2013;
const HEADER: usize = 16;

impl Proxy {
    /// Opens one to `server`.
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let addr = listener.local_addr().expect("an address");
        let shared = Arc::new(Mutex::new(Shared::default()));
        let of_all = shared.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let shared = of_all.clone();
                tokio::spawn(async move {
                    let Ok(server) = TcpStream::connect(server).await else { return };
                    // However it ends, both sides see that it has.
                    let _ = relay(client, server, &shared).await;
                });
            }
        });
        Self { addr, shared }
    }

    /// Leads through here, and nowhere else.
    pub fn uri(&self) -> String {
        format!("mongodb://{}/?directConnection=true", self.addr)
    }

    /// Breaks the connections of the next commands of this name, one after the other.
    pub fn lose(&self, command: &'static str, losses: &[Loss]) {
        self.shared.lock().expect("no panic").losses.insert(command, losses.to_vec());
    }

    /// Whether all that was to be lost has been lost.
    pub fn has_lost_all(&self) -> bool {
        self.shared.lock().expect("no panic").losses.values().all(Vec::is_empty)
    }

    /// The commands since the last call.
    pub fn take_heard(&self) -> Vec<Document> {
        std::mem::take(&mut self.shared.lock().expect("no panic").heard)
    }
}

async fn relay(mut client: TcpStream, mut server: TcpStream, shared: &Mutex<Shared>) -> io::Result<()> {
    loop {
        select! {
            request = read(&mut client) => {
                let request = request?;
                match loss(&request, shared) {
                    Some(Loss::Request) => return Ok(()),
                    Some(Loss::Reply) => {
                        server.write_all(&request).await?;
                        read(&mut server).await?;
                        return Ok(());
                    }
                    None => server.write_all(&request).await?,
                }
            }
            reply = read(&mut server) => client.write_all(&reply?).await?,
        }
    }
}

/// A whole message.
async fn read(from: &mut TcpStream) -> io::Result<Vec<u8>> {
    // Neither side begins a message while the other is in the middle of one, so waiting for the
    // readable end of one stream is all that `select!` may give up.
    from.readable().await?;
    let mut length = [0; 4];
    from.read_exact(&mut length).await?;
    let mut message = vec![0; u32::from_le_bytes(length) as usize];
    message[..4].copy_from_slice(&length);
    from.read_exact(&mut message[4..]).await?;
    Ok(message)
}

/// Notes the command, and says whether it is one to be lost.
fn loss(request: &[u8], shared: &Mutex<Shared>) -> Option<Loss> {
    let kind = i32::from_le_bytes(request[12..HEADER].try_into().ok()?);
    // Four bytes of flags, one for the kind of the first section, which is the command.
    let command = request.get(HEADER + 5..).filter(|_| kind == MESSAGE)?;
    let command = Document::from_reader(command).ok()?;
    let mut shared = shared.lock().expect("no panic");
    let name = command.keys().next()?.clone();
    shared.heard.push(command);
    let losses = shared.losses.get_mut(name.as_str()).filter(|losses| !losses.is_empty())?;
    Some(losses.remove(0))
}
