//! The books of a day: looked at, signed by one person, sealed by another.

use super::Problems;
use super::days::{Language, zh};
use super::ledger::moment;
use super::wire::{Written, named};
use crate::app::App;
use crate::city::{Urgency, run};
use crate::extract::{Asking, At, Body, Params};
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use levee_app::event::Mode;
use levee_app::ledger::Desk;
use levee_app::ledger::settle::{Settled, settle};
use levee_app::ledger::statement_facts::of_day;
use levee_app::rights::Right;
use levee_brief::Lang;
use levee_brief::statement::{SheetKey, Standing};
use levee_model::area::PlaceCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

/// The form of a statement.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StatementForm {
    /// The document, with where it stands.
    Json,
    /// One self-contained page.
    Html,
    /// The accounts as CSV.
    Accounts,
    /// What is late as CSV.
    Arrears,
}

/// Which statement, and how.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// A district; where left out the person's own, or the city for all of it.
    area: Option<String>,
    /// The form; the document where left out.
    #[param(inline)]
    form: Option<StatementForm>,
    /// The language of pages and tables; the city's where left out.
    #[param(inline)]
    lang: Option<Language>,
}

/// The books that a request is about: those of the area that it names, or of the person's own.
fn scope(desk: &Desk, asking: &Asking, area: Option<&str>) -> Result<PlaceCode, Problem> {
    named("area", super::ledger::within(desk, asking, area)?.area())
}

/// The statement of a day: as it was sealed, or else as the books stand.
#[utoipa::path(get, path = "/api/v1/days/{day}/settlement", tag = "settlement", security(("token" = []), ("session" = [])),
    params(("day" = String, Path, format = Date, description = "The day."), Which),
    responses((status = 200, description = "`levee.statement/1` with where it stands, a page, or a table.",
        content((Object = "application/json"), (String = "text/html"), (String = "text/csv"))), Problems))]
pub(crate) async fn statement(
    State(app): State<App>,
    asking: Asking,
    At(day): At<Date>,
    Params(Which { area, form, lang }): Params<Which>,
) -> Result<Response, Problem> {
    run(&app.city, Urgency::Ordinary, move |open, city| {
        let desk = open.desk(city.journal)?;
        let scope = scope(&desk, &asking, area.as_deref())?;
        let (statement, facts) = of_day(city, Some(&scope), day)?;
        let lang = if zh(open, lang) { Lang::Zh } else { Lang::En };
        let table = |key| facts.sheets(lang).iter().find(|sheet| sheet.key == key).map(|sheet| sheet.to_csv());
        let csv = |table: Option<String>| {
            ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], table.unwrap_or_default()).into_response()
        };
        Ok(match form.unwrap_or(StatementForm::Json) {
            StatementForm::Html => {
                ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], facts.to_html(lang)).into_response()
            }
            StatementForm::Accounts => csv(table(SheetKey::Accounts)),
            StatementForm::Arrears => csv(table(SheetKey::Arrears)),
            StatementForm::Json => {
                let seal = match &facts.standing {
                    Standing::Sealed { seal, .. } => Some(seal),
                    _ => None,
                };
                Json(json!({ "sealed": facts.is_sealed(), "seal": seal, "statement": statement })).into_response()
            }
        })
    })
    .await
}

/// Which books are to be closed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Close {
    /// A district; where left out the person's own, or the city for all of it.
    area: Option<String>,
    /// When; now where left out. A replay must be told.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// How far a settlement has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SealStep {
    /// One person has signed; a second one seals by asking for the same.
    Prepared,
    /// Two people have sealed it.
    Sealed,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClosedFlow {
    /// What was written down.
    #[serde(flatten)]
    written: Written,
    /// How far it has come.
    state: SealStep,
    /// Whose books: the code of a district, or of the city.
    scope: String,
    /// Who has signed, in this order.
    signed: Vec<String>,
    /// Whose signature is void, because the books have moved on since.
    replaces: Option<String>,
    /// The seal.
    seal: Option<String>,
    /// What is late and carried over, with reasons.
    arrears: usize,
}

/// Close a day. The first person who asks signs its statement; a second one, who asks for the same with their own session, seals it.
/// As long as anything stands against it, it is refused with 409.
#[utoipa::path(post, path = "/api/v1/days/{day}/settlement", tag = "settlement", security(("token" = []), ("session" = [])), request_body = Close,
    params(("day" = String, Path, format = Date, description = "The day."),
        ("idempotency-key" = Option<String>, Header, description = "A UUID of version 7: the command's id. Sent again it is carried out once.")),
    responses((status = 200, description = "Signed, or sealed.", body = ClosedFlow), Problems))]
pub(crate) async fn close(
    State(app): State<App>,
    asking: Asking,
    At(day): At<Date>,
    Body(Close { area, at }): Body<Close>,
) -> Result<Json<ClosedFlow>, Problem> {
    let asking = asking.fully()?;
    asking.may(Right::Seal, None)?;
    if app.city.mode == Mode::Replay {
        moment(&app, at)?;
    }
    run(&app.city, Urgency::Ordinary, move |open, city| {
        let desk = open.desk(city.journal)?;
        let scope = scope(&desk, &asking, area.as_deref())?;
        match settle(city, &asking.envelope, Some(&scope), day, at)? {
            Settled::Refused { why, statement } => {
                let unexplained = statement.unexplained().count();
                let detail =
                    if unexplained == 0 { why.to_string() } else { format!("{why} ({unexplained} unexplained)") };
                Err(Problem::new(StatusCode::CONFLICT, "unsettled", "The day cannot be closed", detail)
                    .hint(format!("{}; GET this address lists them", why.hint())))
            }
            Settled::Prepared { by, statement, replaces, receipt } => Ok(Json(ClosedFlow {
                written: (&receipt).into(),
                state: SealStep::Prepared,
                signed: vec![by.to_string()],
                replaces: replaces.as_ref().map(ToString::to_string),
                seal: None,
                arrears: statement.arrears.len(),
                scope: statement.scope,
            })),
            Settled::Sealed { by, statement, seal, receipt } => Ok(Json(ClosedFlow {
                written: (&receipt).into(),
                state: SealStep::Sealed,
                signed: vec![by.0.to_string(), by.1.to_string()],
                replaces: None,
                seal: Some(seal.to_string()),
                arrears: statement.arrears.len(),
                scope: statement.scope,
            })),
        }
    })
    .await
}
