//! Where something is owed: the way from the city down to the area.

use levee_model::area::PlaceCode;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// The areas from the city down to one of them, joined by `/`: `500000/500103/500103-jiefangbei`.
///
/// As the tree stood when the obligation was opened. An area is within another exactly when its path goes on from the other's.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AreaPath(Arc<str>);

/// Why a text is no path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not a path of areas: {why}")]
pub struct BadPath {
    /// What was given.
    pub given: String,
    /// What is wrong with it.
    pub why: String,
}

impl AreaPath {
    /// The path over these areas, the city first.
    pub fn new<'c>(codes: impl IntoIterator<Item = &'c PlaceCode>) -> Result<Self, BadPath> {
        codes.into_iter().map(PlaceCode::as_str).collect::<Vec<_>>().join("/").parse()
    }
    /// The whole path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The code of the area itself, the last of the path.
    pub fn area(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }
    /// The code of the city, the first of the path.
    pub fn city(&self) -> &str {
        self.0.split('/').next().unwrap_or_default()
    }
    /// The book that its accounts stand in: the district, or the city itself for what is owed by the city as a whole.
    pub fn book(&self) -> &str {
        self.0.split('/').nth(1).unwrap_or_else(|| self.city())
    }
    /// Whether this area is that one or lies in it.
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.strip_prefix(other.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
    /// The codes, the city first.
    pub fn codes(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/')
    }
    /// The path of the area that this one lies in.
    pub fn parent(&self) -> Option<Self> {
        self.0.rsplit_once('/').map(|(parent, _)| Self(parent.into()))
    }
}

impl FromStr for AreaPath {
    type Err = BadPath;
    fn from_str(given: &str) -> Result<Self, BadPath> {
        let bad = |why: String| BadPath { given: given.chars().take(80).collect(), why };
        if given.len() > 400 || given.split('/').count() > 8 {
            return Err(bad("a path has at most eight areas and 400 bytes".to_owned()));
        }
        for code in given.split('/') {
            code.parse::<PlaceCode>().map_err(|error| bad(error.to_string()))?;
        }
        Ok(Self(given.into()))
    }
}

impl TryFrom<String> for AreaPath {
    type Error = BadPath;
    fn try_from(given: String) -> Result<Self, BadPath> {
        given.parse()
    }
}

impl From<AreaPath> for String {
    fn from(path: AreaPath) -> Self {
        path.0.as_ref().to_owned()
    }
}

impl fmt::Display for AreaPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for AreaPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AreaPath({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_knows_its_area_its_book_and_what_lies_in_it() {
        let path: AreaPath = "500000/500103/500103-a".parse().unwrap();
        let district: AreaPath = "500000/500103".parse().unwrap();
        let like: AreaPath = "500000/5001".parse().unwrap();
        assert_eq!((path.area(), path.book(), path.city()), ("500103-a", "500103", "500000"));
        assert!(path.is_within(&district) && district.is_within(&district));
        assert!(!district.is_within(&path) && !path.is_within(&like));
        assert_eq!("500000".parse::<AreaPath>().unwrap().book(), "500000");
        assert_eq!(path.parent(), Some(district));
        assert!("500000//a".parse::<AreaPath>().is_err());
        assert!("".parse::<AreaPath>().is_err());
    }
}
