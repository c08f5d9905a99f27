//! The blob store on disk: what comes back, what does not open, and what a thief of the folder can read.
#![expect(clippy::unwrap_used, reason = "helpers of tests; a failure is the test's")]

use levee_app::blob::{BlobError, BlobRef, Blobs};
use levee_store::blobs::{BlobStoreError, FolderBlobs, MemoryBlobs};
use levee_store::keys::{self, KeyError, MasterKey};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

struct City {
    outer: tempfile::TempDir,
    blobs: FolderBlobs,
}

fn city() -> City {
    let outer = tempfile::tempdir().unwrap();
    std::fs::create_dir(outer.path().join("city")).unwrap();
    let blobs = FolderBlobs::create(&outer.path().join("city"), &outer.path().join("keys")).unwrap();
    City { outer, blobs }
}

impl City {
    fn path(&self, name: &str) -> PathBuf {
        self.outer.path().join(name)
    }
    fn again(&self) -> Result<FolderBlobs, BlobStoreError> {
        FolderBlobs::open(&self.path("city"), &self.path("keys"))
    }
    fn file(&self, digest: &BlobRef) -> PathBuf {
        let name = digest.to_string();
        self.path("city").join("blobs").join(&name[..2]).join(&name[2..])
    }
}

fn files(below: &Path) -> Vec<PathBuf> {
    let mut all = vec![];
    for entry in std::fs::read_dir(below).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() { all.extend(files(&entry)) } else { all.push(entry) }
    }
    all
}

#[test]
fn bytes_come_back_after_reopening() {
    let city = city();
    let long: Vec<u8> = (0..200_000u32).flat_map(u32::to_le_bytes).collect();
    for content in [&b""[..], b"eleven beds", &long] {
        let digest = city.blobs.put(content).unwrap();
        assert_eq!(digest, city.blobs.digest(content));
        assert_eq!(city.blobs.put_stream(&mut &*content).unwrap(), (digest, content.len() as u64));
        assert_eq!(city.blobs.digest_stream(&mut &*content).unwrap(), (digest, content.len() as u64));
        assert_eq!(city.again().unwrap().get(&digest).unwrap(), content);
    }
    assert_eq!(
        files(&city.path("city")).len(),
        4,
        "three blobs and the name of the key; nothing twice, nothing temporary"
    );
}

#[test]
fn the_twin_in_memory_gives_the_same_digests() {
    let city = city();
    let name = std::fs::read_to_string(city.path("city/blobs/KEY")).unwrap();
    let twin = MemoryBlobs::new(&keys::load(&city.path("keys"), name.trim()).unwrap());
    let digest = city.blobs.put(b"eleven beds").unwrap();
    assert_eq!(twin.put_stream(&mut &b"eleven beds"[..]).unwrap(), (digest, 11));
    assert_eq!(twin.get(&digest).unwrap(), b"eleven beds");
    let other = MemoryBlobs::new(&MasterKey::from_bytes([1; 32]));
    assert_ne!(other.digest(b"eleven beds"), digest, "without the key a guess cannot be tried");
}

#[test]
fn nothing_readable_lies_in_the_folder() {
    let city = city();
    let content = b"Zhang Wei, 13 Riverside Road, positive".repeat(3000);
    let digest = city.blobs.put(&content).unwrap();
    city.blobs.put_stream(&mut &b"Zhang Wei once more"[..]).unwrap();
    for path in files(&city.path("city")) {
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(9).any(|window| window == b"Zhang Wei"), "{}", path.display());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{}", path.display());
        }
    }
    let unkeyed = blake3::hash(&content).to_hex();
    assert_ne!(digest.to_string(), unkeyed.as_str(), "the name is not the plain digest of the content");
    let sealed = std::fs::read(city.file(&digest)).unwrap();
    std::fs::remove_file(city.file(&digest)).unwrap();
    city.blobs.put(&content).unwrap();
    assert_ne!(std::fs::read(city.file(&digest)).unwrap(), sealed, "sealed twice, two nonces");
}

#[test]
fn changed_cut_swapped_and_missing_blobs_do_not_open_and_can_be_put_again() {
    let city = city();
    let content = vec![5; 200_000];
    let digest = city.blobs.put(&content).unwrap();
    let other = city.blobs.put(b"other").unwrap();
    let whole = std::fs::read(city.file(&digest)).unwrap();
    let mut flipped = whole.clone();
    flipped[150_000] ^= 0x10;
    let others = std::fs::read(city.file(&other)).unwrap();
    for bytes in [&flipped[..], &whole[..199_000], &whole[..10], b"", &others] {
        std::fs::write(city.file(&digest), bytes).unwrap();
        let refused = city.blobs.get(&digest).unwrap_err();
        assert!(matches!(&refused, BlobError::Sealed { digest: named } if *named == digest), "{refused}");
        // Whoever still has the file mends the store by putting it again.
        assert_eq!(city.blobs.put(&content).unwrap(), digest);
        assert_eq!(city.blobs.get(&digest).unwrap(), content);
    }
    std::fs::remove_file(city.file(&digest)).unwrap();
    assert!(matches!(city.blobs.get(&digest), Err(BlobError::Missing { .. })));
}

#[test]
fn a_missing_or_wrong_key_is_named_before_anything_is_read() {
    let city = city();
    let digest = city.blobs.put(b"eleven beds").unwrap();
    let key = files(&city.path("keys")).pop().unwrap();
    let name = key.file_stem().unwrap().to_str().unwrap().to_owned();
    std::fs::rename(&key, city.path("elsewhere")).unwrap();
    let missing = city.again().err().unwrap();
    assert_eq!(
        missing.to_string(),
        format!(
            "the key `{name}` is missing: {} is not there; put the key file back from where its copy is kept, or set \
             LEVEE_KEYS to the folder that has it",
            key.display()
        )
    );
    let another = crate::city();
    std::fs::copy(files(&another.path("keys")).pop().unwrap(), &key).unwrap();
    assert!(matches!(city.again(), Err(BlobStoreError::Key(KeyError::Wrong { .. }))));
    std::fs::rename(city.path("elsewhere"), &key).unwrap();
    assert_eq!(city.again().unwrap().get(&digest).unwrap(), b"eleven beds");
    std::fs::remove_file(city.path("city/blobs/KEY")).unwrap();
    assert!(matches!(city.again(), Err(BlobStoreError::Key(KeyError::Unnamed { .. }))));
}

#[test]
fn a_store_is_not_made_over_another() {
    let city = city();
    assert!(FolderBlobs::create(&city.path("city"), &city.path("keys")).is_err());
    assert_eq!(files(&city.path("keys")).len(), 1);
}

#[test]
fn a_source_that_fails_half_way_leaves_nothing() {
    struct Fails(u32);
    impl Read for Fails {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            self.0 += 1;
            if self.0 > 50 { Err(std::io::Error::other("the cable was pulled")) } else { Ok(into.len().min(10_000)) }
        }
    }
    let city = city();
    assert!(matches!(city.blobs.put_stream(&mut Fails(0)), Err(BlobError::Io { .. })));
    assert_eq!(files(&city.path("city")).len(), 1);
    std::fs::write(city.path("city/blobs/tmp-0123456789abcdef"), b"cut off by a crash").unwrap();
    assert_eq!(city.blobs.clear_leftovers().unwrap(), 1);
    assert_eq!(files(&city.path("city")).len(), 1);
}

/// Gives so many bytes that follow from their place, and keeps none.
struct Flow {
    given: u64,
    length: u64,
}

impl Read for Flow {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = into.len().min(usize::try_from(self.length - self.given).unwrap_or(usize::MAX));
        for byte in &mut into[..count] {
            *byte = (self.given % 253) as u8;
            self.given += 1;
        }
        Ok(count)
    }
}

/// Compares what comes with a [`Flow`], and keeps none of it.
struct Same(Flow);

impl Write for Same {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut expected = vec![0; bytes.len()];
        self.0.read_exact(&mut expected)?;
        assert!(expected == bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_hundred_mebibytes_pass_through_little_memory() {
    const LENGTH: u64 = 100 << 20;
    let peak = || -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM: 0 kB").to_owned();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    let city = city();
    let before = peak();
    let (digest, length) = city.blobs.put_stream(&mut Flow { given: 0, length: LENGTH }).unwrap();
    assert_eq!(length, LENGTH);
    let mut same = Same(Flow { given: 0, length: LENGTH });
    assert_eq!(city.blobs.copy_to(&digest, &mut same).unwrap(), LENGTH);
    assert_eq!(same.0.given, LENGTH);
    // The other tests of this program run meanwhile and keep a few MiB of their own.
    assert!(peak() - before < 32 << 10, "{} KiB more", peak() - before);
}

mod named_by_events {
    use super::*;
    use jiff::Timestamp;
    use levee_app::event::{CityFounded, Event, Mode, NewEvent};
    use levee_app::journal::{Fault, Journal};
    use levee_model::command::{Actor, Assurance, Channel, CommandId, Envelope};
    use levee_store::blobs::verify_blobs;
    use levee_store::memory::MemoryJournal;

    #[test]
    fn a_blob_that_an_event_names_and_that_does_not_open_is_a_fault() {
        let city = city();
        let digest = city.blobs.put(b"boundaries").unwrap();
        let mut journal = MemoryJournal::new();
        let envelope = Envelope {
            command_id: CommandId::new(uuid::Uuid::from_u128(1)),
            actor: Actor::System,
            on_behalf_of: None,
            channel: Channel::System,
            assurance: Assurance::Authenticated,
        };
        let founded = NewEvent {
            stream: "city".parse().unwrap(),
            occurred: Timestamp::UNIX_EPOCH,
            known_at: Timestamp::UNIX_EPOCH,
            event: Event::CityFounded(CityFounded {
                mode: Mode::Live,
                city_toml: String::new(),
                boundaries: Some(digest),
            }),
        };
        journal.transact(&envelope, Timestamp::UNIX_EPOCH, &mut |on| on.append(founded.clone()).map(|_| ())).unwrap();
        assert_eq!(verify_blobs(&journal, &city.blobs).unwrap(), []);
        let wanted = [Fault::Blob { position: 1, digest: digest.to_string() }];
        std::fs::write(city.file(&digest), b"something else").unwrap();
        assert_eq!(verify_blobs(&journal, &city.blobs).unwrap(), wanted);
        std::fs::remove_file(city.file(&digest)).unwrap();
        assert_eq!(verify_blobs(&journal, &city.blobs).unwrap(), wanted);
    }
}
