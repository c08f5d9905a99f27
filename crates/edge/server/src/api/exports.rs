//! Lists as tables to take away: CSV, page after page, each read for itself, so that neither memory nor anybody else waits for the whole.
//!
//! Nobody stands in them, not even by pseudonym: who is owed something is read one by one.

use super::Problems;
use super::ledger::{Which, Within, moment, page_of_orders, within};
use super::wire::{cursor, read_cursor};
use crate::app::App;
use crate::city::{OpenCity, RETRY_AFTER, Urgency, run};
use crate::extract::{Asking, Params};
use crate::problem::Problem;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use levee_app::city::{AppError, City};
use levee_app::facts;
use levee_app::ledger::owed::owed_after;
use levee_app::measures::view;
use levee_app::rights::Right;
use levee_brief::statement::{Sheet, SheetKey, Value};
use serde::Deserialize;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::mpsc;
use utoipa::IntoParams;

/// Rows that are read at once.
const PAGE: usize = 1000;

/// How often a page is asked for again when the server has too much to do.
const TRIES: u32 = 30;

/// Rows, and where the next page begins.
type Rows = (Vec<Vec<Value>>, Option<String>);

/// Reads one page.
type Read = Arc<dyn Fn(&OpenCity, &mut City<'_>, Option<&str>) -> Result<Rows, Problem> + Send + Sync>;

/// Pages as they are read: one waits while another is sent.
struct Pages(mpsc::Receiver<Result<Bytes, io::Error>>);

impl futures_core::Stream for Pages {
    type Item = Result<Bytes, io::Error>;
    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context)
    }
}

/// A page as text; the head stands on the first alone. What a spreadsheet would take for a formula begins with an apostrophe.
fn csv(heads: &[&'static str], rows: Vec<Vec<Value>>, is_first: bool) -> Bytes {
    let heads = heads.iter().map(|head| (*head, String::new())).collect();
    let text = Sheet { key: SheetKey::Lines, name: "lines", heads, rows }.to_csv();
    match text.split_once("\r\n") {
        Some((_, rest)) if !is_first => Bytes::from(rest.to_owned()),
        _ => Bytes::from(text),
    }
}

async fn page(app: &App, read: &Read, from: Option<String>) -> Result<Rows, Problem> {
    let read = Arc::clone(read);
    run(&app.city, Urgency::Ordinary, move |open, city| read(open, city, from.as_deref())).await
}

/// Sends a table page after page. A refusal is told before anything is sent; a fault later breaks the answer off.
async fn sent(app: App, name: &str, heads: &'static [&'static str], read: Read) -> Result<Response, Problem> {
    let (rows, mut next) = page(&app, &read, None).await?;
    let (give, take) = mpsc::channel(1);
    let first = csv(heads, rows, true);
    tokio::spawn(async move {
        let mut told = give.send(Ok(first)).await;
        let mut tries = 0;
        while let (Ok(()), Some(from)) = (&told, next.take()) {
            told = match page(&app, &read, Some(from.clone())).await {
                Ok((rows, more)) => {
                    (next, tries) = (more, 0);
                    give.send(Ok(csv(heads, rows, false))).await
                }
                // Whoever waits for a table waits; whoever looks at a screen does not.
                Err(problem) if problem.status == 503 && tries < TRIES => {
                    (next, tries) = (Some(from), tries + 1);
                    tokio::time::sleep(Duration::from_secs(RETRY_AFTER)).await;
                    Ok(())
                }
                Err(problem) => give.send(Err(io::Error::other(problem.detail))).await,
            };
        }
    });
    let name = HeaderValue::from_str(&format!("attachment; filename=\"{name}.csv\""))
        .map_err(|error| Problem::fault(error.to_string()))?;
    let media = HeaderValue::from_static("text/csv; charset=utf-8");
    let headers = [(header::CONTENT_TYPE, media), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, Body::from_stream(Pages(take))).into_response())
}

fn text<T: ToString + ?Sized>(text: &T) -> Value {
    Value::Text(text.to_string())
}

fn or_empty<T: ToString>(given: Option<&T>) -> Value {
    given.map_or(Value::Empty, text)
}

fn count(given: Option<u64>) -> Value {
    given.map_or(Value::Empty, Value::Count)
}

/// What is owed, as CSV: the same choice as in the list, all pages of it.
#[utoipa::path(get, path = "/api/v1/obligations/export", tag = "ledger", security(("token" = []), ("session" = [])), params(Which),
    responses((status = 200, description = "The table, with a head.", body = String, content_type = "text/csv"), Problems))]
pub(crate) async fn obligations(
    State(app): State<App>,
    asking: Asking,
    Params(which): Params<Which>,
) -> Result<Response, Problem> {
    const HEADS: &[&str] =
        &["obligation", "kind", "area", "path", "section", "units", "due", "late", "owner", "asked", "synthetic"];
    asking.may(Right::SeeOwed, None)?;
    let now = moment(&app, which.at())?;
    let read: Read = Arc::new(move |open, city, from| {
        let desk = open.desk(city.journal)?;
        let query = levee_app::ledger::owed::Query { limit: PAGE, ..which.query(&desk, &asking)? };
        let found = owed_after(city.journal, &desk, &query, from.map(read_cursor).transpose()?, now)?;
        let local = |at: Timestamp| Value::Moment(desk.calendar.civil(at));
        let rows = found.items.iter().map(|item| {
            vec![
                text(&item.obligation),
                text(&item.row.kind),
                text(&item.row.path.area()),
                text(&item.row.path),
                text(&item.section),
                Value::Count(item.row.units),
                local(item.due),
                Value::Flag(item.due < now),
                or_empty(item.owner.as_ref()),
                or_empty(item.asked.as_ref().map(|asked| &asked.owner.person)),
                Value::Flag(item.row.synthetic),
            ]
        });
        let next = found.items.last().filter(|_| found.more).map(|last| cursor(last.due, &last.obligation));
        Ok((rows.collect(), next))
    });
    sent(app, "obligations", HEADS, read).await
}

/// Orders under way, as CSV.
#[utoipa::path(get, path = "/api/v1/orders/export", tag = "ledger", security(("token" = []), ("session" = [])), params(Within),
    responses((status = 200, description = "The table, with a head.", body = String, content_type = "text/csv"), Problems))]
pub(crate) async fn orders(
    State(app): State<App>,
    asking: Asking,
    Params(which): Params<Within>,
) -> Result<Response, Problem> {
    const HEADS: &[&str] = &[
        "order",
        "state",
        "action",
        "area",
        "path",
        "section",
        "due",
        "units",
        "why",
        "rests_on",
        "holds",
        "by",
        "life_saving",
    ];
    asking.may(Right::SeeOwed, None)?;
    let read: Read = Arc::new(move |open, city, from| {
        let desk = open.desk(city.journal)?;
        let area = within(&desk, &asking, which.area.as_deref())?;
        let after = from.map(read_cursor).transpose()?;
        let (orders, more) = page_of_orders(city, &area, which.section.as_deref(), PAGE, after)?;
        let rows = orders.iter().map(|order| {
            let holds: Vec<String> =
                order.holds.iter().map(|hold| format!("{}={}", hold.resource.as_str(), hold.units)).collect();
            vec![
                text(&order.id),
                text(&format!("{:?}", order.state).to_lowercase()),
                text(&order.action),
                text(&order.path.area()),
                text(&order.path),
                text(&order.section),
                Value::Moment(desk.calendar.civil(order.due)),
                Value::Count(order.meets.iter().map(|one| one.units).sum()),
                text(&order.why.code),
                text(&order.why.rests_on),
                text(&holds.join(" ")),
                or_empty(order.carried_out_by.as_ref()),
                Value::Flag(order.life_saving),
            ]
        });
        Ok((rows.collect(), orders.last().filter(|_| more).map(|last| cursor(last.due, &last.id))))
    });
    sent(app, "orders", HEADS, read).await
}

/// Which days of detections.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Found {
    /// The first day.
    #[param(value_type = String, format = Date)]
    from: Date,
    /// The last day.
    #[param(value_type = String, format = Date)]
    to: Date,
    /// As it was known at this moment; now where left out.
    #[param(value_type = Option<String>, format = DateTime)]
    known_at: Option<Timestamp>,
}

/// Infections as they were reported, by place and period, as CSV: every office's figures as they stand, nothing added up. An empty cell was
/// not reported, which is not zero.
#[utoipa::path(get, path = "/api/v1/detections/export", tag = "day", security(("token" = []), ("session" = [])), params(Found),
    responses((status = 200, description = "The table, with a head.", body = String, content_type = "text/csv"), Problems))]
pub(crate) async fn detections(
    State(app): State<App>,
    asking: Asking,
    Params(Found { from, to, known_at }): Params<Found>,
) -> Result<Response, Problem> {
    asking.may(Right::SeePicture, None)?;
    const HEADS: &[&str] = &[
        "place",
        "period_start",
        "period_end",
        "confirmed",
        "asymptomatic",
        "converted",
        "total",
        "pending",
        "community",
        "managed",
        "community_pct",
        "deaths",
        "office",
        "source_id",
        "known_at",
        "origin",
    ];
    if to < from {
        return Err(Problem::bad_input(format!("{to} lies before {from}"), "give `to` a day no earlier than `from`"));
    }
    let moment = known_at.unwrap_or(Timestamp::MAX);
    let read: Read = Arc::new(move |open, city, at| {
        let day = match at {
            None => from,
            Some(at) => at.parse().map_err(|_| Problem::fault("a page of the table has no day"))?,
        };
        let desk = open.desk(city.journal)?;
        // A page is a day: what is reported of it is a few rows for each place.
        let mut reports = facts::known(city.journal, "infections", Some(day), day, moment)?
            .iter()
            .map(facts::infection)
            .collect::<Result<Vec<_>, AppError>>()?;
        reports.sort_by(|a, b| {
            let key = |one: &levee_model::report::InfectionReport| (one.period, one.place.clone());
            key(a).cmp(&key(b)).then_with(|| a.provenance.office.cmp(&b.provenance.office))
        });
        let rows = reports.iter().map(|one| {
            let persons = |given: Option<levee_model::quantity::Persons>| count(given.map(|persons| persons.get()));
            vec![
                text(&one.place),
                Value::Moment(one.period.start()),
                Value::Moment(one.period.end()),
                persons(one.confirmed),
                persons(one.asymptomatic),
                persons(one.converted),
                persons(one.total),
                persons(one.pending),
                persons(one.community),
                persons(one.managed),
                or_empty(one.community_pct.as_ref()),
                persons(one.deaths),
                text(&one.provenance.office),
                text(&one.provenance.source),
                Value::Moment(desk.calendar.civil(one.provenance.known_at)),
                text(&format!("{:?}", one.provenance.origin).to_lowercase()),
            ]
        });
        let next = day.tomorrow().ok().filter(|next| *next <= to);
        Ok((rows.collect(), next.map(|next| next.to_string())))
    });
    sent(app, "detections", HEADS, read).await
}

/// At which moment.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Moment {
    /// The moment to look at; now where left out. A replay must be told.
    #[param(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// Restrictions, as CSV: those of areas; one of a person is named by no table.
#[utoipa::path(get, path = "/api/v1/measures/export", tag = "measures", security(("token" = []), ("session" = [])), params(Moment),
    responses((status = 200, description = "The table, with a head.", body = String, content_type = "text/csv"), Problems))]
pub(crate) async fn measures(
    State(app): State<App>,
    asking: Asking,
    Params(Moment { at }): Params<Moment>,
) -> Result<Response, Problem> {
    asking.may(Right::SeePicture, None)?;
    const HEADS: &[&str] = &[
        "measure",
        "phase",
        "binds",
        "area",
        "rule",
        "clause",
        "decided_by",
        "start",
        "review",
        "end",
        "persons",
        "appeals",
        "owed",
        "obliged",
    ];
    let now = moment(&app, at)?;
    let read: Read = Arc::new(move |open, city, _| {
        let desk = open.desk(city.journal)?;
        let all = view::all(city.journal, city.blobs)?;
        let rows = all.iter().filter_map(|one| {
            let (measure, terms) = (&one.row.measure, one.row.measure.terms());
            let levee_measures::Scope::Area(area) = terms.scope() else { return None };
            let local = |at: Timestamp| Value::Moment(desk.calendar.civil(at));
            Some(vec![
                text(&measure.id()),
                text(&measure.phase().name().code()),
                Value::Flag(measure.binds(now)),
                text(&area.as_str()),
                text(&terms.ground().rule.as_str()),
                text(&terms.ground().clause),
                text(&terms.decider()),
                local(terms.start()),
                local(terms.review()),
                local(terms.end()),
                count(one.row.counted.as_ref().and_then(|counted| counted.demand.persons)),
                Value::Count(measure.appeals().len() as u64),
                Value::Count(one.owed.0),
                Value::Count(one.owed.1),
            ])
        });
        Ok((rows.collect(), None))
    });
    sent(app, "measures", HEADS, read).await
}
