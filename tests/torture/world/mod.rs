//! One scenario's world: server, machine, line and clients.

mod nemesis;

use crate::{
    crowd::Crowd,
    judge::{Fault, Promise},
    line::{Forgery, Line, Weather},
    machine::{Control, Power, Shim, Sync, Tmpfs},
    people::People,
    random::Random,
    scenario::{Attack, Broken, Scenario},
    server::{Program, Server},
};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{task::block_in_place, time::sleep};

/// The mean time between two messages of a device.
const PACE: Duration = Duration::from_millis(40);
/// The small disk, in MiB.
const DISK: u64 = 256;
/// How often a server that does not start is started again.
const STARTS: usize = 20;
/// Where the devices log what they were told.
const HISTORY: &str = "history.jsonl";

/// How often what was done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Blows {
    pub kills: u64,
    pub power_cuts: u64,
    pub freezes: u64,
    pub weathers: u64,
    pub full_disks: u64,
    pub clock_jumps: u64,
    /// Sectors that were written and not synced, and are gone.
    pub forgotten: u64,
}

/// Dropped from top to bottom.
pub struct World {
    pub crowd: Crowd,
    pub server: Option<Server>,
    pub line: Line,
    pub blows: Blows,
    pub faults: Vec<Fault>,
    program: Program,
    control: Arc<Control>,
    power: Option<Power>,
    tmpfs: Option<Tmpfs>,
    disk_is_full: bool,
    pretends: bool,
    pub random: Random,
    place: PathBuf,
}

impl World {
    pub async fn begin(
        scenario: &Scenario,
        people: &People,
        shim: &Shim,
        place: &Path,
        mut random: Random,
    ) -> Self {
        let data = place.join("data");
        fs::create_dir_all(&data).expect("a folder");
        // As the shim sees it.
        let data = data.canonicalize().expect("a folder");
        let tmpfs =
            scenario.attacks.contains(&Attack::FillDisk).then(|| Tmpfs::mount(&data, DISK).ok()).flatten();
        people.settle_in(&data).expect("a copy of the data");
        let control = Arc::new(Control::new(&place.join("control")));
        let power = scenario.attacks.contains(&Attack::CutPower);
        let power = power.then(|| Power::of(&data, &place.join("disk")).expect("a copy of the data"));
        let (forgery, sync) = match scenario.proof.map(|proof| proof.broken) {
            Some(Broken::Line(forgery)) => (forgery, Sync::Real),
            Some(Broken::Sync(sync)) => (Forgery::None, sync),
            None => (Forgery::None, Sync::Real),
        };
        control.set_sync(sync);
        let line = Line::open(Random::from_seed(random.next()), forgery).await;
        let machine = {
            let (shim, control, disk) =
                (shim.clone(), control.clone(), power.as_ref().map(|p| p.disk().to_owned()));
            move |command: &mut std::process::Command| shim.give_to(command, &data, &control, disk.as_deref())
        };
        let program = Program { place: place.to_owned(), machine: Box::new(machine) };
        let history = place.join(HISTORY);
        let crowd = Crowd::gather(people, line.addr, &history, PACE, &mut random);
        let mut world = Self {
            crowd,
            server: None,
            line,
            blows: Blows::default(),
            faults: Vec::new(),
            program,
            control,
            power,
            tmpfs,
            disk_is_full: false,
            pretends: sync != Sync::Real,
            random,
            place: place.to_owned(),
        };
        world.start().await;
        world
    }

    pub fn data(&self) -> PathBuf {
        self.program.data()
    }

    pub fn history(&self) -> PathBuf {
        self.place.join(HISTORY)
    }

    /// How many lines of a kind the history has so far.
    pub fn count(&self, what: &str) -> usize {
        let history = fs::read_to_string(self.history()).unwrap_or_default();
        history.matches(&format!("\"what\":\"{what}\"")).count()
    }

    pub fn server_log(&self) -> PathBuf {
        self.program.log()
    }

    /// Ends all attacks. What is left of them mends by itself, or not.
    pub async fn heal(&mut self) {
        self.free_disk();
        self.line.set_weather(Weather::default());
        if self.server.is_none() {
            self.start().await;
        }
        // What was lost on the line cannot be got back from it: as it is with a line that breaks.
        self.line.cut_all();
    }

    /// Starts the server, as a supervisor does: again and again. On a full disk it may refuse to.
    async fn start(&mut self) {
        let mut refusal = String::new();
        for _ in 0..STARTS {
            match block_in_place(|| self.program.start()) {
                Ok(server) => {
                    self.line.lead_to(server.addr);
                    self.server = Some(server);
                    return;
                }
                Err(_) if self.disk_is_full => return,
                Err(reason) => refusal = reason,
            }
            self.pause(100..200).await;
        }
        self.faults.push(Promise::Healing.broken(format!("the server does not start: {refusal}")));
    }

    pub async fn pause(&mut self, milliseconds: std::ops::Range<u64>) {
        sleep(Duration::from_millis(self.random.within(milliseconds))).await;
    }
}
