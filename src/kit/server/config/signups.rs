//! Who may make an account.

use super::{Allowed, Config, expecting};
use clap::Args;
use std::str::FromStr;

/// Who may make an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signups {
    /// Anybody who reaches the server.
    Open,
    /// Whoever has an invitation.
    Invite,
    /// Nobody; whoever runs the server makes accounts.
    Closed,
}

impl FromStr for Signups {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "open" => Ok(Self::Open),
            "invite" => Ok(Self::Invite),
            "closed" => Ok(Self::Closed),
            _ => Err(()),
        }
    }
}

/// The settings that say who.
#[derive(Args, Clone, Copy, Debug)]
pub struct SignupFlags {
    /// Who may sign up: anybody, whoever has an invitation, or nobody [default: open where only this
    /// machine can reach the site, else invite]
    #[arg(long = "signups", env = "SOTTO_SIGNUPS", value_name = "open|invite|closed")]
    #[arg(value_parser = expecting::<Signups>("open, invite or closed"))]
    pub who: Option<Signups>,
    /// Let everybody who has an account invite others, in their settings
    #[arg(long, env = "SOTTO_MEMBER_INVITES", value_name = "allowed")]
    #[arg(value_parser = expecting::<Allowed>("allowed, or nothing"))]
    pub member_invites: Option<Allowed>,
    /// Let whoever has a link into a group sign up with it, where accounts are by invitation
    #[arg(long, env = "SOTTO_GROUP_LINK_SIGNUPS", value_name = "allowed")]
    #[arg(value_parser = expecting::<Allowed>("allowed, or nothing"))]
    pub group_link_signups: Option<Allowed>,
}

impl Config {
    /// Who may make an account.
    pub fn signups(&self) -> Signups {
        self.signups.who.unwrap_or(if self.is_private() { Signups::Open } else { Signups::Invite })
    }

    /// Whether a link into a group is an invitation to sign up, too.
    pub fn group_links_sign_up(&self) -> bool {
        self.signups() == Signups::Invite && self.signups.group_link_signups.is_some()
    }

    /// Whether whoever has an account may invite others.
    pub fn members_invite(&self) -> bool {
        self.signups() == Signups::Invite && self.signups.member_invites.is_some()
    }
}
