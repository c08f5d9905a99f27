//! Signing in and out, passwords and second factors.

use super::Problems;
use crate::app::App;
use crate::auth::{COOKIE, Door, NewSession, Scope, SignIn, SignInError, Signed};
use crate::extract::{Body, person_of};
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use levee_model::person::{Person, Role};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use utoipa::ToSchema;

/// Who somebody is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Who {
    /// Their account.
    login: String,
    /// Whom of the city they are.
    person: Option<Somebody>,
    /// Whether they may make and close accounts.
    administrator: bool,
    /// What the session or token may be used for.
    scope: Scope,
    /// Whether a second factor was shown.
    second_factor: bool,
    /// Whether the account has one.
    has_second_factor: bool,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    ends: Timestamp,
}

/// A person of the city.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Somebody {
    /// Their id.
    pub(crate) id: String,
    /// Chinese name.
    pub(crate) name_zh: String,
    /// English name.
    pub(crate) name_en: String,
    /// Their role.
    #[schema(value_type = String)]
    pub(crate) role: Role,
    /// Their section, if their role has one.
    pub(crate) section: Option<String>,
    /// The area that their role covers; none = the city.
    pub(crate) area: Option<String>,
}

impl From<&Person> for Somebody {
    fn from(person: &Person) -> Self {
        Self {
            id: person.id.to_string(),
            name_zh: person.name_zh.clone(),
            name_en: person.name_en.clone(),
            role: person.role,
            section: person.section.clone(),
            area: person.area.as_ref().map(ToString::to_string),
        }
    }
}

/// A name and a password, and a code where the account has a second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    /// The account.
    login: String,
    /// Its password.
    password: String,
    /// Six digits of the second factor.
    code: Option<String>,
}

pub(crate) fn refused(error: SignInError) -> Problem {
    let said = error.to_string();
    match error {
        SignInError::Wrong => {
            Problem::unauthenticated(said).hint("check both; after five wrong tries you have to wait")
        }
        SignInError::Locked(_) => Problem::new(StatusCode::TOO_MANY_REQUESTS, "locked", "Too many wrong tries", said)
            .hint("wait, then try again"),
        SignInError::CodeNeeded => {
            Problem::new(StatusCode::UNAUTHORIZED, "code-needed", "A second factor is needed", said)
                .hint("send `code`, the six digits of your app")
        }
        SignInError::Link => Problem::bad_input(said, "ask an administrator for a new one"),
        SignInError::Short { .. } => Problem::bad_input(said, "a sentence is a good password"),
        SignInError::BadLogin(_) => Problem::bad_input(said, "choose another"),
        SignInError::Taken(_) => {
            Problem::new(StatusCode::CONFLICT, "taken", "There is one already", said).hint("choose another login")
        }
        SignInError::Stranger => {
            Problem::new(StatusCode::FORBIDDEN, "not-linked", "Nobody here has invited this account", said)
                .hint("ask an administrator of Levee for an invitation link, open it, and go on from there")
        }
        SignInError::Linked => Problem::new(StatusCode::CONFLICT, "linked", "It belongs to somebody else here", said)
            .hint("ask an administrator of Levee which account it is"),
        SignInError::Closed => Problem::forbidden(said, "ask an administrator of Levee"),
        SignInError::FactorUnseen => Problem::forbidden(said, "sign in with your password and the code of your app"),
        SignInError::Chance(_) => Problem::fault(said),
        SignInError::Access(error) => error.into(),
    }
}

/// How long somebody waits for a place to have their password hashed.
const HASHING: Duration = Duration::from_secs(10);

/// The same for what hashes a password: two at once, the others wait their turn and not for ever.
async fn hashing<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&Door, Timestamp) -> Result<T, SignInError> + Send + 'static,
) -> Result<T, Problem> {
    let place = tokio::time::timeout(HASHING, Arc::clone(&app.hashing).acquire_owned()).await;
    let place = place.map_err(|_| Problem::overloaded())?.map_err(|_| Problem::closing())?;
    // The place is given back when the work is done, also when whoever asked has gone by then.
    at_the_door(app, move |door, now| {
        let _place = place;
        work(door, now)
    })
    .await
}

/// Runs what blocks on a thread that may.
pub(crate) async fn at_the_door<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&Door, Timestamp) -> Result<T, SignInError> + Send + 'static,
) -> Result<T, Problem> {
    let (door, now) = (Arc::clone(&app.door), app.city.now());
    let done = tokio::task::spawn_blocking(move || work(&door, now)).await;
    done.map_err(|_| Problem::fault("signing in ended by a panic"))?.map_err(refused)
}

pub(super) fn who_is(app: &App, signed: &Signed) -> Who {
    Who {
        login: signed.login.clone(),
        person: person_of(app, signed).ok().as_ref().map(Somebody::from),
        administrator: signed.administrator,
        scope: signed.scope,
        second_factor: signed.second_factor,
        has_second_factor: signed.has_second_factor,
        ends: signed.ends,
    }
}

pub(super) fn cookie(app: &App, session: Option<&NewSession>) -> Result<HeaderMap, Problem> {
    let secure = if app.secure_cookies() { "; Secure" } else { "" };
    let line = match session {
        Some(new) => {
            let lasts = new.ends.duration_since(app.city.now()).as_secs().max(0);
            format!("{COOKIE}={}; HttpOnly; SameSite=Strict; Path=/; Max-Age={lasts}{secure}", new.secret.expose())
        }
        None => format!("{COOKIE}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0{secure}"),
    };
    let mut value = HeaderValue::from_str(&line).map_err(|error| Problem::fault(error.to_string()))?;
    value.set_sensitive(true);
    Ok(HeaderMap::from_iter([(header::SET_COOKIE, value)]))
}

/// Sign in.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", request_body = Credentials,
    responses((status = 200, description = "Signed in; the cookie is the session.", body = Who), Problems))]
pub(crate) async fn sign_in(
    State(app): State<App>,
    Body(shown): Body<Credentials>,
) -> Result<(HeaderMap, Json<Who>), Problem> {
    let Credentials { login, password, code } = shown;
    let (new, signed) = hashing(&app, move |door, now| {
        let new = door.sign_in(&SignIn { login, password, code }, now)?;
        let signed = door.knows(&new.secret, now)?;
        Ok((new, signed))
    })
    .await?;
    let signed = signed.ok_or_else(|| Problem::fault("a session that was just made is not known"))?;
    Ok((cookie(&app, Some(&new))?, Json(who_is(&app, &signed))))
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/v1/session", tag = "session", security(("token" = []), ("session" = [])),
    responses((status = 200, description = "Who sends this request.", body = Who), Problems))]
pub(crate) async fn who(State(app): State<App>, signed: Signed) -> Json<Who> {
    Json(who_is(&app, &signed))
}

/// Sign out: the session ends everywhere.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session", security(("token" = []), ("session" = [])),
    responses((status = 204, description = "Signed out."), Problems))]
pub(crate) async fn sign_out(State(app): State<App>, signed: Signed) -> Result<(StatusCode, HeaderMap), Problem> {
    at_the_door(&app, move |door, _| Ok(door.end(&signed.key)?)).await?;
    Ok((StatusCode::NO_CONTENT, cookie(&app, None)?))
}

/// A link that works once, and the password to set with it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkUsed {
    /// What stands behind `#` in the link.
    link: String,
    /// The password, 12 characters or more.
    password: String,
}

/// Whose password was set.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PasswordSet {
    /// The account.
    login: String,
}

/// Set a password with a link that works once.
#[utoipa::path(post, path = "/api/v1/links", tag = "session", request_body = LinkUsed,
    responses((status = 200, description = "The password is set; sign in with it.", body = PasswordSet), Problems))]
pub(crate) async fn use_link(State(app): State<App>, Body(used): Body<LinkUsed>) -> Result<Json<PasswordSet>, Problem> {
    let login = hashing(&app, move |door, now| door.set_password(&used.link, &used.password, now)).await?;
    Ok(Json(PasswordSet { login }))
}

/// The secret of a second factor, before it counts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Factor {
    /// In base 32, to be typed in.
    secret: String,
    /// For an app that reads codes.
    address: String,
}

/// Begin a second factor: a secret for an authenticator app. It counts when a code of it was shown.
#[utoipa::path(post, path = "/api/v1/session/factor", tag = "session", security(("session" = [])),
    responses((status = 200, description = "The secret.", body = Factor), Problems))]
pub(crate) async fn new_factor(signed: Signed) -> Result<Json<Factor>, Problem> {
    let secret = Door::new_factor().map_err(refused)?;
    let address = format!("otpauth://totp/Levee:{}?secret={secret}&issuer=Levee", signed.login);
    Ok(Json(Factor { secret, address }))
}

/// A second factor with the proof that somebody has it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FactorShown {
    /// The secret.
    secret: String,
    /// Six digits that it gives now.
    code: String,
}

/// Take a second factor into use.
#[utoipa::path(put, path = "/api/v1/session/factor", tag = "session", security(("session" = [])), request_body = FactorShown,
    responses((status = 204, description = "From now on signing in asks for a code."), Problems))]
pub(crate) async fn set_factor(
    State(app): State<App>,
    signed: Signed,
    Body(shown): Body<FactorShown>,
) -> Result<StatusCode, Problem> {
    if signed.has_second_factor && !signed.second_factor {
        return Err(Problem::forbidden("the account has a second factor already", "sign in with it to change it"));
    }
    at_the_door(&app, move |door, now| door.set_factor(&signed.login, &shown.secret, &shown.code, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}
