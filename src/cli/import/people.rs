//! Accounts, and the names that they get.

use crate::{
    cli::import::{
        CommandResult, Target, ids,
        report::{Kind::Users, Report},
        rows::{Reason, Row},
        source::Source,
    },
    kit::password::is_bcrypt,
};
use futures::TryStreamExt;
use model::{
    id::UserId,
    text::beginning,
    user::{DisplayName, Username},
};
use mongodb::bson::doc;
use std::collections::{HashMap, HashSet};
use store::{NewAccount, PasswordHash, StoreError};

/// Everyone who was carried over, by the ids and the names of their rows.
#[derive(Default)]
pub struct People {
    by_id: HashMap<String, UserId>,
    by_name: HashMap<String, UserId>,
    /// Folded names that are no longer free.
    taken: HashSet<String>,
}

impl People {
    /// Whom a field means, by id or by name. Errors: nobody.
    pub fn find(&self, row: &Row, field: &str) -> Result<UserId, Reason> {
        let reference = row.reference(field).ok_or("a field is missing or of a wrong type")?;
        let found = self.by_id.get(&reference).or_else(|| self.by_name.get(&reference));
        found.copied().ok_or("of somebody who is not there")
    }

    fn add(&mut self, key: String, old: &str, id: UserId, name: &Username) {
        self.by_id.insert(key, id);
        self.by_name.entry(old.to_owned()).or_insert(id);
        self.taken.insert(name.folded());
    }

    async fn is_free(&self, name: &Username, target: &Target) -> CommandResult<bool> {
        Ok(!self.taken.contains(&name.folded())
            && match &target.store {
                Some(store) => store.account_by_name(name).await?.is_none(),
                None => true,
            })
    }
}

/// Carries `users` over: first whoever keeps their name, then whoever needs another one.
pub async fn carry(source: &Source, target: &Target, report: &mut Report) -> CommandResult<People> {
    let mut people = People::default();
    for second in [false, true] {
        let mut rows = source.rows("users", doc! { "_id": 1 }).await?;
        while let Some(row) = rows.try_next().await? {
            match read(&row) {
                Ok((key, _)) if people.by_id.contains_key(&key) => {}
                Ok((key, old)) => one(&row, key, old, second, target, &mut people, report).await?,
                Err(reason) if second => report.refused(Users, reason, 1),
                Err(_) => {}
            }
        }
    }
    report.done(Users);
    Ok(people)
}

fn read(row: &Row) -> Result<(String, &str), Reason> {
    Ok((row.id()?, row.text("username").ok_or("a field is missing or of a wrong type")?))
}

async fn one(
    row: &Row,
    key: String,
    old: &str,
    rename: bool,
    target: &Target,
    people: &mut People,
    report: &mut Report,
) -> CommandResult {
    let id = ids::user(&key);
    let stored = match &target.store {
        Some(store) => store.account(id).await?,
        None => None,
    };
    let name = match stored {
        Some(account) => {
            report.there(Users, 1);
            // Cut short between the two in an earlier run, or chosen by nobody yet.
            if account.user.display_name.is_none() && account.last_seen.is_none() {
                keep_name(id, old, &account.user.username, target).await?;
            }
            account.user.username
        }
        None => {
            let Some(name) = create(row, id, old, rename, target, people).await? else { return Ok(()) };
            report.carried(Users, 1);
            keep_name(id, old, &name, target).await?;
            name
        }
    };
    if row.has("email") {
        report.note("e-mail addresses: Sotto keeps none");
    }
    if bcrypt(row).is_none() {
        report.note("passwords that are no bcrypt hashes: set new ones with 'sotto user passwd'");
    }
    people.add(key, old, id, &name);
    if name.as_str() != old {
        report.renamed(old, name);
    }
    Ok(())
}

/// Whoever logs in under another name than before is still called by the old one, where that can be seen.
async fn keep_name(id: UserId, old: &str, name: &Username, target: &Target) -> CommandResult {
    let old = beginning(old.trim(), DisplayName::MAX);
    if let (Some(store), Ok(display)) = (target.written(), DisplayName::parse(old))
        && display.as_str() != name.as_str()
    {
        store.set_display_name(id, Some(display)).await?;
    }
    Ok(())
}

/// Makes the account. `None`: only under another name, and that is not its turn yet.
async fn create(
    row: &Row,
    id: UserId,
    old: &str,
    rename: bool,
    target: &Target,
    people: &mut People,
) -> CommandResult<Option<Username>> {
    let exact = Username::parse(old).ok().filter(|name| name.as_str() == old);
    let candidates: Box<dyn Iterator<Item = Username>> = match rename {
        false => Box::new(exact.into_iter()),
        true => Box::new(candidates(old)),
    };
    for username in candidates {
        if !people.is_free(&username, target).await? {
            continue;
        }
        if let Some(store) = target.written() {
            let password_hash = PasswordHash::imported(bcrypt(row).unwrap_or_default());
            let created_at = row.date_or_origin("created_at");
            let new = NewAccount { id, username: username.clone(), password_hash, created_at };
            match store.create_user(new).await {
                Err(StoreError::UsernameTaken) => continue,
                created => created?,
            };
        }
        return Ok(Some(username));
    }
    if rename { Err(format!("no name is left for {old:?}").into()) } else { Ok(None) }
}

/// The allowed names for one that is not, or is taken, best first: whatever is not allowed becomes
/// a hyphen, and from the second name on they are numbered.
fn candidates(old: &str) -> impl Iterator<Item = Username> + use<> {
    let at_end = |c: char| !c.is_ascii_alphanumeric();
    let allowed = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
    let name: String = old.trim().chars().map(allowed).collect();
    let name = match name.trim_matches(at_end) {
        "" => "user".to_owned(),
        short if short.len() < Username::MIN => format!("user-{short}"),
        name => name.to_owned(),
    };
    let numbered = move |number: u32| {
        let end = if number == 1 { String::new() } else { format!("-{number}") };
        let start = &name[..name.len().min(Username::MAX - end.len())];
        Username::parse(&format!("{}{end}", start.trim_end_matches(at_end))).ok()
    };
    (1..=999_999).filter_map(numbered)
}

/// The hash of the row's password, if it is one that can be compared with.
fn bcrypt(row: &Row) -> Option<&str> {
    let mut hashes = ["password_hash", "password"].into_iter().filter_map(|field| row.text_or_bytes(field));
    hashes.find(|hash| is_bcrypt(hash))
}
