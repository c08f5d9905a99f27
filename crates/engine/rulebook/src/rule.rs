//! One rule: when it applies, what it checks, what it obliges, and the text it restates.

use crate::book::Title;
use crate::choices::choices;
use crate::ids::{FactPath, RuleId};
use crate::predicate::Predicate;
use crate::value::Value;
use jiff::SignedDuration;
use jiff::civil::Date;
use std::collections::BTreeMap;

choices! {
    /// What a measure is by a rulebook, from weakest to strongest: the strongest finding decides.
    Verdict {
        /// No rule in force applies.
        NotCovered = "not_covered",
        /// Allowed, and not less than required.
        Within = "within",
        /// The text gives no number or no limit, or a fact cannot be used: a human decides.
        Undetermined = "undetermined",
        /// Less than the text requires.
        Laxer = "laxer",
        /// More than the text allows.
        Stricter = "stricter",
        /// A service, exit, authority, announcement, assessment or end date is missing: may not go live.
        Blocked = "blocked",
    }
}
choices! {
    /// What a rule is about.
    Kind {
        /// Where a risk area may be drawn, and what holds in it.
        ZoneDesignation = "zone_designation",
        /// When it ends.
        ZoneRelease = "zone_release",
        /// Quarantine of contacts and people at risk.
        ContactQuarantine = "contact_quarantine",
        /// Where infected people are cared for.
        CaseAdmission = "case_admission",
        /// Who is tested, how often.
        Testing = "testing",
        /// How soon people are moved.
        TransferTimeLimit = "transfer_time_limit",
        /// How soon results and reports are given.
        ResultTimeLimit = "result_time_limit",
        /// Movement between places.
        Travel = "travel",
        /// Schools, firms, clinics, rooms.
        PremisesClosure = "premises_closure",
        /// What restricted people are owed.
        ServiceGuarantee = "service_guarantee",
        /// What people who need help are owed.
        VulnerableCare = "vulnerable_care",
        /// Requests, complaints, challenge, privacy.
        Hotline = "hotline",
        /// Isolation sites and rooms.
        IsolationSiteStandards = "isolation_site_standards",
        /// Makeshift hospitals.
        FangcangStandards = "fangcang_standards",
        /// Fire, structure, exits.
        Hazard = "hazard",
        /// Tests that any restriction must pass.
        Proportionality = "proportionality",
    }
}
choices! {
    /// How sure the compiler of the book is that it restates the text.
    Confidence {
        /// The wording was read.
        High = "high",
        /// It was not, or the source is weak; the notes say why.
        Low = "low",
    }
}
choices! {
    /// Whether the wording of a clause was read.
    Evidence {
        /// It was.
        Seen = "seen",
        /// Restated from memory; check before legal use.
        Recalled = "recalled",
    }
}
choices! {
    /// Who says that an obligation must be met before a restriction starts.
    GateBasis {
        /// The text of a source.
        Text = "text",
        /// Levee's own rule.
        Product = "product",
    }
}
choices! {
    /// What a check gives when a fact it needs is not known.
    OnMissing {
        /// It is not made.
        Skip = "skip",
        /// It fails.
        Fail = "fail",
        /// A human decides.
        Undetermined = "undetermined",
    }
}
choices! {
    /// How binding the text is.
    Strength {
        /// "Shall".
        Binding = "binding",
        /// "Should".
        Advisory = "advisory",
    }
}

/// A place in a source that a rule restates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Key of the source in the book; it is there.
    pub source: String,
    /// Which part of it.
    pub clause: String,
    /// Whether the wording was read; `None` = the book does not say.
    pub evidence: Option<Evidence>,
}

/// From when to when a rule is in force, both days included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effective {
    /// First day.
    pub from: Date,
    /// Last day; `None` = open.
    pub to: Option<Date>,
}

impl Effective {
    /// Whether `day` lies in it.
    pub fn holds(self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }

    /// The days that two spans share.
    pub fn overlap(self, other: Self) -> Option<Self> {
        let from = self.from.max(other.from);
        let to = match (self.to, other.to) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        to.is_none_or(|to| from <= to).then_some(Self { from, to })
    }
}

/// How large the area of a measure may be, in levels of `orders.scope`. For people; checks decide.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Smallest level.
    pub min: Option<String>,
    /// Levels that the text names as the rule.
    pub default: Vec<String>,
    /// Largest level.
    pub max: Option<String>,
    /// Largest level under the conditions in `extension`.
    pub extended_max: Option<String>,
    /// When it may be larger.
    pub extension: Option<String>,
    /// Remark.
    pub note: Option<String>,
}

/// How long, in days. For people; checks decide.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// At least.
    pub min_days: Option<u32>,
    /// At most.
    pub max_days: Option<u32>,
    /// Remark.
    pub note: Option<String>,
}

/// When a measure under a rule ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Release {
    /// In words.
    Words(String),
    /// As a condition over facts.
    When(Predicate),
}

/// Who decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authority {
    /// Body that decides; `None` = nobody may, or it makes no sense.
    pub decides: Option<String>,
    /// Body that must be told.
    pub report_to: Option<String>,
    /// Body that decides for the whole city.
    pub city_wide: Option<String>,
    /// Remark.
    pub note: Option<String>,
}

/// What would go further than the rule, and what would fall short of it, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examples {
    /// Stricter than allowed.
    pub stricter: Vec<String>,
    /// Laxer than required.
    pub laxer: Vec<String>,
}

/// One thing that must hold for a measure under a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Its name within the rule.
    pub id: String,
    /// Made only when this holds.
    pub when: Option<Predicate>,
    /// Not made when this is shown to hold: an exemption.
    pub unless: Option<Predicate>,
    /// What must hold.
    pub assert: Predicate,
    /// What a missing fact means.
    pub on_missing: OnMissing,
    /// The finding when `assert` does not hold: blocked, stricter, laxer or undetermined.
    pub otherwise: Verdict,
    /// Why, in the words of the book.
    pub why: String,
}

impl Check {
    /// Whether a measure may not go live while this check does not pass.
    pub fn is_gate(&self) -> bool {
        self.otherwise == Verdict::Blocked
    }
}

/// Something owed to somebody because a measure under the rule is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obligation {
    /// Its name within the rule.
    pub id: String,
    /// Who owes it.
    pub owed_by: String,
    /// To whom.
    pub owed_to: String,
    /// What, in words.
    pub what: String,
    /// Due so long after the start of the restriction, in elapsed time (a day is 24 h); `None` = no number found.
    pub due: Option<SignedDuration>,
    /// Must be in place before the restriction starts.
    pub gate: bool,
    /// Who says so; always there when `gate` is true.
    pub gate_basis: Option<GateBasis>,
}

/// One version of one rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its name.
    pub id: RuleId,
    /// What it is about.
    pub kind: Kind,
    /// Its title.
    pub title: Title,
    /// The clauses that it restates; never empty. They are the source of its parameters too.
    pub source: Vec<Clause>,
    /// When it is in force.
    pub effective: Effective,
    /// Rules that it replaces.
    pub supersedes: Vec<RuleId>,
    /// Disease, where it differs from the book's.
    pub disease: Option<String>,
    /// The condition in words.
    pub trigger: String,
    /// The condition over facts.
    pub applies: Predicate,
    /// Every number, the unit last in its name; `None` = looked for and not found.
    pub params: BTreeMap<String, Option<Value>>,
    /// What is allowed, in words.
    pub measure: Option<String>,
    /// How large.
    pub scope: Option<Scope>,
    /// How long.
    pub duration: Option<Limits>,
    /// Until when.
    pub release: Option<Release>,
    /// Who decides.
    pub authority: Option<Authority>,
    /// What must hold, in the order of the file.
    pub checks: Vec<Check>,
    /// What is owed, in the order of the file.
    pub obligations: Vec<Obligation>,
    /// Both sides of it, in words.
    pub examples: Examples,
    /// How sure the compiler is.
    pub confidence: Confidence,
    /// Remarks.
    pub notes: String,
    /// A city's or province's text, not a national one.
    pub local: bool,
    /// Levee's own rule, not a public one.
    pub product_policy: bool,
    /// How binding.
    pub strength: Strength,
}

impl Rule {
    /// Every predicate that is evaluated: `applies`, then those of the checks.
    pub fn predicates(&self) -> impl Iterator<Item = &Predicate> {
        std::iter::once(&self.applies)
            .chain(self.checks.iter().flat_map(|c| c.when.iter().chain(&c.unless).chain(std::iter::once(&c.assert))))
    }

    /// Every predicate, to change it, `release` too.
    pub(crate) fn each_predicate_mut(&mut self, visit: &mut impl FnMut(&mut Predicate)) {
        visit(&mut self.applies);
        if let Some(Release::When(release)) = &mut self.release {
            visit(release);
        }
        for check in &mut self.checks {
            check
                .when
                .iter_mut()
                .chain(&mut check.unless)
                .chain(std::iter::once(&mut check.assert))
                .for_each(&mut *visit);
        }
    }

    /// Calls `visit` for every fact that the rule reads; a fact may come more than once.
    pub fn each_path<'a>(&'a self, visit: &mut impl FnMut(&'a FactPath)) {
        for predicate in self.predicates() {
            predicate.each(&mut |comparison| comparison.paths().for_each(&mut *visit));
        }
    }
}
