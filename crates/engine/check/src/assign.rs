//! Judges an assignment of people to facilities, and proves that it is the best one.
//!
//! The proof is the prices: when nobody would rather pay for another facility, and only full facilities have a price, no other
//! assignment costs less (complementary slackness of the transport problem). Nothing of the search is looked at.

/// One thing that is wrong with an assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssignViolation {
    /// Rows of costs, people and facilities do not fit together.
    #[error("the answer is not one of these people and facilities")]
    Shape,
    /// A facility that does not exist, or where the person may not go.
    #[error("person {person} goes where they may not")]
    Forbidden {
        /// Who.
        person: usize,
    },
    /// More people than places.
    #[error("facility {facility}: more people than places")]
    OverFull {
        /// Which.
        facility: usize,
    },
    /// Cost or count is not the sum.
    #[error("the sums are not so")]
    Sums,
    /// A facility with places left has a price.
    #[error("facility {facility} has places left and a price")]
    Price {
        /// Which.
        facility: usize,
    },
    /// At these prices somebody would be better off elsewhere: the assignment is not proved to be the best.
    #[error("person {person} would rather be elsewhere")]
    Better {
        /// Who.
        person: usize,
    },
}

/// An answer: for each person the facility, then cost, people without a place, and each facility's price.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// For each person the facility.
    pub facility: &'a [Option<usize>],
    /// Sum of costs.
    pub cost: u64,
    /// People without a place.
    pub unplaced: u64,
    /// Price of each facility.
    pub prices: &'a [u64],
}

/// Everything that is wrong. `costs` are rows of one cost for each facility (`u32::MAX` = may not), `places` those of each facility.
pub fn check(costs: &[u32], places: &[u64], answer: Answer<'_>) -> Vec<AssignViolation> {
    let (people, facilities) = (answer.facility.len(), places.len());
    if costs.len() != people * facilities || answer.prices.len() != facilities {
        return vec![AssignViolation::Shape];
    }
    let mut found = Vec::new();
    let mut there = vec![0u64; facilities];
    let mut sum = 0u128;
    let highest = costs.iter().filter(|c| **c != u32::MAX).max().copied().unwrap_or(0);
    // Being without a place weighs more than all costs together.
    let without = (u128::from(highest) + 1) * (people as u128 + 1);
    for (person, at) in answer.facility.iter().enumerate() {
        let row = costs.get(person * facilities..(person + 1) * facilities).unwrap_or(&[]);
        let pays = |facility: usize| {
            let cost = row.get(facility).copied().filter(|c| *c != u32::MAX)?;
            Some(u128::from(cost) + u128::from(*answer.prices.get(facility)?))
        };
        let now = match at {
            None => without,
            Some(facility) => match pays(*facility) {
                Some(now) => {
                    there[*facility] += 1;
                    sum += u128::from(row[*facility]);
                    now
                }
                None => {
                    found.push(AssignViolation::Forbidden { person });
                    continue;
                }
            },
        };
        let best = (0..facilities).filter_map(pays).min().map_or(without, |best| best.min(without));
        if best < now {
            found.push(AssignViolation::Better { person });
        }
    }
    for (facility, (there, places)) in there.iter().zip(places).enumerate() {
        if there > places {
            found.push(AssignViolation::OverFull { facility });
        }
        if there < places && answer.prices[facility] > 0 {
            found.push(AssignViolation::Price { facility });
        }
    }
    let unplaced = answer.facility.iter().filter(|f| f.is_none()).count() as u64;
    if sum != u128::from(answer.cost) || unplaced != answer.unplaced {
        found.push(AssignViolation::Sums);
    }
    found
}
