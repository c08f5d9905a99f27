//! The door: signs people in and out, and knows them again.

use super::account::{Account, SHORTEST_PASSWORD};
use super::secret::Secret;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use jiff::{SignedDuration, Timestamp};
use levee_app::access::{AccessError, AccessRecords, RecordKind};
use levee_model::ids::PersonId;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A browser's session ends after a duty shift, and when nobody used it for two hours.
pub(super) const SESSION: SignedDuration = SignedDuration::from_hours(12);
const IDLE: SignedDuration = SignedDuration::from_hours(2);

/// An API token lasts a year at most.
const LONGEST_TOKEN: SignedDuration = SignedDuration::from_hours(366 * 24);

/// A link that works once.
const LINK: SignedDuration = SignedDuration::from_hours(24);

/// How long this server trusts what it read of a session before it reads again: how late it may hear that somebody signed
/// out, or was shut out, at another server.
const TRUST: SignedDuration = SignedDuration::from_secs(2);

/// How often the last use of a session is written down.
const USED: SignedDuration = SignedDuration::from_mins(5);

/// Sessions that this server remembers.
const REMEMBERED: usize = 10_000;

/// What a session or token may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Scope {
    /// Look.
    Read,
    /// Look, and take in reports.
    Intake,
    /// Everything that the person may.
    Full,
}

/// A session or an API token, as it is kept under the digest of its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SessionRecord {
    pub(crate) login: String,
    /// A token has a name, and no cookie.
    pub(crate) token: Option<String>,
    pub(crate) scope: Scope,
    pub(crate) made: Timestamp,
    pub(crate) used: Timestamp,
    pub(crate) ends: Timestamp,
    /// Whether a second factor was shown.
    pub(crate) second_factor: bool,
}

/// A link that works once, as it is kept under the digest of its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LinkRecord {
    pub(super) login: String,
    pub(super) ends: Timestamp,
}

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signed {
    pub(crate) login: String,
    pub(crate) person: Option<PersonId>,
    pub(crate) administrator: bool,
    pub(crate) scope: Scope,
    pub(crate) second_factor: bool,
    /// The account has a second factor.
    pub(crate) has_second_factor: bool,
    /// The name of the token; none for a browser's session.
    pub(crate) token: Option<String>,
    pub(crate) ends: Timestamp,
    /// Digest of the secret.
    pub(crate) key: String,
}

/// What somebody shows to sign in.
#[derive(Clone, Debug)]
pub(crate) struct SignIn {
    pub(crate) login: String,
    pub(crate) password: String,
    pub(crate) code: Option<String>,
}

/// A session that was made: its secret is told once.
#[derive(Clone, Debug)]
pub(crate) struct NewSession {
    pub(crate) secret: Secret,
    pub(crate) ends: Timestamp,
}

/// Why somebody was not let in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SignInError {
    /// The same for a name that nobody has, a wrong password, a closed account: nobody learns which.
    #[error("this name and password do not belong together")]
    Wrong,
    #[error("too many wrong tries; wait until {0}")]
    Locked(Timestamp),
    #[error("a code of the second factor is needed")]
    CodeNeeded,
    #[error("the link was used, has ended, or never was")]
    Link,
    #[error("the password has {found} characters; it needs {SHORTEST_PASSWORD}")]
    Short { found: usize },
    #[error("`{0}` cannot be a login: letters, digits and . - _ only, 1 to 64 of them")]
    BadLogin(String),
    #[error("there is an account `{0}` already")]
    Taken(String),
    /// Another house vouches for them, and nobody here has said whom of ours they are.
    #[error("no account of Levee belongs to this account there")]
    Stranger,
    #[error("this account there belongs to another account of Levee already")]
    Linked,
    #[error("the account is closed")]
    Closed,
    #[error("the account has a second factor here, and the other house does not say that it saw one")]
    FactorUnseen,
    #[error("the system gives no chance: {0}")]
    Chance(String),
    #[error(transparent)]
    Access(#[from] AccessError),
}

impl From<getrandom::Error> for SignInError {
    fn from(error: getrandom::Error) -> Self {
        Self::Chance(error.to_string())
    }
}

struct Known {
    session: SessionRecord,
    account: Account,
    read: Timestamp,
}

/// Signs people in and out. Its functions may block: password hashing takes tens of milliseconds on purpose.
pub(crate) struct Door {
    pub(super) records: Arc<dyn AccessRecords>,
    known: Mutex<BTreeMap<String, Known>>,
}

pub(super) fn read<T: DeserializeOwned>(
    records: &dyn AccessRecords,
    kind: RecordKind,
    key: &str,
) -> Result<Option<(T, u64)>, AccessError> {
    let Some(kept) = records.get(kind, key)? else { return Ok(None) };
    serde_json::from_slice(&kept.value).map(|value| Some((value, kept.version))).map_err(|error| unreadable(key, error))
}

fn unreadable(key: &str, error: serde_json::Error) -> AccessError {
    AccessError::Store { place: format!("record {key}"), source: Box::new(error) }
}

pub(super) fn put(
    records: &dyn AccessRecords,
    kind: RecordKind,
    key: &str,
    value: &impl Serialize,
    instead_of: u64,
) -> Result<(), AccessError> {
    let bytes = serde_json::to_vec(value).map_err(|error| unreadable(key, error))?;
    records.put(kind, key, &bytes, instead_of)
}

fn hash(password: &str) -> Result<String, SignInError> {
    let hashed = Argon2::default().hash_password(password.as_bytes());
    hashed.map(|hash| hash.to_string()).map_err(|error| SignInError::Chance(error.to_string()))
}

/// A hash of nothing that anybody knows, with the parameters of today.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5a25vd3N0aGlz$ZcFGEs4lN7BsCu2Tt6AmLJcMjZ2rHbcQEvFQKqKKsbk";

/// Costs the same whether there is a password to compare with or not.
fn is_right(password: &str, kept: Option<&str>) -> bool {
    let Ok(parsed) = PasswordHash::new(kept.unwrap_or(NOBODYS)) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && kept.is_some()
}

fn seconds(now: Timestamp) -> u64 {
    u64::try_from(now.as_second()).unwrap_or(0)
}

/// The step of a right code that has not been used; none for any other.
fn code_step(secret: &str, code: &str, last: u64, now: Timestamp) -> Option<u64> {
    let secret = totp_rs::Secret::try_from_base32(secret).ok()?;
    let totp = totp_rs::Builder::new().with_secret(secret).build().ok()?;
    totp.check(code, seconds(now)).filter(|step| *step > last)
}

fn checked_login(login: &str) -> Result<&str, SignInError> {
    let fits = (1..=64).contains(&login.len())
        && login.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    if fits { Ok(login) } else { Err(SignInError::BadLogin(login.chars().take(80).collect())) }
}

fn checked_password(password: &str) -> Result<&str, SignInError> {
    let found = password.chars().count();
    if found >= SHORTEST_PASSWORD { Ok(password) } else { Err(SignInError::Short { found }) }
}

impl Door {
    pub(crate) fn new(records: Arc<dyn AccessRecords>) -> Self {
        Self { records, known: Mutex::default() }
    }

    pub(super) fn account(&self, login: &str) -> Result<Option<(Account, u64)>, AccessError> {
        read(&*self.records, RecordKind::Account, login)
    }

    /// All accounts.
    pub(crate) fn accounts(&self) -> Result<Vec<Account>, AccessError> {
        let all = self.records.all(RecordKind::Account)?;
        all.iter()
            .map(|(key, kept)| serde_json::from_slice(&kept.value).map_err(|error| unreadable(key, error)))
            .collect()
    }

    /// Makes an account and a link with which its holder sets a password, once.
    pub(crate) fn invite(
        &self,
        login: &str,
        person: Option<PersonId>,
        administrator: bool,
        now: Timestamp,
    ) -> Result<NewSession, SignInError> {
        let account = Account::new(checked_login(login)?.to_owned(), person, administrator, now);
        match put(&*self.records, RecordKind::Account, login, &account, 0) {
            Err(AccessError::Changed) => return Err(SignInError::Taken(login.to_owned())),
            done => done?,
        }
        self.link(login, now)
    }

    /// A link with which the holder of an account sets a new password, once.
    pub(crate) fn link(&self, login: &str, now: Timestamp) -> Result<NewSession, SignInError> {
        let secret = Secret::new()?;
        let ends = now.checked_add(LINK).unwrap_or(Timestamp::MAX);
        put(&*self.records, RecordKind::Link, &secret.digest(), &LinkRecord { login: login.to_owned(), ends }, 0)?;
        Ok(NewSession { secret, ends })
    }

    /// Sets a password with a link. It works once; earlier sessions end.
    pub(crate) fn set_password(&self, link: &str, password: &str, now: Timestamp) -> Result<String, SignInError> {
        let key = Secret::shown(link).ok_or(SignInError::Link)?.digest();
        let Some((link, _)) = read::<LinkRecord>(&*self.records, RecordKind::Link, &key)? else {
            return Err(SignInError::Link);
        };
        let hashed = hash(checked_password(password)?)?;
        let Some((account, version)) = self.account(&link.login)?.filter(|_| now < link.ends) else {
            return Err(SignInError::Link);
        };
        let set = Account { password: Some(hashed), valid_from: now, ..account.tried_rightly(None) };
        // Of two who use it at once, one changes the account; the other is told that it changed.
        put(&*self.records, RecordKind::Account, &link.login, &set, version)?;
        self.records.forget(RecordKind::Link, &key)?;
        self.forget_all_of(&link.login);
        Ok(link.login)
    }

    /// Signs somebody in.
    pub(crate) fn sign_in(&self, shown: &SignIn, now: Timestamp) -> Result<NewSession, SignInError> {
        let found = self.account(&shown.login)?.filter(|(account, _)| !account.closed);
        if let Some(until) = found.as_ref().and_then(|(account, _)| account.locked(now)) {
            return Err(SignInError::Locked(until));
        }
        let right = is_right(&shown.password, found.as_ref().and_then(|(account, _)| account.password.as_deref()));
        let Some((account, version)) = found else { return Err(SignInError::Wrong) };
        let code = match (&account.totp, &shown.code) {
            (Some(_), None) if right => return Err(SignInError::CodeNeeded),
            (Some(secret), Some(code)) => Some(code_step(secret, code.trim(), account.last_code, now)),
            _ => None,
        };
        let put = |account: &Account| put(&*self.records, RecordKind::Account, &shown.login, account, version);
        if !right || code == Some(None) {
            put(&account.tried_wrongly(now))?;
            return Err(SignInError::Wrong);
        }
        put(&account.tried_rightly(code.flatten()))?;
        self.session(&shown.login, None, Scope::Full, SESSION, code.is_some(), now)
    }

    pub(super) fn session(
        &self,
        login: &str,
        token: Option<String>,
        scope: Scope,
        lasts: SignedDuration,
        second_factor: bool,
        now: Timestamp,
    ) -> Result<NewSession, SignInError> {
        let secret = Secret::new()?;
        let ends = now.checked_add(lasts).unwrap_or(Timestamp::MAX);
        let record = SessionRecord { login: login.to_owned(), token, scope, made: now, used: now, ends, second_factor };
        put(&*self.records, RecordKind::Session, &secret.digest(), &record, 0)?;
        Ok(NewSession { secret, ends })
    }

    /// Makes an API token for somebody who is signed in. It may no more than they.
    pub(crate) fn token(
        &self,
        by: &Signed,
        name: &str,
        scope: Scope,
        lasts: SignedDuration,
        now: Timestamp,
    ) -> Result<NewSession, SignInError> {
        self.session(&by.login, Some(name.to_owned()), scope, lasts.min(LONGEST_TOKEN), by.second_factor, now)
    }

    /// Sessions and tokens of an account, with the digests of their secrets.
    pub(crate) fn sessions(&self, login: &str) -> Result<Vec<(String, SessionRecord)>, AccessError> {
        let mut all = Vec::new();
        for (key, kept) in self.records.all(RecordKind::Session)? {
            let record: SessionRecord = serde_json::from_slice(&kept.value).map_err(|error| unreadable(&key, error))?;
            if record.login == login {
                all.push((key, record));
            }
        }
        Ok(all)
    }

    /// Ends a session or token.
    pub(crate) fn end(&self, key: &str) -> Result<(), AccessError> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
        self.records.forget(RecordKind::Session, key)
    }

    pub(super) fn forget_all_of(&self, login: &str) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, known| known.account.login != login);
    }

    /// Begins a second factor: a secret that counts from when a code of it is shown.
    pub(crate) fn new_factor() -> Result<String, SignInError> {
        let mut bytes = [0; 20];
        getrandom::fill(&mut bytes)?;
        Ok(totp_rs::Secret::from(bytes.to_vec()).to_base32())
    }

    /// Takes a second factor into use. The code proves that its holder has it.
    pub(crate) fn set_factor(&self, login: &str, secret: &str, code: &str, now: Timestamp) -> Result<(), SignInError> {
        let Some((account, version)) = self.account(login)? else { return Err(SignInError::Wrong) };
        let step = code_step(secret, code.trim(), account.last_code, now).ok_or(SignInError::Wrong)?;
        let set = Account { totp: Some(secret.to_owned()), last_code: step, ..account };
        put(&*self.records, RecordKind::Account, login, &set, version)?;
        self.forget_all_of(login);
        Ok(())
    }

    /// Closes an account, or opens it again. Its sessions end.
    pub(crate) fn close(&self, login: &str, closed: bool, now: Timestamp) -> Result<bool, AccessError> {
        let Some((account, version)) = self.account(login)? else { return Ok(false) };
        put(&*self.records, RecordKind::Account, login, &Account { closed, valid_from: now, ..account }, version)?;
        self.forget_all_of(login);
        Ok(true)
    }

    /// Who holds this secret; none when it is no session, or one that has ended. What was read a moment ago is trusted.
    pub(crate) fn knows(&self, secret: &Secret, now: Timestamp) -> Result<Option<Signed>, AccessError> {
        let key = secret.digest();
        if let Some(known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&key)
            && now.duration_since(known.read) < TRUST
            && known.read <= now
        {
            return Ok(signed(&key, &known.session, &known.account, now));
        }
        let Some((mut session, version)) = read::<SessionRecord>(&*self.records, RecordKind::Session, &key)? else {
            self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
            return Ok(None);
        };
        let Some((account, _)) = self.account(&session.login)? else { return Ok(None) };
        let who = signed(&key, &session, &account, now);
        if who.is_some() && now.duration_since(session.used) > USED {
            session.used = now;
            match put(&*self.records, RecordKind::Session, &key, &session, version) {
                // Somebody else used it at the same moment: it was used.
                Err(AccessError::Changed) | Ok(()) => {}
                Err(error) => return Err(error),
            }
        }
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= REMEMBERED {
            all.clear();
        }
        all.insert(key, Known { session, account, read: now });
        Ok(who)
    }

    /// The same, if it can be said without asking the store.
    pub(crate) fn remembers(&self, secret: &Secret, now: Timestamp) -> Option<Option<Signed>> {
        let key = secret.digest();
        let all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.get(&key).filter(|known| now.duration_since(known.read) < TRUST && known.read <= now)?;
        Some(signed(&key, &known.session, &known.account, now))
    }
}

/// The session if it holds now.
fn signed(key: &str, session: &SessionRecord, account: &Account, now: Timestamp) -> Option<Signed> {
    let idle = session.token.is_none() && now.duration_since(session.used) > IDLE;
    let holds = now < session.ends && !idle && !account.closed && session.made >= account.valid_from;
    holds.then(|| Signed {
        login: session.login.clone(),
        person: account.person.clone(),
        administrator: account.administrator,
        scope: session.scope,
        second_factor: session.second_factor,
        has_second_factor: account.totp.is_some(),
        token: session.token.clone(),
        ends: session.ends,
        key: key.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// If it could not be read, or asked for less work than ours, an answer that comes at once would say that nobody has this name.
    #[test]
    fn a_name_that_nobody_has_costs_as_much_as_one_that_somebody_has() {
        let nobodys = PasswordHash::new(NOBODYS).unwrap();
        let ours = hash("a sentence is a good password").unwrap();
        let ours = PasswordHash::new(&ours).unwrap();
        assert_eq!((nobodys.algorithm, nobodys.version, &nobodys.params), (ours.algorithm, ours.version, &ours.params));
        assert!(!is_right("a sentence is a good password", None));
    }
}
