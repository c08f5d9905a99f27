//! Whom to test: contacts from the outlook, everybody else from the parameters' shares of a district's residents.

use super::prevalence::Shares;
use super::table::{Found, Table, small};
use super::{Opening, days_ahead, shared_out};
use crate::day::Why;
use crate::day::known::KnownCity;
use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_model::plan::testing::{Duty, TestClass};
use levee_model::provenance::Origin;
use levee_model::quantity::Persons;
use levee_outlook::demand::{Demand, Kind};

/// The day that is planned.
pub(super) struct Day<'a> {
    pub(super) known: &'a KnownCity,
    pub(super) start: Date,
    pub(super) opening: Opening,
    pub(super) prevalence: &'a Shares,
}

/// Classes that are a share of residents, with the parameters of their people a day for 10,000 residents and of their promise.
const OF_RESIDENTS: [(TestClass, &str, &str); 3] = [
    (TestClass::Urgent, "testing.urgent_per_10000", "testing.promise_urgent_hours"),
    (TestClass::Institution, "testing.institution_per_10000", "testing.promise_institution_hours"),
    (TestClass::KeyPost, "testing.posts_per_10000", "testing.promise_post_hours"),
];

/// All duties of the day. What could not be counted is told in `gaps`.
pub(super) fn of(day: &Day<'_>, demand: Option<&Demand>, table: &mut Table<'_>, gaps: &mut Vec<Why>) -> Vec<Duty> {
    let mut duties = Vec::new();
    let unknown: Vec<&str> =
        day.known.places.districts().filter(|area| area.population.is_none()).map(|area| area.code.as_str()).collect();
    if !unknown.is_empty() {
        let ids = unknown.join(", ");
        gaps.push(Why::new(
            format!("区县{ids}常住人口不明，其轮次与重点人群未编入；请在 areas.csv 补充 population"),
            format!("residents of {ids} are not known, so their rounds and groups are not planned; give `population` in areas.csv"),
        ));
    }
    for (class, people, promise) in OF_RESIDENTS {
        if let (Some(share), Some(promise)) = (table.get(people), table.get(promise)) {
            let share = Found { value: share.value / 10_000.0, ..share };
            duties.extend(of_residents(day, class, share, promise, people));
        }
    }
    let round = (table.get("testing.round_share"), table.at_least("testing.round_every_days", 1.0));
    if let ((Some(share), Some(every)), Some(promise)) = (round, table.get("testing.promise_round_hours")) {
        let each = Found { value: share.value.min(1.0) / every.value, origin: share.origin.and(every.origin) };
        duties.extend(of_residents(day, TestClass::Screening, each, promise, "testing.round_every_days"));
    }
    duties.extend(contacts(day, demand, table, gaps));
    duties
}

fn duty(
    day: &Day<'_>,
    class: TestClass,
    district: &PlaceCode,
    people: u64,
    promise: Found,
    ground: &str,
) -> Option<Duty> {
    let name = match class {
        TestClass::Urgent => "urgent",
        TestClass::Recheck => "recheck",
        TestClass::Contact => "contact",
        TestClass::HighRiskArea => "zone",
        TestClass::Institution => "institution",
        TestClass::KeyPost => "post",
        TestClass::Screening => "round",
    };
    let at_door = class == TestClass::Contact;
    (people > 0).then_some(())?;
    Some(Duty {
        id: format!("{name}-{district}").parse().ok()?,
        district: district.clone(),
        site: None,
        class,
        // Contacts may not leave their rooms.
        at_door,
        people: Persons::new(people),
        // Who refuses or is exempt is known when the team is there, not before; the share of a round leaves room for them.
        resolved: Persons::ZERO,
        window: day.opening.span(),
        promise_minutes: small(promise.value * 60.0, u32::MAX),
        priority: if class == TestClass::Screening { day.prevalence.priority(district) } else { 1 },
        ground: ground.to_owned(),
        origin: promise.origin,
    })
}

fn of_residents(day: &Day<'_>, class: TestClass, share: Found, promise: Found, ground: &str) -> Vec<Duty> {
    let districts: Vec<_> = day.known.places.districts().filter(|area| area.population.is_some()).collect();
    let residents = districts.iter().filter_map(|area| area.population);
    #[expect(clippy::cast_precision_loss, reason = "residents lie far below 2^52")]
    let people: Vec<f64> = residents.map(|n| n.get() as f64 * share.value).collect();
    let whole = districts.iter().zip(shared_out(&people));
    whole
        .filter_map(|(area, people)| {
            let made = duty(day, class, &area.code, people, promise, ground)?;
            Some(Duty { origin: made.origin.and(share.origin), ..made })
        })
        .collect()
}

/// Contacts in their rooms on the day: the policy's quantile of the city's joint draws, shared out by what each district expects.
fn contacts(day: &Day<'_>, demand: Option<&Demand>, table: &mut Table<'_>, gaps: &mut Vec<Why>) -> Vec<Duty> {
    let (each, promise) = (table.get("testing.contact_tests_per_day"), table.get("testing.promise_contact_hours"));
    let quantile = table.get("plan.quantile");
    let expected =
        demand.ok_or_else(|| ("无研判结果".to_owned(), "there is no outlook".to_owned())).and_then(|demand| {
            let level = quantile.map_or(0.5, |q| q.value.min(1.0));
            expected(day, demand, level)
        });
    let (rows, origin) = match expected {
        Ok(found) => found,
        Err((zh, en)) => {
            gaps.push(Why::new(
                format!("密接人数不明（{zh}），其检测未编入；补齐研判所需数据后重新编制"),
                format!("how many contacts there are is not known ({en}), so their tests are not planned; plan again when it is"),
            ));
            return Vec::new();
        }
    };
    let (Some(each), Some(promise)) = (each, promise) else { return Vec::new() };
    let people: Vec<f64> = rows.iter().map(|(_, people)| people * each.value).collect();
    let origin = [each.origin, promise.origin].into_iter().chain(quantile.map(|q| q.origin)).fold(origin, Origin::and);
    let whole = rows.iter().zip(shared_out(&people));
    whole
        .filter_map(|((district, _), people)| {
            let made = duty(day, TestClass::Contact, district, people, promise, "testing.contact_tests_per_day")?;
            Some(Duty { origin, ..made })
        })
        .collect()
}

type Unknown = (String, String);

fn expected(day: &Day<'_>, demand: &Demand, level: f64) -> Result<(Vec<(PlaceCode, f64)>, Origin), Unknown> {
    let ahead = days_ahead(demand, day.start)
        .ok_or_else(|| ("研判未覆盖该日".to_owned(), "the outlook does not reach that day".to_owned()))?;
    let not = |why: &dyn std::fmt::Display| (why.to_string(), why.to_string());
    let nothing = || ("研判未含隔离人数".to_owned(), "the outlook says nothing of people in isolation".to_owned());
    let mut means = Vec::new();
    for area in day.known.places.districts() {
        match demand.draws(&area.code, Kind::Rooms, ahead) {
            Some(Ok(draws)) if !draws.is_empty() => {
                #[expect(clippy::cast_precision_loss, reason = "a few thousand paths")]
                let mean = draws.iter().sum::<f64>() / draws.len() as f64;
                means.push((area.code.clone(), mean));
            }
            Some(Err(why)) => return Err(not(&why)),
            _ => {}
        }
    }
    let city = match demand.quantiles(day.known.places.city(), Kind::Rooms, ahead, &[level]) {
        Some(Ok(row)) => row.first().copied().ok_or_else(nothing)?,
        Some(Err(why)) => return Err(not(&why)),
        None => return Err(nothing()),
    };
    let sum: f64 = means.iter().map(|(_, mean)| mean).sum();
    let scale = if sum > 0.0 { city / sum } else { 0.0 };
    let rows = means.into_iter().map(|(code, mean)| (code, mean * scale)).collect();
    Ok((rows, demand.origin(Kind::Rooms)))
}
