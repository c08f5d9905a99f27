//! Digests as JSON, without a call of the formatter for each of their bytes: most events name a blob.

use levee_app::blob::BlobRef;
use serde::Serializer;

/// A digest as its 64 hex digits.
pub(super) fn blob<S: Serializer>(digest: &BlobRef, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(blake3::Hash::from_bytes(digest.0).to_hex().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_written_as_it_writes_itself() {
        let digest = BlobRef(std::array::from_fn(|nth| u8::try_from(nth * 8).unwrap_or(255)));
        let mut ours = vec![];
        blob(&digest, &mut serde_json::Serializer::new(&mut ours)).unwrap();
        assert_eq!(String::from_utf8(ours).unwrap(), serde_json::to_string(&digest).unwrap());
    }
}
