//! What the cells of a row must say together.
//!
//! A row that cannot be true as a report (its period ends before it starts, it speaks of the future) is rejected. A row
//! whose figures contradict one another is accepted as stated and flagged: what an office reports is a fact, and which
//! of its figures holds is for people to find out.

use crate::message::code;
use jiff::civil::{Date, DateTime};
use levee_model::table::{Cell, CellProblem, TableSpec, Use};
use levee_model::time::Period;

/// Where the columns that the rules speak of stand in a table.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    spec: &'static TableSpec,
    start: Option<usize>,
    end: Option<usize>,
    at: Option<usize>,
    known_at: Option<usize>,
    /// Pairs of days, first and last, with the code of the problem when they stand the wrong way round.
    days: Vec<(usize, usize, &'static str)>,
    /// confirmed, asymptomatic, converted, total, community, managed.
    infections: Option<[usize; 6]>,
    /// First moment, first moment after.
    shift: Option<(usize, usize)>,
    opened_at: Option<usize>,
    percent: Option<usize>,
    /// physical, staffed, equipped, occupied.
    capacity: Option<[usize; 4]>,
    stock: Vec<usize>,
}

impl Rules {
    pub(crate) fn of(spec: &'static TableSpec) -> Self {
        let at = |name: &str| spec.position(name);
        let pair = |first, last, code| Some((at(first)?, at(last)?, code));
        let all = |names: &[&str]| names.iter().map(|name| at(name)).collect::<Option<Vec<usize>>>();
        Self {
            spec,
            start: at("period_start"),
            end: at("period_end"),
            at: at("at"),
            known_at: at("known_at"),
            days: [
                pair("acceptance_on", "acceptance_until", code::ACCEPTANCE_REVERSED),
                pair("opens_on", "closes_on", code::DAYS_REVERSED),
                pair("starts_on", "ends_on", code::DAYS_REVERSED),
            ]
            .into_iter()
            .flatten()
            .collect(),
            infections: all(&["confirmed", "asymptomatic", "converted", "total", "community", "managed"])
                .and_then(|all| all.try_into().ok()),
            shift: at("starts_at").zip(at("ends_at")).filter(|_| spec.used == Use::Report),
            opened_at: at("opened_at").filter(|_| spec.used == Use::Owed),
            percent: at("community_pct"),
            capacity: all(&["physical", "staffed", "equipped", "occupied"]).and_then(|all| all.try_into().ok()),
            stock: ["on_hand", "daily_use"].into_iter().filter_map(at).collect(),
        }
    }

    fn problem(&self, cells: &[Option<Cell>], at: usize, code: &'static str, args: Vec<String>) -> CellProblem {
        CellProblem {
            column: self.spec.columns.get(at).map_or_else(String::new, |c| c.name.to_owned()),
            value: get(cells, Some(at)).map_or_else(String::new, Cell::to_string),
            code,
            args,
        }
    }

    /// What makes the row impossible as a report.
    pub(crate) fn problems(&self, cells: &[Option<Cell>], now: DateTime, out: &mut Vec<CellProblem>) {
        let mut add = |at: Option<usize>, code, args: Vec<String>| {
            if let Some(at) = at {
                out.push(self.problem(cells, at, code, args));
            }
        };
        let (start, end) = (moment(cells, self.start), moment(cells, self.end));
        let known_at = moment(cells, self.known_at);
        if let (Some(start), Some(end)) = (start, end)
            && end <= start
        {
            add(self.end, code::PERIOD_REVERSED, vec![written(start)]);
        }
        for (at, moment) in [
            (self.end, end),
            (self.at, moment(cells, self.at)),
            (self.known_at, known_at),
            (self.opened_at, moment(cells, self.opened_at)),
        ] {
            if moment.is_some_and(|moment| moment > now) {
                add(at, code::IN_FUTURE, vec![written(now)]);
            }
        }
        if let (Some(start), Some(end), Some(known_at)) = (start, end, known_at)
            && known_at < end
            && Period::new(start, end).is_ok_and(|period| period.full_day().is_some())
        {
            add(self.end, code::KNOWN_BEFORE_END, vec![written(known_at)]);
        }
        if let Some((first, last)) = self.shift
            && let (Some(from), Some(until)) = (moment(cells, Some(first)), moment(cells, Some(last)))
            && until <= from
        {
            add(Some(last), code::END_NOT_AFTER_START, vec![written(from)]);
        }
        for (first, last, code) in &self.days {
            if let (Some(from), Some(until)) = (day(cells, *first), day(cells, *last))
                && until < from
            {
                add(Some(*last), code, vec![from.to_string()]);
            }
        }
    }

    /// What contradicts itself, or needs a second look, and is accepted all the same.
    pub(crate) fn warnings(&self, cells: &[Option<Cell>], out: &mut Vec<CellProblem>) {
        let mut add = |at: usize, code, args: Vec<String>| out.push(self.problem(cells, at, code, args));
        if let (Some(at), Some(start), Some(end), Some(known_at)) =
            (self.end, moment(cells, self.start), moment(cells, self.end), moment(cells, self.known_at))
            && known_at < end
            && Period::new(start, end).is_ok_and(|period| period.full_day().is_none())
        {
            add(at, code::PART_KNOWN_EARLY, vec![written(known_at)]);
        }
        if let Some(all) = self.infections {
            let [confirmed, asymptomatic, converted, total, community, managed] = all.map(|at| count(cells, at));
            let [.., at_converted, at_total, at_community, _] = all;
            if let (Some(converted), Some(confirmed)) = (converted, confirmed)
                && converted > confirmed
            {
                add(at_converted, code::MORE_CONVERTED, vec![confirmed.to_string()]);
            }
            // Counts are bounded by intake, so these sums cannot overflow.
            let both = confirmed.zip(asymptomatic).map(|(c, a)| c + a);
            let computed = both.zip(converted).and_then(|(both, converted)| both.checked_sub(converted));
            if let (Some(total), Some(computed)) = (total, computed)
                && total != computed
            {
                add(at_total, code::TOTAL_DIFFERS, vec![computed.to_string()]);
            }
            if let (Some(found), Some(new)) = (community.zip(managed).map(|(c, m)| c + m), total.or(computed).or(both))
                && found > new
            {
                add(at_community, code::PARTS_EXCEED, vec![found.to_string(), new.to_string()]);
            }
        }
        if let Some(at) = self.percent
            && let Some(Cell::Decimal(share)) = get(cells, Some(at))
            && *share > 0.0
            && *share < 1.0
        {
            add(at, code::LOOKS_LIKE_SHARE, vec![]);
        }
        if let Some([physical, staffed, equipped, occupied]) = self.capacity
            && let Some(exist) = count(cells, physical)
        {
            for at in [staffed, equipped] {
                if count(cells, at).is_some_and(|n| n > exist) {
                    add(at, code::MORE_THAN_EXIST, vec![exist.to_string()]);
                }
            }
            if count(cells, occupied).is_some_and(|n| n > exist) {
                add(occupied, code::MORE_OCCUPIED, vec![exist.to_string()]);
            }
        }
        for at in &self.stock {
            if matches!(get(cells, Some(*at)), Some(Cell::Decimal(n)) if *n < 0.0) {
                add(*at, code::BELOW_ZERO, vec![]);
            }
        }
    }
}

fn get(cells: &[Option<Cell>], at: Option<usize>) -> Option<&Cell> {
    cells.get(at?)?.as_ref()
}

fn moment(cells: &[Option<Cell>], at: Option<usize>) -> Option<DateTime> {
    match get(cells, at)? {
        Cell::DateTime(moment) => Some(*moment),
        _ => None,
    }
}

fn day(cells: &[Option<Cell>], at: usize) -> Option<Date> {
    match get(cells, Some(at))? {
        Cell::Date(day) => Some(*day),
        _ => None,
    }
}

fn count(cells: &[Option<Cell>], at: usize) -> Option<u64> {
    match get(cells, Some(at))? {
        Cell::Count(count) => Some(*count),
        _ => None,
    }
}

fn written(moment: DateTime) -> String {
    moment.strftime("%Y-%m-%dT%H:%M").to_string()
}
