//! Sign-ins in memory, for tests.

use levee_app::access::{AccessError, AccessRecords, Kept, RecordKind};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Sign-ins that are gone with the process.
#[derive(Default)]
pub struct MemoryAccess(Mutex<BTreeMap<(RecordKind, String), Kept>>);

impl AccessRecords for MemoryAccess {
    fn get(&self, kind: RecordKind, key: &str) -> Result<Option<Kept>, AccessError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&(kind, key.to_owned())).cloned())
    }

    fn put(&self, kind: RecordKind, key: &str, value: &[u8], instead_of: u64) -> Result<(), AccessError> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (kind, key.to_owned());
        if all.get(&key).map_or(0, |kept| kept.version) != instead_of {
            return Err(AccessError::Changed);
        }
        all.insert(key, Kept { value: value.to_vec(), version: instead_of + 1 });
        Ok(())
    }

    fn forget(&self, kind: RecordKind, key: &str) -> Result<(), AccessError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&(kind, key.to_owned()));
        Ok(())
    }

    fn all(&self, kind: RecordKind) -> Result<Vec<(String, Kept)>, AccessError> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(all.iter().filter(|((of, _), _)| *of == kind).map(|((_, key), kept)| (key.clone(), kept.clone())).collect())
    }
}
