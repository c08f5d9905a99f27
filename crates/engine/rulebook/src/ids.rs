//! Names that a rulebook gives: of itself, of its rules, and of the facts it asks for.

use levee_model::ids::BadId;

/// Letters, digits and `-_.`; at most 64 characters; no empty part between dots.
fn check(kind: &'static str, given: &str) -> Result<(), BadId> {
    let bad = |why| Err(BadId { kind, given: given.chars().take(80).collect(), why });
    if given.is_empty() {
        return bad("it is empty");
    }
    if given.chars().count() > 64 {
        return bad("it has more than 64 characters");
    }
    if !given.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')) {
        return bad("only letters, digits and - _ . may stand in it");
    }
    if given.split('.').any(str::is_empty) {
        return bad("something must stand before and after each dot");
    }
    Ok(())
}

macro_rules! name_type {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The text of the name.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl std::str::FromStr for $name {
            type Err = BadId;
            fn from_str(given: &str) -> Result<Self, BadId> {
                check($kind, given)?;
                Ok(Self(given.to_owned()))
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name_type!(
    /// A rulebook, such as `cn-covid19-v9-20`.
    RulebookId,
    "rulebook id"
);
name_type!(
    /// One version of one rule, such as `cn.contact.close.v9`. Another version has another id.
    RuleId,
    "rule id"
);
name_type!(
    /// The name of a fact, such as `measure.scope`.
    FactPath,
    "fact path"
);

impl FactPath {
    /// The one fact that nobody reports: the day that the judgement is asked for.
    pub const DATE: &'static str = "date";

    /// Whether this is the day of the judgement.
    pub fn is_date(&self) -> bool {
        self.0 == Self::DATE
    }
}
