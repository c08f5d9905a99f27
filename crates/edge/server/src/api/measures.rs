//! Restrictions, from proposal to expiry. What needs two people waits until the second one confirms it with their own session: nobody signs
//! for somebody else.

use super::Problems;
use super::days::{Language, zh};
use super::ledger::moment;
use super::steps::{Expected, Report, SeenThere, Step, WayKind};
use super::wire::{Written, named};
use crate::app::App;
use crate::city::{OpenCity, Urgency, run};
use crate::extract::{Asking, At, Body, Params};
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use levee_app::city::{AppError, City};
use levee_app::measures::sheet::counted;
use levee_app::measures::{Ask, Book, Done, Effect, Fault, Proposal, Reserve, carry_out_at, page, view};
use levee_app::rights::Right;
use levee_app::rulebooks::in_force;
use levee_app::settings::Language as PageLanguage;
use levee_measures::{EvidenceItem, ExitKind, FieldReport, For, MeasureId};
use levee_model::command::Envelope;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// A moment to look at.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seen {
    /// The moment; now where left out. A replay must be told.
    #[param(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
    /// The language of a page; the city's where left out.
    #[param(inline)]
    lang: Option<Language>,
}

/// All restrictions, those that are not over first. Nobody is named by a pseudonym here.
#[utoipa::path(get, path = "/api/v1/measures", tag = "measures", security(("token" = []), ("session" = [])), params(Seen),
    responses((status = 200, description = "As they stand.", body = Vec<Object>), Problems))]
pub(crate) async fn measures(
    State(app): State<App>,
    asking: Asking,
    Params(Seen { at, .. }): Params<Seen>,
) -> Result<Json<Vec<Value>>, Problem> {
    asking.may(Right::SeePicture, None)?;
    let at = moment(&app, at)?;
    run(&app.city, Urgency::Ordinary, move |_, city| {
        let all = view::all(city.journal, city.blobs)?;
        Ok(Json(all.iter().map(|one| one.document(at)).collect()))
    })
    .await
}

/// The restriction of this id; not there = 404.
fn shown(city: &City<'_>, id: &str) -> Result<view::Shown, Problem> {
    let id: MeasureId = named("id", id)?;
    if levee_app::projection::measures::measure(&*city.journal, id)?.is_none() {
        return Err(Problem::not_found(format!("there is no restriction {id}"), "see GET /api/v1/measures"));
    }
    Ok(view::one(&*city.journal, city.blobs, id)?)
}

/// One restriction: its ground, evidence, services, ways out, steps and appeals.
#[utoipa::path(get, path = "/api/v1/measures/{id}", tag = "measures", security(("token" = []), ("session" = [])),
    params(("id" = String, Path, description = "Which."), Seen),
    responses((status = 200, description = "As it stands.", body = Object), Problems))]
pub(crate) async fn measure(
    State(app): State<App>,
    asking: Asking,
    At(id): At<String>,
    Params(Seen { at, .. }): Params<Seen>,
) -> Result<Json<Value>, Problem> {
    asking.may(Right::SeePicture, None)?;
    let at = moment(&app, at)?;
    run(&app.city, Urgency::Ordinary, move |_, city| Ok(Json(shown(city, &id)?.document(at)))).await
}

/// The page that residents read: what restricts them, on what ground, until when, who helps, how to appeal.
#[utoipa::path(get, path = "/api/v1/measures/{id}/page", tag = "measures", security(("token" = []), ("session" = [])),
    params(("id" = String, Path, description = "Which."), Seen),
    responses((status = 200, description = "One self-contained page.", body = String, content_type = "text/html"), Problems))]
pub(crate) async fn resident_page(
    State(app): State<App>,
    asking: Asking,
    At(id): At<String>,
    Params(Seen { at, lang }): Params<Seen>,
) -> Result<([(HeaderName, &'static str); 1], String), Problem> {
    asking.may(Right::SeePicture, None)?;
    let at = moment(&app, at)?;
    run(&app.city, Urgency::Ordinary, move |open, city| {
        let desk = open.desk(city.journal)?;
        let language = if zh(open, lang) { PageLanguage::Zh } else { PageLanguage::En };
        let page = page::page(&*city.journal, city.blobs, &desk.calendar, &shown(city, &id)?, language, at)?;
        Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page.html(language)))
    })
    .await
}

/// A proposal: the sheet as TOML text, or the same tables as JSON. Times are civil times of the city's calendar.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MeasureProposed {
    /// The sheet, see docs/measures.md.
    #[schema(value_type = Object)]
    sheet: Value,
    /// When; now where left out. A replay must be told.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// A step, and when it happens.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StepAsked {
    /// The step.
    pub(super) step: Step,
    /// When; now where left out. A replay must be told.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) at: Option<Timestamp>,
}

/// What was done.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StepDone {
    /// What was written down.
    #[serde(flatten)]
    written: Written,
    /// The restriction.
    measure: Option<String>,
    /// The appeal.
    appeal: Option<String>,
    /// What time alone had brought before: how many changes.
    ticked: usize,
    /// How many changes the step made.
    changes: usize,
    /// Obligations that it opened.
    opened: u64,
    /// Obligations that became moot.
    closed: u64,
    /// Obligations that it met.
    met: u64,
    /// Why something that it would have met is still owed.
    unmet: Option<String>,
}

impl From<&Done> for StepDone {
    fn from(done: &Done) -> Self {
        Self {
            written: (&done.receipt).into(),
            measure: done.id.map(|id| id.to_string()),
            appeal: done.appeal.map(|id| id.to_string()),
            ticked: done.ticked.len(),
            changes: done.changes.len(),
            opened: done.opened,
            closed: done.closed,
            met: done.met,
            unmet: done.unmet.as_ref().map(ToString::to_string),
        }
    }
}

pub(super) fn fault(fault: Fault) -> Problem {
    AppError::Measure(Box::new(fault)).into()
}

pub(super) fn read_book(text: &str) -> Result<Box<Book>, Problem> {
    Book::read(text.to_owned()).map(Box::new).map_err(|problems| {
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Problem::bad_input(format!("`rulebook`: {}", said.join("; ")), "mend these lines; see docs/rulebook.md")
    })
}

/// The rulebook that the city goes by on a day, as was known at a moment: the one that it keeps, or the one that `city.toml` names;
/// none where it does neither.
pub(super) fn book_of_city(
    open: &OpenCity,
    city: &City<'_>,
    (day, at): (Date, Timestamp),
) -> Result<Option<Box<Book>>, Problem> {
    if let Some(kept) = in_force(&*city.journal, city.blobs, day, at)? {
        return Ok(Some(Box::new(kept)));
    }
    let Some(wanted) = &open.settings.rulebook else { return Ok(None) };
    for text in &open.parts.rulebooks {
        let book = read_book(text)?;
        if book.rules().id().as_str() == wanted {
            return Ok(Some(book));
        }
    }
    Err(Problem::bad_input(
        format!("city.toml names the rulebook `{wanted}`, which does not travel with the program"),
        "send its text as `rulebook`, or keep one: levee rulebook keep CITY",
    ))
}

/// The rulebook that was sent, or the one that the city goes by.
fn book(open: &OpenCity, city: &City<'_>, sent: Option<&str>, on: (Date, Timestamp)) -> Result<Box<Book>, Problem> {
    match sent {
        Some(text) => read_book(text),
        None => book_of_city(open, city, on)?.ok_or_else(|| {
            Problem::bad_input("nobody said which rulebook this city goes by", "send its text as `rulebook`")
        }),
    }
}

fn asked(
    open: &OpenCity,
    city: &City<'_>,
    (id, starts): (MeasureId, Timestamp),
    StepAsked { step, at }: &StepAsked,
) -> Result<Ask, Problem> {
    let (at, calendar) = (at.unwrap_or_else(|| open.now()), &open.known_desk().calendar);
    // A new restriction is judged by the rules of the day on which it starts, a renewal by those of the day.
    let (starts, today) = (calendar.civil(starts).date(), calendar.civil(at).date());
    Ok(match step {
        Step::Count { people } => {
            let counted = counted(people).map_err(fault)?.ok_or_else(|| fault(Fault::NotCounted(id)))?;
            Ask::Count { id, counted }
        }
        Step::Assess { rulebook, effect } => {
            let effect =
                effect.clone().map(|Expected { what, low, high, outlook }| Effect { what, low, high, outlook });
            Ask::Assess { id, book: book(open, city, rulebook.as_deref(), (starts, at))?, effect }
        }
        Step::Reserve { service, provider, units, vehicle, from, to } => {
            let (service, provider) = (named("service", service)?, named("provider", provider)?);
            let (vehicle, from, to) = (vehicle.clone(), *from, *to);
            Ask::Reserve { id, promise: Reserve { service, provider, reserved: *units, vehicle, from, to } }
        }
        Step::Withdraw { service, provider } => {
            Ask::Withdraw { id, provider: named("provider", provider)?, service: named("service", service)? }
        }
        Step::Inspect { way, kind, open } => {
            let kind = kind.map(|kind| match kind {
                WayKind::Exit => ExitKind::Exit,
                WayKind::FireLane => ExitKind::FireLane,
            });
            Ask::Inspect { id, way: named("way", way)?, kind, open: *open }
        }
        Step::Notice { how, appeal_channel } => {
            Ask::Notice { id, how: how.clone(), appeal_channel: appeal_channel.clone() }
        }
        Step::Gate => Ask::Gate(id),
        Step::Override { until, interim, second } => {
            let interim = interim.iter().map(|(what, who)| Ok((named("interim", what)?, named("interim", who)?)));
            let interim = interim.collect::<Result<_, Problem>>()?;
            Ask::Override { id, until: *until, interim, second: named("second", second)? }
        }
        Step::Activate { second } => Ask::Activate { id, second: named("second", second)? },
        Step::Complete => Ask::Complete(id),
        Step::Suspend => Ask::Suspend(id),
        Step::Renew { end, review, evidence, rulebook, second } => {
            let item = |one: &Report| EvidenceItem { report: one.report.clone(), occurred: one.occurred };
            let (evidence, book) =
                (evidence.iter().map(item).collect(), book(open, city, rulebook.as_deref(), (today, at))?);
            Ask::Renew { id, end: *end, review: *review, evidence, book, second: named("second", second)? }
        }
        Step::Review { open } => Ask::Review { id, open: *open },
        Step::End => Ask::End(id),
        Step::Report { seen } => Ask::Report { id, report: report(seen)? },
        Step::Appeal { by, household } => {
            let asks = match household {
                Some(household) => For::Household(named("household", household)?),
                None => For::All,
            };
            Ask::Appeal { id, by: named("by", by)?, asks }
        }
        Step::Decide { appeal, upheld, reason } => {
            Ask::Decide { id, appeal: named("appeal", appeal)?, upheld: *upheld, reason: reason.clone() }
        }
    })
}

fn report(seen: &SeenThere) -> Result<FieldReport, Problem> {
    Ok(match seen {
        SeenThere::UrgentCareLost => FieldReport::UrgentCareLost,
        SeenThere::UrgentCareBack => FieldReport::UrgentCareBack,
        SeenThere::Unserved { household, since } => {
            FieldReport::Unserved { household: named("household", household)?, since: *since }
        }
        SeenThere::Served { household } => FieldReport::Served { household: named("household", household)? },
        SeenThere::GroundLapsed => FieldReport::GroundLapsed,
    })
}

/// Carries a step out, on the authority of the envelope's actor.
pub(super) fn carry_out_step(
    open: &OpenCity,
    city: &mut City<'_>,
    envelope: &Envelope,
    id: &str,
    asked_for: &StepAsked,
) -> Result<StepDone, Problem> {
    // Whoever asks again is told what was done, even where the restriction is of a kind that they may not see now.
    let measure = shown(city, id)?.row.measure;
    let desk = open.desk(city.journal)?;
    let ask = asked(open, city, (measure.id(), measure.terms().start()), asked_for)?;
    Ok((&carry_out_at(&desk, city, envelope, &ask, asked_for.at)?).into())
}

/// Draft a restriction. It binds nobody.
#[utoipa::path(post, path = "/api/v1/measures", tag = "measures", security(("token" = []), ("session" = [])), request_body = MeasureProposed,
    params(("idempotency-key" = Option<String>, Header, description = "A UUID of version 7: the command's id. Sent again it is carried out once.")),
    responses((status = 201, description = "Drafted, or had been.", body = StepDone), Problems))]
pub(crate) async fn propose(
    State(app): State<App>,
    asking: Asking,
    Body(MeasureProposed { sheet, at }): Body<MeasureProposed>,
) -> Result<(StatusCode, Json<StepDone>), Problem> {
    let asking = asking.fully()?;
    asking.may(Right::ProposeMeasure, None)?;
    let at = moment(&app, at)?;
    run(&app.city, Urgency::Ordinary, move |open, city| {
        let desk = open.desk(city.journal)?;
        let proposal = match sheet {
            Value::String(text) => Proposal::read(&text, &desk.calendar),
            tables => Proposal::of_json(tables, &desk.calendar),
        };
        let ask = Ask::Propose(Box::new(proposal.map_err(fault)?));
        let done = carry_out_at(&desk, city, &asking.envelope, &ask, Some(at))?;
        Ok((StatusCode::CREATED, Json((&done).into())))
    })
    .await
}

/// Take a step. What needs two people (override, activate, renew) is kept until the second one confirms it: 202 with what they confirm.
#[utoipa::path(post, path = "/api/v1/measures/{id}/steps", tag = "measures", security(("token" = []), ("session" = [])), request_body = StepAsked,
    params(("id" = String, Path, description = "Which restriction."),
        ("idempotency-key" = Option<String>, Header, description = "A UUID of version 7: the command's id. Sent again it is carried out once.")),
    responses((status = 200, description = "Done, or had been.", body = StepDone),
        (status = 202, description = "It waits for the second person.", body = super::confirm::Waiting), Problems))]
pub(crate) async fn step(
    State(app): State<App>,
    asking: Asking,
    At(id): At<String>,
    Body(mut step): Body<StepAsked>,
) -> Result<Response, Problem> {
    let asking = asking.fully()?;
    // Which of them a step needs, the use case asks.
    asking.may_any(&[Right::ReportFromField, Right::RecordForMeasure, Right::ProposeMeasure, Right::DecideMeasure])?;
    step.at = Some(moment(&app, step.at)?).filter(|_| step.at.is_some());
    let records = std::sync::Arc::clone(&app.records);
    let now = app.city.now();
    run(&app.city, Urgency::Ordinary, move |open, city| {
        if let Some(second) = step.step.second().map(str::to_owned) {
            // What cannot be read is refused before anybody is asked to sign it.
            let measure = shown(city, &id)?.row.measure;
            asked(open, city, (measure.id(), measure.terms().start()), &step)?;
            let waiting = super::confirm::keep(&*records, &asking, &second, id, step, now)?;
            return Ok((StatusCode::ACCEPTED, Json(waiting)).into_response());
        }
        Ok(Json(carry_out_step(open, city, &asking.envelope, &id, &step)?).into_response())
    })
    .await
}

/// What a provider can give in all.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Offered {
    /// Who.
    provider: String,
    /// What.
    service: String,
    /// How much at once.
    units: u64,
    /// When; now where left out. A replay must be told.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// A provider says what it can give in all.
#[utoipa::path(post, path = "/api/v1/offers", tag = "measures", security(("token" = []), ("session" = [])), request_body = Offered,
    params(("idempotency-key" = Option<String>, Header, description = "A UUID of version 7: the command's id. Sent again it is carried out once.")),
    responses((status = 200, description = "Written down.", body = StepDone), Problems))]
pub(crate) async fn offer(
    State(app): State<App>,
    asking: Asking,
    Body(offered): Body<Offered>,
) -> Result<Json<StepDone>, Problem> {
    let asking = asking.fully()?;
    asking.may(Right::RecordForMeasure, None)?;
    let at = moment(&app, offered.at)?;
    let (provider, service) = (named("provider", &offered.provider)?, named("service", &offered.service)?);
    let ask = Ask::Offer { provider, service, units: offered.units };
    alone(&app, Urgency::Ordinary, asking, ask, at).await
}

async fn alone(
    app: &App,
    urgency: Urgency,
    asking: Asking,
    ask: Ask,
    at: Timestamp,
) -> Result<Json<StepDone>, Problem> {
    run(&app.city, urgency, move |open, city| {
        let desk = open.desk(city.journal)?;
        Ok(Json((&carry_out_at(&desk, city, &asking.envelope, &ask, Some(at))?).into()))
    })
    .await
}
