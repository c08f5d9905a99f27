//! The accounts of the books: one for each area and kind. Obligations know theirs by its number, so that a change of one
//! does not look for it by name among a hundred thousand.

use crate::account::{Balance, Broken, Flow, Flows};
use crate::catalogue::KindId;
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
}

/// An account as it is looked up. Paths of one city begin alike and differ near their ends: the last bytes, as a number, tell
/// most accounts apart without a look at the text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    ends: [u64; 2],
    of: (AreaPath, KindId),
}

fn end(text: &str) -> u64 {
    text.as_bytes().iter().rev().take(8).fold(0, |end, byte| end << 8 | u64::from(*byte))
}

impl Key {
    fn new(path: &AreaPath, kind: &KindId) -> Self {
        Self { ends: [end(path.as_str()), end(kind.as_str())], of: (path.clone(), kind.clone()) }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Accounts {
    numbers: BTreeMap<Key, AccountNo>,
    all: Vec<Account>,
}

impl Accounts {
    pub(super) fn find(&self, path: &AreaPath, kind: &KindId) -> Option<AccountNo> {
        self.numbers.get(&Key::new(path, kind)).copied()
    }

    /// The number of an account; it gets one when it has none.
    pub(super) fn number(&mut self, path: &AreaPath, kind: &KindId) -> AccountNo {
        let all = &mut self.all;
        *self.numbers.entry(Key::new(path, kind)).or_insert_with(|| {
            let no = AccountNo(u32::try_from(all.len()).unwrap_or(u32::MAX));
            all.push(Account { of: (path.clone(), kind.clone()), balance: Balance::default(), days: Vec::new() });
            no
        })
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
