//! Looks into a workbook before it is opened: is the archive whole, and does it stay within bounds when unpacked?

use super::{ReadSeek, Source};
use crate::error::ReadError;
use crate::message::code;
use std::io::Read;

/// Most bytes that a workbook may unpack to. A full sheet of 1,048,576 rows by 18 columns unpacks to about half of it.
pub(crate) const MOST_UNPACKED: u64 = 1 << 30;
/// Most parts. Workbooks have some dozens.
const MOST_PARTS: usize = 10_000;

/// Checks the sizes that the archive declares, then unpacks every part into nothing: sizes may lie, and a part that is
/// cut or damaged fails its checksum here instead of losing rows later.
pub(crate) fn check(source: &Source, file: &mut dyn ReadSeek, most: u64) -> Result<(), ReadError> {
    let broken = |why: String| source.error(code::BAD_WORKBOOK, [why]);
    let too_large = || source.error(code::WORKBOOK_TOO_LARGE, [(most >> 20).to_string()]);
    let mut archive = zip::ZipArchive::new(file).map_err(|e| broken(e.to_string()))?;
    if archive.len() > MOST_PARTS || archive.decompressed_size().is_some_and(|size| size > u128::from(most)) {
        return Err(too_large());
    }
    let mut left = most;
    for nth in 0..archive.len() {
        let part = archive.by_index(nth).map_err(|e| broken(e.to_string()))?;
        let name = part.name().to_owned();
        let unpacked = std::io::copy(&mut part.take(left + 1), &mut std::io::sink())
            .map_err(|e| broken(format!("`{name}`: {e}")))?;
        left = left.checked_sub(unpacked).ok_or_else(too_large)?;
    }
    Ok(())
}
