//! One row of text cells, in one allocation that is used again for the next row.

/// A row as it stood in the file.
#[derive(Clone, Debug, Default)]
pub struct Record {
    pub(crate) text: String,
    pub(crate) ends: Vec<usize>,
    /// Line or sheet row on which it begins, from 1.
    pub(crate) line: u64,
    /// Whether a line end followed it. Always true in a sheet.
    pub(crate) ended: bool,
    /// Whether text followed a closing quotation mark.
    pub(crate) stray_quote: bool,
}

impl Record {
    /// How many cells it has.
    pub fn len(&self) -> usize {
        self.ends.len()
    }
    /// Whether it has no cells.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
    /// The text of a cell; `None` beyond the last one.
    pub fn get(&self, nth: usize) -> Option<&str> {
        let end = *self.ends.get(nth)?;
        let start = if nth == 0 { 0 } else { *self.ends.get(nth - 1)? };
        self.text.get(start..end)
    }
    /// All cells in order.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|nth| self.get(nth))
    }
    /// Line or sheet row on which it begins, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }
    /// Whether nothing but white space stands in it.
    pub fn is_blank(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }
    pub(crate) fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }
    /// Index of the last cell that is not empty, plus one.
    pub(crate) fn filled(&self) -> usize {
        (0..self.len()).rev().find(|&nth| self.get(nth).is_some_and(|c| !c.trim().is_empty())).map_or(0, |n| n + 1)
    }
}
