//! Facts nobody would send: the fixture with texts replaced, figures unknown, lists empty and numbers at their ends.

use super::facts::BriefFacts;
use serde_json::{Value, json};

/// A small generator; the seed is the whole of its state (Vigna, splitmix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    fn one_in(&mut self, n: u64) -> bool {
        self.next().is_multiple_of(n)
    }
}

/// The facts after mutation. Shapes stay valid; everything that a city can send may change.
pub fn mutated(facts: &BriefFacts, seed: u64, text: &str) -> BriefFacts {
    let mut value = serde_json::to_value(facts).unwrap();
    // How wild it is differs between seeds, from a few holes to almost nothing left.
    let mut dice = Dice(seed);
    let often = 2 + dice.next() % 12;
    walk(&mut value, "", &mut dice, often, text);
    serde_json::from_value(value).unwrap()
}

fn walk(value: &mut Value, key: &str, dice: &mut Dice, often: u64, text: &str) {
    match value {
        Value::Object(map) => {
            if map.get("state") == Some(&json!("known")) && dice.one_in(often) {
                *value = json!({"state": "unknown", "reason": {"code": text, "args": {}}, "last": null});
                return;
            }
            let pointwise: Vec<String> = map.keys().cloned().collect();
            for name in pointwise {
                // Arguments of messages may go missing or have odd names.
                if key == "args" && dice.one_in(often) {
                    map.remove(&name);
                } else if let Some(inner) = map.get_mut(&name) {
                    walk(inner, &name, dice, often, text);
                }
            }
        }
        Value::Array(all) => {
            // Pairs are no lists: they keep their two members.
            let pair =
                matches!(key, "counts" | "range") || (all.len() == 2 && all.first().is_some_and(Value::is_string));
            if !pair && dice.one_in(often * 2) {
                let keep = usize::try_from(dice.next() % 3).unwrap().min(all.len());
                all.truncate(keep);
            }
            for inner in all {
                walk(inner, key, dice, often, text);
            }
        }
        Value::String(old) => {
            let free = ["zh", "en", "id", "code", "engine_version", "source", "licence"].contains(&key)
                || (key == "unit" && old == "days");
            if free && dice.one_in(3) {
                *old = text.repeat(usize::try_from(1 + dice.next() % 8).unwrap());
            }
        }
        Value::Number(old)
            if dice.one_in(often) && !["interval_pct", "decimals", "held", "of", "level"].contains(&key) =>
        {
            let ends = if old.is_f64() {
                [json!(0.0), json!(-3.5), json!(1e300), json!(0.000_001), json!(7.0)]
            } else {
                [json!(0), json!(1), json!(u64::MAX), json!(1_000_000_007_u64), json!(2)]
            };
            *value = ends[usize::try_from(dice.next() % 5).unwrap()].clone();
        }
        _ => {}
    }
}
