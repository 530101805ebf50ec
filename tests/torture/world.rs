//! One scenario's world: server, machine, line and clients, and what the nemesis can do to them.

use crate::{
    crowd::Crowd,
    judge::{Fault, Promise},
    line::{Forgery, Line, Weather},
    machine::{Control, Power, Shim, Tmpfs},
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
const DAY: i64 = 24 * 3600;

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
        let (forgery, pretends) = match scenario.proof.map(|proof| proof.broken) {
            Some(Broken::Line(forgery)) => (forgery, false),
            Some(Broken::Sync) => (Forgery::None, true),
            None => (Forgery::None, false),
        };
        control.set_sync_pretends(pretends);
        let line = Line::open(Random::from_seed(random.next()), forgery).await;
        let machine = {
            let (shim, control, disk) =
                (shim.clone(), control.clone(), power.as_ref().map(|p| p.disk().to_owned()));
            move |command: &mut std::process::Command| shim.give_to(command, &data, &control, disk.as_deref())
        };
        let program = Program { place: place.to_owned(), machine: Box::new(machine) };
        let history = place.join(HISTORY);
        let crowd = Crowd::gather(&people.seats, line.addr, &history, PACE, &mut random);
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
            pretends,
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

    pub fn server_log(&self) -> PathBuf {
        self.program.log()
    }

    pub async fn strike(&mut self, attack: Attack) {
        match attack {
            Attack::Kill => self.kill().await,
            Attack::CutPower => self.cut_power().await,
            Attack::Freeze => self.freeze().await,
            Attack::ChangeWeather => self.change_weather(),
            Attack::FillDisk => self.fill_disk().await,
            Attack::JumpClock => {
                let days = self.random.one_of(&[-3, -2, -1, 1, 2, 3]).unwrap_or(1);
                self.control.set_clock_ahead(days * DAY + self.random.within(0..7200) as i64 - 3600);
                self.blows.clock_jumps += 1;
            }
        }
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

    async fn kill(&mut self) {
        self.blows.kills += 1;
        if let Some(server) = self.server.take() {
            block_in_place(|| server.kill());
        }
        self.pause(0..300).await;
        self.start().await;
    }

    async fn cut_power(&mut self) {
        self.blows.power_cuts += 1;
        self.lose_power();
        self.start().await;
    }

    /// The server is dead, and the disk holds what it may hold then.
    pub fn lose_power(&mut self) {
        let luck = if self.pretends { 0.0 } else { self.random.one_of(&[0.0, 0.3, 0.7]).unwrap_or(0.0) };
        let Self { server, power, random, blows, .. } = self;
        block_in_place(|| {
            if let Some(server) = server.take() {
                server.kill();
            }
            if let Some(power) = power {
                blows.forgotten += power.cut(luck, random).expect("a disk that can be written");
            }
        });
    }

    async fn freeze(&mut self) {
        self.blows.freezes += 1;
        if let Some(server) = &self.server {
            server.freeze();
        }
        self.pause(100..2500).await;
        if self.random.chance(0.3) {
            self.kill().await;
        } else if let Some(server) = &self.server {
            server.thaw();
        }
    }

    fn change_weather(&mut self) {
        self.blows.weathers += 1;
        let mut likely = |most: f64| self.random.within(0..1000) as f64 / 1000.0 * most;
        let weather =
            Weather { lose: likely(0.02), hold_up: likely(0.05), double: likely(0.1), cut: likely(0.01) };
        self.line.set_weather(weather);
    }

    async fn fill_disk(&mut self) {
        self.blows.full_disks += 1;
        match &self.tmpfs {
            Some(tmpfs) => block_in_place(|| tmpfs.fill()),
            None => self.control.set_disk_full(true),
        }
        self.disk_is_full = true;
        self.pause(500..2000).await;
        if self.random.chance(0.3) {
            self.kill().await;
            self.pause(0..500).await;
        }
        self.free_disk();
        if self.server.is_none() {
            self.start().await;
        }
    }

    fn free_disk(&mut self) {
        if let Some(tmpfs) = &self.tmpfs {
            tmpfs.free();
        }
        self.control.set_disk_full(false);
        self.disk_is_full = false;
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
