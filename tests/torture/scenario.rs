//! What is attacked with what.

use crate::{judge::Promise, line::Forgery, machine::Sync};

/// What the nemesis can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attack {
    /// `kill -9`, and a new start.
    Kill,
    /// `kill -9`, and whatever was not synced is gone, or some of it; then a new start.
    CutPower,
    /// SIGSTOP, and SIGCONT or `kill -9` after a while.
    Freeze,
    /// Frames begin to be lost, held up, doubled and cut, until the weather changes again.
    ChangeWeather,
    /// No room on the disk for a while, in which the server may be killed as well.
    FillDisk,
    /// The wall clock jumps by up to three days, forwards or back. (Sessions last for two weeks.)
    JumpClock,
}

pub struct Scenario {
    pub name: &'static str,
    pub attacks: &'static [Attack],
    /// Where the machine or the server is made to break a promise: whether the judge sees it.
    pub proof: Option<Proof>,
}

/// A broken promise that must be found.
#[derive(Clone, Copy, Debug)]
pub struct Proof {
    pub broken: Broken,
    pub found_as: Promise,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The disk says that it has synced, and has not; all of it, or the files that people have sent: as if these were
    /// acknowledged before they are on disk.
    Sync(Sync),
    /// The server's frames are not what it sent, or did.
    Line(Forgery),
}

use Attack::{ChangeWeather, CutPower, FillDisk, Freeze, JumpClock, Kill};

pub static SCENARIOS: [Scenario; 5] = [
    Scenario { name: "killed, frozen, on a bad line", attacks: &[Kill, Freeze, ChangeWeather], proof: None },
    Scenario { name: "a full disk", attacks: &[FillDisk], proof: None },
    Scenario { name: "a clock that jumps", attacks: &[JumpClock, Kill], proof: None },
    Scenario { name: "power cuts", attacks: &[CutPower], proof: None },
    Scenario {
        name: "everything at once",
        attacks: &[Kill, CutPower, Freeze, ChangeWeather, FillDisk, JumpClock],
        proof: None,
    },
];

pub static PROOFS: [Scenario; 8] = [
    Scenario {
        name: "proof: a sync that only pretends",
        attacks: &[CutPower],
        proof: Some(Proof { broken: Broken::Sync(Sync::Pretended), found_as: Promise::AcknowledgedStays }),
    },
    Scenario {
        name: "proof: files acknowledged, not on disk",
        attacks: &[CutPower],
        proof: Some(Proof { broken: Broken::Sync(Sync::PretendedOfFiles), found_as: Promise::FilesAreWhole }),
    },
    Scenario {
        name: "proof: acknowledged before stored",
        attacks: &[Kill],
        proof: Some(Proof {
            broken: Broken::Line(Forgery::AcknowledgeUnstored),
            found_as: Promise::AcknowledgedStays,
        }),
    },
    Scenario {
        name: "proof: ids not kept unique",
        attacks: &[Kill],
        proof: Some(Proof { broken: Broken::Line(Forgery::StoreTwice), found_as: Promise::StoredOnce }),
    },
    Scenario {
        name: "proof: a change told before stored",
        attacks: &[Kill],
        proof: Some(Proof {
            broken: Broken::Line(Forgery::TellUnstored),
            found_as: Promise::AcknowledgedStays,
        }),
    },
    Scenario {
        name: "proof: a change acknowledged, not stored",
        attacks: &[Kill],
        proof: Some(Proof {
            broken: Broken::Line(Forgery::AcknowledgeUnchanged),
            found_as: Promise::AcknowledgedStays,
        }),
    },
    Scenario {
        name: "proof: news told to who has left",
        attacks: &[Kill],
        proof: Some(Proof {
            broken: Broken::Line(Forgery::TellWhoHasLeft),
            found_as: Promise::OnlyForMembers,
        }),
    },
    Scenario {
        name: "proof: hidden history told",
        attacks: &[Kill],
        proof: Some(Proof { broken: Broken::Line(Forgery::TellHidden), found_as: Promise::OnlyForMembers }),
    },
];
