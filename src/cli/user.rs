//! `sotto user`: looking after accounts. What ends sessions is noticed by a running server, which
//! closes their sockets within two seconds.

use crate::{
    cli::{
        CommandResult, block_on, data, password, print,
        table::{Format, moment, table},
    },
    kit::{
        Config, SessionDevice,
        password::{Asker, Hasher},
        session_label,
    },
};
use clap::Subcommand;
use model::{id::UserId, time::Timestamp, user::Username};
use serde::Serialize;
use std::io::{self, BufRead, IsTerminal, Write};
use store::{Account, NewAccount, Store, now};

pub const EXAMPLES: &str = "\
Examples:
  sotto user list
  sotto user list --json | jq -r '.[].username'
  sotto user add anna                     asks for the password twice
  pwgen -s 20 1 | tee anna.txt | sotto user add anna
  sotto user passwd anna                  ends all of anna's sessions
  sotto user disable anna                 signs anna out everywhere and keeps her out
  sotto user sessions anna --end          signs anna out everywhere
  sotto user delete anna --yes            with every conversation that anna is in";

/// Accounts read from the store at a time.
const PAGE: usize = 500;

#[derive(Subcommand)]
pub enum UserCommand {
    /// List all accounts by name
    List {
        #[command(flatten)]
        format: Format,
    },
    /// Make an account; the password comes from a prompt or from standard input
    Add {
        /// 3 to 20 of a-z, A-Z, 0-9, and . _ -
        name: String,
        #[command(flatten)]
        format: Format,
    },
    /// Set a new password, from a prompt or from standard input, and end all sessions
    Passwd {
        /// Whose
        name: String,
    },
    /// Keep somebody out: no log-in, and all sessions end at once
    Disable {
        /// Whom
        name: String,
    },
    /// Let somebody in again
    Enable {
        /// Whom
        name: String,
    },
    /// Delete an account with all its contacts and conversations, for both sides
    Delete {
        /// Whose
        name: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// List where somebody is signed in
    Sessions {
        /// Who
        name: String,
        /// End them all instead
        #[arg(long)]
        end: bool,
        #[command(flatten)]
        format: Format,
    },
}

/// An account as it is listed.
#[derive(Serialize)]
struct Listed {
    id: UserId,
    username: Username,
    created_at: Timestamp,
    last_seen: Option<Timestamp>,
    disabled_at: Option<Timestamp>,
}

impl From<Account> for Listed {
    fn from(account: Account) -> Self {
        Self {
            id: account.user.id,
            username: account.user.username,
            created_at: account.created_at,
            last_seen: account.last_seen,
            disabled_at: account.disabled_at,
        }
    }
}

/// A session as it is listed: its id is what the cookie holds, and is not shown.
#[derive(Serialize)]
struct ListedSession {
    session: String,
    device: String,
    signed_in_at: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
    expires_at: Timestamp,
}

/// Runs the command on the store that the settings name.
pub fn run(config: &Config, command: UserCommand) -> CommandResult {
    block_on(async {
        let store = match command {
            UserCommand::Add { .. } => data::open_or_make(config).await?,
            _ => data::open(config).await?,
        };
        let outcome = obey(config, &*store, command).await;
        store.close().await;
        outcome
    })
}

async fn obey(config: &Config, store: &dyn Store, command: UserCommand) -> CommandResult {
    match command {
        UserCommand::List { format } => list(store, &format).await,
        UserCommand::Add { name, format } => add(config, store, &name, &format).await,
        UserCommand::Passwd { name } => {
            let account = find(store, &name).await?;
            let hasher = Hasher::of_cost(config.bcrypt_cost);
            let hash =
                hasher.hash_new(&Asker::operator(), password::read_new()?, &account.user.username).await?;
            let ended = store.set_password(account.user.id, hash, None).await?.unwrap_or_default();
            print(format!("{} has a new password; {}.", account.user.username, ended_sessions(ended)))
        }
        UserCommand::Disable { name } => {
            let account = find(store, &name).await?;
            // A second time, it stays disabled since the first.
            let at = account.disabled_at.unwrap_or_else(now);
            let ended = store.set_disabled(account.user.id, Some(at)).await?.unwrap_or_default();
            print(format!("{} is disabled; {}.", account.user.username, ended_sessions(ended)))
        }
        UserCommand::Enable { name } => {
            let account = find(store, &name).await?;
            store.set_disabled(account.user.id, None).await?;
            print(format!("{} can log in.", account.user.username))
        }
        UserCommand::Delete { name, yes } => {
            let account = find(store, &name).await?;
            if !yes {
                confirm(&account.user.username)?;
            }
            store.delete_user(account.user.id).await?;
            print(format!("{} is deleted.", account.user.username))
        }
        UserCommand::Sessions { name, end: true, .. } => {
            let account = find(store, &name).await?;
            let ended = store.delete_sessions_of(account.user.id, None).await?;
            print(format!("{}: {}.", account.user.username, ended_sessions(ended)))
        }
        UserCommand::Sessions { name, end: false, format } => sessions(store, &name, &format).await,
    }
}

async fn list(store: &dyn Store, format: &Format) -> CommandResult {
    let mut listed: Vec<Listed> = Vec::new();
    loop {
        let after = listed.last().map(|last| last.username.clone());
        let page = store.users_page(after.as_ref(), PAGE).await?;
        if page.is_empty() {
            break;
        }
        listed.extend(page.into_iter().map(Listed::from));
    }
    format.print(&listed, || {
        let rows: Vec<_> = listed
            .iter()
            .map(|user| {
                let state = if user.disabled_at.is_some() { "disabled" } else { "active" };
                let (made, seen) = (moment(Some(user.created_at)), moment(user.last_seen));
                [user.username.to_string(), state.into(), made, seen]
            })
            .collect();
        table(["NAME", "STATE", "SINCE (UTC)", "LAST SEEN (UTC)"], &rows)
    })
}

async fn add(config: &Config, store: &dyn Store, name: &str, format: &Format) -> CommandResult {
    let username = Username::parse(name)?;
    if store.account_by_name(&username).await?.is_some() {
        return Err(format!("the name {username} is taken").into());
    }
    let hasher = Hasher::of_cost(config.bcrypt_cost);
    let password_hash = hasher.hash_new(&Asker::operator(), password::read_new()?, &username).await?;
    let created_at = now();
    let new = NewAccount { id: UserId::new(), username, password_hash, created_at };
    let user = store.create_user(new).await?;
    let text = format!("{} can log in.", user.username);
    let listed =
        Listed { id: user.id, username: user.username, created_at, last_seen: None, disabled_at: None };
    format.print(&listed, || text)
}

async fn sessions(store: &dyn Store, name: &str, format: &Format) -> CommandResult {
    let account = find(store, name).await?;
    let sessions = store.sessions_of(account.user.id, now()).await?;
    let listed: Vec<_> = sessions
        .into_iter()
        .map(|session| {
            let device = SessionDevice::of(&session);
            ListedSession {
                session: session_label(session.id),
                signed_in_at: device.as_ref().and_then(|device| device.since),
                last_used_at: device.as_ref().map(|device| device.seen),
                device: device.map_or_else(|| SessionDevice::UNKNOWN.into(), |device| device.name),
                expires_at: session.expires_at,
            }
        })
        .collect();
    format.print(&listed, || {
        let row = |one: &ListedSession| {
            let times = [one.signed_in_at, one.last_used_at, Some(one.expires_at)].map(moment);
            let [signed_in, last_used, expires] = times;
            [one.session.clone(), one.device.clone(), signed_in, last_used, expires]
        };
        let rows: Vec<_> = listed.iter().map(row).collect();
        table(["SESSION", "DEVICE", "SIGNED IN (UTC)", "LAST USED (UTC)", "EXPIRES (UTC)"], &rows)
    })
}

/// The account with this name. Errors: nobody has it.
async fn find(store: &dyn Store, name: &str) -> CommandResult<Account> {
    let account = match Username::parse(name) {
        Ok(username) => store.account_by_name(&username).await?,
        Err(_) => None,
    };
    account.ok_or_else(|| format!("nobody is called {name:?}; 'sotto user list' shows who is there").into())
}

fn ended_sessions(count: u64) -> String {
    match count {
        1 => "1 session was ended".into(),
        count => format!("{count} sessions were ended"),
    }
}

/// Asks for the name once more. Errors: something else was typed, or nobody can be asked.
fn confirm(name: &Username) -> CommandResult {
    if !io::stdin().is_terminal() {
        return Err("this cannot be undone: say --yes if it is meant".into());
    }
    write!(
        io::stdout(),
        "This deletes {name} and every conversation that {name} is in, for both sides. It cannot be undone.\n\
         Type the name to go on: "
    )?;
    io::stdout().flush()?;
    let mut typed = String::new();
    io::stdin().lock().read_line(&mut typed)?;
    if typed.trim() == name.as_str() {
        Ok(())
    } else {
        Err("that is another name; nothing was changed".into())
    }
}
