//! The key that opens a city's blobs, and where it lies: outside the city's folder and its backups.
//!
//! One master key of 32 bytes per city, in a file of its own that only its owner may read. What seals and what names
//! are sub-keys of it. The city's folder holds the key's *name* (`blobs/KEY`), from which nothing follows; so a wrong
//! key is found out before anything is read or written.

use std::ffi::OsString;
use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// No folder for keys follows from the environment.
    #[error("there is no folder for keys: set LEVEE_KEYS to one outside the city's folder and its backups")]
    NoFolder,
    /// The folder for keys lies with the data.
    #[error(
        "the folder for keys {} lies in the city's folder {}: whoever has a copy of the data would have its key; set LEVEE_KEYS to another folder",
        keys.display(), city.display()
    )]
    WithTheData {
        /// The folder for keys.
        keys: PathBuf,
        /// The city's folder.
        city: PathBuf,
    },
    /// The key file is not there.
    #[error(
        "the key `{name}` is missing: {} is not there; put the key file back from where its copy is kept, or set LEVEE_KEYS to the folder that has it",
        path.display()
    )]
    Missing {
        /// The key's name.
        name: String,
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file holds another key, or none.
    #[error(
        "{} does not hold the key `{name}`; put the right key file back from where its copy is kept",
        path.display()
    )]
    Wrong {
        /// The key's name.
        name: String,
        /// The file.
        path: PathBuf,
    },
    /// Others may read it.
    #[error("others may read {} (mode {mode:03o}); run `chmod 600` on it, and make a new city if somebody did", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// The city's folder does not say which key it needs.
    #[error("{} does not name a key; restore it from a backup of the city's folder", path.display())]
    Unnamed {
        /// The file.
        path: PathBuf,
    },
    /// The system gave no random bytes.
    #[error("the system gave no random bytes for a key: {why}")]
    Random {
        /// What it said.
        why: String,
    },
    /// Reading or writing failed.
    #[error("could not read or write {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// A city's master key. Its bytes are never shown.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.name())
    }
}

impl MasterKey {
    /// From 32 random bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A new one from the system's random source.
    pub fn random() -> Result<Self, KeyError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|e| KeyError::Random { why: e.to_string() })?;
        Ok(Self(bytes))
    }

    /// A sub-key for one purpose.
    pub(crate) fn derive(&self, purpose: &str) -> [u8; 32] {
        blake3::derive_key(purpose, &self.0)
    }

    /// Its name: 16 hex digits that follow from it and from which it does not follow.
    pub fn name(&self) -> String {
        let whole = blake3::Hash::from_bytes(self.derive("levee 2026 name of a master key v1"));
        whole.to_hex().chars().take(16).collect()
    }
}

/// The folder for keys, from the values of `LEVEE_KEYS`, `XDG_DATA_HOME` and `HOME`; the first that is set and not
/// empty decides.
pub fn keys_folder(
    levee_keys: Option<OsString>,
    xdg_data_home: Option<OsString>,
    home: Option<OsString>,
) -> Result<PathBuf, KeyError> {
    let set = |value: Option<OsString>| value.filter(|value| !value.is_empty()).map(PathBuf::from);
    set(levee_keys)
        .or_else(|| set(xdg_data_home).map(|data| data.join("levee").join("keys")))
        .or_else(|| set(home).map(|home| home.join(".local").join("share").join("levee").join("keys")))
        .ok_or(KeyError::NoFolder)
}

/// Makes a new key for the city in `city` and keeps it in the folder `keys`, readable by its owner only.
pub fn create(keys: &Path, city: &Path) -> Result<MasterKey, KeyError> {
    apart(keys, city)?;
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| KeyError::Io { path, source }
    };
    private_folder(keys).map_err(io(keys))?;
    // Once more with the folder there, when links in its path can be followed.
    apart(keys, city)?;
    let key = MasterKey::random()?;
    let path = file(keys, &key.name());
    let text = format!("levee-key-1 {}\n", blake3::Hash::from_bytes(key.0).to_hex());
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut to = options.open(&path).map_err(io(&path))?;
    to.write_all(text.as_bytes()).and_then(|()| to.sync_all()).map_err(io(&path))?;
    std::fs::File::open(keys).and_then(|folder| folder.sync_all()).map_err(io(keys))?;
    Ok(key)
}

/// The key called `name` from the folder `keys`.
pub fn load(keys: &Path, name: &str) -> Result<MasterKey, KeyError> {
    let path = file(keys, name);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(KeyError::Missing { name: name.to_owned(), path });
        }
        Err(source) => return Err(KeyError::Io { path, source }),
    };
    #[cfg(unix)]
    {
        let mode = std::fs::metadata(&path).map_err(|source| KeyError::Io { path: path.clone(), source })?;
        let mode = std::os::unix::fs::PermissionsExt::mode(&mode.permissions()) & 0o777;
        if mode & 0o077 != 0 {
            return Err(KeyError::Open { path, mode });
        }
    }
    let key = text
        .strip_prefix("levee-key-1 ")
        .and_then(|hex| blake3::Hash::from_hex(hex.trim_end()).ok())
        .map(|bytes| MasterKey(*bytes.as_bytes()));
    key.filter(|key| key.name() == name).ok_or_else(|| KeyError::Wrong { name: name.to_owned(), path })
}

/// The file of a key.
pub fn file(keys: &Path, name: &str) -> PathBuf {
    keys.join(format!("{name}.key"))
}

fn apart(keys: &Path, city: &Path) -> Result<(), KeyError> {
    let real = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| KeyError::Io { path, source }
    };
    let (real_keys, real_city) = (real(keys).map_err(io(keys))?, real(city).map_err(io(city))?);
    if real_keys.starts_with(&real_city) {
        return Err(KeyError::WithTheData { keys: keys.to_owned(), city: city.to_owned() });
    }
    Ok(())
}

/// Makes a folder, and those above it, for its owner only; one that is there stays as it is.
pub(crate) fn private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_folder_that_is_set_decides() {
        let at = |keys: &str, data: &str, home: &str| {
            let set = |value: &str| (value != "-").then(|| OsString::from(value));
            keys_folder(set(keys), set(data), set(home))
        };
        assert_eq!(at("/k", "/d", "/h").unwrap(), Path::new("/k"));
        assert_eq!(at("", "/d", "/h").unwrap(), Path::new("/d/levee/keys"));
        assert_eq!(at("-", "-", "/h").unwrap(), Path::new("/h/.local/share/levee/keys"));
        assert!(matches!(at("-", "", "-"), Err(KeyError::NoFolder)));
    }

    #[test]
    fn a_key_comes_back_and_nobody_else_may_read_it() {
        let outer = tempfile::tempdir().unwrap();
        let (keys, city) = (outer.path().join("keys"), outer.path().join("city"));
        let key = create(&keys, &city).unwrap();
        assert_eq!(load(&keys, &key.name()).unwrap().0, key.0);
        let path = file(&keys, &key.name());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&keys), mode(&path)), (0o700, 0o600));
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
            assert!(matches!(load(&keys, &key.name()), Err(KeyError::Open { mode: 0o640, .. })));
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        let other = MasterKey::from_bytes([3; 32]);
        std::fs::rename(&path, file(&keys, &other.name())).unwrap();
        assert!(matches!(load(&keys, &other.name()), Err(KeyError::Wrong { .. })), "another key under this name");
        assert!(matches!(load(&keys, &key.name()), Err(KeyError::Missing { .. })));
    }

    #[test]
    fn a_key_is_not_kept_with_the_data() {
        let outer = tempfile::tempdir().unwrap();
        let city = outer.path().join("city");
        std::fs::create_dir(&city).unwrap();
        assert!(matches!(create(&city.join("keys"), &city), Err(KeyError::WithTheData { .. })));
        #[cfg(unix)]
        {
            let link = outer.path().join("link");
            std::os::unix::fs::symlink(&city, &link).unwrap();
            assert!(matches!(create(&link, &city), Err(KeyError::WithTheData { .. })));
            assert!(std::fs::read_dir(&city).unwrap().next().is_none(), "nothing was written");
        }
    }

    #[test]
    fn a_key_never_shows_itself() {
        let key = MasterKey::from_bytes([0xab; 32]);
        assert_eq!(format!("{key:?}"), format!("MasterKey({})", key.name()));
        assert!(!key.name().contains("abab"));
    }
}
