//! Figures that cannot all be right. They are shown and never repaired: which one is wrong is for people to find out.

use crate::care::Care;
use crate::city::CitySeries;
use crate::{Facts, Moment};
use jiff::civil::{Date, DateTime};
use levee_model::area::{PlaceCode, Relation};
use levee_model::gazetteer::Gazetteer;
use levee_model::ids::{FacilityId, OfficeId};
use levee_model::report::{Basis, InfectionReport};
use levee_model::time::Period;
use std::collections::BTreeMap;

/// What contradicts what.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    /// Two offices give different figures for one place and period.
    OfficesDiffer {
        /// Which count.
        field: &'static str,
        /// The two statements.
        left: (OfficeId, u64),
        /// The other.
        right: (OfficeId, u64),
    },
    /// confirmed + asymptomatic - converted is not the stated total.
    IdentityDiffers {
        /// Stated.
        stated: u64,
        /// From the parts; negative when more were converted than counted.
        computed: i64,
    },
    /// Districts, with the units listed apart, do not add up to the city.
    DistrictsDoNotAddUp {
        /// Sum over the districts.
        districts: u64,
        /// Stated for the city.
        city: u64,
        /// Districts without a figure, which make the sum a lower bound.
        missing: u64,
    },
    /// A stated group does not equal the sum of its members.
    GroupDoesNotAddUp {
        /// Sum over the members.
        members: u64,
        /// Stated for the group.
        group: u64,
    },
    /// Groups that together make the city do not add up to it.
    GroupsDoNotAddUp {
        /// Sum over the groups.
        groups: u64,
        /// Stated for the city.
        city: u64,
    },
    /// A part of a day counts more than the whole day.
    PartExceedsDay {
        /// In the part.
        part: u64,
        /// In the day.
        day: u64,
    },
    /// The share stated is not the quotient of the counts stated with it, by more than a tenth of a point.
    ShareDiffers {
        /// Stated, percent.
        stated: f64,
        /// From the counts, percent.
        computed: f64,
    },
    /// Community and managed do not add up to the new infections.
    SplitDiffers {
        /// Community and managed.
        split: u64,
        /// New infections.
        new: u64,
    },
    /// A day is missing from a series that goes on after it.
    DayMissing,
    /// Conversions were not stated: adding confirmed and asymptomatic may count people twice.
    ConversionsUnknown {
        /// confirmed + asymptomatic.
        naive: u64,
    },
    /// Adding confirmed and asymptomatic over the days would count this many people twice.
    CountedTwiceIfSummed {
        /// People.
        people: u64,
        /// Days over which conversions were stated.
        days: u64,
    },
    /// A facility holds more people than it has beds.
    OverCapacity {
        /// The facility.
        facility: FacilityId,
        /// In use.
        occupied: u64,
        /// That exist.
        physical: u64,
    },
}

/// A finding with its place and time.
#[derive(Clone, Debug, PartialEq)]
pub struct Contradiction {
    /// Where.
    pub place: PlaceCode,
    /// The period it is about, if it is about one.
    pub period: Option<Period>,
    /// The day it is about, for sorting and showing.
    pub day: Date,
    /// What.
    pub what: Finding,
    /// Sources of the figures.
    pub sources: Vec<String>,
}

struct Finder<'a> {
    moment: Moment,
    places: &'a Gazetteer,
    found: Vec<Contradiction>,
}

type PeriodKey = (DateTime, DateTime);

impl Finder<'_> {
    fn report(&mut self, of: &InfectionReport, what: Finding) {
        self.add(of.place.clone(), Some(of.period), of.period.start().date(), what, &[of]);
    }
    fn add(
        &mut self,
        place: PlaceCode,
        period: Option<Period>,
        day: Date,
        what: Finding,
        reports: &[&InfectionReport],
    ) {
        let mut sources: Vec<String> =
            reports.iter().flat_map(|r| r.provenance.source.split('+').map(str::to_owned)).collect();
        sources.sort();
        sources.dedup();
        self.found.push(Contradiction { place, period, day, what, sources });
    }

    /// One report against itself.
    fn within(&mut self, report: &InfectionReport) {
        if let (Some(c), Some(a), Some(v), Some(t)) =
            (report.confirmed, report.asymptomatic, report.converted, report.total)
        {
            let computed = i128::from(c.get()) + i128::from(a.get()) - i128::from(v.get());
            if computed != i128::from(t.get()) {
                let computed = i64::try_from(computed).unwrap_or(i64::MAX);
                self.report(report, Finding::IdentityDiffers { stated: t.get(), computed });
            }
        } else if let (Some(c), Some(a), Some(v), None) =
            (report.confirmed, report.asymptomatic, report.converted, report.total)
            && v.get() > c.get().saturating_add(a.get())
        {
            let computed = i64::try_from(i128::from(c.get()) + i128::from(a.get()) - i128::from(v.get()));
            self.report(report, Finding::IdentityDiffers { stated: 0, computed: computed.unwrap_or(i64::MIN) });
        }
        if let (Some(community), Some(managed), Some((new, Basis::Stated | Basis::Computed))) =
            (report.community, report.managed, report.new_infections())
        {
            let split = community.get().saturating_add(managed.get());
            if split != new.get() {
                self.report(report, Finding::SplitDiffers { split, new: new.get() });
            }
        }
        if let (Some(found), Some((of, _)), Some(stated)) =
            (report.community, report.new_infections(), report.community_pct)
            && of.get() > 0
        {
            #[expect(clippy::cast_precision_loss, reason = "counts of people lie far below 2^52")]
            let computed = 100.0 * found.get() as f64 / of.get() as f64;
            if (computed - stated).abs() > 0.1 {
                self.report(report, Finding::ShareDiffers { stated, computed });
            }
        }
    }

    /// Two offices on the same place and period.
    fn between(&mut self, same: &[&InfectionReport]) {
        for (nth, left) in same.iter().enumerate() {
            for right in same.iter().skip(nth + 1).filter(|r| r.provenance.office != left.provenance.office) {
                for (field, l, r) in [
                    ("confirmed", left.confirmed, right.confirmed),
                    ("asymptomatic", left.asymptomatic, right.asymptomatic),
                    ("converted", left.converted, right.converted),
                    ("total", left.total, right.total),
                    ("deaths", left.deaths, right.deaths),
                ] {
                    let (Some(l), Some(r)) = (l, r) else { continue };
                    if l != r {
                        let what = Finding::OfficesDiffer {
                            field,
                            left: (left.provenance.office.clone(), l.get()),
                            right: (right.provenance.office.clone(), r.get()),
                        };
                        let day = left.period.start().date();
                        self.add(left.place.clone(), Some(left.period), day, what, &[left, right]);
                    }
                }
            }
        }
    }

    /// Districts against the city in one period, by confirmed and asymptomatic apart, since only these are listed.
    fn across(&mut self, of_period: &[&InfectionReport]) {
        let city = self.places.city().clone();
        for field in [|r: &InfectionReport| r.confirmed, |r: &InfectionReport| r.asymptomatic] {
            let mut sum = 0u64;
            let mut missing = 0u64;
            let mut used = Vec::new();
            for area in self.places.districts() {
                let own = of_period.iter().find(|r| r.place == area.code && field(r).is_some());
                match own {
                    Some(own) => {
                        sum = sum.saturating_add(field(own).map_or(0, |n| n.get()));
                        used.push(*own);
                        for unit in self.places.apart_of(&area.code) {
                            if let Some(apart) = of_period.iter().find(|r| r.place == unit.code && field(r).is_some()) {
                                sum = sum.saturating_add(field(apart).map_or(0, |n| n.get()));
                                used.push(*apart);
                            }
                        }
                    }
                    None => missing += 1,
                }
            }
            let districts = self.places.districts().count() as u64;
            if used.is_empty() || missing * 2 > districts {
                continue;
            }
            // One office's lists are held against the same office's city figure, if it gives one.
            let city_report = of_period
                .iter()
                .filter(|r| r.place == city && field(r).is_some())
                .max_by_key(|r| r.provenance.office == used[0].provenance.office);
            let Some(city_report) = city_report else { continue };
            let stated = field(city_report).map_or(0, |n| n.get());
            if sum > stated || (missing == 0 && sum != stated) {
                let what = Finding::DistrictsDoNotAddUp { districts: sum, city: stated, missing };
                let day = city_report.period.start().date();
                used.push(city_report);
                self.add(city.clone(), Some(city_report.period), day, what, &used);
            }
        }
    }

    /// Stated groups against their members, and complementary groups against the city.
    fn groups(&mut self, of_period: &[&InfectionReport]) {
        let new = |r: &InfectionReport| r.new_infections().map(|(n, _)| n.get());
        let mut stated: Vec<(&InfectionReport, u64, &Vec<PlaceCode>)> = Vec::new();
        for report in of_period {
            let Some(unit) = self.places.unit(&report.place) else { continue };
            let Relation::Group { members } = &unit.relation else { continue };
            let Some(group) = new(report) else { continue };
            stated.push((report, group, members));
        }
        for (report, group, members) in &stated {
            let mut used = vec![*report];
            let sum = members.iter().try_fold(0u64, |sum, member| {
                let row = of_period.iter().find(|r| r.place == *member)?;
                used.push(row);
                Some(sum.saturating_add(new(row)?))
            });
            if let Some(sum) = sum.filter(|sum| sum != group) {
                let what = Finding::GroupDoesNotAddUp { members: sum, group: *group };
                self.add(report.place.clone(), Some(report.period), report.period.start().date(), what, &used);
            }
        }
        let all = self.places.districts().count();
        let city = self.places.city().clone();
        for (nth, (left, l, a)) in stated.iter().enumerate() {
            for (right, r, b) in stated.iter().skip(nth + 1) {
                let apart = a.iter().all(|code| !b.contains(code)) && a.len() + b.len() == all;
                let of_city =
                    of_period.iter().find(|row| row.place == city && row.provenance.office == left.provenance.office);
                if let (true, Some(whole)) = (apart, of_city)
                    && let Some((whole_count, Basis::Stated | Basis::Computed)) = whole.new_infections()
                    && l.saturating_add(*r) != whole_count.get()
                {
                    let what = Finding::GroupsDoNotAddUp { groups: l.saturating_add(*r), city: whole_count.get() };
                    let day = left.period.start().date();
                    self.add(city.clone(), Some(left.period), day, what, &[left, right, whole]);
                }
            }
        }
    }

    /// Parts of a day against the whole.
    fn parts(&mut self, reports: &[InfectionReport]) {
        let mut whole: BTreeMap<(&PlaceCode, Date, &OfficeId), &InfectionReport> = BTreeMap::new();
        for report in reports {
            if let Some(day) = report.period.full_day() {
                whole.insert((&report.place, day, &report.provenance.office), report);
            }
        }
        for part in reports {
            let Some((day, _, _)) = part.period.part_day() else { continue };
            let Some(full) = whole.get(&(&part.place, day, &part.provenance.office)) else { continue };
            for (p, f) in [(part.confirmed, full.confirmed), (part.asymptomatic, full.asymptomatic)] {
                if let (Some(p), Some(f)) = (p, f)
                    && p > f
                {
                    let what = Finding::PartExceedsDay { part: p.get(), day: f.get() };
                    self.add(part.place.clone(), Some(part.period), day, what, &[part, full]);
                }
            }
        }
    }

    /// Holes in the city's series, and what a naive sum would count twice.
    fn series(&mut self, city: &CitySeries) {
        let code = self.places.city().clone();
        let last = city.days.iter().rposition(|d| d.new.value().is_some());
        for day in city.days.iter().take(last.unwrap_or(0)) {
            if day.new.value().is_none() {
                self.add(code.clone(), Period::full_day_of(day.day), day.day, Finding::DayMissing, &[]);
            }
        }
        let (mut people, mut days) = (0u64, 0u64);
        for day in &city.days {
            if let Some(figure) = day.new.figure()
                && figure.basis == Some(Basis::MayCountTwice)
            {
                let what = Finding::ConversionsUnknown { naive: figure.value.get() };
                self.found.push(Contradiction {
                    place: code.clone(),
                    period: figure.period,
                    day: day.day,
                    what,
                    sources: figure.sources.clone(),
                });
            }
            if let Some(converted) = day.converted.value() {
                people = people.saturating_add(converted.get());
                days += 1;
            }
        }
        if people > 0 {
            let what = Finding::CountedTwiceIfSummed { people, days };
            self.add(code, None, self.moment.day, what, &[]);
        }
    }

    fn facilities(&mut self, care: &Care) {
        for level in &care.facilities {
            let Some(status) = &level.status else { continue };
            if let (Some(occupied), Some(physical)) = (status.occupied, status.physical)
                && occupied > physical
            {
                self.found.push(Contradiction {
                    place: level.facility.area.clone(),
                    period: None,
                    day: status.at.date(),
                    what: Finding::OverCapacity { facility: level.facility.id.clone(), occupied, physical },
                    sources: status.provenance.source.split('+').map(str::to_owned).collect(),
                });
            }
        }
    }
}

pub(crate) fn find(
    moment: Moment,
    places: &Gazetteer,
    facts: &Facts,
    city: &CitySeries,
    care: &Care,
) -> Vec<Contradiction> {
    let mut finder = Finder { moment, places, found: Vec::new() };
    let mut by_period: BTreeMap<PeriodKey, Vec<&InfectionReport>> = BTreeMap::new();
    for report in &facts.infections {
        finder.within(report);
        by_period.entry((report.period.start(), report.period.end())).or_default().push(report);
    }
    for of_period in by_period.values() {
        let mut by_place: BTreeMap<&PlaceCode, Vec<&InfectionReport>> = BTreeMap::new();
        for report in of_period {
            by_place.entry(&report.place).or_default().push(report);
        }
        for same in by_place.values() {
            finder.between(same);
        }
        finder.across(of_period);
        finder.groups(of_period);
    }
    finder.parts(&facts.infections);
    finder.series(city);
    finder.facilities(care);
    // The latest first: they are the ones that tonight's figures rest on.
    finder.found.sort_by(|a, b| b.day.cmp(&a.day).then_with(|| a.place.cmp(&b.place)));
    finder.found
}
