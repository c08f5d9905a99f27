//! The statement of a day told a second time, from nothing but a list of what moved. Shares no code with the ledger.
//!
//! In: every movement of units since the city was founded, and what each obligation's due time is. Out: law 2's equation
//! for every area and kind on a day, and what is late at the end of it. Nothing is kept from one day to the next: what a
//! day carries in is counted anew from all that moved before it.

use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Where units are before or after a movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whereabouts {
    /// Nowhere: nobody had heard of them.
    Unknown,
    /// Owed in another account.
    OtherAccount,
    /// In the same account, as part of another obligation: counted there and named here, or the other way round.
    SameAccount,
    /// Owed here.
    Owed,
    /// Done.
    Met,
    /// Excused.
    Waived,
    /// Failed.
    Expired,
    /// Entered in error.
    Voided,
}

/// Units of an obligation moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// Of which obligation, in any writing that tells them apart.
    pub obligation: String,
    /// Of which kind it is.
    pub kind: String,
    /// The areas from the city down, as text.
    pub path: String,
    /// On the books of which day.
    pub day: Date,
    /// From where.
    pub from: Whereabouts,
    /// To where.
    pub to: Whereabouts,
    /// How many.
    pub units: u64,
}

/// Law 2's equation of one account on one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Equation {
    /// Owed at the end of the day before.
    pub carried_in: u64,
    /// Newly owed.
    pub opened: u64,
    /// Came from other accounts.
    pub transferred_in: u64,
    /// Recorded as closed before, and owed after all.
    pub corrected: u64,
    /// Done.
    pub met: u64,
    /// Excused.
    pub waived: u64,
    /// Failed.
    pub expired: u64,
    /// Entered in error.
    pub voided: u64,
    /// Went to other accounts.
    pub transferred_out: u64,
    /// Owed at the end of the day.
    pub carried_out: u64,
}

impl Equation {
    /// What comes in less what goes out; zero, or the books are wrong.
    pub fn residual(&self) -> i128 {
        let incoming = [self.carried_in, self.opened, self.transferred_in, self.corrected];
        let outgoing = [self.met, self.waived, self.expired, self.voided, self.transferred_out, self.carried_out];
        let sum = |side: &[u64]| side.iter().map(|units| i128::from(*units)).sum::<i128>();
        sum(&incoming) - sum(&outgoing)
    }
}

/// What is wrong with a list of movements.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Impossible {
    /// More units left than had come.
    #[error("{obligation}: more units leave on {day} than are {at:?}")]
    MoreLeft {
        /// Of which obligation.
        obligation: String,
        /// On which day.
        day: Date,
        /// From where.
        at: Whereabouts,
    },
    /// Units went from one closed state to another, or from nowhere to anywhere but here.
    #[error("{obligation}: no unit can go from {from:?} to {to:?}")]
    NoSuchWay {
        /// Of which obligation.
        obligation: String,
        /// From where.
        from: Whereabouts,
        /// To where.
        to: Whereabouts,
    },
}

/// Which account.
pub type Account = (String, String);

/// The equation of every account (area, kind) in which anything was owed or happened on a day.
///
/// Movements are in the order in which they happened.
pub fn equations(movements: &[Movement], day: Date) -> Result<BTreeMap<Account, Equation>, Impossible> {
    follow(movements)?;
    let mut lines: BTreeMap<Account, Equation> = BTreeMap::new();
    for one in movements.iter().filter(|one| one.day <= day) {
        use Whereabouts::{Expired, Met, OtherAccount, Owed, SameAccount, Unknown, Voided, Waived};
        let line = lines.entry((one.path.clone(), one.kind.clone())).or_default();
        let before = one.day < day;
        match (one.from, one.to) {
            (from, Owed) if from != Owed => {
                line.carried_out = line.carried_out.saturating_add(one.units);
                line.carried_in = line.carried_in.saturating_add(if before { one.units } else { 0 });
            }
            (Owed, to) if to != Owed => {
                line.carried_out = line.carried_out.saturating_sub(one.units);
                line.carried_in = line.carried_in.saturating_sub(if before { one.units } else { 0 });
            }
            _ => {}
        }
        if before {
            continue;
        }
        let side = match (one.from, one.to) {
            (Unknown, Owed) => &mut line.opened,
            (OtherAccount, Owed) => &mut line.transferred_in,
            (Met | Waived | Expired | Voided, Owed) => &mut line.corrected,
            (Owed, Met) => &mut line.met,
            (Owed, Waived) => &mut line.waived,
            (Owed, Expired) => &mut line.expired,
            (Owed, Voided) => &mut line.voided,
            (Owed, OtherAccount) => &mut line.transferred_out,
            // From hand to hand, or from counted to named: the account as a whole does not feel it.
            (Owed | SameAccount, Owed) | (Owed, SameAccount) => continue,
            (from, to) => return Err(Impossible::NoSuchWay { obligation: one.obligation.clone(), from, to }),
        };
        *side = side.saturating_add(one.units);
    }
    lines.retain(|_, line| *line != Equation::default());
    Ok(lines)
}

/// Where the units of every obligation are after all movements.
fn follow(movements: &[Movement]) -> Result<BTreeMap<&str, BTreeMap<Whereabouts, u64>>, Impossible> {
    let mut units: BTreeMap<&str, BTreeMap<Whereabouts, u64>> = BTreeMap::new();
    for one in movements {
        let of = units.entry(&one.obligation).or_default();
        let outside = [Whereabouts::Unknown, Whereabouts::OtherAccount, Whereabouts::SameAccount];
        if !outside.contains(&one.from) {
            let there = of.entry(one.from).or_default();
            let more = || Impossible::MoreLeft { obligation: one.obligation.clone(), day: one.day, at: one.from };
            *there = there.checked_sub(one.units).ok_or_else(more)?;
        }
        let there = of.entry(one.to).or_default();
        *there = there.saturating_add(one.units);
    }
    Ok(units)
}

/// Something due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Which obligation.
    pub obligation: String,
    /// By when.
    pub due: Timestamp,
    /// What was said about its being late: for the settlement of which day, and why; in the order in which it was said.
    pub said: Vec<(Date, String)>,
}

/// What is late: how many units, and the reason if one was given that holds for this day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Late {
    /// Units still owed.
    pub units: u64,
    /// Why; none = unexplained, and the day cannot be settled.
    pub reason: Option<String>,
}

/// What was due by the end of a day and is still owed after all movements, by obligation.
pub fn arrears(
    movements: &[Movement],
    due: &[Due],
    day: Date,
    ends: Timestamp,
) -> Result<BTreeMap<String, Late>, Impossible> {
    let units = follow(movements)?;
    let mut late = BTreeMap::new();
    for one in due.iter().filter(|one| one.due <= ends) {
        let owed = units.get(one.obligation.as_str()).and_then(|of| of.get(&Whereabouts::Owed)).copied().unwrap_or(0);
        if owed > 0 {
            let said = one.said.last().filter(|(said, _)| *said >= day);
            late.insert(one.obligation.clone(), Late { units: owed, reason: said.map(|(_, why)| why.clone()) });
        }
    }
    Ok(late)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn moved(day: i8, from: Whereabouts, to: Whereabouts, units: u64) -> Movement {
        let (obligation, kind, path) = ("o-1".to_owned(), "care_placement".to_owned(), "500000/500103".to_owned());
        Movement { obligation, kind, path, day: date(2022, 11, day), from, to, units }
    }

    fn of(movements: &[Movement], day: i8) -> Equation {
        let all = equations(movements, date(2022, 11, day)).unwrap();
        all.values().next().copied().unwrap_or_default()
    }

    /// Counted by hand: ten come in, four are met, one comes back, two go elsewhere.
    #[test]
    fn a_few_days_counted_by_hand() {
        use Whereabouts::{Met, OtherAccount, Owed, SameAccount, Unknown};
        let movements = [
            moved(18, Unknown, Owed, 10),
            moved(18, Owed, Owed, 3),
            moved(18, Owed, Met, 4),
            moved(19, Met, Owed, 1),
            moved(19, Owed, SameAccount, 2),
            moved(19, SameAccount, Owed, 2),
            moved(20, Owed, OtherAccount, 2),
        ];
        assert_eq!(of(&movements, 17), Equation::default());
        let first = of(&movements, 18);
        assert_eq!((first.carried_in, first.opened, first.met, first.carried_out), (0, 10, 4, 6));
        let second = of(&movements, 19);
        assert_eq!((second.carried_in, second.corrected, second.carried_out), (6, 1, 7));
        let third = of(&movements, 20);
        assert_eq!((third.carried_in, third.transferred_out, third.carried_out), (7, 2, 5));
        assert!([first, second, third].iter().all(|line| line.residual() == 0));
    }

    #[test]
    fn what_never_came_cannot_leave() {
        use Whereabouts::{Met, Owed, Unknown, Waived};
        let short = [moved(18, Unknown, Owed, 1), moved(18, Owed, Met, 2)];
        let said = equations(&short, date(2022, 11, 18)).unwrap_err().to_string();
        insta::assert_snapshot!(said, @"o-1: more units leave on 2022-11-18 than are Owed");
        let odd = [moved(18, Unknown, Owed, 1), moved(18, Owed, Met, 1), moved(18, Met, Waived, 1)];
        let said = equations(&odd, date(2022, 11, 18)).unwrap_err().to_string();
        insta::assert_snapshot!(said, @"o-1: no unit can go from Met to Waived");
    }

    #[test]
    fn late_is_what_was_due_by_the_end_and_a_reason_holds_for_its_day_and_those_before() {
        use Whereabouts::{Owed, Unknown};
        let ends: Timestamp = "2022-11-18T16:00:00Z".parse().unwrap();
        let movements = [moved(18, Unknown, Owed, 3)];
        let due = |due: Timestamp, said: &[(Date, &str)]| Due {
            obligation: "o-1".to_owned(),
            due,
            said: said.iter().map(|(day, why)| (*day, (*why).to_owned())).collect(),
        };
        let of = |one: Due| arrears(&movements, &[one], date(2022, 11, 18), ends).unwrap().remove("o-1");
        assert_eq!(of(due(ends + jiff::SignedDuration::from_secs(1), &[])), None);
        assert_eq!(of(due(ends, &[])), Some(Late { units: 3, reason: None }));
        let stale = due(ends, &[(date(2022, 11, 17), "no_staff")]);
        assert_eq!(of(stale), Some(Late { units: 3, reason: None }));
        let said = due(ends, &[(date(2022, 11, 17), "no_staff"), (date(2022, 11, 18), "no_capacity")]);
        assert_eq!(of(said), Some(Late { units: 3, reason: Some("no_capacity".to_owned()) }));
    }
}
