//! Who is there: accounts, sessions, tokens and links that work once. What they may do is not asked here.

mod account;
mod door;
mod secret;
mod signed;

pub(crate) use account::Account;
pub(crate) use door::{Door, NewSession, Scope, SessionRecord, SignIn, SignInError, Signed};
pub(crate) use signed::{COOKIE, shown_secret};
