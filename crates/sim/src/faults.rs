//! What may be wrong with a generated table.

use crate::random::Random;

/// How many rows in a thousand are not simply new, each drawn apart. What they sum to above 1,000 is cut off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Rows that a check must reject: negative or fractional counts, unknown places, reversed periods, empty cells.
    pub bad_per_mille: u32,
    /// Rows that repeat the row before them word for word.
    pub duplicate_per_mille: u32,
    /// Rows with another figure for the row before them, known later. A live city, which knows all rows of a file at
    /// one moment, must reject them; a replay takes them as corrections.
    pub superseding_per_mille: u32,
}

/// What becomes of the next row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    New,
    Bad,
    Duplicate,
    Superseding,
}

impl Faults {
    pub(crate) fn draw(self, random: &mut Random) -> Fate {
        let at = random.below(1000);
        let bad = self.bad_per_mille;
        let duplicate = bad.saturating_add(self.duplicate_per_mille);
        let superseding = duplicate.saturating_add(self.superseding_per_mille);
        match at {
            _ if at < bad => Fate::Bad,
            _ if at < duplicate => Fate::Duplicate,
            _ if at < superseding => Fate::Superseding,
            _ => Fate::New,
        }
    }
}
