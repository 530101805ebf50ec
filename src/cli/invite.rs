//! `sotto invite`: letting people sign up where not everybody may.

use crate::{
    cli::{
        CommandResult, block_on, data, print,
        table::{Format, moment, table},
    },
    kit::{Config, config::Signups},
};
use clap::{Subcommand, value_parser};
use model::{
    invitation::{Invitation, InvitationToken},
    time::Timestamp,
};
use serde::Serialize;
use std::collections::HashMap;
use store::{Store, now};

pub const EXAMPLES: &str = "\
Examples:
  sotto invite                            a link for one person, good for a week
  sotto invite --uses 12 --days 30        one link for a whole class
  sotto invite list
  sotto invite revoke https://chat.example.org/auth?invite=0d8c...";

/// The most that are listed.
const MOST: usize = 10_000;

#[derive(clap::Args)]
pub struct InviteArgs {
    #[command(subcommand)]
    command: Option<InviteCommand>,
    /// How many accounts can be made with it
    #[arg(long, default_value_t = 1, value_parser = value_parser!(u32).range(1..=1000))]
    uses: u32,
    /// For how many days it is good
    #[arg(long, default_value_t = Invitation::DAYS, value_parser = value_parser!(u32).range(1..=365))]
    days: u32,
    #[command(flatten)]
    format: Format,
}

#[derive(Subcommand)]
enum InviteCommand {
    /// List those that are still good
    List {
        #[command(flatten)]
        format: Format,
    },
    /// Take one back: nobody can sign up with it any more
    Revoke {
        /// The link, or the code at its end
        link: String,
    },
}

/// An invitation as it is listed.
#[derive(Serialize)]
struct Listed {
    url: String,
    by: Option<String>,
    uses: u32,
    used: u32,
    created_at: Timestamp,
    expires_at: Timestamp,
}

impl Listed {
    fn new(config: &Config, invitation: Invitation, by: Option<String>) -> Self {
        let Invitation { token, uses, used, created_at, expires_at, made_by: _, group: _ } = invitation;
        Self { url: token.link(&config.url()), by, uses, used, created_at, expires_at }
    }
}

/// Runs the command on the store that the settings name.
pub fn run(config: &Config, args: InviteArgs) -> CommandResult {
    block_on(async {
        let store = match args.command {
            None => data::open_or_make(config).await?,
            Some(_) => data::open(config).await?,
        };
        let outcome = obey(config, &*store, args).await;
        store.close().await;
        outcome
    })
}

async fn obey(config: &Config, store: &dyn Store, args: InviteArgs) -> CommandResult {
    match args.command {
        None if config.signups() == Signups::Closed => {
            Err("SOTTO_SIGNUPS is closed: nobody could sign up with an invitation. \
                 Make the account with 'sotto user add'."
                .into())
        }
        None => {
            let invitation = make(store, args.uses, args.days).await?;
            let listed = Listed::new(config, invitation, None);
            let url = listed.url.clone();
            args.format.print(&listed, || url)
        }
        Some(InviteCommand::List { format }) => list(config, store, &format).await,
        Some(InviteCommand::Revoke { link }) => {
            let token = InvitationToken::parse(&link).ok_or("this is no invitation: name its link")?;
            if !store.revoke_invitation(token, None).await? {
                return Err("there is no such invitation".into());
            }
            print("The invitation was taken back.")
        }
    }
}

async fn make(store: &dyn Store, uses: u32, days: u32) -> CommandResult<Invitation> {
    let invitation = Invitation::new(None, uses, days, now());
    store.create_invitation(invitation.clone()).await?;
    Ok(invitation)
}

async fn list(config: &Config, store: &dyn Store, format: &Format) -> CommandResult {
    let invitations = store.invitations(None, now(), MOST).await?;
    let makers: Vec<_> = invitations.iter().filter_map(|invitation| invitation.made_by).collect();
    let makers = store.users(&makers).await?.into_iter().map(|maker| maker.user);
    let names: HashMap<_, _> = makers.map(|maker| (maker.id, maker.username.to_string())).collect();
    let listed = invitations.into_iter().map(|invitation| {
        let by = invitation.made_by.and_then(|maker| names.get(&maker).cloned());
        Listed::new(config, invitation, by)
    });
    let listed: Vec<_> = listed.collect();
    format.print(&listed, || {
        let rows: Vec<_> = listed
            .iter()
            .map(|invitation| {
                let used = format!("{} of {}", invitation.used, invitation.uses);
                let by = invitation.by.clone().unwrap_or_else(|| "-".into());
                [invitation.url.clone(), by, used, moment(Some(invitation.expires_at))]
            })
            .collect();
        table(["LINK", "BY", "USED", "GOOD UNTIL (UTC)"], &rows)
    })
}

/// What a server says of sign-ups when it starts. Where nobody could make the first account without an
/// invitation, there is one in it: the same at each start, until it is used.
pub async fn greeting(config: &Config, store: &dyn Store) -> CommandResult<String> {
    let is_new = store.users_page(None, 1).await?.is_empty();
    Ok(match (config.signups(), is_new) {
        (Signups::Open, _) => "Whoever reaches it can sign up (SOTTO_SIGNUPS=open)".into(),
        (Signups::Invite, false) => "New accounts are by invitation: 'sotto invite' makes one".into(),
        (Signups::Invite, true) => {
            let made = store.invitations(None, now(), MOST).await?;
            let made = made.into_iter().find(|invitation| invitation.made_by.is_none());
            let first = match made {
                Some(made) => made,
                None => make(store, 1, Invitation::DAYS).await?,
            };
            format!("Make the first account with this invitation: {}", first.token.link(&config.url()))
        }
        (Signups::Closed, false) => "It takes no new accounts (SOTTO_SIGNUPS=closed)".into(),
        (Signups::Closed, true) => {
            "It takes no new accounts (SOTTO_SIGNUPS=closed): make the first one with 'sotto user add'".into()
        }
    })
}
