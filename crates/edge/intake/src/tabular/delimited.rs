//! Text with separators, as a stream of rows.
//!
//! Written here rather than taken from the `csv` crate because that one accepts a quotation mark which is never closed
//! (a cut file would lose rows silently) and counts lines loosely. The tests hold it against that crate.

use super::decode::Decoded;
use super::{Encoding, Record, Source};
use crate::error::ReadError;
use crate::message::code;

/// Longest row in bytes. A row beyond it is a quotation mark that was never closed.
const LONGEST_ROW: usize = 16 << 20;
/// Most cells in a row: what a spreadsheet can hold.
const WIDEST_ROW: usize = 16_384;

pub(crate) struct Delimited {
    text: Decoded,
    buffer: Vec<u8>,
    at: usize,
    len: usize,
    delimiter: u8,
    /// Line of the next byte.
    line: u64,
    /// The last byte was a carriage return; a line feed after it belongs to it.
    after_return: bool,
    empty_lines: u64,
    /// The row being put together, as bytes until it is whole.
    bytes: Vec<u8>,
}

impl Delimited {
    pub(crate) fn open(source: &Source, encoding: Encoding, skip: usize, delimiter: u8) -> Result<Self, ReadError> {
        Ok(Self {
            text: Decoded::open(source, encoding, skip)?,
            buffer: Decoded::buffer(),
            at: 0,
            len: 0,
            delimiter,
            line: 1,
            after_return: false,
            empty_lines: 0,
            bytes: Vec::new(),
        })
    }

    pub(crate) fn empty_lines(&self) -> u64 {
        self.empty_lines
    }

    /// The byte at hand; `None` at the end of the file.
    fn peek(&mut self) -> Result<Option<u8>, ReadError> {
        if self.at == self.len {
            let (written, fault) = self.text.fill(&mut self.buffer);
            if let Some(fault) = fault {
                let before = self.buffer.get(..written).unwrap_or_default();
                let lines = before.iter().filter(|b| **b == b'\n').count() as u64;
                return Err(self.text.error(fault, self.line + lines));
            }
            (self.at, self.len) = (0, written);
        }
        Ok(self.buffer.get(self.at..self.len).and_then(|rest| rest.first().copied()))
    }

    /// The next row that is not an empty line; `false` at the end.
    pub(crate) fn next(&mut self, into: &mut Record) -> Result<bool, ReadError> {
        into.ends.clear();
        into.stray_quote = false;
        into.ended = false;
        loop {
            match self.peek()? {
                None => return Ok(false),
                Some(b'\n') if self.after_return => self.at += 1,
                Some(end @ (b'\n' | b'\r')) => {
                    self.at += 1;
                    self.line += 1;
                    self.empty_lines += 1;
                    self.after_return = end == b'\r';
                    continue;
                }
                Some(_) => break,
            }
            self.after_return = false;
        }
        self.after_return = false;
        into.line = self.line;
        self.bytes = std::mem::take(&mut into.text).into_bytes();
        self.bytes.clear();
        while self.cell(into)? {}
        let text = String::from_utf8(std::mem::take(&mut self.bytes));
        // The decoder gives valid UTF-8 and cells end at ASCII bytes, so this holds; if not, it is told, not papered over.
        into.text = text.map_err(|_| {
            let args = ["0".to_owned(), into.line.to_string(), "UTF-8".to_owned()];
            self.text.source().error(code::UNDECODABLE, args)
        })?;
        Ok(true)
    }

    /// Reads one cell and what ends it; `true` if another cell of the row follows.
    fn cell(&mut self, into: &mut Record) -> Result<bool, ReadError> {
        if self.peek()? == Some(b'"') {
            self.quoted(into)?;
        }
        let next = self.unquoted(into.line)?;
        into.ends.push(self.bytes.len());
        if into.ends.len() > WIDEST_ROW {
            return Err(self.too_long(into.line, format!("{WIDEST_ROW} cells")));
        }
        match next {
            None => Ok(false),
            Some(end @ (b'\n' | b'\r')) => {
                self.at += 1;
                self.line += 1;
                self.after_return = end == b'\r';
                into.ended = true;
                Ok(false)
            }
            Some(_) => {
                self.at += 1;
                Ok(true)
            }
        }
    }

    /// Takes bytes up to a separator, a line end or the end of the file; says which.
    fn unquoted(&mut self, row_line: u64) -> Result<Option<u8>, ReadError> {
        loop {
            if self.peek()?.is_none() {
                return Ok(None);
            }
            let rest = self.buffer.get(self.at..self.len).unwrap_or_default();
            let delimiter = self.delimiter;
            match rest.iter().position(|b| *b == delimiter || *b == b'\n' || *b == b'\r') {
                Some(n) => {
                    self.bytes.extend_from_slice(rest.get(..n).unwrap_or_default());
                    self.at += n;
                    return self.peek();
                }
                None => {
                    self.bytes.extend_from_slice(rest);
                    self.at = self.len;
                    self.check_length(row_line)?;
                }
            }
        }
    }

    /// Takes a quoted cell from its opening mark to its closing one.
    fn quoted(&mut self, into: &mut Record) -> Result<(), ReadError> {
        let opened = self.line;
        self.at += 1;
        // A return and the line feed after it are one line end, also when a piece ends between them.
        let mut after_return = false;
        loop {
            if self.peek()?.is_none() {
                return Err(self.text.source().error(code::CUT_QUOTE, [opened.to_string()]));
            }
            let rest = self.buffer.get(self.at..self.len).unwrap_or_default();
            let mark = rest.iter().position(|b| *b == b'"');
            let piece = rest.get(..mark.unwrap_or(rest.len())).unwrap_or_default();
            for byte in piece {
                self.line += u64::from(*byte == b'\r' || (*byte == b'\n' && !after_return));
                after_return = *byte == b'\r';
            }
            self.bytes.extend_from_slice(piece);
            self.at += piece.len();
            if mark.is_some() {
                self.at += 1;
                if self.peek()? != Some(b'"') {
                    break;
                }
                self.bytes.push(b'"');
                self.at += 1;
                after_return = false;
            }
            self.check_length(into.line)?;
        }
        let next = self.peek()?;
        into.stray_quote |= !matches!(next, None | Some(b'\n' | b'\r')) && next != Some(self.delimiter);
        Ok(())
    }

    fn check_length(&self, row_line: u64) -> Result<(), ReadError> {
        if self.bytes.len() > LONGEST_ROW {
            return Err(self.too_long(row_line, format!("{} MiB", LONGEST_ROW >> 20)));
        }
        Ok(())
    }

    fn too_long(&self, row_line: u64, limit: String) -> ReadError {
        self.text.source().error(code::ROW_TOO_LONG, [row_line.to_string(), limit])
    }
}
