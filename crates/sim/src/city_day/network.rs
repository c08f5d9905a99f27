//! What becomes of a message on its way, and of the machine that it reaches.

use super::faulty::Plan;
use crate::random::Random;
use jiff::{SignedDuration, Timestamp};

/// Whether something happens that happens so often in a thousand times.
pub(super) fn chance(random: &mut Random, per_mille: u32) -> bool {
    random.below(1000) < per_mille
}

/// When copies of a message arrive; none when it is lost. Most within minutes, some within hours, a few after the night.
pub(super) fn arrivals(random: &mut Random, sent: Timestamp) -> Vec<Timestamp> {
    if chance(random, 40) {
        return vec![];
    }
    let copies = if chance(random, 50) { 2 } else { 1 };
    (0..copies)
        .filter_map(|_| {
            let seconds = match random.below(100) {
                0..80 => random.below(120),
                80..95 => random.below(3 * 3600),
                _ => random.below(40 * 3600),
            };
            sent.checked_add(SignedDuration::from_secs(i64::from(seconds))).ok()
        })
        .collect()
}

/// What happens to the machine during a request.
pub(super) fn plan(random: &mut Random) -> Plan {
    match random.below(1000) {
        0..8 => Plan::Before,
        8..24 => Plan::Between(random.below(4)),
        24..44 => Plan::After,
        _ => Plan::Sound,
    }
}

/// How far the server's clock stands from the truth. Mostly not at all.
pub(super) fn clock_offset(random: &mut Random, before: i64) -> i64 {
    match random.below(1000) {
        // Ahead by up to five minutes.
        0..3 => i64::from(random.below(300)),
        // Back within the tolerance, so that it stands still.
        3..6 => -i64::from(random.below(5)),
        // Back by far: nothing can be recorded until somebody sets it right.
        6..8 => -i64::from(600 + random.below(3600)),
        // Somebody sets it right.
        8..60 => 0,
        _ => before,
    }
}
