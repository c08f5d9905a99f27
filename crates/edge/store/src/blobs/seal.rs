//! How bytes are sealed: XChaCha20-Poly1305 in chunks, so that a file of any size is sealed and opened in little memory.
//!
//! The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015, "Online Authenticated-Encryption and its
//! Nonce-Reuse Misuse-Resistance", doi:10.1007/978-3-662-47989-6_24): chunk n is sealed under the nonce prefix (19 random
//! bytes of the file) | n (32 bits) | last (1 byte). So chunks cannot be reordered, dropped, repeated or cut off at the
//! end without being noticed.
//!
//! ```text
//! "LVB1" | prefix (19 bytes) | chunk … | last chunk        chunk = up to 65,536 sealed bytes | tag (16 bytes)
//! ```
//!
//! The associated data is the file's beginning. The content's digest is known only when all of it has been read, so it
//! is checked on opening: what opens but has another digest was put under a wrong name.

use chacha20poly1305::aead::AeadInPlace as _;
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};
use std::io::{self, Read, Write};

const MAGIC: &[u8; 4] = b"LVB1";
const PREFIX: usize = 19;
const HEAD: usize = MAGIC.len() + PREFIX;
const TAG: usize = 16;

/// Bytes in a chunk. 64 KiB: a tag per chunk costs 0.02 %, and a chunk fits into a processor's second cache.
pub(super) const CHUNK: usize = 64 << 10;

/// Why sealed bytes do not open.
#[derive(Debug)]
pub(super) enum Opening {
    /// Changed, cut off, or sealed with another key.
    Sealed,
    /// The source or the target failed.
    Io(io::Error),
}

impl From<io::Error> for Opening {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Seals what `from` gives into `to`, shows each piece of it to `seen`, and gives its length.
pub(super) fn seal(
    key: &[u8; 32],
    from: &mut dyn Read,
    to: &mut dyn Write,
    mut seen: impl FnMut(&[u8]),
) -> io::Result<u64> {
    let mut head = [0; HEAD];
    head[..MAGIC.len()].copy_from_slice(MAGIC);
    // A fresh prefix for every file: 152 random bits do not meet twice.
    getrandom::fill(&mut head[MAGIC.len()..]).map_err(|error| io::Error::other(error.to_string()))?;
    to.write_all(&head)?;
    let cipher = XChaCha20Poly1305::new(key.into());
    let (mut chunk, mut next) = (Vec::with_capacity(CHUNK + TAG), Vec::with_capacity(CHUNK));
    fill(from, &mut chunk, CHUNK)?;
    let mut length = 0;
    for counter in 0u32.. {
        // Whether a chunk is the last one shows only when there is nothing after it.
        fill(from, &mut next, CHUNK)?;
        let last = next.is_empty();
        seen(&chunk);
        length += chunk.len() as u64;
        let tag = cipher
            .encrypt_in_place_detached(&nonce(&head, counter, last).into(), &head, &mut chunk)
            .map_err(|_| io::Error::other("a chunk could not be sealed"))?;
        to.write_all(&chunk)?;
        to.write_all(&tag)?;
        if last {
            return Ok(length);
        }
        std::mem::swap(&mut chunk, &mut next);
    }
    Err(io::Error::new(io::ErrorKind::FileTooLarge, "a blob holds at most 256 TiB"))
}

/// Opens what `from` gives into `to`, chunk by chunk. What has been written when an error comes is true as far as it
/// goes, but is not all.
pub(super) fn open(
    key: &[u8; 32],
    from: &mut dyn Read,
    mut to: impl FnMut(&[u8]) -> io::Result<()>,
) -> Result<(), Opening> {
    let mut head = Vec::with_capacity(HEAD);
    fill(from, &mut head, HEAD)?;
    let head: [u8; HEAD] = head.try_into().map_err(|_| Opening::Sealed)?;
    if !head.starts_with(MAGIC) {
        return Err(Opening::Sealed);
    }
    let cipher = XChaCha20Poly1305::new(key.into());
    let (mut chunk, mut next) = (Vec::with_capacity(CHUNK + TAG), Vec::with_capacity(CHUNK + TAG));
    fill(from, &mut chunk, CHUNK + TAG)?;
    for counter in 0u32.. {
        fill(from, &mut next, CHUNK + TAG)?;
        let last = next.is_empty();
        let length = chunk.len().checked_sub(TAG).ok_or(Opening::Sealed)?;
        let (sealed, tag) = chunk.split_at_mut(length);
        let tag: [u8; TAG] = (&*tag).try_into().map_err(|_| Opening::Sealed)?;
        cipher
            .decrypt_in_place_detached(&nonce(&head, counter, last).into(), &head, sealed, &tag.into())
            .map_err(|_| Opening::Sealed)?;
        to(sealed)?;
        if last {
            return Ok(());
        }
        std::mem::swap(&mut chunk, &mut next);
    }
    Err(Opening::Sealed)
}

fn nonce(head: &[u8; HEAD], counter: u32, last: bool) -> [u8; 24] {
    let mut nonce = [0; 24];
    nonce[..PREFIX].copy_from_slice(&head[MAGIC.len()..]);
    nonce[PREFIX..PREFIX + 4].copy_from_slice(&counter.to_be_bytes());
    nonce[PREFIX + 4] = u8::from(last);
    nonce
}

/// Replaces `into` by the next `most` bytes, or by what is left.
fn fill(from: &mut dyn Read, into: &mut Vec<u8>, most: usize) -> io::Result<()> {
    into.clear();
    from.take(most as u64).read_to_end(into)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(content: &[u8]) -> Vec<u8> {
        let mut to = vec![];
        assert_eq!(seal(&[1; 32], &mut &*content, &mut to, |_| {}).unwrap(), content.len() as u64);
        to
    }

    fn opened(key: u8, mut sealed: &[u8]) -> Option<Vec<u8>> {
        let mut all = vec![];
        open(&[key; 32], &mut sealed, |piece| {
            all.extend_from_slice(piece);
            Ok(())
        })
        .ok()
        .map(|()| all)
    }

    #[test]
    fn every_length_around_a_chunk_comes_back() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 5] {
            let content: Vec<u8> = (0..251u8).cycle().take(length).collect();
            let sealed = sealed(&content);
            let chunks = length.div_ceil(CHUNK).max(1);
            assert_eq!(sealed.len(), HEAD + length + chunks * TAG);
            assert_eq!(opened(1, &sealed), Some(content));
            assert_eq!(opened(2, &sealed), None, "another key");
        }
    }

    #[test]
    fn a_flipped_bit_anywhere_does_not_open() {
        let sealed = sealed(b"eleven beds");
        for nth in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[nth] ^= 1;
            assert_eq!(opened(1, &changed), None, "byte {nth}");
        }
    }

    #[test]
    fn chunks_cannot_be_cut_off_dropped_swapped_or_added() {
        let sealed = sealed(&[9; 3 * CHUNK]);
        let piece = |nth: usize| &sealed[HEAD + nth * (CHUNK + TAG)..HEAD + (nth + 1) * (CHUNK + TAG)];
        let head = &sealed[..HEAD];
        assert!(opened(1, &[head, piece(0), piece(1), piece(2)].concat()).is_some());
        for (name, changed) in [
            ("the last is cut off", vec![head, piece(0), piece(1)]),
            ("one is dropped", vec![head, piece(0), piece(2)]),
            ("two are swapped", vec![head, piece(1), piece(0), piece(2)]),
            ("one comes twice", vec![head, piece(0), piece(1), piece(1), piece(2)]),
            ("one is added", vec![head, piece(0), piece(1), piece(2), piece(2)]),
            ("nothing but the head", vec![head]),
        ] {
            assert_eq!(opened(1, &changed.concat()), None, "{name}");
        }
        for length in [0, 3, HEAD - 1, HEAD + 15, HEAD + CHUNK, sealed.len() - 1] {
            assert_eq!(opened(1, &sealed[..length]), None, "cut to {length} bytes");
        }
    }
}
