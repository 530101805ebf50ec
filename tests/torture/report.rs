//! What is printed.

use crate::{run::Outcome, scenario::Scenario};
use std::{fmt::Display, time::Duration};

/// So many faults are printed.
const SHOWN: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Passed,
    Failed,
}

#[expect(clippy::print_stdout, reason = "a test without a harness says itself how it went")]
pub fn say(line: impl Display) {
    println!("{line}");
}

/// Says how a scenario went.
pub fn verdict(scenario: &Scenario, outcome: &Outcome, time: Duration) -> Verdict {
    let is_found =
        |proof: &crate::scenario::Proof| outcome.faults.iter().any(|f| f.promise == proof.found_as);
    let passed = outcome.missed.is_empty()
        && match &scenario.proof {
            Some(proof) => is_found(proof),
            None => outcome.faults.is_empty(),
        };
    let mark = if passed { "ok    " } else { "FAILED" };
    say(format!("{mark} {:<40} {:>5.1} s  {}", scenario.name, time.as_secs_f64(), figures(outcome)));
    if let Some(proof) = &scenario.proof {
        let found = outcome.faults.iter().find(|fault| fault.promise == proof.found_as);
        say(match found {
            Some(fault) => format!("       found: {fault}"),
            None => "       the fault was not found".into(),
        });
    }
    if !passed {
        outcome.missed.iter().for_each(|missed| say(format!("       {missed}")));
        outcome.faults.iter().take(SHOWN).for_each(|fault| say(format!("       {fault}")));
        let more = outcome.faults.len().saturating_sub(SHOWN);
        if more > 0 {
            say(format!("       and {more} more"));
        }
    }
    if passed { Verdict::Passed } else { Verdict::Failed }
}

/// What happened, without what did not.
fn figures(outcome: &Outcome) -> String {
    let Outcome { tally, blows, losses, .. } = outcome;
    let numbers = [
        (tally.written as u64, "written"),
        (tally.acknowledged as u64, "acknowledgements"),
        (tally.uploaded as u64, "files uploaded"),
        (tally.enclosed as u64, "of them sent"),
        (tally.changes as u64, "changes"),
        (tally.changed as u64, "of them done"),
        (tally.done as u64, "changes of groups"),
        (tally.refused as u64 + tally.declined as u64, "refusals"),
        (tally.again as u64, "sent again"),
        (tally.unavailable as u64, "not now"),
        (tally.connections as u64, "connections"),
        (blows.kills, "kills"),
        (blows.power_cuts, "power cuts"),
        (blows.forgotten, "sectors forgotten"),
        (blows.freezes, "freezes"),
        (blows.full_disks, "full disks"),
        (blows.clock_jumps, "clock jumps"),
        (blows.weathers, "weathers"),
        (losses.lost, "frames lost"),
        (losses.held_up, "held up"),
        (losses.doubled, "doubled"),
        (losses.cut, "cut"),
        (losses.forged, "forged"),
    ];
    let said =
        numbers.iter().filter(|(number, _)| *number > 0).map(|(number, what)| format!("{number} {what}"));
    said.collect::<Vec<_>>().join(", ")
}
