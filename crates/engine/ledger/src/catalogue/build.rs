//! A catalogue as a whole: made from its rows, or refused with every fault named.

use super::{BadField, Counting, FieldType, MayDecide, SubjectKind};
use super::{Class, Field, FieldValue, Kind, KindId, Ladder, Outcome, Reason};
use std::collections::BTreeMap;

/// All kinds of a city, with their fields, ladders and reasons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    kinds: BTreeMap<KindId, Kind>,
    fields: BTreeMap<KindId, Vec<Field>>,
    ladders: BTreeMap<String, Ladder>,
    /// Reasons of one kind.
    reasons: BTreeMap<KindId, Vec<Reason>>,
    /// Reasons of every kind.
    common: Vec<Reason>,
}

/// What is wrong with the rows of a catalogue.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueFault {
    /// Two rows of one name.
    #[error("kind `{0}` stands twice")]
    KindTwice(KindId),
    /// A row about a kind that is not there.
    #[error("{what} names kind `{kind}`, which is not in the catalogue")]
    UnknownKind {
        /// Which row.
        what: String,
        /// The kind.
        kind: KindId,
    },
    /// A ladder that is not there.
    #[error("kind `{kind}` climbs ladder `{ladder}`, which is not in the catalogue")]
    UnknownLadder {
        /// The kind.
        kind: KindId,
        /// The ladder.
        ladder: String,
    },
    /// A ladder whose steps do not rise, or has none.
    #[error("ladder `{0}` has no step, or a step that comes no later than the one below it")]
    LadderSteps(String),
    /// Law 2: such a kind can only be waived by the recipient, or because it became moot.
    #[error(
        "`{kind}` is owed to a person's life ({class:?}): reason `{reason}` may not waive it unless the recipient gives it or it says that the need is gone"
    )]
    WaiverAgainstLaw {
        /// The kind.
        kind: KindId,
        /// What it protects.
        class: Class,
        /// The reason.
        reason: String,
    },
    /// Law 2: such a kind never expires.
    #[error("`{kind}` never expires: reason `{reason}` cannot expire it")]
    ExpiryAgainstLaw {
        /// The kind.
        kind: KindId,
        /// The reason.
        reason: String,
    },
    /// A named kind must say whom it is owed to, a counted one names nobody.
    #[error("kind `{0}` is named and says not to whom, or counted and names somebody")]
    Subject(KindId),
    /// A number out of its range.
    #[error("kind `{kind}`: {what}")]
    Range {
        /// The kind.
        kind: KindId,
        /// What.
        what: &'static str,
    },
    /// Two fields or reasons of one name.
    #[error("kind `{kind}` has {what} `{name}` twice")]
    Twice {
        /// The kind.
        kind: KindId,
        /// `field` or `reason`.
        what: &'static str,
        /// Its name.
        name: String,
    },
}

impl Catalogue {
    /// Makes a catalogue from its rows. A reason without a kind holds for every kind that the law does not keep from it.
    pub fn new(
        kinds: Vec<Kind>,
        fields: Vec<(KindId, Field)>,
        ladders: Vec<Ladder>,
        reasons: Vec<(Option<KindId>, Reason)>,
    ) -> Result<Self, Vec<CatalogueFault>> {
        let mut faults = Vec::new();
        let mut all = Self::default();
        for ladder in ladders {
            let rise = ladder.rungs.windows(2).all(|two| matches!(two, [a, b] if a.after_minutes < b.after_minutes));
            if ladder.rungs.is_empty() || !rise || all.ladders.contains_key(&ladder.id) {
                faults.push(CatalogueFault::LadderSteps(ladder.id.clone()));
            }
            all.ladders.insert(ladder.id.clone(), ladder);
        }
        for kind in kinds {
            faults.extend(all.faults_of(&kind));
            if let Some(before) = all.kinds.insert(kind.id.clone(), kind) {
                faults.push(CatalogueFault::KindTwice(before.id));
            }
        }
        for (kind, field) in fields {
            if !all.kinds.contains_key(&kind) {
                faults.push(CatalogueFault::UnknownKind { what: format!("field `{}`", field.name), kind });
                continue;
            }
            let of = all.fields.entry(kind.clone()).or_default();
            if of.iter().any(|known| known.name == field.name) {
                faults.push(CatalogueFault::Twice { kind, what: "field", name: field.name });
            } else {
                of.push(field);
            }
        }
        for (kind, reason) in reasons {
            let Some(kind) = kind else {
                all.common.push(reason);
                continue;
            };
            let Some(of) = all.kinds.get(&kind) else {
                faults.push(CatalogueFault::UnknownKind { what: format!("reason `{}`", reason.code), kind });
                continue;
            };
            let code = reason.code.clone();
            if !lawful(of, &reason) {
                faults.push(match reason.outcome {
                    Outcome::Expired => CatalogueFault::ExpiryAgainstLaw { kind: kind.clone(), reason: code },
                    _ => CatalogueFault::WaiverAgainstLaw { kind: kind.clone(), class: of.class, reason: code },
                });
            }
            let list = all.reasons.entry(kind.clone()).or_default();
            if list.iter().any(|known| known.outcome == reason.outcome && known.code == reason.code) {
                faults.push(CatalogueFault::Twice { kind, what: "reason", name: reason.code });
            } else {
                list.push(reason);
            }
        }
        if faults.is_empty() { Ok(all) } else { Err(faults) }
    }

    fn faults_of(&self, kind: &Kind) -> Vec<CatalogueFault> {
        let mut faults = Vec::new();
        let range = |what| CatalogueFault::Range { kind: kind.id.clone(), what };
        if !self.ladders.contains_key(&kind.ladder) {
            faults.push(CatalogueFault::UnknownLadder { kind: kind.id.clone(), ladder: kind.ladder.clone() });
        }
        if (kind.counting == Counting::Counted) != (kind.subject == SubjectKind::None) {
            faults.push(CatalogueFault::Subject(kind.id.clone()));
        }
        if !(1..=29).contains(&kind.system) {
            faults.push(range("the systems are numbered 1 to 29"));
        }
        if !(1..=9).contains(&kind.priority) {
            faults.push(range("priorities are numbered 1 (first) to 9"));
        }
        if kind.life_saving && !kind.class.never_expires() {
            faults.push(range("what saves lives is of class care, food or exit"));
        }
        faults
    }

    /// The kind with this name.
    pub fn kind(&self, id: &KindId) -> Option<&Kind> {
        self.kinds.get(id)
    }
    /// All kinds, by name.
    pub fn kinds(&self) -> impl Iterator<Item = &Kind> {
        self.kinds.values()
    }
    /// The fields of a kind, in the order of the rows.
    pub fn fields(&self, kind: &KindId) -> &[Field] {
        self.fields.get(kind).map_or(&[], Vec::as_slice)
    }
    /// The ladder that a kind climbs.
    pub fn ladder(&self, kind: &Kind) -> Option<&Ladder> {
        self.ladders.get(&kind.ladder)
    }
    /// The reasons that can be given for an outcome of a kind: its own, then those of every kind.
    pub fn reasons<'c>(&'c self, kind: &'c Kind, outcome: Outcome) -> impl Iterator<Item = &'c Reason> {
        let own = self.reasons.get(&kind.id).map_or(&[] as &[Reason], Vec::as_slice);
        own.iter().chain(&self.common).filter(move |reason| reason.outcome == outcome && lawful(kind, reason))
    }
    /// One reason.
    pub fn reason<'c>(&'c self, kind: &'c Kind, outcome: Outcome, code: &str) -> Option<&'c Reason> {
        self.reasons(kind, outcome).find(|reason| reason.code == code)
    }

    /// Checks the fields of a new obligation against its kind.
    pub fn check_fields(&self, kind: &KindId, given: &BTreeMap<String, FieldValue>) -> Result<(), BadField> {
        let fields = self.fields(kind);
        for (name, value) in given {
            let of = || (kind.to_string(), name.clone());
            let Some(field) = fields.iter().find(|field| field.name == *name) else {
                let (kind, field) = of();
                return Err(BadField::Unknown { kind, field });
            };
            if field.holds == FieldType::Personal {
                let (kind, field) = of();
                return Err(BadField::Personal { kind, field });
            }
            if !field.holds.fits(value) {
                let ((kind, name), expected) = (of(), field.holds.words());
                return Err(BadField::Type { kind, field: name, expected });
            }
        }
        let missing =
            |field: &&Field| field.required && field.holds != FieldType::Personal && !given.contains_key(&field.name);
        match fields.iter().find(missing) {
            Some(field) => Err(BadField::Missing { kind: kind.to_string(), field: field.name.clone() }),
            None => Ok(()),
        }
    }
}

/// Law 2: care, food and exits never expire, and are waived only by the recipient or because the need is gone.
fn lawful(kind: &Kind, reason: &Reason) -> bool {
    match reason.outcome {
        _ if !kind.class.never_expires() => true,
        Outcome::Expired => false,
        Outcome::Waived => reason.moot || reason.by == MayDecide::Recipient,
        Outcome::Met | Outcome::Voided | Outcome::Carried => true,
    }
}
