//! A rulebook: the texts of one disease and place as data, by version.

use crate::ids::{FactPath, RuleId, RulebookId};
use crate::predicate::{Operand, Test};
use crate::rule::{Obligation, Rule};
use crate::value::Value;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// A title or term, in English and where known in Chinese.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Title {
    /// English.
    pub en: Option<String>,
    /// Chinese.
    pub zh: Option<String>,
}

/// Where the texts hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jurisdiction {
    /// Country code, or `any`.
    pub country: String,
    /// Province, or the city that ranks as one.
    pub province_level: Option<String>,
    /// Remark.
    pub note: Option<String>,
}

/// Ordered levels, smallest or lowest first, for the operators that compare them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Orders {
    /// Areas, from a person to a province.
    pub scope: Vec<String>,
    /// Bodies, from the least to the most powerful.
    pub authority: Vec<String>,
}

impl Orders {
    /// Position of an area level; `None` when the book does not know it.
    pub fn scope_rank(&self, level: &str) -> Option<usize> {
        self.scope.iter().position(|known| known == level)
    }

    /// Position of a body; `None` when the book does not know it.
    pub fn authority_rank(&self, body: &str) -> Option<usize> {
        self.authority.iter().position(|known| known == body)
    }
}

/// From when to when an instrument holds; for people, rules carry their own days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// Name of the instrument.
    pub instrument: String,
    /// First day.
    pub from: Date,
    /// Last day; `None` = open.
    pub to: Option<Date>,
    /// Remark.
    pub note: Option<String>,
}

/// A text that rules restate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Title in English.
    pub title: String,
    /// Title in Chinese.
    pub zh: Option<String>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// Number of the document.
    pub doc_no: Option<String>,
    /// Day, or only the year, as precise as known.
    pub date: Option<String>,
    /// Day of publication, where it differs.
    pub published: Option<Date>,
    /// Day of entry into force, where it differs.
    pub in_force: Option<Date>,
    /// Where it was read.
    pub url: Option<String>,
    /// How much of the text the compiler really saw.
    pub seen: String,
}

/// A checked rulebook. The only way to one is [`Rulebook::parse`].
#[derive(Clone, Debug, PartialEq)]
pub struct Rulebook {
    pub(crate) id: RulebookId,
    pub(crate) title: Title,
    pub(crate) disease: String,
    pub(crate) jurisdiction: Jurisdiction,
    pub(crate) as_of: Date,
    pub(crate) timezone: String,
    pub(crate) orders: Orders,
    pub(crate) glossary: BTreeMap<String, Title>,
    pub(crate) timeline: Vec<Period>,
    pub(crate) sources: BTreeMap<String, Source>,
    /// By id, so that the order of the file has no effect.
    pub(crate) rules: BTreeMap<RuleId, Rule>,
    /// Every fact that some condition reads, in order, the day among them: the places that comparisons name.
    pub(crate) vocabulary: Vec<FactPath>,
}

impl Rulebook {
    /// Gives every comparison the places of its facts. Judging 100,000 measures looks a name up once a measure, not once a
    /// comparison.
    pub(crate) fn settled(mut self) -> Self {
        let mut names: BTreeSet<&FactPath> = self.vocabulary();
        for rule in self.rules.values() {
            if let Some(crate::rule::Release::When(release)) = &rule.release {
                release.each(&mut |comparison| names.extend(comparison.paths()));
            }
        }
        let names: Vec<FactPath> = names.into_iter().cloned().collect();
        let place = |path: &FactPath| names.binary_search(path).unwrap_or(usize::MAX);
        for rule in self.rules.values_mut() {
            rule.each_predicate_mut(&mut |predicate| {
                predicate.each_mut(&mut |comparison| {
                    comparison.places.fact = place(&comparison.path);
                    if let Test::Compare(_, Operand::Fact(other)) = &comparison.test {
                        comparison.places.other = place(other);
                    }
                });
            });
        }
        self.vocabulary = names;
        self
    }

    /// The form of the file that this version reads.
    pub const SCHEMA: &'static str = "levee.rulebook/0.1";

    /// Its name.
    pub fn id(&self) -> &RulebookId {
        &self.id
    }

    /// Its title.
    pub fn title(&self) -> &Title {
        &self.title
    }

    /// The disease that it is about, or `any`.
    pub fn disease(&self) -> &str {
        &self.disease
    }

    /// Where it holds.
    pub fn jurisdiction(&self) -> &Jurisdiction {
        &self.jurisdiction
    }

    /// The day whose state of the texts it was compiled for.
    pub fn as_of(&self) -> Date {
        self.as_of
    }

    /// Name of the time zone that its days are counted in.
    pub fn timezone(&self) -> &str {
        &self.timezone
    }

    /// Its ordered levels.
    pub fn orders(&self) -> &Orders {
        &self.orders
    }

    /// Its terms.
    pub fn glossary(&self) -> &BTreeMap<String, Title> {
        &self.glossary
    }

    /// Its instruments over time.
    pub fn timeline(&self) -> &[Period] {
        &self.timeline
    }

    /// Its texts, by key.
    pub fn sources(&self) -> &BTreeMap<String, Source> {
        &self.sources
    }

    /// All rules of all versions, by id.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.values()
    }

    /// One rule.
    pub fn rule(&self, id: &RuleId) -> Option<&Rule> {
        self.rules.get(id)
    }

    /// The rules in force on `date`, by id.
    pub fn in_force(&self, date: Date) -> Vec<&Rule> {
        self.rules().filter(|rule| rule.effective.holds(date)).collect()
    }

    /// The days on which the rules in force change, in order: a rule begins, or one ended the day before; the day on which the
    /// instruments of the book begin is one of them.
    pub fn turning_days(&self) -> BTreeSet<Date> {
        self.rules()
            .flat_map(|rule| {
                [Some(rule.effective.from), rule.effective.to.and_then(|last| last.tomorrow().ok())]
                    .into_iter()
                    .flatten()
            })
            .chain(self.restates_from())
            .collect()
    }

    /// The first day of the instruments that the book says it restates; before it only older laws are in it, so that finding nothing
    /// says little. `None` when the book has no timeline.
    pub fn restates_from(&self) -> Option<Date> {
        self.timeline.iter().map(|one| one.from).min()
    }

    /// The first day on which any rule is in force; before it there is no version to judge by.
    pub fn first_day(&self) -> Option<Date> {
        self.rules().map(|rule| rule.effective.from).min()
    }

    /// Facts that no rule reads and whose names look like one that some rule reads, with that name: slips of the pen.
    pub fn misspelt<'a>(&'a self, facts: &'a crate::facts::Facts) -> Vec<(&'a FactPath, &'a FactPath)> {
        let unknown = facts.iter().map(|(path, _)| path).filter(|path| self.vocabulary.binary_search(path).is_err());
        unknown
            .filter_map(|path| {
                let near = |known: &&FactPath| crate::read::fields::edits(path.as_str(), known.as_str()) <= 1;
                self.vocabulary.iter().find(near).map(|known| (path, known))
            })
            .collect()
    }

    /// Every parameter with its rule, by rule id and name; `None` = number not found.
    pub fn parameters(&self) -> impl Iterator<Item = (&Rule, &str, Option<&Value>)> {
        self.rules().flat_map(|rule| rule.params.iter().map(move |(name, v)| (rule, name.as_str(), v.as_ref())))
    }

    /// Every obligation with its rule, by rule id, then in the order of the file.
    pub fn obligations(&self) -> impl Iterator<Item = (&Rule, &Obligation)> {
        self.rules().flat_map(|rule| rule.obligations.iter().map(move |obligation| (rule, obligation)))
    }

    /// Every fact that some rule reads.
    pub fn vocabulary(&self) -> BTreeSet<&FactPath> {
        let mut all = BTreeSet::new();
        for rule in self.rules() {
            rule.each_path(&mut |path| {
                all.insert(path);
            });
        }
        all
    }
}
