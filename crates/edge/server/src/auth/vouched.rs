//! Lets in whom another house vouches for: those alone whom an administrator has invited.

use super::door::{Door, LinkRecord, NewSession, SESSION, Scope, SignInError, put, read};
use super::oidc::{Vouched, key};
use super::secret::Secret;
use crate::auth::Account;
use jiff::Timestamp;
use levee_app::access::{AccessRecords, RecordKind};
use serde::{Deserialize, Serialize};

/// To whom an account elsewhere belongs here.
#[derive(Debug, Serialize, Deserialize)]
struct VouchedRecord {
    login: String,
}

impl Door {
    /// Signs somebody in whom another house vouches for; with an invitation it is linked to their account first.
    pub(crate) fn sign_in_vouched(&self, by: &Vouched, now: Timestamp) -> Result<NewSession, SignInError> {
        if let Some(link) = &by.link {
            self.link_vouched(link, by, now)?;
        }
        let key = key(&by.issuer, &by.subject);
        let Some((of, _)) = read::<VouchedRecord>(self.records(), RecordKind::Vouched, &key)? else {
            return Err(SignInError::Stranger);
        };
        let found = self.account(&of.login)?.filter(|(account, _)| account.is_vouched(by));
        let Some((account, _)) = found else { return Err(SignInError::Stranger) };
        if account.closed {
            return Err(SignInError::Closed);
        }
        // The weaker of two ways in is the one that a thief takes.
        if account.totp.is_some() && !by.second_factor {
            return Err(SignInError::FactorUnseen);
        }
        self.session(&of.login, None, Scope::Full, SESSION, by.second_factor, now)
    }

    fn records(&self) -> &dyn AccessRecords {
        &*self.records
    }

    /// Links an account to one elsewhere. The invitation works once; earlier sessions end.
    fn link_vouched(&self, link: &Secret, by: &Vouched, now: Timestamp) -> Result<(), SignInError> {
        let at = link.digest();
        let invited = read::<LinkRecord>(self.records(), RecordKind::Link, &at)?.filter(|(link, _)| now < link.ends);
        let Some((LinkRecord { login, .. }, _)) = invited else { return Err(SignInError::Link) };
        let Some((account, version)) = self.account(&login)? else { return Err(SignInError::Link) };
        let key = key(&by.issuer, &by.subject);
        let stands = read::<VouchedRecord>(self.records(), RecordKind::Vouched, &key)?;
        let instead_of = match &stands {
            Some((of, _))
                if of.login != login && self.account(&of.login)?.is_some_and(|(other, _)| other.is_vouched(by)) =>
            {
                return Err(SignInError::Linked);
            }
            // It was another's, who is linked to somebody else by now.
            Some((_, version)) => *version,
            None => 0,
        };
        // This first: of two who link the same account elsewhere at once, one is told that it changed.
        put(self.records(), RecordKind::Vouched, &key, &VouchedRecord { login: login.clone() }, instead_of)?;
        let vouched = Some((by.issuer.clone(), by.subject.clone()));
        let set = Account { vouched, valid_from: now, ..account.tried_rightly(None) };
        put(self.records(), RecordKind::Account, &login, &set, version)?;
        self.records().forget(RecordKind::Link, &at)?;
        self.forget_all_of(&login);
        Ok(())
    }
}

impl Account {
    fn is_vouched(&self, by: &Vouched) -> bool {
        self.vouched.as_ref().is_some_and(|(issuer, subject)| *issuer == by.issuer && *subject == by.subject)
    }
}
