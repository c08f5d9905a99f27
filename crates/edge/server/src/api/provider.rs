//! Signing in where another house vouches for people.
//!
//! The browser goes there and comes back to a page of the app (`/sign-in/return`), which hands on what it brings. So what went wrong is
//! told as everywhere else, and no cookie has to travel with a request that another site began.

use super::Problems;
use super::session::{Who, at_the_door, cookie, refused, who_is};
use crate::app::App;
use crate::auth::{FLOW_LASTS, Flow, OidcError, Provider, Returned, Secret};
use crate::extract::Body;
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// The cookie of a try.
const COOKIE: &str = "levee_sign_in";

/// Where it is sent.
const PATH: &str = "/api/v1/session/provider";

/// A house that vouches for people, as people call it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Elsewhere {
    /// Chinese name.
    name_zh: String,
    /// English name.
    name_en: String,
}

/// The ways in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ways {
    /// With a name and a password of Levee: POST /api/v1/session.
    password: bool,
    /// Where another house vouches for people: POST /api/v1/session/provider.
    provider: Option<Elsewhere>,
}

/// Which ways in there are. Anybody may ask.
#[utoipa::path(get, path = "/api/v1/session/ways", tag = "session",
    responses((status = 200, description = "The ways in.", body = Ways), Problems))]
pub(crate) async fn ways(State(app): State<App>) -> Json<Ways> {
    let provider = app.provider.as_ref().map(|provider| {
        let settings = provider.settings();
        Elsewhere { name_zh: settings.name_zh.clone(), name_en: settings.name_en.clone() }
    });
    Json(Ways { password: true, provider })
}

fn provider(app: &App) -> Result<Arc<Provider>, Problem> {
    app.provider.clone().ok_or_else(|| {
        Problem::not_found("no other house vouches for people here", "sign in with a password at POST /api/v1/session")
    })
}

fn told(provider: &Provider, error: &OidcError) -> Problem {
    let name = &provider.settings().name_en;
    let said = format!("{name}: {error}");
    match error {
        OidcError::Unreachable(_) => {
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "provider", "The other house does not answer", said)
                .hint("sign in with a password, or try again in a moment")
        }
        OidcError::NotBegun => {
            Problem::new(StatusCode::UNAUTHORIZED, "not-begun", "This sign-in was not begun here", said)
                .hint("begin again, in this browser")
        }
        OidcError::Refused(_) | OidcError::Untrue(_) => {
            Problem::new(StatusCode::UNAUTHORIZED, "not-vouched", "The other house vouches for nobody", said)
                .hint("begin again; if it happens again, tell an administrator")
        }
        OidcError::Chance(_) => Problem::fault(said),
    }
}

/// Asks the other house on a thread that may wait for it; a few at once, so that a slow house does not hold every thread.
async fn asking<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&Provider) -> Result<T, OidcError> + Send + 'static,
) -> Result<T, Problem> {
    let provider = provider(app)?;
    let place = Arc::clone(&app.asking).try_acquire_owned().map_err(|_| Problem::overloaded())?;
    let done = tokio::task::spawn_blocking(move || {
        let _place = place;
        work(&provider).map_err(|error| told(&provider, &error))
    });
    done.await.map_err(|_| Problem::fault("asking the other house ended by a panic"))?
}

fn kept(app: &App, value: &str, lasts: i64) -> Result<HeaderValue, Problem> {
    let secure = if app.secure_cookies() { "; Secure" } else { "" };
    let line = format!("{COOKIE}={value}; HttpOnly; SameSite=Strict; Path={PATH}; Max-Age={lasts}{secure}");
    let mut value = HeaderValue::from_str(&line).map_err(|error| Problem::fault(error.to_string()))?;
    value.set_sensitive(true);
    Ok(value)
}

/// With or without an invitation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Begin {
    /// An administrator's link, to link the account that it was made for: what stands behind `#`.
    link: Option<String>,
}

/// Where to go.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GoTo {
    /// The other house's page; it sends the browser back to `/sign-in/return`.
    address: String,
}

/// Begin to sign in where another house vouches for people.
#[utoipa::path(post, path = "/api/v1/session/provider", tag = "session", request_body = Begin,
    responses((status = 200, description = "Where the browser goes; the cookie holds the try together, for ten minutes.", body = GoTo), Problems))]
pub(crate) async fn begin(State(app): State<App>, Body(with): Body<Begin>) -> Result<(HeaderMap, Json<GoTo>), Problem> {
    let link =
        with.link.as_deref().map(|link| Secret::shown(link).ok_or_else(|| refused(crate::auth::SignInError::Link)));
    let (link, now) = (link.transpose()?, app.city.now());
    let (flow, address) = asking(&app, move |provider| provider.begin(link, now)).await?;
    let cookie = kept(&app, &flow.cookie(), FLOW_LASTS.as_secs())?;
    Ok((HeaderMap::from_iter([(header::SET_COOKIE, cookie)]), Json(GoTo { address })))
}

/// What the other house gave the browser.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CameBack {
    /// `state` of the address.
    state: String,
    /// `code` of the address.
    code: Option<String>,
    /// `error` of the address.
    error: Option<String>,
}

fn begun(app: &App, headers: &HeaderMap) -> Option<Flow> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).and_then(|(_, value)| Flow::shown(value, app.city.now()))
}

/// Sign in with what the other house gave the browser. It works once.
#[utoipa::path(post, path = "/api/v1/session/provider/return", tag = "session", request_body = CameBack,
    responses((status = 200, description = "Signed in; the cookie is the session.", body = Who), Problems))]
pub(crate) async fn came_back(
    State(app): State<App>,
    headers: HeaderMap,
    Body(back): Body<CameBack>,
) -> Result<(HeaderMap, Json<Who>), Problem> {
    let house = provider(&app)?;
    let flow = begun(&app, &headers).ok_or_else(|| told(&house, &OidcError::NotBegun))?;
    let now = app.city.now();
    let returned = Returned { state: back.state, code: back.code, error: back.error };
    let vouched = asking(&app, move |provider| provider.end(&flow, &returned, now)).await?;
    let (new, signed) = at_the_door(&app, move |door, now| {
        let new = door.sign_in_vouched(&vouched, now)?;
        let signed = door.knows(&new.secret, now)?;
        Ok((new, signed))
    })
    .await?;
    let signed = signed.ok_or_else(|| Problem::fault("a session that was just made is not known"))?;
    let mut cookies = cookie(&app, Some(&new))?;
    cookies.append(header::SET_COOKIE, kept(&app, "", 0)?);
    Ok((cookies, Json(who_is(&app, &signed))))
}
