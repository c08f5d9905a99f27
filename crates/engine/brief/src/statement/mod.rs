//! The statement of a settled day as a document: law 2's equation, what is late and why, and the seal.
//!
//! In: [`StatementFacts`], values that others have read. Out: a page in both languages, its first sheet read in a minute
//! ([`StatementFacts::to_html`]), and tables ([`StatementFacts::sheets`]) as CSV ([`Sheet::to_csv`]) or for a workbook. Pure:
//! the same facts give the same bytes. Nothing personal: no place below a community, and nobody to whom anything is owed.

mod facts;
mod first;
mod page;
mod parts;
mod sheets;
mod style;
mod systems;
mod tally;
mod units;

pub use facts::{AreaWords, KindWords, Standing, StatementArrear, StatementFacts, StatementLine};
pub use sheets::{Sheet, SheetKey, Value};
pub use tally::{Tally, Total};
pub use units::{SIDES, Side, Units};
