//! The accounts of the books: one for each area and kind. Obligations know theirs by its number, so that a change of one
//! does not look for it by name among a hundred thousand.

use crate::account::{Balance, Broken, Flow, Flows};
use crate::catalogue::KindId;
use crate::obligation::Ground;
use crate::place::AreaPath;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Which account, in the order in which they came up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct AccountNo(u32);

#[derive(Clone, Debug, PartialEq)]
struct Account {
    of: (AreaPath, KindId),
    balance: Balance,
    /// What flowed, by day; nearly always something is entered on the last one.
    days: Vec<(Date, Flows)>,
    /// What was opened on which ground: where the books keep it.
    grounds: BTreeMap<Printed<Ground>, u32>,
}

/// A text behind a number made from it, which tells nearly all texts apart without a look at them: they lie elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Printed<T> {
    print: u64,
    text: T,
}

/// Eight bytes at a time, multiplied by an odd number without pattern. Any function would do that gives the same for the same
/// text; those that collide are told apart by the text itself.
fn print(text: &str) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mixed = |print: u64, word: u64| {
        let mixed = (print ^ word).wrapping_mul(ODD);
        mixed ^ mixed >> 32
    };
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let print = words.iter().fold(text.len() as u64, |print, word| mixed(print, u64::from_le_bytes(*word)));
    mixed(print, rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)))
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Accounts {
    /// Areas and kinds by number, in the order in which they came up: both are few beside the accounts, so that looking for them
    /// stays within the processor's memory.
    areas: BTreeMap<Printed<AreaPath>, u32>,
    kinds: BTreeMap<KindId, u32>,
    /// The accounts of each area, by the number of their kind.
    of_area: Vec<Vec<(u32, AccountNo)>>,
    all: Vec<Account>,
}

fn number(of: usize) -> u32 {
    // Four thousand million of anything do not fit into any memory.
    u32::try_from(of).unwrap_or(u32::MAX)
}

impl Accounts {
    pub(super) fn find(&self, path: &AreaPath, kind: &KindId) -> Option<AccountNo> {
        let area = *self.areas.get(&Printed { print: print(path.as_str()), text: path.clone() })?;
        let kind = self.kinds.get(kind)?;
        let accounts = self.of_area.get(area as usize)?;
        let nth = accounts.binary_search_by_key(kind, |(kind, _)| *kind).ok()?;
        accounts.get(nth).map(|(_, no)| *no)
    }

    /// The number of an account; it gets one when it has none.
    pub(super) fn number(&mut self, path: &AreaPath, kind: &KindId) -> AccountNo {
        if let Some(known) = self.find(path, kind) {
            return known;
        }
        let next = number(self.kinds.len());
        let kind_no = *self.kinds.entry(kind.clone()).or_insert(next);
        let next = number(self.areas.len());
        let area = *self.areas.entry(Printed { print: print(path.as_str()), text: path.clone() }).or_insert(next);
        if area == next {
            self.of_area.push(Vec::new());
        }
        let no = AccountNo(number(self.all.len()));
        if let Some(accounts) = self.of_area.get_mut(area as usize) {
            let nth = accounts.partition_point(|(other, _)| *other < kind_no);
            accounts.insert(nth, (kind_no, no));
        }
        let of = (path.clone(), kind.clone());
        self.all.push(Account { of, balance: Balance::default(), days: Vec::new(), grounds: BTreeMap::new() });
        no
    }

    /// Where the books keep what was opened on a ground.
    pub(super) fn on_ground(&self, no: AccountNo, ground: &Ground) -> Option<u32> {
        self.get(no)?.grounds.get(&Printed { print: print(ground.as_str()), text: ground.clone() }).copied()
    }

    /// Notes where the books keep what was opened on a ground.
    pub(super) fn ground(&mut self, no: AccountNo, ground: &Ground, place: u32) {
        if let Some(account) = self.all.get_mut(no.0 as usize) {
            account.grounds.insert(Printed { print: print(ground.as_str()), text: ground.clone() }, place);
        }
    }

    fn get(&self, no: AccountNo) -> Option<&Account> {
        self.all.get(no.0 as usize)
    }

    pub(super) fn balance(&self, no: AccountNo) -> Option<Balance> {
        self.get(no).map(|account| account.balance)
    }

    /// Changes where units stand, by a change that fits.
    pub(super) fn change(&mut self, no: AccountNo, change: impl FnOnce(&mut Balance) -> Result<(), Broken>) {
        if let Some(account) = self.all.get_mut(no.0 as usize) {
            let fits = change(&mut account.balance);
            debug_assert_eq!(fits, Ok(()));
        }
    }

    /// Enters what flowed on a day.
    pub(super) fn post(&mut self, no: AccountNo, day: Date, flow: Flow, units: u64) {
        let Some(account) = self.all.get_mut(no.0 as usize) else { return };
        let nth = match account.days.last() {
            Some((last, _)) if *last == day => account.days.len() - 1,
            _ => match account.days.binary_search_by_key(&day, |(day, _)| *day) {
                Ok(nth) => nth,
                Err(nth) => {
                    account.days.insert(nth, (day, Flows::default()));
                    nth
                }
            },
        };
        if let Some((_, flows)) = account.days.get_mut(nth) {
            flows.post(flow, units);
        }
    }

    /// Units come in.
    pub(super) fn open(&mut self, no: AccountNo, day: Date, flow: Flow, units: u64, named: bool) {
        self.post(no, day, flow, units);
        self.change(no, |balance| {
            balance.open(flow, units, named);
            Ok(())
        });
    }

    fn in_order(&self) -> impl Iterator<Item = &Account> {
        let mut all: Vec<&Account> = self.all.iter().collect();
        all.sort_by(|one, other| one.of.cmp(&other.of));
        all.into_iter()
    }

    pub(super) fn balances(&self) -> impl Iterator<Item = (&(AreaPath, KindId), &Balance)> {
        self.in_order().map(|account| (&account.of, &account.balance))
    }

    pub(super) fn flows(&self) -> impl Iterator<Item = (&(AreaPath, KindId), Date, &Flows)> {
        self.in_order().flat_map(|account| account.days.iter().map(|(day, flows)| (&account.of, *day, flows)))
    }
}
