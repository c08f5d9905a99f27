//! What is owed, and the orders that meet it.

use super::Problems;
use super::wire::{cursor, named, page_size, path, read_cursor};
use crate::app::App;
use crate::city::{Urgency, run};
use crate::extract::{Asking, At, Params};
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use jiff::Timestamp;
use levee_app::event::Mode;
use levee_app::ledger::Desk;
use levee_app::ledger::orders::page;
use levee_app::ledger::owed::{Item, Query, owed_after};
use levee_app::projection::ledger::read;
use levee_app::rights::Right;
use levee_ledger::order::{Order, OrderId, OrderState};
use levee_ledger::{AreaPath, KindId, ObligationId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// Which obligations.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// In this area and all that lies in it; the person's own where left out.
    area: Option<String>,
    /// Only this kind.
    kind: Option<String>,
    /// Only this section.
    section: Option<String>,
    /// Only what this person was given.
    owner: Option<String>,
    /// Only what is late.
    late: Option<bool>,
    /// At most so many, the longest due first; 100 where left out, 1,000 at most.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u16>,
    /// Those after this place: the `next` of the page before.
    after: Option<String>,
    /// The moment to look at; now where left out. A replay must be told.
    #[param(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

impl Which {
    /// What is asked, in the words of the ledger.
    pub(super) fn query(&self, desk: &Desk, asking: &Asking) -> Result<Query, Problem> {
        let kind: Option<KindId> = self.kind.as_deref().map(|kind| named("kind", kind)).transpose()?;
        if let Some(kind) = &kind
            && desk.catalogue.kind(kind).is_none()
        {
            return Err(Problem::bad_input(
                format!("`{kind}` is no kind of obligation of this city"),
                "see GET /api/v1/kinds",
            ));
        }
        Ok(Query {
            late: self.late.unwrap_or(false),
            kind,
            section: self.section.as_deref().map(|section| named("section", section)).transpose()?,
            owner: self.owner.as_deref().map(|owner| named("owner", owner)).transpose()?,
            limit: page_size(self.limit)?,
            area: within(desk, asking, self.area.as_deref())?,
        })
    }

    /// The place after which the list goes on.
    pub(super) fn after(&self) -> Result<Option<(Timestamp, ObligationId)>, Problem> {
        self.after.as_deref().map(read_cursor).transpose()
    }

    /// The moment to look at.
    pub(super) fn at(&self) -> Option<Timestamp> {
        self.at
    }
}

/// One thing that is owed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Owed {
    /// Which.
    obligation: String,
    /// What.
    kind: String,
    /// Where: the code of the area.
    area: String,
    /// The areas from the city down to it.
    path: String,
    /// Whose section.
    section: String,
    /// How many units.
    units: u64,
    /// To whom, by pseudonym.
    subject: Option<String>,
    /// By when.
    #[schema(value_type = String, format = DateTime)]
    due: Timestamp,
    /// The person it was given to, or who is on duty for it now; none = nobody, which has to be mended.
    owner: Option<String>,
    /// Who is asked, when it is late enough for its ladder.
    asked: Option<String>,
    /// Invented for an exercise or a demonstration.
    synthetic: bool,
}

impl From<&Item> for Owed {
    fn from(item: &Item) -> Self {
        Self {
            obligation: item.obligation.to_string(),
            kind: item.row.kind.to_string(),
            area: item.row.path.area().to_owned(),
            path: item.row.path.to_string(),
            section: item.section.to_string(),
            units: item.row.units,
            subject: item.row.subject.as_ref().map(|one| one.as_str().to_owned()),
            due: item.due,
            owner: item.owner.as_ref().map(ToString::to_string),
            asked: item.asked.as_ref().map(|asked| asked.owner.person.to_string()),
            synthetic: item.row.synthetic,
        }
    }
}

/// What is owed of one kind.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KindOwed {
    /// The kind.
    kind: String,
    /// Obligations.
    items: u64,
    /// Units.
    units: u64,
    /// Obligations that are late.
    late_items: u64,
    /// Units that are late.
    late_units: u64,
}

/// What is owed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AllOwed {
    /// Seen at which moment.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// In which area.
    area: String,
    /// By kind: of everything, not only of what is listed.
    kinds: Vec<KindOwed>,
    /// The longest due first.
    items: Vec<Owed>,
    /// Whether there are more than were listed.
    more: bool,
    /// What to send as `after` for more; null = there are no more. What is opened or closed meanwhile moves nothing.
    next: Option<String>,
}

/// The moment that a request is about. A replay lives in the past: there the clock on the wall says nothing.
pub(crate) fn moment(app: &App, at: Option<Timestamp>) -> Result<Timestamp, Problem> {
    match (at, app.city.mode) {
        (Some(at), _) => Ok(at),
        (None, Mode::Live) => Ok(app.city.now()),
        (None, Mode::Replay) => Err(Problem::bad_input(
            "this city runs a past outbreak again and has no present",
            "say when with `at`, such as 2022-11-18T10:00:00+08:00",
        )),
    }
}

/// Whether somebody may see what is owed there: nobody looks beyond the area that their role covers.
pub(crate) fn sees(asking: &Asking, path: &AreaPath) -> Result<(), Problem> {
    asking.may(Right::SeeOwed, Some(path))
}

/// What is owed, the longest due first.
#[utoipa::path(get, path = "/api/v1/obligations", tag = "ledger", security(("token" = []), ("session" = [])), params(Which),
    responses((status = 200, description = "What is owed.", body = AllOwed), Problems))]
pub(crate) async fn obligations(
    State(app): State<App>,
    asking: Asking,
    Params(which): Params<Which>,
) -> Result<Json<AllOwed>, Problem> {
    let now = moment(&app, which.at)?;
    run(&app.city, Urgency::Ordinary, move |open, city| {
        let desk = open.desk(city.journal)?;
        let query = which.query(&desk, &asking)?;
        let found = owed_after(city.journal, &desk, &query, which.after()?, now)?;
        let kinds = found.kinds.iter().filter(|(_, sum)| sum.items > 0).map(|(kind, sum)| KindOwed {
            kind: kind.to_string(),
            items: sum.items,
            units: sum.units,
            late_items: sum.late_items,
            late_units: sum.late_units,
        });
        Ok(Json(AllOwed {
            at: found.now,
            area: query.area.area().to_owned(),
            kinds: kinds.collect(),
            items: found.items.iter().map(Owed::from).collect(),
            more: found.more,
            next: found.items.last().filter(|_| found.more).map(|last| cursor(last.due, &last.obligation)),
        }))
    })
    .await
}

/// The version as an ETag.
fn etag(version: u32) -> HeaderMap {
    let value = HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"0\""));
    HeaderMap::from_iter([(header::ETAG, value)])
}

fn no_obligation(id: &ObligationId) -> Problem {
    Problem::not_found(format!("there is no obligation {id}"), "see GET /api/v1/obligations")
}

/// One obligation as it stands. Its ETag is its version.
#[utoipa::path(get, path = "/api/v1/obligations/{id}", tag = "ledger", security(("token" = []), ("session" = [])),
    params(("id" = String, Path, description = "Which.")),
    responses((status = 200, description = "As it stands.", body = Object, headers(("etag" = String, description = "Its version."))), Problems))]
pub(crate) async fn obligation(
    State(app): State<App>,
    asking: Asking,
    At(id): At<String>,
) -> Result<(HeaderMap, Json<Value>), Problem> {
    let id: ObligationId = named("id", &id)?;
    run(&app.city, Urgency::Ordinary, move |_, city| {
        let one = read::obligation(city.journal, &id)?.ok_or_else(|| no_obligation(&id))?;
        sees(&asking, &one.path)?;
        let document = serde_json::to_value(&one).map_err(|error| Problem::fault(error.to_string()))?;
        Ok((etag(one.version), Json(document)))
    })
    .await
}

/// An order.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrderShown {
    /// Which.
    order: String,
    /// Counts its changes, from 1.
    version: u32,
    /// How far it has come.
    #[schema(value_type = String)]
    state: OrderState,
    /// What it does.
    action: String,
    /// Where: the code of the area.
    area: String,
    /// The areas from the city down to it.
    path: String,
    /// The section that carries it out.
    section: String,
    /// By when it is to be done.
    #[schema(value_type = String, format = DateTime)]
    due: Timestamp,
    /// Units that it is to meet, by obligation.
    meets: BTreeMap<String, u64>,
    /// Why: `need`, `rule`, `forecast`, `request`, `directive`.
    why: String,
    /// The need, rule, forecast or meeting that made it.
    rests_on: String,
    /// The capacity that it needs.
    holds: Vec<HoldShown>,
    /// Who carries it out.
    by: Option<String>,
    /// One person dispatches it, and no full ward stands in its way.
    life_saving: bool,
    /// Why it failed or was cancelled.
    reason: Option<String>,
}

/// Capacity that an order needs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HoldShown {
    /// Of what.
    resource: String,
    /// How many units.
    units: u64,
    /// From when.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// Until when, not included.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// Unless it is used by then, it lapses.
    #[schema(value_type = String, format = DateTime)]
    confirm_by: Timestamp,
    /// Whether it is used.
    used: bool,
    /// Taken beyond what there is because a life depends on it.
    surge: bool,
}

impl From<&Order> for OrderShown {
    fn from(order: &Order) -> Self {
        let hold = |hold: &levee_ledger::order::Hold| HoldShown {
            resource: hold.resource.as_str().to_owned(),
            units: hold.units,
            from: hold.from,
            until: hold.until,
            confirm_by: hold.confirm_by,
            used: hold.used,
            surge: hold.surge,
        };
        Self {
            order: order.id.to_string(),
            version: order.version,
            state: order.state,
            action: order.action.to_string(),
            area: order.path.area().to_owned(),
            path: order.path.to_string(),
            section: order.section.to_string(),
            due: order.due,
            meets: order.meets.iter().map(|one| (one.obligation.to_string(), one.units)).collect(),
            why: order.why.code.clone(),
            rests_on: order.why.rests_on.clone(),
            holds: order.holds.iter().map(hold).collect(),
            by: order.carried_out_by.as_ref().map(ToString::to_string),
            life_saving: order.life_saving,
            reason: order.reason.clone(),
        }
    }
}

/// In which area, and which of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Within {
    /// In this area and all that lies in it; the person's own where left out.
    pub(super) area: Option<String>,
    /// Only of this section.
    pub(super) section: Option<String>,
    /// At most so many; 100 where left out, 1,000 at most.
    #[param(minimum = 1, maximum = 1000)]
    pub(super) limit: Option<u16>,
    /// Those after this place: the `next` of the page before.
    pub(super) after: Option<String>,
}

/// Orders under way, the first due first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Orders {
    /// In which area.
    area: String,
    /// The first due first.
    orders: Vec<OrderShown>,
    /// What to send as `after` for more; null = there are no more.
    next: Option<String>,
}

/// The area that a request is about: that which it names, or the person's own, if they may look there.
pub(crate) fn within(desk: &Desk, asking: &Asking, area: Option<&str>) -> Result<AreaPath, Problem> {
    let own = asking.person.area.as_ref().unwrap_or(desk.places.city()).to_string();
    let area = path(desk, area.unwrap_or(&own))?;
    sees(asking, &area)?;
    Ok(area)
}

/// Orders under way, the first due first.
#[utoipa::path(get, path = "/api/v1/orders", tag = "ledger", security(("token" = []), ("session" = [])), params(Within),
    responses((status = 200, description = "Orders that are proposed, approved, issued or accepted.", body = Orders), Problems))]
pub(crate) async fn orders(
    State(app): State<App>,
    asking: Asking,
    Params(which): Params<Within>,
) -> Result<Json<Orders>, Problem> {
    let (limit, after) = (page_size(which.limit)?, which.after.as_deref().map(read_cursor::<OrderId>).transpose()?);
    run(&app.city, Urgency::Ordinary, move |open, city| {
        let desk = open.desk(city.journal)?;
        let area = within(&desk, &asking, which.area.as_deref())?;
        let (orders, more) = page_of_orders(city, &area, which.section.as_deref(), limit, after)?;
        Ok(Json(Orders {
            area: area.area().to_owned(),
            next: orders.last().filter(|_| more).map(|last| cursor(last.due, &last.id)),
            orders: orders.iter().map(OrderShown::from).collect(),
        }))
    })
    .await
}

/// Orders under way after a place in their list, and whether there are more.
pub(super) fn page_of_orders(
    city: &levee_app::city::City<'_>,
    area: &AreaPath,
    section: Option<&str>,
    limit: usize,
    after: Option<(Timestamp, OrderId)>,
) -> Result<(Vec<Order>, bool), Problem> {
    // The place holds whole seconds.
    let after = after.map(|(due, id)| (due.as_second(), id));
    Ok(page(city.journal, area, section, after, limit)?)
}

/// One order as it stands. Its ETag is its version.
#[utoipa::path(get, path = "/api/v1/orders/{id}", tag = "ledger", security(("token" = []), ("session" = [])),
    params(("id" = String, Path, description = "Which.")),
    responses((status = 200, description = "As it stands.", body = OrderShown, headers(("etag" = String, description = "Its version."))), Problems))]
pub(crate) async fn order(
    State(app): State<App>,
    asking: Asking,
    At(id): At<String>,
) -> Result<(HeaderMap, Json<OrderShown>), Problem> {
    let id: OrderId = named("id", &id)?;
    run(&app.city, Urgency::Ordinary, move |_, city| {
        let one = read::order(city.journal, &id)?
            .ok_or_else(|| Problem::not_found(format!("there is no order {id}"), "see GET /api/v1/obligations"))?;
        sees(&asking, &one.path)?;
        Ok((etag(one.version), Json(OrderShown::from(&one))))
    })
    .await
}
