//! Sums: by system, district and kind, and what is late by reason and owner.

use super::facts::{StatementArrear, StatementFacts};
use super::units::Units;
use crate::facts::Words;
use std::collections::BTreeMap;

/// A sum of accounts. Units of different kinds are added: that they balance is what the sum says, not how much work it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// What came in and went out.
    pub units: Units,
    /// Accounts.
    pub accounts: u64,
    /// Obligations that are late.
    pub late: u64,
    /// How late the longest of them is, minutes.
    pub oldest_minutes: Option<u64>,
    /// Rests on invented rows.
    pub synthetic: bool,
}

impl Tally {
    fn late(&mut self, arrear: &StatementArrear) {
        self.late += 1;
        self.oldest_minutes = self.oldest_minutes.max(Some(arrear.late_minutes));
        self.synthetic |= arrear.synthetic;
    }
    pub(super) fn add(&mut self, other: &Self) {
        self.units.add(&other.units);
        self.accounts += other.accounts;
        self.late += other.late;
        self.oldest_minutes = self.oldest_minutes.max(other.oldest_minutes);
        self.synthetic |= other.synthetic;
    }
}

/// Late obligations with the same reason and owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Total<'f> {
    /// Why; none when nobody has said.
    pub reason: Option<&'f Words>,
    /// Who answers; none when nobody has said.
    pub owner: Option<&'f Words>,
    /// How many.
    pub items: u64,
    /// The longest of them.
    pub oldest: &'f StatementArrear,
    /// Rests on invented rows.
    pub synthetic: bool,
}

impl StatementFacts {
    fn tallies<K: Ord>(&self, key: impl Fn(&str, &str) -> K) -> BTreeMap<K, Tally> {
        let mut all: BTreeMap<K, Tally> = BTreeMap::new();
        for line in &self.lines {
            let tally = all.entry(key(&line.area, &line.kind)).or_default();
            tally.units.add(&line.units);
            tally.accounts += 1;
            tally.synthetic |= line.synthetic;
        }
        for arrear in &self.arrears {
            all.entry(key(&arrear.area, &arrear.kind)).or_default().late(arrear);
        }
        all
    }
    /// Everything.
    pub fn total(&self) -> Tally {
        self.tallies(|_, _| ()).remove(&()).unwrap_or_default()
    }
    /// By system; 0 for kinds that belong to none.
    pub fn by_system(&self) -> BTreeMap<u8, Tally> {
        self.tallies(|_, kind| self.kinds.get(kind).map_or(0, |words| words.system))
    }
    /// By code of the district; the city's own code for what belongs to no district.
    pub fn by_district(&self) -> BTreeMap<String, Tally> {
        self.tallies(|area, _| self.district(area).to_owned())
    }
    /// By system and kind.
    pub fn by_kind(&self) -> BTreeMap<(u8, String), Tally> {
        self.tallies(|_, kind| (self.kinds.get(kind).map_or(0, |words| words.system), kind.to_owned()))
    }
    /// By district and kind.
    pub fn by_district_and_kind(&self) -> BTreeMap<(String, String), Tally> {
        self.tallies(|area, kind| (self.district(area).to_owned(), kind.to_owned()))
    }
    /// What is late by reason and owner: without a reason first, then by number.
    pub fn by_reason_and_owner(&self) -> Vec<Total<'_>> {
        let mut all: BTreeMap<(Option<&Words>, Option<&Words>), Total<'_>> = BTreeMap::new();
        for arrear in &self.arrears {
            let (reason, owner) = (arrear.reason.as_ref(), arrear.owner.as_ref());
            let total = all.entry((reason, owner)).or_insert(Total {
                reason,
                owner,
                items: 0,
                oldest: arrear,
                synthetic: false,
            });
            total.items += 1;
            total.synthetic |= arrear.synthetic;
            if (arrear.due, &arrear.obligation) < (total.oldest.due, &total.oldest.obligation) {
                total.oldest = arrear;
            }
        }
        let mut all: Vec<Total<'_>> = all.into_values().collect();
        all.sort_by_key(|total| (total.reason.is_some(), std::cmp::Reverse(total.items), total.oldest.due));
        all
    }
}
