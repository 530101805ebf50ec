//! What the nemesis can do to a world.

use super::World;
use crate::{line::Weather, scenario::Attack};
use tokio::task::block_in_place;

const DAY: i64 = 24 * 3600;

impl World {
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
        let before = self.count("unavailable");
        self.pause(500..2000).await;
        // Until it hurts: what SQLite's WAL has room for already is written all the same.
        for _ in 0..50 {
            if self.count("unavailable") > before {
                break;
            }
            self.pause(100..300).await;
        }
        if self.random.chance(0.3) {
            self.kill().await;
            self.pause(0..500).await;
        }
        self.free_disk();
        if self.server.is_none() {
            self.start().await;
        }
    }

    pub(super) fn free_disk(&mut self) {
        if let Some(tmpfs) = &self.tmpfs {
            tmpfs.free();
        }
        self.control.set_disk_full(false);
        self.disk_is_full = false;
    }
}
