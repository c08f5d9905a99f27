//! People whom the city keeps data about: by pseudonym, never by name.
//!
//! A pseudonym is 128 random bits and nothing else. It is not derived from a name, a number or an address, not even by a
//! keyed digest: what is derived can be derived again by whoever guesses. Names of fields and of purposes stand here
//! too, because they are written to the journal and so must be words of ours, never something that somebody typed.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Crockford's base32 in lower case: without i, l, o and u, which are misheard and misread. The one of ULIDs.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Digits of 128 bits at 5 bits each; the first holds 3.
const LENGTH: usize = 26;

/// Who somebody is in the journal: `p-` and 26 digits of base32. Sorted as its bits.
///
/// ```
/// # use levee_model::subject::Pseudonym;
/// let pseudonym = Pseudonym::from_random([0xff; 16]);
/// assert_eq!(pseudonym.to_string(), "p-7zzzzzzzzzzzzzzzzzzzzzzzzz");
/// assert_eq!("p-7zzzzzzzzzzzzzzzzzzzzzzzzz".parse(), Ok(pseudonym));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pseudonym([u8; 16]);

impl Pseudonym {
    /// From 16 random bytes. They must come from a good random source, never from anything about the person.
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Stands for the `number`th of people who are only counted: it says nothing about anybody, and nobody real ever has it (128
    /// random bits begin with 64 zeros once in 10^19). Only within one document do two of them differ.
    ///
    /// ```
    /// # use levee_model::subject::Pseudonym;
    /// assert_eq!(Pseudonym::of_counted(33).counted(), Some(33));
    /// assert_eq!(Pseudonym::from_random([7; 16]).counted(), None);
    /// ```
    pub fn of_counted(number: u64) -> Self {
        Self(u128::from(number).to_be_bytes())
    }

    /// Which of the people who are only counted; `None` for somebody.
    pub fn counted(self) -> Option<u64> {
        u64::try_from(u128::from_be_bytes(self.0)).ok()
    }

    /// Its 16 bytes.
    pub fn bytes(self) -> [u8; 16] {
        self.0
    }
}

impl fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = u128::from_be_bytes(self.0);
        f.write_str("p-")?;
        (0..LENGTH).rev().try_for_each(|nth| {
            let digit = (bits >> (5 * nth)) & 31;
            let digit = usize::try_from(digit).ok().and_then(|digit| DIGITS.get(digit)).copied().unwrap_or(b'?');
            write!(f, "{}", char::from(digit))
        })
    }
}

impl fmt::Debug for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pseudonym({self})")
    }
}

/// A text that is no pseudonym. It does not repeat what was given: that may be the name of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is not a pseudonym: expected `p-` and 26 lower-case letters and digits, such as p-01arz3ndektsv4rrffq69g5fav"
)]
pub struct BadPseudonym;

impl FromStr for Pseudonym {
    type Err = BadPseudonym;
    fn from_str(given: &str) -> Result<Self, BadPseudonym> {
        let digits = given.strip_prefix("p-").ok_or(BadPseudonym)?.as_bytes();
        if digits.len() != LENGTH {
            return Err(BadPseudonym);
        }
        let mut bits = 0u128;
        for digit in digits {
            let value = DIGITS.iter().position(|one| one == digit).ok_or(BadPseudonym)? as u128;
            // More than 128 bits: the first digit is above 7.
            if bits >> 123 != 0 {
                return Err(BadPseudonym);
            }
            bits = (bits << 5) | value;
        }
        Ok(Self(bits.to_be_bytes()))
    }
}

impl TryFrom<String> for Pseudonym {
    type Error = BadPseudonym;
    fn try_from(given: String) -> Result<Self, BadPseudonym> {
        given.parse()
    }
}

impl From<Pseudonym> for String {
    fn from(pseudonym: Pseudonym) -> Self {
        pseudonym.to_string()
    }
}

/// A text that is no word for a field or a purpose. It does not repeat what was given: that may be a personal value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is no name of a {0}: expected a lower-case letter, then letters, digits and _, at most 40 in all, such as {1}"
)]
pub struct BadWord(&'static str, &'static str);

fn word(given: &str) -> bool {
    given.len() <= 40
        && given.starts_with(|c: char| c.is_ascii_lowercase())
        && given.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $what:literal, $example:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The word.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl FromStr for $name {
            type Err = BadWord;
            fn from_str(given: &str) -> Result<Self, BadWord> {
                if word(given) { Ok(Self(given.to_owned())) } else { Err(BadWord($what, $example)) }
            }
        }
        impl TryFrom<String> for $name {
            type Error = BadWord;
            fn try_from(given: String) -> Result<Self, BadWord> {
                given.parse()
            }
        }
        impl From<$name> for String {
            fn from(word: $name) -> String {
                word.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

words!(
    /// The name of a personal field: `name`, `telephone`, `address`, `id_number`, `language`, or one of a kind's own.
    PersonalField,
    "personal field",
    "`telephone`"
);
words!(
    /// What personal data are kept for, mostly the kind of an obligation: `care_placement`, `food_delivery`.
    Purpose,
    "purpose",
    "`care_placement`"
);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_pseudonym_survives_its_text_and_sorts_as_it(one in any::<[u8; 16]>(), other in any::<[u8; 16]>()) {
            let (one, other) = (Pseudonym::from_random(one), Pseudonym::from_random(other));
            prop_assert_eq!(one.to_string().parse(), Ok(one));
            prop_assert_eq!(one.to_string().len(), 28);
            prop_assert_eq!(one.cmp(&other), one.to_string().cmp(&other.to_string()));
        }
    }

    #[test]
    fn what_is_no_pseudonym_is_refused_and_not_repeated() {
        for given in ["", "p-", "张伟", "13812345678", "p-8zzzzzzzzzzzzzzzzzzzzzzzzz", "p-01ARZ3NDEKTSV4RRFFQ69G5FAV"]
        {
            let refused = given.parse::<Pseudonym>().unwrap_err().to_string();
            assert!(given.len() < 5 || !refused.contains(given), "{refused}");
        }
        let read = serde_json::from_str::<Pseudonym>("\"张伟\"").unwrap_err().to_string();
        assert!(!read.contains("张伟"), "{read}");
    }

    #[test]
    fn a_field_is_named_by_a_word_of_ours_and_no_value_gets_through() {
        for good in ["name", "id_number", "telephone2"] {
            assert_eq!(good.parse::<PersonalField>().unwrap().as_str(), good);
        }
        for bad in ["", "Name", "姓名", "13812345678", "zhang wei", "a-b", "_x", &"x".repeat(41)] {
            let refused = bad.parse::<Purpose>().unwrap_err().to_string();
            assert!(bad.len() < 5 || !refused.contains(bad), "{refused}");
        }
    }
}
