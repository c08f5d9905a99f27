//! Testing: whom to sample where and when, and which laboratory takes which tubes in which hour.
//!
//! Data only. `levee-planner` turns [`TestingInputs`] into a [`TestingPlan`]; `levee-check` judges the plan against the
//! same inputs. Hours count from 00:00 of the plan's first day, city time: hour 8 is 08:00 to 09:00, hour 26 is 02:00 of the
//! day after. Minutes count from the same moment. All counts are whole; `None` = not reported, which is neither zero nor plenty.
//!
//! A test never stands before care (law 7): nothing here says, or can say, that a patient waits for a result.

mod proposal;

pub use proposal::{
    Binding, Caveat, ClassShare, DutyOutcome, LaboratoryLoad, OutsideAsk, PoolChoice, PoolReason, RetestReserve,
    RetestWave, ShortfallProof, SiteHour, Station, TestingCause, TestingGap, TestingPlan, TestingRemedy, TestingTier,
    TestingTierOutcome, TestingTotals, TubeFate, TubeOrder, WaitingOutcome,
};

use crate::area::PlaceCode;
use crate::ids::{FacilityId, text_id};
use crate::provenance::Origin;
use crate::quantity::{Persons, Tubes};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

text_id!(
    /// Sampling teams of one kind. Never a person.
    TeamId,
    "team id"
);
text_id!(
    /// A testing duty of the plan: the caller's own name for one row of people who are to be sampled.
    DutyId,
    "duty id"
);

/// Why people are tested. Ordered: an earlier one is served first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestClass {
    /// Symptoms: fever clinic, emergency department. Their care goes on whatever the test does.
    Urgent,
    /// A pooled tube was positive; each of its people is sampled again, alone.
    Recheck,
    /// Close contacts on the stated days of their quarantine.
    Contact,
    /// Residents of a high-risk area on the stated days.
    HighRiskArea,
    /// Care homes, wards, carers: the vulnerable and whoever is close to them.
    Institution,
    /// Posts that the rulebook lists: couriers, markets, isolation-site staff.
    KeyPost,
    /// A round for an area, wished for and not owed.
    Screening,
}

impl TestClass {
    /// All classes, the most important first.
    pub const ALL: [Self; 7] = [
        Self::Urgent,
        Self::Recheck,
        Self::Contact,
        Self::HighRiskArea,
        Self::Institution,
        Self::KeyPost,
        Self::Screening,
    ];
    /// The tier in which its lateness counts.
    pub fn tier(self) -> TestingTier {
        match self {
            Self::Urgent | Self::Recheck | Self::Contact | Self::HighRiskArea => TestingTier::Safety,
            Self::Institution => TestingTier::Vulnerable,
            Self::KeyPost | Self::Screening => TestingTier::Waiting,
        }
    }
}

/// Whole hours, `from` included, `until` excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct HourSpan {
    /// First hour.
    pub from: u16,
    /// First hour that is no more in it.
    pub until: u16,
}

impl HourSpan {
    /// Whether the hour lies in it.
    pub fn holds(self, hour: u16) -> bool {
        self.from <= hour && hour < self.until
    }
}

/// People of one class in one district who are to be sampled within some hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// Its name; unique among the duties.
    pub id: DutyId,
    /// Where they are.
    pub district: PlaceCode,
    /// Sampled only at this site (an institution on its own ground); `None` = at any site of the district.
    pub site: Option<FacilityId>,
    /// Why they are tested.
    pub class: TestClass,
    /// Whether a team must come to the door (people who cannot walk, the very old, who may not leave).
    pub at_door: bool,
    /// People whom the rule or the round names.
    pub people: Persons,
    /// Of these, exempt, refusing or already sampled: the duty is resolved for them, and nothing is planned.
    pub resolved: Persons,
    /// Hours in which they may be sampled.
    pub window: HourSpan,
    /// Promised minutes from the start of the hour of sampling to the reported result.
    pub promise_minutes: u32,
    /// Which screening goes first; 1 = first. Duties carry 1.
    pub priority: u8,
    /// What obliges or orders it: a rule's id, or the order of a round.
    pub ground: String,
    /// What the figures rest on.
    pub origin: Origin,
}

/// A place where samples are taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamplingSite {
    /// The site.
    pub site: FacilityId,
    /// Its district; it serves the people of this district.
    pub district: PlaceCode,
    /// Hours in which it is open.
    pub open: Vec<HourSpan>,
    /// Teams that can work there at once; `None` = not reported, and none is sent.
    pub teams_at_most: Option<u32>,
    /// What the figures rest on.
    pub origin: Origin,
}

/// Sampling teams of one kind on one shift: same districts, hours and rate, so that any of them will do. A city has tens of thousands;
/// who is in which is the roster's business, as is rest between shifts (11 h and more).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// Their name.
    pub team: TeamId,
    /// How many teams.
    pub count: u32,
    /// Districts they may be sent to.
    pub districts: Vec<PlaceCode>,
    /// Whether they go to doors; else they work at booths.
    pub at_door: bool,
    /// Hours of their shift. A team stays at one site for the whole of it.
    pub shift: HourSpan,
    /// Most hours each may work of them.
    pub hours_at_most: u16,
    /// People that each samples in an hour; `None` = not reported, and they are not planned with.
    pub people_per_hour: Option<u32>,
    /// What the figures rest on.
    pub origin: Origin,
}

/// Tubes an hour that a laboratory is certified for, in some hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HourlyCapacity {
    /// In which hours it works.
    pub hours: HourSpan,
    /// Certified tubes in each of these hours.
    pub tubes: Tubes,
}

/// A laboratory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Laboratory {
    /// The laboratory.
    pub laboratory: FacilityId,
    /// The district it lies in.
    pub district: PlaceCode,
    /// Certified tubes in 24 hours (each day of the plan by itself); `None` = not reported, and it gets no tubes.
    pub per_day: Option<Tubes>,
    /// Certified tubes by hour; empty = not reported, and it gets no tubes.
    pub per_hour: Vec<HourlyCapacity>,
    /// Tubes loaded on the plan's first day before the plan begins; they count against the day.
    pub loaded_before: Tubes,
    /// Tubes of one run; 0 or 1 = tube by tube.
    pub batch: u32,
    /// Minutes from the start of the hour in which a tube is loaded to its reported result, the spread of that hour's
    /// runs included; `None` = not reported, and it gets no tubes.
    pub turnaround_minutes: Option<u32>,
    /// Hours in which it stands still (fault, cleaning, power). No run may touch them.
    pub outages: Vec<HourSpan>,
    /// Stopped by quality control since this hour, until somebody clears it: no run from here on.
    pub stopped_from: Option<u16>,
    /// What the figures rest on.
    pub origin: Origin,
}

/// A way for tubes, from a sampling site (or from a laboratory that stands still) to a laboratory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TubeLane {
    /// From which site or laboratory.
    pub from: FacilityId,
    /// To which laboratory.
    pub laboratory: FacilityId,
    /// Length, metres.
    pub metres: u64,
    /// Minutes from departure to receipt.
    pub minutes: u32,
    /// A courier leaves at every hour divisible by this: 1 = each full hour. 0 counts as 1.
    pub every_hours: u16,
    /// What the figures rest on.
    pub origin: Origin,
}

/// Share of a district's people who are infected, with its interval; each between 0 and 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prevalence {
    /// The district.
    pub district: PlaceCode,
    /// Lower end.
    pub low: f64,
    /// Central value.
    pub mid: f64,
    /// Upper end; pool sizes rest on it.
    pub high: f64,
    /// What the figures rest on.
    pub origin: Origin,
}

/// Tubes that were collected before the plan begins and have no result yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingTubes {
    /// At which site or laboratory they are.
    pub at: FacilityId,
    /// Whose people they are.
    pub district: PlaceCode,
    /// Why they were tested.
    pub class: TestClass,
    /// Hour of sampling; negative = before the plan's first day.
    pub sampled_hour: i32,
    /// Promised minutes from the start of that hour.
    pub promise_minutes: u32,
    /// Tubes.
    pub tubes: Tubes,
    /// People in each.
    pub people_per_tube: u32,
    /// Whether a laboratory has received them: then their life is no limit any more.
    pub received: bool,
    /// What the figures rest on.
    pub origin: Origin,
}

/// Tubes of an order that people have issued: sending them elsewhere is a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedTubes {
    /// From which site.
    pub site: FacilityId,
    /// Of which duty.
    pub duty: DutyId,
    /// To which laboratory.
    pub laboratory: FacilityId,
}

/// How many people of a class may share a tube.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolRule {
    /// Which class.
    pub class: TestClass,
    /// At most so many people in one tube.
    pub at_most: u32,
    /// Which rule says so.
    pub source: String,
}

/// What help from outside could be counted on, if asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutsideHelp {
    /// Minutes from any site to the outside laboratory.
    pub minutes: u32,
    /// Its turnaround, minutes, as in [`Laboratory::turnaround_minutes`].
    pub turnaround_minutes: u32,
    /// First hour in which it can load tubes.
    pub from_hour: u16,
}

/// The limits a plan keeps. All are hard but those named an exchange rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestingLimits {
    /// First hour that can still be planned: 0 for tomorrow's plan, the present hour when planning again during the day.
    pub from_hour: u16,
    /// Hours in which samples are taken, 1 to 72.
    pub sampling_hours: u16,
    /// Hours in which laboratories are planned; at least `sampling_hours`, at most 120.
    pub laboratory_hours: u16,
    /// Longest time from the start of the hour of sampling to receipt at a laboratory, hours.
    pub tube_life_hours: u16,
    /// Share of certified capacity that may be planned, thousandths; 900 by default: results reported before testing and
    /// over-pooling came with laboratories run at their paper capacity (Hebei 2021, Beijing and Lanzhou 2022).
    pub share_per_mille: u32,
    /// Who set that share.
    pub share_source: String,
    /// Pool sizes that laboratories accept, 1 among them.
    pub pool_sizes: Vec<u32>,
    /// By class; a class without a rule is sampled one by one.
    pub pool_rules: Vec<PoolRule>,
    /// Within how many hours of a pooled result its people should be sampled again.
    pub recheck_within_hours: u16,
    /// Promised minutes of such a second sample.
    pub recheck_promise_minutes: u32,
    /// An exchange rate: one person without a test counts as so many late hours. A screening of priority k counts a k-th.
    pub untested_hours: u16,
    /// An exchange rate within the last tier: a result one hour earlier is worth so many metres of way.
    pub hour_metres: u64,
    /// Share of people within turnaround that is aimed for, thousandths.
    pub target_per_mille: u32,
    /// What outside help could do; `None` = none is considered.
    pub outside: Option<OutsideHelp>,
}

impl Default for TestingLimits {
    /// A day of sampling, two days of laboratories. Sources: rows of the pack's parameters replace each.
    fn default() -> Self {
        Self {
            from_hour: 0,
            sampling_hours: 24,
            laboratory_hours: 48,
            // Judgement: swabs in transport medium keep for days in the cold; half a day is what an unrefrigerated box allows.
            tube_life_hours: 12,
            share_per_mille: 900,
            share_source: "lab.certified_share; levee-lessons".to_owned(),
            pool_sizes: vec![1, 5, 10, 20],
            pool_rules: PoolRule::china_ninth_edition(),
            recheck_within_hours: 6,
            recheck_promise_minutes: 360,
            // Longer than any lateness that a plan of 48 hours can hold.
            untested_hours: 96,
            // Judgement: an hour earlier is worth a courier's ten kilometres.
            hour_metres: 10_000,
            target_per_mille: 990,
            // Judgement: three hours on the road, six in a laboratory that is not ours, asked for now and there in half a day.
            outside: Some(OutsideHelp { minutes: 180, turnaround_minutes: 360, from_hour: 12 }),
        }
    }
}

impl PoolRule {
    /// Pool limits of the ninth edition (28 June 2022) as far as they were seen: area rounds 20 or 10 in one tube, people
    /// at higher risk 10, contacts, high-risk areas and rechecks alone.
    pub fn china_ninth_edition() -> Vec<Self> {
        let rule = |class, at_most, source: &str| Self { class, at_most, source: source.to_owned() };
        vec![
            rule(TestClass::Urgent, 1, "cn.test.result: a result for the person"),
            rule(TestClass::Recheck, 1, "cn.test.zone: mixed-tube positives are sampled singly"),
            rule(TestClass::Contact, 1, "ninth edition: contacts are sampled singly"),
            rule(TestClass::HighRiskArea, 1, "cn.test.zone: risk persons are sampled singly"),
            rule(TestClass::Institution, 10, "ninth edition: 10 in 1"),
            rule(TestClass::KeyPost, 10, "ninth edition: 10 in 1"),
            rule(TestClass::Screening, 20, "ninth edition: 20 in 1 or 10 in 1"),
        ]
    }
}

/// All that a testing plan is made from, and all that it is checked against. The order of the rows means nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestingInputs {
    /// The plan's first day.
    pub start: Date,
    /// Who is to be sampled.
    pub duties: Vec<Duty>,
    /// Where.
    pub sites: Vec<SamplingSite>,
    /// By whom.
    pub teams: Vec<Team>,
    /// Who analyses.
    pub laboratories: Vec<Laboratory>,
    /// Ways for tubes.
    pub lanes: Vec<TubeLane>,
    /// How many are infected.
    pub prevalence: Vec<Prevalence>,
    /// Tubes collected before.
    pub waiting: Vec<WaitingTubes>,
    /// Orders issued before.
    pub issued: Vec<IssuedTubes>,
    /// Limits.
    pub limits: TestingLimits,
}
