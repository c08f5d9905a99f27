//! How the rows of the ledger are written: numbers in as few bytes as they need, texts with their length before them.
//!
//! Every commit writes such rows and every command reads some, so that they are short and cheap to read; nothing of it ever
//! leaves the projections, which are made again from the journal when these shapes change. A value has one form in bytes,
//! so that rows made again can be compared.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use levee_model::ids::EntityId;

/// A row in the making.
#[derive(Default)]
pub(super) struct Out(Vec<u8>);

impl Out {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    pub(super) fn done(self) -> Vec<u8> {
        self.0
    }

    pub(super) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    /// Seven bits to a byte, the lowest first; the highest bit says that more follow.
    pub(super) fn number(&mut self, mut number: u64) {
        loop {
            let [low, ..] = number.to_le_bytes();
            if number < 0x80 {
                self.0.push(low);
                return;
            }
            self.0.push(low | 0x80);
            number >>= 7;
        }
    }

    /// Small numbers are short, whichever their sign.
    pub(super) fn signed(&mut self, number: i64) {
        self.number(((number << 1) ^ (number >> 63)).cast_unsigned());
    }

    pub(super) fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    pub(super) fn entity(&mut self, id: EntityId) {
        self.0.extend_from_slice(id.command().as_bytes());
        self.number(u64::from(id.ordinal()));
    }

    pub(super) fn date(&mut self, day: Date) {
        // Months of 31 days: quicker than to count days, and as short.
        let (year, month, nth) = (i64::from(day.year()), i64::from(day.month()), i64::from(day.day()));
        self.signed((year * 12 + month - 1) * 31 + nth - 1);
    }

    pub(super) fn moment(&mut self, at: Timestamp) {
        self.signed(at.as_second());
        self.signed(i64::from(at.subsec_nanosecond()));
    }

    pub(super) fn civil(&mut self, at: DateTime) {
        self.date(at.date());
        self.signed((i64::from(at.hour()) * 60 + i64::from(at.minute())) * 60 + i64::from(at.second()));
        self.signed(i64::from(at.subsec_nanosecond()));
    }

    pub(super) fn decimal(&mut self, number: f64) {
        self.0.extend_from_slice(&number.to_bits().to_le_bytes());
    }

    /// Yes or no, a few of them.
    pub(super) fn flags<const N: usize>(&mut self, flags: [bool; N]) {
        self.number(flags.iter().rev().fold(0, |bits, flag| bits << 1 | u64::from(*flag)));
    }

    /// Numbers most of which are nought: which are not, and those.
    pub(super) fn sparse(&mut self, numbers: &[u64]) {
        let mask = numbers.iter().rev().fold(0, |mask, number| mask << 1 | u64::from(*number != 0));
        self.number(mask);
        numbers.iter().filter(|number| **number != 0).for_each(|number| self.number(*number));
    }
}

/// A row that is read. `None` = the bytes are not what was written.
pub(super) struct In<'b>(&'b [u8]);

impl<'b> In<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    /// `Some` when nothing is left.
    pub(super) fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }

    fn take(&mut self, bytes: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(bytes)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    pub(super) fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                return None;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    pub(super) fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    pub(super) fn text(&mut self) -> Option<&'b str> {
        let bytes = usize::try_from(self.number()?).ok()?;
        std::str::from_utf8(self.take(bytes)?).ok()
    }

    pub(super) fn parsed<T: std::str::FromStr>(&mut self) -> Option<T> {
        self.text()?.parse().ok()
    }

    pub(super) fn entity(&mut self) -> Option<EntityId> {
        let command: [u8; 16] = self.take(16)?.try_into().ok()?;
        Some(EntityId::new(uuid::Uuid::from_bytes(command), u32::try_from(self.number()?).ok()?))
    }

    pub(super) fn date(&mut self) -> Option<Date> {
        let number = self.signed()?;
        let months = number.div_euclid(31);
        let year = i16::try_from(months.div_euclid(12)).ok()?;
        let month = i8::try_from(months.rem_euclid(12) + 1).ok()?;
        Date::new(year, month, i8::try_from(number.rem_euclid(31) + 1).ok()?).ok()
    }

    pub(super) fn moment(&mut self) -> Option<Timestamp> {
        let second = self.signed()?;
        Timestamp::new(second, i32::try_from(self.signed()?).ok()?).ok()
    }

    pub(super) fn civil(&mut self) -> Option<DateTime> {
        let day = self.date()?;
        let seconds = self.signed()?;
        let nanos = i32::try_from(self.signed()?).ok()?;
        let part = |number: i64| i8::try_from(number).ok();
        let (hour, minute) = (part(seconds.div_euclid(3600))?, part(seconds.rem_euclid(3600) / 60)?);
        let time = Time::new(hour, minute, part(seconds.rem_euclid(60))?, nanos).ok()?;
        Some(day.to_datetime(time))
    }

    pub(super) fn decimal(&mut self) -> Option<f64> {
        Some(f64::from_bits(u64::from_le_bytes(self.take(8)?.try_into().ok()?)))
    }

    pub(super) fn flags<const N: usize>(&mut self) -> Option<[bool; N]> {
        let bits = self.number()?;
        if bits >> N != 0 {
            return None;
        }
        Some(std::array::from_fn(|nth| bits >> nth & 1 == 1))
    }

    pub(super) fn sparse<const N: usize>(&mut self) -> Option<[u64; N]> {
        let mask = self.number()?;
        if mask >> N != 0 {
            return None;
        }
        let mut numbers = [0; N];
        for (nth, number) in numbers.iter_mut().enumerate() {
            if mask >> nth & 1 == 1 {
                // A nought that is written out would be a second form of the same numbers.
                *number = Some(self.number()?).filter(|number| *number != 0)?;
            }
        }
        Some(numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// What is written is read back, and nothing is left over.
        #[test]
        fn what_is_written_is_read_back(
            number: u64, small in 0u64..300, signed: i64, text in ".{0,40}", nanos in -9_000_000_000_000_000_000i64..9_000_000_000_000_000_000,
            numbers: [Option<u64>; 12], decimal: f64, id: u128, ordinal: u32, days in 0i64..3_000_000, seconds in 0i64..86_400,
        ) {
            let at = Timestamp::from_nanosecond(i128::from(nanos)).unwrap();
            let day = Date::constant(-5000, 1, 1).saturating_add(jiff::Span::new().days(days));
            let civil = day.at(0, 0, 0, 7).saturating_add(jiff::Span::new().seconds(seconds));
            let id = EntityId::new(uuid::Uuid::from_u128(id), ordinal);
            let numbers = numbers.map(|number| number.unwrap_or(0));
            let mut out = Out::default();
            out.number(number);
            out.number(small);
            out.signed(signed);
            out.text(&text);
            out.moment(at);
            out.sparse(&numbers);
            out.decimal(decimal);
            out.entity(id);
            out.date(day);
            out.civil(civil);
            let bytes = out.done();
            let mut read = In::new(&bytes);
            prop_assert_eq!(read.number(), Some(number));
            prop_assert_eq!(read.number(), Some(small));
            prop_assert_eq!(read.signed(), Some(signed));
            prop_assert_eq!(read.text(), Some(text.as_str()));
            prop_assert_eq!(read.moment(), Some(at));
            prop_assert_eq!(read.sparse(), Some(numbers));
            prop_assert_eq!(read.decimal().map(f64::to_bits), Some(decimal.to_bits()));
            prop_assert_eq!(read.entity(), Some(id));
            prop_assert_eq!(read.date(), Some(day));
            prop_assert_eq!(read.civil(), Some(civil));
            prop_assert_eq!(read.end(), Some(()));
        }

        /// Bytes that nobody wrote are refused or read; they never panic.
        #[test]
        fn other_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let reads: [fn(&mut In<'_>) -> bool; 8] = [
                |read| read.number().is_some(),
                |read| read.signed().is_some(),
                |read| read.text().is_some(),
                |read| read.moment().is_some(),
                |read| read.date().is_some(),
                |read| read.civil().is_some(),
                |read| read.sparse::<12>().is_some(),
                |read| read.entity().is_some(),
            ];
            for one in reads {
                let mut read = In::new(&bytes);
                while one(&mut read) && read.end().is_none() {}
            }
        }
    }

    #[test]
    fn numbers_that_do_not_fit_are_refused() {
        assert_eq!(In::new(&[0xff; 9]).number(), None);
        assert_eq!(In::new(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2]).number(), None);
        let most = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1];
        assert_eq!(In::new(&most).number(), Some(u64::MAX));
        assert_eq!(In::new(&[8, 1]).sparse::<3>(), None);
        assert_eq!(In::new(&[1, 0]).sparse::<3>(), None);
    }
}
