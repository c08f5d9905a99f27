//! Words of the rulebook in a row: a rule by its name, a verdict by its code.

/// A rule by its name.
pub(crate) mod rule {
    use levee_rulebook::RuleId;
    use serde::{Deserialize as _, Deserializer, Serializer, de};

    pub(crate) fn serialize<S: Serializer>(rule: &RuleId, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(rule.as_str())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<RuleId, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

/// A verdict by its code.
pub(crate) mod verdict {
    use levee_rulebook::Verdict;
    use serde::{Deserialize as _, Deserializer, Serializer, de};

    pub(crate) fn serialize<S: Serializer>(verdict: &Verdict, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(verdict.code())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Verdict, D::Error> {
        let code = String::deserialize(from)?;
        crate::verdict_of(&code).ok_or_else(|| de::Error::custom(format!("`{code}` is no verdict")))
    }
}

/// A verdict, if there is one.
pub(crate) mod verdict_if_any {
    use levee_rulebook::Verdict;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer, de};

    pub(crate) fn serialize<S: Serializer>(verdict: &Option<Verdict>, to: S) -> Result<S::Ok, S::Error> {
        verdict.map(Verdict::code).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Verdict>, D::Error> {
        let Some(code) = Option::<String>::deserialize(from)? else { return Ok(None) };
        crate::verdict_of(&code).map(Some).ok_or_else(|| de::Error::custom(format!("`{code}` is no verdict")))
    }
}
