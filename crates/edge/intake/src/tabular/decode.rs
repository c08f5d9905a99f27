//! Bytes of any supported encoding to UTF-8, a piece at a time.

use super::{Encoding, ReadSeek, Source};
use crate::error::ReadError;
use crate::message::code;
use encoding_rs::{Decoder, DecoderResult};
use std::io::Read;

/// Bytes taken from the source at once.
const PIECE: usize = 64 * 1024;

/// A source being decoded. Nothing is ever replaced: a byte that does not belong to the encoding ends the reading.
pub(crate) struct Decoded {
    from: Box<dyn ReadSeek>,
    decoder: Decoder,
    encoding: Encoding,
    raw: Vec<u8>,
    raw_at: usize,
    raw_len: usize,
    /// Bytes of the source that were decoded, the byte order mark included.
    taken: u64,
    at_end: bool,
    done: bool,
    source: Source,
}

/// A byte that does not belong to the encoding.
pub(crate) struct BadByte {
    /// Its place in the file, from 0.
    pub(crate) offset: u64,
    /// Whether the file ends in the middle of the character.
    pub(crate) cut: bool,
}

pub(crate) enum Fault {
    Io(std::io::Error),
    Byte(BadByte),
}

impl Decoded {
    pub(crate) fn open(source: &Source, encoding: Encoding, skip: usize) -> Result<Self, ReadError> {
        let mut from = source.open()?;
        let mut mark = vec![0; skip];
        from.read_exact(&mut mark).map_err(|e| source.refuse(e))?;
        let decoder = match encoding {
            Encoding::Utf8 => encoding_rs::UTF_8,
            Encoding::Gb18030 => encoding_rs::GB18030,
            Encoding::Utf16Le => encoding_rs::UTF_16LE,
            Encoding::Utf16Be => encoding_rs::UTF_16BE,
        }
        .new_decoder_without_bom_handling();
        Ok(Self {
            from,
            decoder,
            encoding,
            raw: vec![0; PIECE],
            raw_at: 0,
            raw_len: 0,
            taken: skip as u64,
            at_end: false,
            done: false,
            source: source.clone(),
        })
    }

    /// Room that [`Decoded::fill`] needs.
    pub(crate) fn buffer() -> Vec<u8> {
        vec![0; 2 * PIECE]
    }

    /// Fills `out` from its start with valid UTF-8; 0 at the end. On a fault, the bytes before it are in `out` too.
    pub(crate) fn fill(&mut self, out: &mut [u8]) -> (usize, Option<Fault>) {
        let mut written = 0;
        while !self.done && written == 0 {
            if self.raw_at == self.raw_len && !self.at_end {
                match self.from.read(&mut self.raw) {
                    Ok(n) => (self.raw_at, self.raw_len, self.at_end) = (0, n, n == 0),
                    Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
                    Err(e) => return (written, Some(Fault::Io(e))),
                }
            }
            let raw = self.raw.get(self.raw_at..self.raw_len).unwrap_or_default();
            let room = out.get_mut(written..).unwrap_or_default();
            let (result, read, wrote) = self.decoder.decode_to_utf8_without_replacement(raw, room, self.at_end);
            self.raw_at += read;
            self.taken += read as u64;
            written += wrote;
            match result {
                DecoderResult::InputEmpty => self.done = self.at_end,
                DecoderResult::OutputFull => break,
                DecoderResult::Malformed(bad, after) => {
                    self.done = true;
                    let back = u64::from(bad) + u64::from(after);
                    let cut = self.at_end && raw.is_empty();
                    return (written, Some(Fault::Byte(BadByte { offset: self.taken.saturating_sub(back), cut })));
                }
            }
        }
        (written, None)
    }

    /// The fault as an error of the file. `line` is the line on which it was met.
    pub(crate) fn error(&self, fault: Fault, line: u64) -> ReadError {
        match fault {
            Fault::Io(e) => self.source.refuse(e),
            Fault::Byte(BadByte { offset, cut: true }) => {
                self.source.error(code::CUT_CHARACTER, [offset.to_string(), line.to_string()])
            }
            Fault::Byte(BadByte { offset, .. }) => self
                .source
                .error(code::UNDECODABLE, [offset.to_string(), line.to_string(), self.encoding.name().to_owned()]),
        }
    }

    pub(crate) fn source(&self) -> &Source {
        &self.source
    }
}
