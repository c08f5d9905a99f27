//! Takes in tables as offices send them, and packs that describe a city.
//!
//! In: bytes or paths. Out: checked rows ([`read_rows`]), a checked pack ([`pack::read_pack`]), a descriptor
//! ([`datapackage::describe`]), and for every bad row what is wrong and how to mend it ([`explain`]). Nothing here
//! writes to a city; `app` does, with the rows it is given.
//!
//! A cell that says "not known" is no cell, never a zero. A file that is cut or damaged is refused as a whole.

pub mod cells;
pub mod datapackage;
pub mod headings;
pub mod message;
pub mod owed;
pub mod pack;
pub mod places;
pub mod rejected;
pub mod tabular;

mod error;
mod read;
mod rules;
mod text;

pub use error::ReadError;
pub use headings::Headings;
pub use message::{Lang, explain};
pub use places::PlaceIndex;
pub use read::{Defaults, Head, Layout, Note, ReadRow, ReadSummary, References, inspect, read_rows};
pub use rejected::write_rejected;
pub use tabular::{Dialect, Encoding, Format, Source};
pub use text::nearest;
