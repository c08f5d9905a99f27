//! Law 2's equation in numbers.

use crate::lang::Lang;
use serde::{Deserialize, Serialize};

/// A side of the equation: what it is called, and the sign before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    /// Column name in files, the same in every language.
    pub key: &'static str,
    /// `+` or `=`; nothing before the first.
    pub sign: &'static str,
    zh: &'static str,
    en: &'static str,
}

impl Side {
    /// What it is called.
    pub fn name(&self, lang: Lang) -> &'static str {
        lang.pick(self.zh, self.en)
    }
}

const fn side(key: &'static str, sign: &'static str, zh: &'static str, en: &'static str) -> Side {
    Side { key, sign, zh, en }
}

/// The sides in the order of law 2; those from `met` on stand right of the equals sign.
pub const SIDES: [Side; 10] = [
    side("carried_in", "", "上日结转", "Carried in"),
    side("opened", "+", "新增", "Opened"),
    side("transferred_in", "+", "转入", "Transfer in"),
    side("corrected", "+", "更正", "Corrected"),
    side("met", "=", "办结", "Met"),
    side("waived", "+", "免除", "Waived"),
    side("expired", "+", "失效", "Expired"),
    side("voided", "+", "作废", "Voided"),
    side("transferred_out", "+", "转出", "Transfer out"),
    side("carried_out", "+", "结转下日", "Carried out"),
];

/// Units of each side, in the order of [`SIDES`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Units(pub [u64; 10]);

impl Units {
    /// Units of a side by its key; 0 for a key that is none.
    pub fn of(&self, key: &str) -> u64 {
        SIDES.iter().zip(self.0).find(|(side, _)| side.key == key).map_or(0, |(_, units)| units)
    }
    /// Adds another.
    pub fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine = mine.saturating_add(theirs);
        }
    }
    /// Left of the equals sign less right of it. Anything but zero means that the books are wrong.
    pub fn residual(&self) -> i128 {
        let [carried_in, opened, transferred_in, corrected, out @ ..] = self.0;
        let come: i128 = [carried_in, opened, transferred_in, corrected].into_iter().map(i128::from).sum();
        come - out.into_iter().map(i128::from).sum::<i128>()
    }
}
