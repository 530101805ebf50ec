//! What runs when, for how long, and how it ends.

use crate::{
    machine::{Shim, Tmpfs},
    people::People,
    random::Random,
    report::{self, Verdict},
    run::run,
    scenario::{PROOFS, SCENARIOS, Scenario},
};
use std::{
    fmt::Display,
    process::ExitCode,
    str::FromStr,
    time::{Duration, Instant, SystemTime},
};

/// How long it takes unless told otherwise.
const SECONDS: u64 = 60;
/// What a scenario takes beside its attack: to begin, to heal, to judge.
const BESIDES: Duration = Duration::from_secs(3);
/// The shortest and the longest attack; a longer run has more rounds, each with other random numbers.
const SHORTEST: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_secs(30);
/// The attack of a proof: its fault is certain to occur.
const OF_PROOF: Duration = Duration::from_millis(500);

pub fn main(arguments: &[String]) -> ExitCode {
    let begun = Instant::now();
    let total = Duration::from_secs(setting("SOTTO_TORTURE_SECONDS").unwrap_or(SECONDS));
    let seed = setting("SOTTO_TORTURE_SEED").unwrap_or_else(|| {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Random::from_seed(now.as_nanos() as u64).next() % 1_000_000
    });
    let chosen = |scenario: &&Scenario| {
        let mut names = arguments.iter().filter(|argument| !argument.starts_with('-')).peekable();
        names.peek().is_none() || names.any(|name| scenario.name.contains(name.as_str()))
    };
    let scenarios: Vec<_> = SCENARIOS.iter().filter(chosen).collect();
    let proofs: Vec<_> = PROOFS.iter().filter(chosen).collect();
    if scenarios.is_empty() && proofs.is_empty() {
        return ExitCode::SUCCESS;
    }
    report::say(format!("torture: seed {seed}, about {} s", total.as_secs()));

    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build();
    let mut random = Random::from_seed(seed);
    let mut verdicts = Vec::new();
    runtime.expect("a runtime").block_on(async {
        let place = tempfile::tempdir().expect("a folder for temporary files");
        let shim = Shim::build(place.path()).expect("a C compiler");
        if let Err(reason) = Tmpfs::try_one(place.path()) {
            report::say(format!("torture: no small disk ({reason}): writes are refused as a full one would"));
        }
        let people = People::meet(&place.path().join("people")).await;
        let mut one = async |scenario: &Scenario, time| {
            verdicts.push(attempt(scenario, &people, &shim, time, random.next()).await);
        };
        for proof in &proofs {
            one(proof, OF_PROOF).await;
        }
        let mut left = total.saturating_sub(begun.elapsed());
        loop {
            for (index, scenario) in scenarios.iter().enumerate() {
                let rest = total.saturating_sub(begun.elapsed()) / (scenarios.len() - index) as u32;
                one(scenario, rest.saturating_sub(BESIDES).clamp(SHORTEST, LONGEST)).await;
            }
            let round = left.saturating_sub(total.saturating_sub(begun.elapsed()));
            left = total.saturating_sub(begun.elapsed());
            if scenarios.is_empty() || left < round / 2 || left < SHORTEST + BESIDES {
                break;
            }
        }
    });
    let failed = verdicts.iter().filter(|verdict| **verdict == Verdict::Failed).count();
    report::say(format!(
        "torture: {} passed, {failed} failed, in {} s (seed {seed})",
        verdicts.len() - failed,
        begun.elapsed().as_secs()
    ));
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs a scenario in a folder of its own, which stays if it fails.
async fn attempt(scenario: &Scenario, people: &People, shim: &Shim, time: Duration, seed: u64) -> Verdict {
    let begun = Instant::now();
    let place = tempfile::Builder::new().prefix("sotto-torture-").tempdir().expect("a folder");
    let outcome = run(scenario, people, shim, place.path(), time, seed).await;
    let verdict = report::verdict(scenario, &outcome, begun.elapsed());
    if verdict == Verdict::Failed {
        report::say(format!("       history and log are in {}", place.keep().display()));
    }
    verdict
}

fn setting<T: FromStr<Err: Display>>(name: &str) -> Option<T> {
    let text = std::env::var(name).ok().filter(|text| !text.is_empty())?;
    Some(text.parse().unwrap_or_else(|error| panic!("{name} is {text:?}: {error}")))
}
