//! Who writes to whom: people, their devices and their conversations, made once for all scenarios.

#[path = "../app/client.rs"]
#[expect(dead_code, reason = "the other tests use more of it")]
mod visitor;

use crate::{client::Group, machine::files_in, server::Program};
use model::id::UserId;
use serde_json::{Value, json};
use std::{
    fs, io,
    path::{Path, PathBuf},
};
use visitor::Visitor;

const PASSWORD: &str = "two ducks on one pond";
/// People, and how many devices each has.
const PEOPLE: [(&str, usize); 6] =
    [("anna", 2), ("ben", 2), ("cleo", 1), ("dora", 1), ("emil", 1), ("finn", 1)];
/// Who talks with whom, by their places above.
const CONTACTS: [(usize, usize); 9] =
    [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (4, 5), (5, 0), (2, 4), (2, 5)];
/// Groups: who makes each and who is in it from the beginning, by their places above, and whether the members of
/// it may come to see what was said before they joined.
const GROUPS: [(usize, &[usize], bool); 3] =
    [(0, &[1, 2], true), (2, &[0, 1, 4], false), (2, &[3, 5], false)];

/// A device that is signed in.
#[derive(Clone)]
pub struct Seat {
    pub device: String,
    pub user: UserId,
    visitor: Visitor,
}

impl Seat {
    /// The `Cookie` header of its requests.
    pub fn cookies(&self) -> String {
        self.visitor.cookies().unwrap_or_default()
    }

    /// What it gets from a path of the server that listens at `addr` now.
    pub async fn get(&self, addr: std::net::SocketAddr, path: &str) -> Value {
        let mut visitor = self.visitor.clone();
        visitor.addr = addr;
        visitor.get(path).await.ok()
    }
}

/// Everybody, and a data folder in which they are.
pub struct People {
    pub seats: Vec<Seat>,
    pub groups: Vec<Group>,
    data: PathBuf,
}

impl People {
    /// Signs everybody up on a server in `place`.
    pub async fn meet(place: &Path) -> Self {
        let program = Program { place: place.to_owned(), machine: Box::new(|_| {}) };
        let server = program.start().expect("a server in a fresh place");
        let mut seats: Vec<Vec<Seat>> = Vec::new();
        for (name, devices) in PEOPLE {
            let mut of_one = Vec::new();
            for number in 1..=devices {
                let visitor = Visitor::new(server.addr, &format!("http://{}", server.addr));
                let entered = match number {
                    1 => visitor.sign_up(name, PASSWORD).await,
                    _ => visitor.log_in(name, PASSWORD).await,
                };
                let user = entered.ok()["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
                of_one.push(Seat { device: format!("{name}-{number}"), user, visitor });
            }
            seats.push(of_one);
        }
        for (a, b) in CONTACTS {
            let (a, b) = (&seats[a][0].visitor, &seats[b][0].visitor);
            let name = b.get("/api/me").await.ok()["username"].clone();
            let asked = a.post("/api/friend-requests/send", json!({ "username": name })).await.ok();
            let request = json!({ "request_id": asked["request"]["id"] });
            b.post("/api/friend-requests/accept", request).await.ok();
        }
        let mut groups = Vec::new();
        for (keeper, others, is_open) in GROUPS {
            let members: Vec<_> = others.iter().map(|other| seats[*other][0].user).collect();
            let keeper = &seats[keeper][0];
            let made = json!({ "name": "As it was made", "members": members });
            let made = keeper.visitor.post("/api/groups", made).await.ok();
            let id = made["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
            groups.push(Group { id, keeper: keeper.user, is_open });
        }
        server.stop().expect("a clean end");
        Self { seats: seats.into_iter().flatten().collect(), groups, data: program.data() }
    }

    /// Puts a copy of the data into a folder.
    pub fn settle_in(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        for entry in files_in(&self.data)? {
            fs::copy(entry.path(), folder.join(entry.file_name()))?;
        }
        Ok(())
    }
}
