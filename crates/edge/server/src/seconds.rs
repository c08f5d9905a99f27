//! Readings that wait for a second person. Nobody signs for somebody else: the second one confirms with a session of their own.

use crate::problem::Problem;
use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use levee_model::ids::PersonId;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// How long one waits. In memory only: after a restart it is asked anew.
const WAITS: SignedDuration = SignedDuration::from_mins(30);

/// How many wait at once; nobody fills the memory with them.
const MOST: usize = 1_000;

/// A reading that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pending {
    pub(crate) first: PersonId,
    pub(crate) second: PersonId,
    pub(crate) people: usize,
    pub(crate) fields: Vec<String>,
    pub(crate) reason: String,
    pub(crate) confirmed: bool,
    pub(crate) made: Timestamp,
}

/// All that wait, by the digest of what is asked and by whom.
#[derive(Debug, Default)]
pub(crate) struct Seconds(Mutex<BTreeMap<String, Pending>>);

impl Seconds {
    pub(crate) fn digest(asked: &[u8]) -> [u8; 32] {
        blake3::derive_key("levee server second person v1", asked)
    }

    /// Asks for the second person's word: none = it was given, and counts once; else what waits for it.
    pub(crate) fn ask(&self, digest: [u8; 32], pending: Pending) -> Result<Option<(String, Pending)>, Problem> {
        let whole = [digest.as_slice(), pending.first.as_str().as_bytes()].concat();
        let id: String = Self::digest(&whole).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, one| waits(one, pending.made));
        if all.get(&id).is_some_and(|one| one.confirmed && one.second == pending.second) {
            all.remove(&id);
            return Ok(None);
        }
        if all.len() >= MOST {
            return Err(Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "overloaded",
                "Too much at once",
                "too many readings wait for a second person",
            )
            .hint("ask again later"));
        }
        let waiting = all.entry(id.clone()).or_insert(pending).clone();
        Ok(Some((id, waiting)))
    }

    /// The second person's word.
    pub(crate) fn confirm(&self, id: &str, by: &PersonId, now: Timestamp) -> Option<Pending> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let one = all.get_mut(id).filter(|one| one.second == *by && waits(one, now))?;
        one.confirmed = true;
        Some(one.clone())
    }
}

fn waits(one: &Pending, now: Timestamp) -> bool {
    now.duration_since(one.made) < WAITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_given_by_the_one_who_was_named_counts_once_and_grows_old() {
        let now: Timestamp = "2022-11-18T08:00:00Z".parse().unwrap();
        let (first, second): (PersonId, PersonId) = ("lead-a".parse().unwrap(), "lead-b".parse().unwrap());
        let pending = |made| Pending {
            first: first.clone(),
            second: second.clone(),
            people: 101,
            fields: vec!["name".to_owned()],
            reason: "r".to_owned(),
            confirmed: false,
            made,
        };
        let seconds = Seconds::default();
        let (id, waiting) = seconds.ask([1; 32], pending(now)).unwrap().unwrap();
        assert!(!waiting.confirmed);
        assert_eq!(seconds.confirm(&id, &first, now), None, "nobody signs twice");
        assert_eq!(seconds.confirm("0", &second, now), None);
        assert!(seconds.ask([1; 32], pending(now)).unwrap().is_some(), "asking again is no word");
        assert!(seconds.confirm(&id, &second, now).unwrap().confirmed);
        assert!(seconds.ask([2; 32], pending(now)).unwrap().is_some(), "another reading is another");
        assert!(seconds.ask([1; 32], pending(now)).unwrap().is_none());
        assert!(seconds.ask([1; 32], pending(now)).unwrap().is_some(), "it counts once");
        let late = now.checked_add(WAITS).unwrap();
        assert_eq!(seconds.confirm(&id, &second, late), None, "it grows old");
    }
}
