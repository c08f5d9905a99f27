//! An account: how somebody proves who they are, and for how long they are kept out after wrong tries.

use jiff::{SignedDuration, Timestamp};
use levee_model::ids::PersonId;
use serde::{Deserialize, Serialize};

/// Wrong tries before somebody has to wait.
const FREE_TRIES: u32 = 5;

/// How long after the first try too many; it doubles with each further one, up to [`LONGEST`].
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(30);

/// The longest wait: a lock that never ends would let anybody shut anybody out.
const LONGEST: SignedDuration = SignedDuration::from_mins(30);

/// Characters of a password, at least (NIST SP 800-63B-4, 3.1.1.2: 15 where it stands alone, 8 beside a second factor).
pub(crate) const SHORTEST_PASSWORD: usize = 12;

/// Somebody who may sign in. Its record is kept under the login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Account {
    /// Under which name they sign in.
    pub(crate) login: String,
    /// Whom of the city they are; none for one who only looks after accounts.
    pub(crate) person: Option<PersonId>,
    /// Whether they may make and close accounts.
    pub(crate) administrator: bool,
    /// The password as Argon2id left it, a PHC string; none until they have set one, or where another house vouches for them.
    pub(crate) password: Option<String>,
    /// The second factor's secret, base 32; none until they have one.
    pub(crate) totp: Option<String>,
    /// The step of the last code that was taken: each works once.
    pub(crate) last_code: u64,
    /// Whom another house knows them as: issuer and subject.
    #[serde(default)]
    pub(crate) vouched: Option<(String, String)>,
    /// Wrong tries since the last right one.
    pub(crate) wrong_tries: u32,
    /// Until when no try is looked at.
    pub(crate) locked_until: Option<Timestamp>,
    /// Closed: every session of theirs has ended.
    pub(crate) closed: bool,
    /// Sessions made before are void: set when a password changes or the account is closed.
    pub(crate) valid_from: Timestamp,
}

impl Account {
    pub(crate) fn new(login: String, person: Option<PersonId>, administrator: bool, now: Timestamp) -> Self {
        Self {
            login,
            person,
            administrator,
            password: None,
            totp: None,
            last_code: 0,
            vouched: None,
            wrong_tries: 0,
            locked_until: None,
            closed: false,
            valid_from: now,
        }
    }

    /// Until when no try is looked at; none = they are.
    pub(crate) fn locked(&self, now: Timestamp) -> Option<Timestamp> {
        self.locked_until.filter(|until| now < *until)
    }

    /// After a wrong password or code.
    pub(crate) fn tried_wrongly(mut self, now: Timestamp) -> Self {
        self.wrong_tries = self.wrong_tries.saturating_add(1);
        if let Some(over) = self.wrong_tries.checked_sub(FREE_TRIES) {
            let doubled = i32::try_from(1i64 << over.min(6)).unwrap_or(i32::MAX);
            let wait = FIRST_WAIT.checked_mul(doubled).map_or(LONGEST, |wait| wait.min(LONGEST));
            self.locked_until = now.checked_add(wait).ok();
        }
        self
    }

    /// After a right one; with the step of its code, if there was one.
    pub(crate) fn tried_rightly(mut self, code: Option<u64>) -> Self {
        self.wrong_tries = 0;
        self.locked_until = None;
        self.last_code = code.unwrap_or(self.last_code);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_tries_cost_more_and_more_waiting_and_never_for_ever() {
        let now: Timestamp = "2022-11-18T08:00:00Z".parse().unwrap();
        let mut account = Account::new("chen".to_owned(), None, false, now);
        let mut waits = vec![];
        for _ in 0..16 {
            account = account.tried_wrongly(now);
            waits.push(account.locked_until.map_or(0, |until| until.duration_since(now).as_secs()));
        }
        assert_eq!(waits[..10], [0, 0, 0, 0, 30, 60, 120, 240, 480, 960]);
        assert!(waits[10..].iter().all(|wait| *wait == 1800));
        assert!(account.locked(now).is_some());
        let account = account.tried_rightly(Some(7));
        assert_eq!((account.wrong_tries, account.locked(now), account.last_code), (0, None, 7));
    }
}
