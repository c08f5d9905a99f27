//! Who is there: accounts, sessions, tokens and links that work once. What they may do is not asked here.

mod account;
mod door;
mod oidc;
mod secret;
mod signed;
mod vouched;

pub(crate) use account::Account;
pub(crate) use door::{Door, NewSession, Scope, SessionRecord, SignIn, SignInError, Signed};
pub use oidc::{BadProvider, ProviderSettings};
pub(crate) use oidc::{Flow, LASTS as FLOW_LASTS, OidcError, Provider, Returned};
pub(crate) use secret::Secret;
pub(crate) use signed::{COOKIE, shown_secret};
