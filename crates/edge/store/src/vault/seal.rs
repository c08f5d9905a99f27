//! How a small thing is sealed whole: XChaCha20-Poly1305 with the place that it belongs to as associated data.
//!
//! Blobs are sealed in chunks, by digest, for files of any size (`blobs/seal.rs`). A record of some hundred bytes, and a key of
//! 32, need neither; they need to be tied to a person, so that no record can be put in another's place.
//!
//! ```text
//! nonce (24 random bytes) | sealed bytes | tag (16 bytes)
//! ```

use super::random;
use chacha20poly1305::aead::AeadInPlace as _;
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};
use levee_app::vault::VaultError;

const NONCE: usize = 24;
const TAG: usize = 16;

/// Bytes that sealing adds.
pub(super) const OVERHEAD: usize = NONCE + TAG;

/// Seals `content` for `place`.
pub(super) fn seal(key: &[u8; 32], place: &[u8], content: &[u8]) -> Result<Vec<u8>, VaultError> {
    let nonce: [u8; NONCE] = random()?;
    let mut sealed = Vec::with_capacity(content.len() + OVERHEAD);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(content);
    let (_, body) = sealed.split_at_mut(NONCE);
    let tag = XChaCha20Poly1305::new(key.into())
        .encrypt_in_place_detached(&nonce.into(), place, body)
        // Only beyond 256 GiB.
        .map_err(|_| VaultError::Damaged { place: "a record".to_owned(), why: "it is too long to be sealed" })?;
    sealed.extend_from_slice(&tag);
    Ok(sealed)
}

/// Opens what was sealed for `place`; none when it was changed, or sealed for another place or under another key.
pub(super) fn open(key: &[u8; 32], place: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, rest) = sealed.split_first_chunk::<NONCE>()?;
    let (body, tag) = rest.split_last_chunk::<TAG>()?;
    let mut body = body.to_vec();
    XChaCha20Poly1305::new(key.into())
        .decrypt_in_place_detached(nonce.into(), place, &mut body, tag.into())
        .ok()
        .map(|()| body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_opens_only_whole_in_its_place_and_under_its_key() {
        let sealed = seal(&[1; 32], b"p-1", b"some text").unwrap();
        assert_eq!(sealed.len(), 9 + OVERHEAD);
        assert_eq!(open(&[1; 32], b"p-1", &sealed).as_deref(), Some(&b"some text"[..]));
        assert_eq!(open(&[1; 32], b"p-2", &sealed), None, "another place");
        assert_eq!(open(&[2; 32], b"p-1", &sealed), None, "another key");
        for nth in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[nth] ^= 1;
            assert_eq!(open(&[1; 32], b"p-1", &changed), None, "byte {nth}");
            assert_eq!(open(&[1; 32], b"p-1", &sealed[..nth]), None, "cut to {nth}");
        }
        assert_ne!(seal(&[1; 32], b"p-1", b"some text").unwrap(), sealed, "a fresh nonce each time");
    }
}
