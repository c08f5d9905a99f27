//! What the planner of testing answers. Reasons are codes with arguments; sentences are made where they are shown.

use super::{DutyId, HourSpan, TeamId, TestClass};
use crate::area::PlaceCode;
use crate::ids::FacilityId;
use crate::plan::SolverRecord;
use crate::provenance::Origin;
use crate::quantity::{Persons, Tubes};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A proposed plan of testing. It binds nobody: people decide (law 10).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestingPlan {
    /// First day; hours and minutes of the plan count from its 00:00.
    pub start: Date,
    /// People to a tube, by district and class.
    pub pools: Vec<PoolChoice>,
    /// How many teams of each kind work where; in the order of kind and site, those in reserve first.
    pub stations: Vec<Station>,
    /// What each site takes in each hour.
    pub sampling: Vec<SiteHour>,
    /// Every parcel of tubes: sampled, sent, analysed, reported.
    pub tubes: Vec<TubeOrder>,
    /// What becomes of tubes collected before.
    pub waiting: Vec<WaitingOutcome>,
    /// What each laboratory takes in each hour.
    pub loads: Vec<LaboratoryLoad>,
    /// What becomes of each duty.
    pub duties: Vec<DutyOutcome>,
    /// By class: how many have their result in time.
    pub shares: Vec<ClassShare>,
    /// Second samples that the plan holds sampling and laboratory hours for.
    pub reserves: Vec<RetestReserve>,
    /// Second samples to be expected from the pooled results of this plan.
    pub waves: Vec<RetestWave>,
    /// Why not everything can be in time, proved; `None` = nothing is short, or it could not be proved.
    pub proof: Option<ShortfallProof>,
    /// Capacity to ask for from outside, if that would help.
    pub ask: Option<OutsideAsk>,
    /// What is missing or contradictory in the inputs, with what would mend it.
    pub gaps: Vec<TestingGap>,
    /// What a reader must bear in mind.
    pub caveats: Vec<Caveat>,
    /// How far each tier was brought.
    pub tiers: Vec<TestingTierOutcome>,
    /// Sums.
    pub totals: TestingTotals,
    /// Worst origin of all inputs.
    pub origin: Origin,
    /// What solved it.
    pub solver: SolverRecord,
    /// Version of the planner.
    pub engine_version: String,
    /// Seed; nothing is drawn, it is kept for the record.
    pub seed: u64,
}

/// How many people share a tube, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PoolChoice {
    /// The district.
    pub district: PlaceCode,
    /// The class.
    pub class: TestClass,
    /// People to a tube.
    pub size: u32,
    /// Why.
    pub reason: PoolReason,
}

/// Why a pool is as large as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "code")]
pub enum PoolReason {
    /// The size that needs fewest tubes per person, retests counted, at the upper prevalence (Dorfman 1943).
    FewestTubes {
        /// The upper prevalence.
        upper: f64,
    },
    /// A larger one would need fewer tubes, but the rule allows no more.
    RuleLimit {
        /// The upper prevalence.
        upper: f64,
        /// Which rule.
        source: String,
    },
    /// The rule asks for single tubes.
    Single {
        /// Which rule.
        source: String,
    },
    /// Prevalence is not known: the smallest pool is taken, which loses little whatever it is.
    PrevalenceUnknown,
    /// No rule names the class: single tubes.
    NoRule,
}

/// Teams of one kind at a site, for the whole of their working hours.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Station {
    /// Their kind.
    pub team: TeamId,
    /// The site; `None` = kept in reserve.
    pub site: Option<FacilityId>,
    /// How many of them; never none.
    pub count: u32,
    /// Hours they work.
    pub hours: HourSpan,
    /// People that each can sample in an hour.
    pub people_per_hour: u32,
}

/// What a site takes in an hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteHour {
    /// The site.
    pub site: FacilityId,
    /// The hour.
    pub hour: u16,
    /// Whether at the door.
    pub at_door: bool,
    /// Teams on duty there.
    pub teams: u32,
    /// People they can sample.
    pub possible: Persons,
    /// People planned; a tube counts with all of its places.
    pub people: Persons,
    /// Tubes.
    pub tubes: Tubes,
}

/// Tubes of one duty, one site and one hour on their way through one laboratory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TubeOrder {
    /// Whose samples: a duty of the inputs, or a reserve of the plan.
    pub duty: DutyId,
    /// The class.
    pub class: TestClass,
    /// Where they are taken.
    pub site: FacilityId,
    /// In which hour.
    pub hour: u16,
    /// People to a tube.
    pub pool: u32,
    /// Tubes.
    pub tubes: Tubes,
    /// People in them.
    pub people: Persons,
    /// Which laboratory.
    pub laboratory: FacilityId,
    /// Minute of departure.
    pub departs: u32,
    /// Minute of receipt.
    pub arrives: u32,
    /// Hour in which they are loaded.
    pub analysed: u16,
    /// Minute of the reported result.
    pub result: u32,
    /// Minute until which it was promised.
    pub due: u32,
    /// The laboratory lies in another district.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub helps: bool,
    /// Worst origin of what it rests on.
    pub origin: Origin,
}

/// What becomes of some tubes collected before the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fate")]
pub enum TubeFate {
    /// Analysed.
    Analysed {
        /// Minute of departure; the plan's first minute if they are there already.
        departs: u32,
        /// Minute of receipt.
        arrives: u32,
        /// Hour in which they are loaded.
        analysed: u16,
        /// Minute of the reported result.
        result: u32,
    },
    /// No laboratory can receive them within their life: their people must be asked to come again.
    Lost,
    /// Still waiting when the plan ends.
    Pending,
}

/// Tubes collected before and their fate. Several rows may speak of one row of the inputs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingOutcome {
    /// Where they are.
    pub at: FacilityId,
    /// Whose.
    pub district: PlaceCode,
    /// The class.
    pub class: TestClass,
    /// Hour of sampling.
    pub sampled_hour: i32,
    /// Minute until which the result was promised; negative = before the plan.
    pub due: i64,
    /// People to a tube.
    pub people_per_tube: u32,
    /// Whether a laboratory had received them.
    pub received: bool,
    /// Tubes.
    pub tubes: Tubes,
    /// Which laboratory analyses them; none if lost or pending.
    pub laboratory: Option<FacilityId>,
    /// What becomes of them.
    #[serde(flatten)]
    pub fate: TubeFate,
}

/// What a laboratory takes in an hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaboratoryLoad {
    /// The laboratory.
    pub laboratory: FacilityId,
    /// The hour.
    pub hour: u16,
    /// Tubes loaded.
    pub tubes: Tubes,
    /// Tubes that may be loaded: whole runs within the planned share of certified capacity.
    pub possible: Tubes,
    /// Runs needed.
    pub runs: u64,
}

/// Why people are not sampled or results are late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestingCause {
    /// No site of the district is open in the hours.
    NoSite,
    /// No team that may go there is on shift in the hours.
    NoTeam,
    /// No way to any laboratory within the tubes' life.
    NoLane,
    /// No laboratory can load them before the plan ends.
    NoLaboratory,
    /// The promise is shorter than any way, run and report takes, even with nothing else to do.
    PromiseTooShort,
    /// Teams' hours.
    Teams,
    /// Laboratories' hours.
    Laboratories,
}

/// What becomes of a duty. people = resolved + sampled + unsampled; sampled = on time + late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyOutcome {
    /// Which: a duty of the inputs, or a reserve of the plan.
    pub duty: DutyId,
    /// The district.
    pub district: PlaceCode,
    /// The class.
    pub class: TestClass,
    /// People named.
    pub people: Persons,
    /// Exempt, refused or done before.
    pub resolved: Persons,
    /// People sampled.
    pub sampled: Persons,
    /// Of these, with a result in time.
    pub on_time: Persons,
    /// Of these, with a late one.
    pub late: Persons,
    /// Whole hours late, summed over people; a part of an hour counts as one.
    pub late_person_hours: u64,
    /// People not sampled.
    pub unsampled: Persons,
    /// Why some are late or not sampled.
    pub cause: Option<TestingCause>,
    /// What would mend it.
    pub mends: Vec<TestingRemedy>,
}

/// What would mend a shortfall.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "remedy")]
pub enum TestingRemedy {
    /// A site open in these hours.
    OpenSite {
        /// Where.
        district: PlaceCode,
        /// When.
        hours: HourSpan,
    },
    /// A team on shift in these hours.
    SendTeam {
        /// Where.
        district: PlaceCode,
        /// When.
        hours: HourSpan,
        /// One that goes to doors.
        at_door: bool,
    },
    /// A courier, or a nearer laboratory.
    Lane {
        /// From where.
        district: PlaceCode,
    },
    /// More laboratory hours; the plan's proof and its ask say how many.
    LaboratoryHours,
    /// A promise that can be kept.
    LongerPromise {
        /// At least so many minutes.
        minutes: u32,
    },
}

/// By class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassShare {
    /// The class.
    pub class: TestClass,
    /// People to be sampled (resolved ones left out).
    pub people: Persons,
    /// With a result in time.
    pub on_time: Persons,
    /// With a late one.
    pub late: Persons,
    /// Not sampled.
    pub unsampled: Persons,
    /// Whole late hours, summed over people.
    pub late_person_hours: u64,
    /// Share of `people` in time, thousandths, rounded down; `None` = nobody.
    pub in_time_per_mille: Option<u32>,
}

/// Sampling and laboratory hours held for people of positive pools, as expected when the plan was made. They are called up
/// every third hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetestReserve {
    /// Its name among the plan's duties.
    pub duty: DutyId,
    /// The district.
    pub district: PlaceCode,
    /// Hours in which they should be sampled.
    pub window: HourSpan,
    /// Expected people, rounded up.
    pub people: Persons,
}

/// Second samples to be expected from pooled results.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RetestWave {
    /// The district.
    pub district: PlaceCode,
    /// Hour of the results.
    pub hour: u16,
    /// Pooled tubes with a result in that hour.
    pub tubes: Tubes,
    /// Expected positive tubes at the low, central and upper prevalence, to a millionth; `None` = prevalence is not known.
    pub positive: Option<[f64; 3]>,
    /// Expected people to sample again, at the same three.
    pub people: Option<[f64; 3]>,
}

/// A capacity that is used up in every plan.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "binds")]
pub enum Binding {
    /// What a laboratory may load in an hour.
    LaboratoryHour {
        /// The laboratory.
        laboratory: FacilityId,
        /// The hour.
        hour: u16,
        /// Tubes.
        tubes: Tubes,
    },
    /// What a laboratory may load in a day of the plan, from 0.
    LaboratoryDay {
        /// The laboratory.
        laboratory: FacilityId,
        /// The day.
        day: u16,
        /// Tubes.
        tubes: Tubes,
    },
    /// What all teams that could be at a site in an hour can take of a duty.
    TeamHour {
        /// The duty.
        duty: DutyId,
        /// The site.
        site: FacilityId,
        /// The hour.
        hour: u16,
        /// Tubes.
        tubes: Tubes,
    },
}

/// A cut: these duties' tubes can reach a result in time only through these capacities, which are too small.
///
/// Nobody can do better with the same sites, teams, laboratories and lanes: even if every duty had all teams for itself
/// and runs needed not be whole, at least `short` tubes would be late or missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShortfallProof {
    /// Which duties.
    pub duties: Vec<DutyId>,
    /// Their tubes.
    pub needed: Tubes,
    /// What they must pass through.
    pub binding: Vec<Binding>,
    /// needed - what binding lets through.
    pub short: Tubes,
}

/// What to ask for from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutsideAsk {
    /// First hour in which an outside laboratory must load tubes.
    pub from_hour: u16,
    /// Most tubes in one hour.
    pub peak: Tubes,
    /// Tubes by hour, hours without any left out.
    pub by_hour: Vec<(u16, Tubes)>,
    /// Tubes in all.
    pub tubes: Tubes,
    /// Late hours and untested people at their exchange rate that the plan has without it, by tier: safety, vulnerable, waiting.
    pub without: [u64; 3],
    /// The same with it.
    pub with: [u64; 3],
}

/// What the inputs lack or where they contradict themselves.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "gap")]
pub enum TestingGap {
    /// A site's teams are not reported; none is sent.
    SiteUnknown {
        /// The site.
        site: FacilityId,
    },
    /// Two rows speak of one site; it is not planned with.
    SiteContradicts {
        /// The site.
        site: FacilityId,
    },
    /// The rate of a kind of team is not reported, or two rows speak of it; it is not planned with.
    TeamUnknown {
        /// The team.
        team: TeamId,
    },
    /// Capacity or turnaround is not reported, or two rows speak of it; it gets no tubes.
    LaboratoryUnknown {
        /// The laboratory.
        laboratory: FacilityId,
    },
    /// Stopped by quality control within the plan; somebody must clear it.
    LaboratoryStopped {
        /// The laboratory.
        laboratory: FacilityId,
        /// Since when.
        from: u16,
    },
    /// Prevalence is not known, not a share, or its ends do not enclose it.
    PrevalenceUnknown {
        /// The district.
        district: PlaceCode,
    },
    /// Two duties have one name; both are left out.
    DutyContradicts {
        /// The duty.
        duty: DutyId,
    },
    /// More people than live on Earth, more resolved than named, or a window outside the plan; not planned for.
    DutyNotCredible {
        /// The duty.
        duty: DutyId,
    },
    /// Two rows speak of one lane and differ; the longer one is taken.
    LaneContradicts {
        /// From where.
        from: FacilityId,
        /// To where.
        laboratory: FacilityId,
    },
    /// The way is longer than any on Earth; it is not used.
    LaneNotCredible {
        /// From where.
        from: FacilityId,
        /// To where.
        laboratory: FacilityId,
    },
    /// No lane from this site to any laboratory.
    NoLanes {
        /// The site.
        site: FacilityId,
    },
    /// No rule says how many people of the class may share a tube.
    NoPoolRule {
        /// The class.
        class: TestClass,
    },
}

/// What a reader must bear in mind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Caveat {
    /// No care, transport or admission waits for any result of this plan (law 7).
    CareDoesNotWait,
    /// Infected people who stand together in a queue share tubes: fewer positive tubes than Dorfman's formula expects.
    Clustering,
    /// A positive sample is diluted by the others of its tube: weak ones are missed more often the larger the pool.
    Dilution,
    /// Expected second samples are held as if the central prevalence were so; the range stands beside them.
    ExpectedRetests,
}

/// The tiers, the most important first. A lower one never costs a higher one anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestingTier {
    /// Late person-hours of safety duties; an untested person counts `untested_hours`.
    Safety,
    /// The same of institutions.
    Vulnerable,
    /// The same of everybody else.
    Waiting,
    /// Tubes sent elsewhere than an issued order says.
    Changes,
    /// Tube-metres, hours until the loading counted at their exchange rate.
    Distance,
}

/// How far a tier was brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestingTierOutcome {
    /// Which.
    pub tier: TestingTier,
    /// What the plan costs in it.
    pub value: u64,
    /// No plan within the limits can cost less, given the values before; `None` = no bound was computed.
    pub bound: Option<u64>,
}

/// Sums. Tubes: collected + waiting = analysed + lost + pending.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestingTotals {
    /// People to be sampled (resolved ones left out), reserves for retests included.
    pub people: Persons,
    /// People sampled.
    pub sampled: Persons,
    /// People not sampled; people = sampled + unsampled.
    pub unsampled: Persons,
    /// People with a result in time, of those sampled by this plan.
    pub on_time: Persons,
    /// Tubes collected by this plan.
    pub collected: Tubes,
    /// Tubes collected before.
    pub waiting: Tubes,
    /// Tubes analysed, of both.
    pub analysed: Tubes,
    /// Tubes lost to their life.
    pub lost: Tubes,
    /// Tubes still without a run when the plan ends.
    pub pending: Tubes,
    /// Tubes analysed in another district than they were collected in.
    pub helped: Tubes,
    /// Whether every class reaches the target share.
    pub target_met: bool,
}
