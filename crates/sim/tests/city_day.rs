//! The simulated days themselves: they repeat to the byte, the laws hold, and a broken rule is seen.

use levee_sim::city_day::{Ended, Options, run};

fn small() -> Options {
    Options { days: 2, actions: 120, workers: 200, on_disk: false, ..Options::default() }
}

#[test]
fn the_same_seed_gives_the_same_days_to_the_byte() {
    let (once, again) = (run(&small(), 11).unwrap(), run(&small(), 11).unwrap());
    assert_eq!(once, again);
    assert_ne!(once.heads, run(&small(), 12).unwrap().heads);
}

#[test]
fn both_stores_keep_the_same_bytes_and_people_get_through() {
    let report = run(&Options { on_disk: true, ..small() }, 3).unwrap();
    assert_eq!(run(&small(), 3).unwrap(), report, "a store on disk changes nothing of what happens");
    assert!(report.commits > 100 && report.sealed >= 2 && report.repeated > 0 && report.unknown > 0, "{report:?}");
    for name in ["open", "meet", "assign", "propose", "approve", "explain", "settle"] {
        assert!(
            report.by_name.get(name).is_some_and(|times| *times > 0),
            "nobody got through with `{name}`: {report:?}"
        );
    }
    assert!(report.rightly_refused > 10, "{report:?}");
}

/// A journal that acknowledges a commit and loses it: the laws see it at that very step, and the seed finds it again.
#[test]
fn a_lost_commit_is_seen_at_once_and_again() {
    let broken = Options { forget_commit: Some(40), ..small() };
    let seen = || match run(&broken, 5) {
        Err(Ended::Failed(failure)) => failure,
        other => panic!("a lost commit went unseen: {other:?}"),
    };
    let (once, again) = (seen(), seen());
    assert_eq!(once.to_string(), again.to_string());
    assert!(once.step >= 40 && once.day >= 1, "{once}");
}
