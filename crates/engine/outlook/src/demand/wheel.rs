//! The delay wheel: who comes in today is told off at once to the days on which they leave.

/// People at one level of care in one place on one path.
#[derive(Clone, Debug)]
pub(crate) struct Wheel {
    /// How many leave at the start of each day. Those who stay beyond the horizon are in no slot.
    leaving: Vec<u64>,
    /// Who is there.
    inside: u64,
    /// Everybody who ever came in, and everybody who left.
    came: u64,
    left: u64,
}

impl Wheel {
    /// An empty wheel of so many days.
    pub(crate) fn new(days: usize) -> Self {
        Self { leaving: vec![0; days], inside: 0, came: 0, left: 0 }
    }

    /// Empties it.
    pub(crate) fn clear(&mut self) {
        self.leaving.fill(0);
        (self.inside, self.came, self.left) = (0, 0, 0);
    }

    /// `n` people come in; when they leave is told by [`Self::told`].
    pub(crate) fn come(&mut self, n: u64) {
        self.inside = self.inside.saturating_add(n);
        self.came = self.came.saturating_add(n);
    }

    /// `n` of those inside will leave at the start of `day`.
    pub(crate) fn told(&mut self, day: usize, n: u64) {
        if let Some(slot) = self.leaving.get_mut(day) {
            *slot = slot.saturating_add(n);
        }
    }

    /// The start of `day`: who was told off to it leaves. How many.
    pub(crate) fn turn(&mut self, day: usize) -> u64 {
        let gone = self.leaving.get(day).copied().unwrap_or(0).min(self.inside);
        self.inside -= gone;
        self.left = self.left.saturating_add(gone);
        gone
    }

    /// Who is there now.
    pub(crate) fn inside(&self) -> u64 {
        self.inside
    }

    /// Everybody who came in and everybody who left: in = still in + out.
    #[cfg(test)]
    pub(crate) fn books(&self) -> (u64, u64) {
        (self.came, self.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand::sojourn::Sojourn;
    use crate::random::{Counter, Purpose};
    use proptest::prelude::*;

    proptest! {
        /// In = still in + out on every day, whatever comes in and however long people stay; and after the longest stay
        /// everybody has left.
        #[test]
        fn people_are_conserved(
            inflow in prop::collection::vec(0u64..5_000, 1..40),
            mean in 0.5f64..30.0,
            sd in 0.0f64..15.0,
            seed: u64,
        ) {
            let stay = Sojourn::gamma(mean, sd);
            let days = inflow.len() + stay.longest() + 1;
            let mut wheel = Wheel::new(days);
            let (mut came, mut gone) = (0, 0);
            for day in 0..days {
                gone += wheel.turn(day);
                let n = inflow.get(day).copied().unwrap_or(0);
                came += n;
                wheel.come(n);
                let mut counter = Counter::new(seed, Purpose::Demand, 0, 0, u16::try_from(day).unwrap());
                stay.split(n, 0, days - day, &mut counter, |l, people| wheel.told(day + l, people));
                prop_assert_eq!(came, wheel.inside() + gone);
                prop_assert_eq!(wheel.books(), (came, gone));
            }
            prop_assert_eq!(wheel.inside(), 0);
        }
    }
}
