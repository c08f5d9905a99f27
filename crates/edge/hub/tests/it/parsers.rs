//! Whatever bytes a pack holds, reading it ends in an answer or a refusal, and a forecast of what was read is sound.

use crate::support::pack;
use levee_hub::{HubPack, forecast};
use proptest::prelude::*;
use std::num::NonZeroUsize;

/// Pieces that make lines which are nearly right.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => prop::sample::select(vec!["2021-03-08", "2021-03-07", "2021-03-13", "0001-01-01", "9999-12-31"]),
        4 => prop::sample::select(vec!["day inc case", "wk inc case", "A", "B"]),
        4 => prop::sample::select(vec!["1", "4", "0", "-5", "1e10", "NaN", "NA", "", "1e308"]),
        1 => prop::sample::select(vec!["\"", ",", "\n", "\u{feff}", "内江"]),
    ]
    .prop_map(str::to_owned)
}

fn table(head: &'static str, width: usize) -> impl Strategy<Value = String> {
    let line = prop::collection::vec(cell(), width - 1..=width).prop_map(|cells| cells.join(","));
    let sound = prop::sample::select(match width {
        5 if head.starts_with("as_of") => {
            vec!["2021-03-08,day inc case,A,2021-03-07,5", "2021-03-01,day inc case,A,0001-01-01,5"]
        }
        _ => vec!["2021-03-08,wk inc case,1,2021-03-13,A", "2021-03-08,wk inc case,2,2021-03-20,Z"],
    });
    let line = prop_oneof![1 => line, 3 => sound.prop_map(str::to_owned)];
    prop::collection::vec(line, 0..6).prop_map(move |lines| format!("{head}\n{}\n", lines.join("\n")))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_table_makes_it_panic(
        tasks in table("origin_date,target,horizon,target_end_date,location", 5),
        vintages in table("as_of,target,location,date,value", 5),
        places in table("location,population", 2),
    ) {
        let pack = pack_of(&tasks, &vintages, &places);
        if let Ok(read) = HubPack::read(pack.path())
            && let Ok(forecasts) = forecast(&read, NonZeroUsize::MIN)
        {
            for one in forecasts {
                prop_assert!(one.quantiles.iter().all(|q| q.is_finite() && *q >= 0.0));
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), which in 0..3_usize) {
        let pack = pack_of("", "", "");
        let name = ["tasks.csv.gz", "truth_daily_vintages.csv.gz", "locations.csv"][which];
        std::fs::write(pack.path().join(name), bytes).unwrap();
        prop_assert!(HubPack::read(pack.path()).is_err());
    }
}

fn pack_of(tasks: &str, vintages: &str, places: &str) -> crate::support::Pack {
    let out = pack_folder();
    out.put("tasks.csv.gz", tasks);
    out.put("truth_daily_vintages.csv.gz", vintages);
    out.put("locations.csv", places);
    out
}

fn pack_folder() -> crate::support::Pack {
    crate::support::Pack { folder: tempfile::TempDir::new().unwrap(), tasks: String::new(), vintages: String::new() }
}

/// The invented pack itself is sound, or the tests above would show little.
#[test]
fn the_invented_pack_is_read() {
    assert!(HubPack::read(pack(None).path()).is_ok());
}
