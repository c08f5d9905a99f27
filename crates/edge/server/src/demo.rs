//! A demonstration: everybody of a replayed city has an account with a password that everybody knows, and every screen says so.

use crate::auth::{Door, SignInError};
use crate::city::OpenCity;
use levee_app::event::Mode;
use std::net::SocketAddr;

/// The password of a demonstration. It opens nothing else: only a replay that listens to its own machine takes it.
pub(crate) const PASSWORD: &str = "levee-demo-2022";

/// Why a city is not shown as a demonstration.
#[derive(Debug, thiserror::Error)]
pub enum NoDemo {
    /// Real people work in it.
    #[error("this city is at work; a demonstration gives everybody the same password")]
    Live,
    /// Others could reach it.
    #[error("{0} is not this machine alone; a demonstration gives everybody the same password")]
    Reachable(SocketAddr),
    /// The accounts cannot be read or made.
    #[error("the accounts of the demonstration: {0}")]
    Accounts(String),
}

impl From<SignInError> for NoDemo {
    fn from(error: SignInError) -> Self {
        Self::Accounts(error.to_string())
    }
}

/// Gives everybody of the city an account, and the administrator one. Those that are there stay as they are.
pub(crate) fn open(city: &OpenCity, door: &Door, listen: SocketAddr) -> Result<(), NoDemo> {
    if city.mode == Mode::Live {
        return Err(NoDemo::Live);
    }
    if !listen.ip().is_loopback() {
        return Err(NoDemo::Reachable(listen));
    }
    let now = city.now();
    let known = door.accounts().map_err(SignInError::from)?;
    let has = |login: &str| known.iter().any(|one| one.login == login && one.password.is_some());
    let desk = city.known_desk();
    let people = desk.duties.people.iter().map(|person| (person.id.as_str(), Some(person.id.clone())));
    for (login, person) in people.chain([(crate::serve::FIRST, None)]).filter(|(login, _)| !has(login)) {
        let link = match known.iter().any(|one| one.login == login) {
            true => door.link(login, now)?,
            false => door.invite(login, person.clone(), person.is_none(), now)?,
        };
        door.set_password(link.secret.expose(), PASSWORD, now)?;
    }
    Ok(())
}
