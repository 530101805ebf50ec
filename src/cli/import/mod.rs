//! `sotto import-chatroom`: moving in from the Flask chat and its MongoDB.
//!
//! Every id is derived from the row that it comes from, so a second run finds what the first one
//! wrote, and an interrupted one goes on where it was. Rows are read one by one; kept in memory
//! are people and pairs, never messages, and one picture at a time.

mod friends;
mod ids;
mod messages;
mod people;
mod pictures;
mod report;
mod rows;
mod source;

use crate::{
    cli::{CommandResult, block_on, data, print},
    kit::Config,
};
use clap::Args;
use pictures::Pictures;
use report::Report;
use source::Source;
use std::sync::Arc;
use store::{Store, embedded::EmbeddedStore};

pub const EXAMPLES: &str = "\
Examples:
  sotto import-chatroom --uri mongodb://localhost --dry-run   what would come, and what would not
  sotto import-chatroom --uri mongodb://localhost/chatroom
  CHATROOM_URI=mongodb://anna:secret@db.example.org sotto import-chatroom --database chat

The old database is only read. An embedded store must not be served meanwhile. A second run carries
over what is new, and changes nothing else.";

/// The old database, and what to do with it.
#[derive(Args)]
pub struct ImportArgs {
    /// Where the old database is; in the environment if a password is in it
    #[arg(long, env = "CHATROOM_URI", hide_env_values = true, value_name = "MONGODB_URI")]
    uri: String,
    /// Its name [default: the one in the URI, else chatroom_db]
    #[arg(long, value_name = "NAME")]
    database: Option<String>,
    /// Change nothing, only say what would be carried over
    #[arg(long)]
    dry_run: bool,
}

/// Where everything goes.
struct Target {
    /// `None`: it does not exist yet, and a dry run makes none.
    store: Option<Arc<dyn Store>>,
    /// Where pictures go; `None` in a dry run.
    pictures: Option<Pictures>,
    /// Whether nothing may be written.
    dry: bool,
}

impl Target {
    /// The store to write to; `None` in a dry run.
    fn written(&self) -> Option<&dyn Store> {
        self.store.as_deref().filter(|_| !self.dry)
    }
}

/// Carries everything over that can be, and says what could not.
pub fn run(config: &Config, args: &ImportArgs) -> CommandResult {
    block_on(async {
        let source = Source::open(&args.uri, args.database.as_deref()).await?;
        let _lock = if args.dry_run { None } else { data::lock(config)? };
        let there = match &config.mongo {
            None => EmbeddedStore::is_in(&config.data),
            Some(mongo) => data::is_in_use(mongo).await?,
        };
        // A dry run makes neither files nor collections.
        let store = match args.dry_run && !there {
            true => None,
            false => Some(data::open_or_make(config).await?),
        };
        let pictures = if args.dry_run { None } else { Some(Pictures::of(config).await?) };
        let target = Target { store, pictures, dry: args.dry_run };
        let mut report = Report::new(args.dry_run);
        let outcome = carry(&source, &target, &mut report).await;
        if let Some(store) = &target.store {
            store.close().await;
        }
        if let Err(error) = outcome {
            return Err(format!("{error}; what is carried over stays, and the same command goes on").into());
        }
        print(report.text(&source.unread_collections().await))
    })
}

async fn carry(source: &Source, target: &Target, report: &mut Report) -> CommandResult {
    let people = people::carry(source, target, report).await?;
    let conversations = friends::carry(source, target, report, &people).await?;
    messages::carry(source, target, report, &people, &conversations).await
}
