//! Saved states as files: written aside, then given their name, so that a named one is always whole.
//!
//! What is in them is the replica's; it finds out for itself whether it is as it was written.

use std::fs::{File, OpenOptions, remove_file, rename};
use std::io::{self, BufReader, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::journal::place::{failed, flush_dir};
use crate::{Replica, RestoreError, Standing, StartError, Version};

const PREFIX: &str = "state-";
const PART: &str = "state.part";

/// Saves the replica's state, durably.
pub(super) fn write<T>(dir: &Path, replica: &dyn Replica<T>) -> io::Result<Standing> {
    let part = dir.join(PART);
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&part)?;
    let mut out = BufWriter::with_capacity(1 << 18, file);
    let standing = replica.save(&mut out)?;
    out.flush()?;
    out.get_ref().sync_all()?;
    rename(&part, path(dir, standing.version))?;
    flush_dir(dir)?;
    Ok(standing)
}

/// Removes every saved state older than this one.
pub(super) fn remove_older(dir: &Path, than: Version) -> io::Result<()> {
    for (version, path) in list(dir)? {
        if version < than {
            remove_file(path)?;
        }
    }
    flush_dir(dir)
}

/// Restores the newest saved state that the replica takes, and returns where it stands; `None` when there is none.
///
/// An older one is only there when the node went down while it replaced it; the log then still reaches back to it.
pub(super) fn restore_newest<T>(
    dir: &Path,
    replica: &dyn Replica<T>,
) -> Result<Option<Standing>, StartError> {
    let mut newest_refused = None;
    for (_, path) in list(dir).map_err(failed(dir))?.into_iter().rev() {
        let mut file = BufReader::with_capacity(1 << 18, File::open(&path).map_err(failed(&path))?);
        match replica.restore(&mut file) {
            Ok(standing) => return Ok(Some(standing)),
            Err(RestoreError::Io(source)) => return Err(failed(&path)(source)),
            Err(source) => {
                let path = path.display().to_string();
                newest_refused.get_or_insert(StartError::Restore { path, source });
            }
        }
    }
    newest_refused.map_or(Ok(None), Err)
}

fn path(dir: &Path, version: Version) -> PathBuf {
    dir.join(format!("{PREFIX}{:020}", version.get()))
}

/// Returns the saved states, oldest first.
fn list(dir: &Path) -> io::Result<Vec<(Version, PathBuf)>> {
    let mut states = Vec::new();
    for entry in dir.read_dir()? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        if let Some(Ok(version)) = name
            .and_then(|name| name.strip_prefix(PREFIX))
            .map(str::parse)
        {
            states.push((Version::new(version), path));
        }
    }
    states.sort_unstable();
    Ok(states)
}
