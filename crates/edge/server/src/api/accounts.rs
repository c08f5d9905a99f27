//! Accounts, for administrators; tokens, for everybody's own programs.

use super::Problems;
use super::session::at_the_door;
use super::wire::named;
use crate::app::App;
use crate::auth::{Account, Scope, Signed};
use crate::extract::{At, Body};
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use levee_app::city::AppError;
use levee_model::ids::PersonId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

fn administers(signed: &Signed) -> Result<(), Problem> {
    let may = levee_app::rights::manages_accounts(signed.administrator).map_err(AppError::from)?;
    if may && signed.scope == Scope::Full {
        Ok(())
    } else {
        Err(Problem::forbidden("only an administrator may look after accounts", "ask one"))
    }
}

/// An account, without anything that proves it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountShown {
    /// Under which name they sign in.
    login: String,
    /// Whom of the city they are.
    person: Option<String>,
    /// Whether they may make and close accounts.
    administrator: bool,
    /// Whether they have set a password.
    has_password: bool,
    /// Whether they have a second factor.
    has_second_factor: bool,
    /// Whether another house vouches for them.
    linked: bool,
    /// Whether it is closed.
    closed: bool,
    /// Until when no try is looked at.
    #[schema(value_type = Option<String>, format = DateTime)]
    locked_until: Option<Timestamp>,
}

impl From<&Account> for AccountShown {
    fn from(account: &Account) -> Self {
        Self {
            login: account.login.clone(),
            person: account.person.as_ref().map(ToString::to_string),
            administrator: account.administrator,
            has_password: account.password.is_some(),
            has_second_factor: account.totp.is_some(),
            linked: account.vouched.is_some(),
            closed: account.closed,
            locked_until: account.locked_until,
        }
    }
}

/// All accounts.
#[utoipa::path(get, path = "/api/v1/accounts", tag = "accounts", security(("token" = []), ("session" = [])),
    responses((status = 200, description = "All accounts, by login.", body = Vec<AccountShown>), Problems))]
pub(crate) async fn accounts(State(app): State<App>, signed: Signed) -> Result<Json<Vec<AccountShown>>, Problem> {
    administers(&signed)?;
    let all = at_the_door(&app, |door, _| Ok(door.accounts()?)).await?;
    Ok(Json(all.iter().map(AccountShown::from).collect()))
}

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAccount {
    /// Under which name they sign in.
    login: String,
    /// Whom of the city they are.
    person: Option<String>,
    /// Whether they may make and close accounts.
    #[serde(default)]
    administrator: bool,
}

/// A link that works once. It is told once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Link {
    /// What goes behind `#` of the sign-in page, or into POST /api/v1/links.
    link: String,
    /// Until when it works.
    #[schema(value_type = String, format = DateTime)]
    ends: Timestamp,
}

/// Make an account. Its holder sets the password with the link.
#[utoipa::path(post, path = "/api/v1/accounts", tag = "accounts", security(("session" = []), ("token" = [])), request_body = NewAccount,
    responses((status = 201, description = "Made; hand the link over.", body = Link), Problems))]
pub(crate) async fn new_account(
    State(app): State<App>,
    signed: Signed,
    Body(new): Body<NewAccount>,
) -> Result<(StatusCode, Json<Link>), Problem> {
    administers(&signed)?;
    let person: Option<PersonId> = new.person.as_deref().map(|id| named("person", id)).transpose()?;
    if let Some(id) = &person
        && !app.city.known_desk().duties.people.iter().any(|person| person.id == *id)
    {
        return Err(Problem::bad_input(format!("the city knows no person `{id}`"), "see GET /api/v1/people"));
    }
    let made = at_the_door(&app, move |door, now| door.invite(&new.login, person, new.administrator, now)).await?;
    Ok((StatusCode::CREATED, Json(Link { link: made.secret.expose().to_owned(), ends: made.ends })))
}

/// Whether an account is closed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Closing {
    /// Closed: its sessions end, and nobody signs in with it.
    closed: bool,
}

fn no_account(login: &str) -> Problem {
    Problem::not_found(format!("there is no account `{login}`"), "see GET /api/v1/accounts")
}

/// Close an account, or open it again.
#[utoipa::path(put, path = "/api/v1/accounts/{login}", tag = "accounts", security(("session" = []), ("token" = [])), request_body = Closing,
    params(("login" = String, Path, description = "The account.")),
    responses((status = 204, description = "Done."), Problems))]
pub(crate) async fn close_account(
    State(app): State<App>,
    signed: Signed,
    At(login): At<String>,
    Body(closing): Body<Closing>,
) -> Result<StatusCode, Problem> {
    administers(&signed)?;
    if closing.closed && login == signed.login {
        return Err(Problem::bad_input("nobody closes their own account", "ask another administrator"));
    }
    let named = login.clone();
    let there = at_the_door(&app, move |door, now| Ok(door.close(&named, closing.closed, now)?)).await?;
    if there { Ok(StatusCode::NO_CONTENT) } else { Err(no_account(&login)) }
}

/// Make a new link for an account, with which its holder sets another password.
#[utoipa::path(post, path = "/api/v1/accounts/{login}/link", tag = "accounts", security(("session" = []), ("token" = [])),
    params(("login" = String, Path, description = "The account.")),
    responses((status = 201, description = "Made; hand it over.", body = Link), Problems))]
pub(crate) async fn new_link(
    State(app): State<App>,
    signed: Signed,
    At(login): At<String>,
) -> Result<(StatusCode, Json<Link>), Problem> {
    administers(&signed)?;
    let named = login.clone();
    let made = at_the_door(&app, move |door, now| {
        let known = door.accounts()?.iter().any(|account| account.login == named);
        if known { door.link(&named, now).map(Some) } else { Ok(None) }
    })
    .await?;
    let made = made.ok_or_else(|| no_account(&login))?;
    Ok((StatusCode::CREATED, Json(Link { link: made.secret.expose().to_owned(), ends: made.ends })))
}

/// A token, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TokenShown {
    /// Its key, for ending it.
    key: String,
    /// What its maker called it.
    name: String,
    /// What it may be used for.
    scope: Scope,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    made: Timestamp,
    /// When it was used last, within minutes.
    #[schema(value_type = String, format = DateTime)]
    used: Timestamp,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    ends: Timestamp,
}

/// My tokens.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "accounts", security(("session" = []), ("token" = [])),
    responses((status = 200, description = "Mine.", body = Vec<TokenShown>), Problems))]
pub(crate) async fn tokens(State(app): State<App>, signed: Signed) -> Result<Json<Vec<TokenShown>>, Problem> {
    let all = at_the_door(&app, move |door, _| Ok(door.sessions(&signed.login)?)).await?;
    let token = |(key, record): (String, crate::auth::SessionRecord)| {
        let (scope, made, used, ends) = (record.scope, record.made, record.used, record.ends);
        record.token.map(|name| TokenShown { key, name, scope, made, used, ends })
    };
    Ok(Json(all.into_iter().filter_map(token).collect()))
}

/// A new token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewToken {
    /// What it is for.
    name: String,
    /// What it may be used for.
    scope: Scope,
    /// How long it lasts; a year at most.
    #[schema(minimum = 1, maximum = 366)]
    days: u16,
}

/// A token with its secret. It is told once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TokenMade {
    /// Goes into `Authorization: Bearer …`.
    token: String,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    ends: Timestamp,
}

/// Make a token for a program. It may no more than I may.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "accounts", security(("session" = [])), request_body = NewToken,
    responses((status = 201, description = "Made; this is the only time that it is told.", body = TokenMade), Problems))]
pub(crate) async fn new_token(
    State(app): State<App>,
    signed: Signed,
    Body(new): Body<NewToken>,
) -> Result<(StatusCode, Json<TokenMade>), Problem> {
    if signed.token.is_some() {
        return Err(Problem::forbidden("a token makes no tokens", "sign in to make one"));
    }
    let name = new.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 100 || !(1..=366).contains(&new.days) {
        return Err(Problem::bad_input(
            "a token has a name of 1 to 100 characters and lasts 1 to 366 days",
            "mend `name` or `days`",
        ));
    }
    let lasts = SignedDuration::from_hours(24 * i64::from(new.days));
    let made = at_the_door(&app, move |door, now| door.token(&signed, &name, new.scope, lasts, now)).await?;
    Ok((StatusCode::CREATED, Json(TokenMade { token: made.secret.expose().to_owned(), ends: made.ends })))
}

/// End one of my tokens.
#[utoipa::path(delete, path = "/api/v1/tokens/{key}", tag = "accounts", security(("session" = []), ("token" = [])),
    params(("key" = String, Path, description = "Its key.")),
    responses((status = 204, description = "It works no more."), Problems))]
pub(crate) async fn end_token(
    State(app): State<App>,
    signed: Signed,
    At(key): At<String>,
) -> Result<StatusCode, Problem> {
    let ended = at_the_door(&app, move |door, _| {
        let mine = door.sessions(&signed.login)?.iter().any(|(one, record)| *one == key && record.token.is_some());
        if mine {
            door.end(&key)?;
        }
        Ok(mine)
    })
    .await?;
    if ended {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found("no token of yours has this key", "see GET /api/v1/tokens"))
    }
}
