//! The directory of a journal: made, locked, and its layout.
//!
//! ```text
//! lock                  who works here
//! log/                  the files of the log
//! state-<version>       saved states; a name that ends in `.part` was never finished
//! ```
//!
//! Directories that are made here have mode 0700, files 0600. One process works in a directory, the lock says which.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::StartError;

/// A directory that this process holds.
#[derive(Debug)]
pub(super) struct Place {
    dir: PathBuf,
    log: PathBuf,
    /// Locked as long as it is open.
    _lock: File,
}

impl Place {
    /// Makes the directory where there is none, and takes it for this process.
    pub(super) fn take(dir: &Path) -> Result<Self, StartError> {
        make_dir(dir)?;
        let lock = take_lock(&dir.join("lock"))?;
        let log = dir.join("log");
        make_dir(&log)?;
        Ok(Self {
            dir: dir.to_owned(),
            log,
            _lock: lock,
        })
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Returns the directory of the log's files.
    pub(super) fn log(&self) -> &Path {
        &self.log
    }
}

/// Makes a change of a directory's entries durable.
pub(super) fn flush_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// Names the file that an operation failed on.
pub(super) fn failed(path: &Path) -> impl FnOnce(io::Error) -> StartError {
    let path = path.display().to_string();
    move |source| StartError::Io { path, source }
}

fn make_dir(dir: &Path) -> Result<(), StartError> {
    if dir.is_dir() {
        return Ok(());
    }
    if dir.exists() {
        return Err(failed(dir)(io::ErrorKind::NotADirectory.into()));
    }
    let missing = parents_of_missing(dir);
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(failed(dir))?;
    // Each that was made is an entry of the one above it.
    for parent in missing {
        flush_dir(parent).map_err(failed(parent))?;
    }
    Ok(())
}

/// Returns the directories in which one of a path's has to be made, the innermost first.
fn parents_of_missing(dir: &Path) -> Vec<&Path> {
    let missing = dir.ancestors().take_while(|dir| !dir.is_dir());
    let parents = missing.filter_map(Path::parent);
    let here = Path::new(".");
    parents
        .map(|parent| {
            if parent == Path::new("") {
                here
            } else {
                parent
            }
        })
        .collect()
}

fn take_lock(path: &Path) -> Result<File, StartError> {
    let mut lock = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(failed(path))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::Error(source)) => return Err(failed(path)(source)),
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let known = lock.read_to_string(&mut holder).is_ok();
            return Err(StartError::Locked {
                path: path.display().to_string(),
                holder: known.then(|| holder.trim().parse().ok()).flatten(),
            });
        }
    }
    let sign = |lock: &mut File| {
        lock.set_len(0)?;
        lock.rewind()?;
        writeln!(lock, "{}", std::process::id())
    };
    sign(&mut lock).map_err(failed(path))?;
    Ok(lock)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o777
    }

    /// Only the one above the last was made durable: the whole directory could be gone with one that was made further up.
    #[test]
    fn every_directory_that_is_made_is_made_durable() {
        let parent = tempfile::tempdir().unwrap();
        let found = parent.path();
        let dir = found.join("a/b/c");
        assert_eq!(
            parents_of_missing(&dir),
            [&found.join("a/b"), &found.join("a"), found]
        );
        assert!(parents_of_missing(found).is_empty());
        let here = Path::new(".");
        assert_eq!(
            parents_of_missing(Path::new("no-such/one")),
            [Path::new("no-such"), here]
        );
    }

    #[test]
    fn makes_a_private_directory() {
        let parent = tempfile::tempdir().unwrap();
        let dir = parent.path().join("a/b");
        let place = Place::take(&dir).unwrap();
        assert_eq!(
            (mode(&dir), mode(place.log()), mode(&dir.join("lock"))),
            (0o700, 0o700, 0o600)
        );
    }

    #[test]
    fn a_path_need_not_be_text() {
        let parent = tempfile::tempdir().unwrap();
        let name = OsStr::from_bytes(b"not \xff UTF-8");
        let place = Place::take(&parent.path().join(name)).unwrap();
        assert!(place.log().is_dir());
    }

    #[test]
    fn a_second_holder_learns_who_is_first() {
        let dir = tempfile::tempdir().unwrap();
        let first = Place::take(dir.path()).unwrap();
        let error = Place::take(dir.path()).unwrap_err();
        assert!(
            matches!(&error, StartError::Locked { holder: Some(id), .. } if *id == std::process::id()),
            "{error}"
        );
        assert!(
            error
                .to_string()
                .ends_with(&format!("in use by process {}", std::process::id()))
        );
        drop(first);
        Place::take(dir.path()).unwrap();
    }

    #[test]
    fn a_file_is_not_a_directory() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        File::create(&path).unwrap();
        let error = Place::take(&path).unwrap_err().to_string();
        assert_eq!(error, format!("{}: not a directory", path.display()));
    }

    #[test]
    fn a_directory_that_cannot_be_made_is_named() {
        // The kernel lets nobody, root included, make files in /proc.
        let error = Place::take(Path::new("/proc/journal")).unwrap_err();
        assert!(
            matches!(&error, StartError::Io { path, .. } if path == "/proc/journal"),
            "{error}"
        );
    }
}
