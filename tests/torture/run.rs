//! One scenario from its first message to what came of it.

use crate::{
    aftermath::{self, Tally},
    client::{Command, Goal, Report},
    judge::{Fault, Promise, judge},
    line::Losses,
    machine::Shim,
    people::{People, Seat},
    random::Random,
    scenario::{Attack, Broken, Proof, Scenario},
    world::{Blows, World},
};
use model::id::{ConversationId, UserId};
use std::{collections::BTreeMap, path::Path, time::Duration};
use tokio::{
    task::block_in_place,
    time::{Instant, sleep},
};

/// So many messages are acknowledged before the first blow.
const WARM: usize = 50;
/// So many files are uploaded.
const WARM_FILES: usize = 3;
/// How long it may take until what is broken on purpose has had its effect.
const UNTIL_FORGED: Duration = Duration::from_secs(20);
/// How long everybody may take to get to where the scenario goes on.
const PATIENCE: Duration = Duration::from_secs(60);
/// The same where a promise is broken on purpose: people may then wait for what never comes, like
/// having read to the end of a history that is lost.
const PATIENCE_OF_PROOF: Duration = Duration::from_secs(3);

/// What came of it.
pub struct Outcome {
    pub faults: Vec<Fault>,
    /// What should have hurt and did not: then the scenario has shown nothing.
    pub missed: Vec<&'static str>,
    pub tally: Tally,
    pub blows: Blows,
    pub losses: Losses,
}

/// Where there are conversations, and somebody who sees them.
pub type Talks = BTreeMap<ConversationId, UserId>;

/// Attacks for about so long, heals, and judges.
pub async fn run(
    scenario: &Scenario,
    people: &People,
    shim: &Shim,
    place: &Path,
    time: Duration,
    seed: u64,
) -> Outcome {
    let mut world = World::begin(scenario, people, shim, place, Random::from_seed(seed)).await;
    warm_up(&mut world).await;
    attack(scenario, &mut world, time).await;
    world.heal().await;
    let patience = if scenario.proof.is_some() { PATIENCE_OF_PROOF } else { PATIENCE };
    let talks = agree(&mut world, &people.seats, patience).await;
    end(scenario, &mut world);
    world.crowd.leave();

    let history = aftermath::history(&world.history());
    let tally = aftermath::count(&history);
    let mut faults = std::mem::take(&mut world.faults);
    faults.extend(aftermath::panics(&world.server_log()));
    match aftermath::kept(&world.data(), &talks).await {
        Ok(kept) => faults.extend(judge(&history, &kept)),
        Err(reason) => faults.push(Promise::AcknowledgedStays.broken(reason)),
    }
    let losses = world.line.losses();
    Outcome { faults, missed: missed(scenario, &tally, &losses), tally, blows: world.blows, losses }
}

/// Waits until people write.
async fn warm_up(world: &mut World) {
    let begun = Instant::now();
    while world.count("acked") < WARM || world.count("uploaded") < WARM_FILES {
        if begun.elapsed() > PATIENCE {
            return world.faults.push(Promise::Healing.broken("nobody could write"));
        }
        sleep(Duration::from_millis(50)).await;
    }
}

/// Every attack once, then any, until the time is over.
async fn attack(scenario: &Scenario, world: &mut World, time: Duration) {
    let until = Instant::now() + time;
    for attack in world.random.shuffled(scenario.attacks) {
        world.strike(attack).await;
        world.pause(100..800).await;
    }
    if let Some(Proof { broken: Broken::Line(forgery), .. }) = scenario.proof {
        let at_most = Instant::now() + UNTIL_FORGED;
        while world.line.losses().forged < forgery.enough() && Instant::now() < at_most {
            world.pause(50..100).await;
        }
    }
    while Instant::now() < until {
        let Some(attack) = world.random.one_of(scenario.attacks) else { return };
        world.strike(attack).await;
        world.pause(100..800).await;
    }
}

/// Everybody sends what waits, catches up, and says what they hold then.
async fn agree(world: &mut World, seats: &[Seat], patience: Duration) -> Talks {
    let late = |devices: Vec<String>, what: &str| {
        let faults = devices.into_iter().map(|device| Promise::Healing.broken(format!("{device} {what}")));
        faults.collect::<Vec<_>>()
    };
    if let Err(devices) = world.crowd.all(&Command::Settle, Report::Settled, patience).await {
        world.faults.extend(late(devices, "could not send what waited"));
    }
    let (mut talks, mut goals) = (Talks::new(), BTreeMap::new());
    let Some(addr) = world.server.as_ref().map(|server| server.addr) else { return talks };
    for seat in seats {
        for talk in seat.get(addr, "/api/conversations").await.as_array().into_iter().flatten() {
            let id = talk["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
            let members = serde_json::from_value(talk["members"].clone()).expect("members");
            talks.insert(id, seat.user);
            goals.insert(id, Goal { head: talk["head"].as_u64().expect("a version"), members });
        }
    }
    if let Err(devices) = world.crowd.all(&Command::Agree(goals), Report::Ended, patience).await {
        world.faults.extend(late(devices, "did not get to the newest version"));
    }
    talks
}

/// Ends the server in the way that the scenario is about, the worst one first.
fn end(scenario: &Scenario, world: &mut World) {
    if scenario.attacks.contains(&Attack::CutPower) {
        world.lose_power();
    } else if let Some(server) = world.server.take() {
        if scenario.attacks.contains(&Attack::Kill) {
            block_in_place(|| server.kill());
        } else if let Err(reason) = block_in_place(|| server.stop()) {
            world.faults.push(Promise::Healing.broken(reason));
        }
    }
}

fn missed(scenario: &Scenario, tally: &Tally, losses: &Losses) -> Vec<&'static str> {
    let is = |attack| scenario.attacks.contains(&attack);
    let hit = losses.lost + losses.held_up + losses.doubled + losses.cut;
    let mut missed = Vec::new();
    if matches!(scenario.proof, Some(Proof { broken: Broken::Line(_), .. })) && losses.forged == 0 {
        missed.push("nothing was forged");
    }
    if scenario.proof.is_none() && (tally.changed == 0 || tally.done == 0) {
        missed.push("no message was changed, or nothing about a group");
    }
    if scenario.proof.is_none() && tally.enclosed == 0 {
        missed.push("no file was sent");
    }
    if is(Attack::FillDisk) && tally.unavailable == 0 {
        missed.push("the disk was full, and every write went through");
    }
    if is(Attack::JumpClock) && tally.out_of_time == 0 {
        missed.push("the clock jumped, and every message bears the right time");
    }
    if is(Attack::ChangeWeather) && hit == 0 {
        missed.push("the line was bad, and every frame went through");
    }
    missed
}
