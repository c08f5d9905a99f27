//! What kind of file this is, and in which encoding its text is written.
//!
//! In this order: the signature of a workbook, a byte order mark, strict UTF-8 over the whole file, then a guess of the
//! encoding, of which only GBK/GB18030 is accepted. Nothing is read "as well as can be".

use super::decode::{Decoded, Fault};
use super::{Encoding, Source};
use crate::error::ReadError;
use crate::message::code;
use std::io::Read;

pub(crate) enum Found {
    Workbook,
    Text {
        encoding: Encoding,
        /// Bytes of the byte order mark.
        skip: usize,
    },
}

/// Bytes shown to the guesser at most, counted from the first that is not ASCII. More does not change the guess.
const SAMPLE: usize = 1 << 20;

/// Characters beyond ASCII that must have been valid UTF-8 before a bad byte makes the file "UTF-8, damaged" rather than
/// another encoding. Chinese text in GBK passes for UTF-8 by chance for a character or two, hardly ever for eight.
const SURELY_UTF8: usize = 8;

pub(crate) fn detect(source: &Source) -> Result<Found, ReadError> {
    let mut head = Vec::with_capacity(4096);
    source.open()?.take(4096).read_to_end(&mut head).map_err(|e| source.refuse(e))?;
    if head.is_empty() {
        return Err(source.error(code::EMPTY_FILE, []));
    }
    if head.starts_with(b"PK\x03\x04") {
        return Ok(Found::Workbook);
    }
    if let Some(what) = something_else(&head) {
        return Err(source.error(code::NOT_A_TABLE, [what.to_owned()]));
    }
    let text = |encoding, skip| Ok(Found::Text { encoding, skip });
    match head.as_slice() {
        [0xEF, 0xBB, 0xBF, ..] => return text(Encoding::Utf8, 3),
        [0xFF, 0xFE, ..] => return text(Encoding::Utf16Le, 2),
        [0xFE, 0xFF, ..] => return text(Encoding::Utf16Be, 2),
        [0x84, 0x31, 0x95, 0x33, ..] => return text(Encoding::Gb18030, 4),
        _ => {}
    }
    if let Some(encoding) = source.encoding {
        return text(encoding, 0);
    }
    if head.contains(&0) {
        return match wide(&head) {
            Some(encoding) => text(encoding, 0),
            None => Err(source.error(code::NOT_A_TABLE, ["binary data".to_owned()])),
        };
    }
    by_content(source)
}

/// Files that people send in place of a table.
fn something_else(head: &[u8]) -> Option<&'static str> {
    const SIGNATURES: &[(&[u8], &str)] = &[
        (b"\xD0\xCF\x11\xE0", "an old .xls workbook or one with a password"),
        (b"%PDF", "a PDF document"),
        (b"PK\x05\x06", "an empty archive"),
        (b"Rar!", "a RAR archive"),
        (b"7z\xBC\xAF", "a 7z archive"),
        (b"\x1F\x8B", "a gzip archive"),
        (b"\x89PNG", "a picture"),
        (b"\xFF\xD8\xFF", "a picture"),
        (b"{\\rtf", "an RTF document"),
    ];
    if let Some((_, what)) = SIGNATURES.iter().find(|(signature, _)| head.starts_with(signature)) {
        return Some(what);
    }
    // Many reporting systems name an HTML page `.xls`.
    let start: Vec<u8> =
        head.iter().filter(|b| b.is_ascii() && !b.is_ascii_whitespace()).take(14).map(u8::to_ascii_lowercase).collect();
    let html = [&b"<html"[..], b"<!doctypehtml", b"<table", b"<?xml"].iter().any(|tag| start.starts_with(tag));
    html.then_some("a web page or XML file")
}

/// UTF-16 without a mark: its zero bytes all stand on one side, and there are many.
fn wide(head: &[u8]) -> Option<Encoding> {
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let many = head.len() / 10 + 1;
    match (even, odd) {
        (0, n) if n > many => Some(Encoding::Utf16Le),
        (n, 0) if n > many => Some(Encoding::Utf16Be),
        _ => None,
    }
}

fn by_content(source: &Source) -> Result<Found, ReadError> {
    let mut text = Decoded::open(source, Encoding::Utf8, 0)?;
    let mut buffer = Decoded::buffer();
    let (mut line, mut beyond_ascii) = (1, 0usize);
    let fault = loop {
        let (written, fault) = text.fill(&mut buffer);
        let piece = buffer.get(..written).unwrap_or_default();
        line += piece.iter().filter(|b| **b == b'\n').count() as u64;
        // Leading bytes of characters beyond ASCII.
        beyond_ascii += piece.iter().filter(|b| **b >= 0xC0).count();
        match fault {
            Some(fault) => break fault,
            None if written == 0 => return Ok(Found::Text { encoding: Encoding::Utf8, skip: 0 }),
            None => {}
        }
    };
    let Fault::Byte(bad) = &fault else { return Err(text.error(fault, line)) };
    let surely = if bad.cut { 1 } else { SURELY_UTF8 };
    if beyond_ascii >= surely {
        return Err(text.error(fault, line));
    }
    let other = guess(source)?;
    match other {
        None => Ok(Found::Text { encoding: Encoding::Gb18030, skip: 0 }),
        Some(other) => {
            Err(source.error(code::OTHER_ENCODING, [other.to_owned(), bad.offset.to_string(), line.to_string()]))
        }
    }
}

/// Whether text that is not UTF-8 is GB18030 (`None`), or the name of what it more likely is.
fn guess(source: &Source) -> Result<Option<&'static str>, ReadError> {
    let mut from = source.open()?;
    let mut detector = chardetng::EncodingDetector::new();
    let mut piece = vec![0; 64 * 1024];
    let mut shown = 0;
    let mut pairs = Pairs::default();
    loop {
        let n = from.read(&mut piece).map_err(|e| source.refuse(e))?;
        let piece = piece.get(..n).unwrap_or_default();
        if n == 0 || shown >= SAMPLE {
            break;
        }
        if shown > 0 || !piece.is_ascii() {
            shown += n;
            detector.feed(piece, false);
            pairs.feed(piece);
        }
    }
    // The end is not announced: half a character there is a cut file, told as such, and not a reason to think of another
    // encoding.
    //
    // The hint `cn` says which way to lean when the text leaves it open: these are tables of Chinese offices.
    let leaning = detector.guess(Some(b"cn"), false);
    let open = detector.guess(None, false);
    let chinese = |encoding: &encoding_rs::Encoding| [encoding_rs::GBK, encoding_rs::GB18030].contains(&encoding);
    // It leans far enough to take Big5 for GBK. But in GBK nearly every character of today's Chinese lies in GB 2312;
    // where many do not and the unhinted guess differs too, the text would be read as nonsense.
    if chinese(leaning) && (chinese(open) || pairs.rare * 5 < pairs.all) {
        return Ok(None);
    }
    Ok(Some(if chinese(leaning) { open.name() } else { leaning.name() }))
}

/// Two-byte characters of GBK, and those of them outside GB 2312 (second byte below A1).
#[derive(Default)]
struct Pairs {
    all: usize,
    rare: usize,
    first_seen: bool,
}

impl Pairs {
    fn feed(&mut self, piece: &[u8]) {
        for byte in piece {
            if self.first_seen {
                self.all += 1;
                self.rare += usize::from(*byte < 0xA1);
                self.first_seen = false;
            } else {
                self.first_seen = *byte >= 0x80;
            }
        }
    }
}
