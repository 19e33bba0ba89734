//! The unix socket that the server listens on.
//!
//! - Nobody but the owner can connect, at no moment: the socket is bound, restricted to mode 0600, and only then begins
//!   to listen; until it listens, connecting is refused.
//! - The socket of a dead server is replaced, that of a living one never. Which it is, is found out by connecting, under
//!   a lock on the directory, so that two servers that start at once do not take each other's new socket for a dead one.
//! - What is not a socket is never removed.

use std::fs::{self, DirBuilder, File, Permissions};
use std::io;
use std::os::unix::fs::{
    DirBuilderExt as _, FileTypeExt as _, MetadataExt as _, PermissionsExt as _,
};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use rustix::io::Errno;
use rustix::net::{self, AddressFamily, SocketAddrUnix, SocketFlags, SocketType};

/// Connections that wait to be accepted: what Linux allows by default (`net.core.somaxconn`).
const BACKLOG: i32 = 4_096;

/// The longest path of a socket, in bytes. Linux has room for one more, but most programs keep that for a zero, and could
/// not connect.
pub const PATH_BYTES_MAX: usize = 107;

/// Begins to listen at a path. Directories that are missing are made, for the owner alone.
///
/// The listener is non-blocking. Its file is a value of its own, since it outlives the listener while a server drains.
///
/// # Errors
/// When the path cannot be used, or a living server uses it.
pub fn bind(path: &Path) -> Result<(UnixListener, SocketFile), BindError> {
    let failed = |source: io::Error| BindError::Io {
        path: path.to_owned(),
        source,
    };
    let bytes = path.as_os_str().len();
    if bytes > PATH_BYTES_MAX {
        return Err(BindError::PathTooLong {
            path: path.to_owned(),
            bytes,
        });
    }
    let address = SocketAddrUnix::new(path).map_err(|errno| failed(errno.into()))?;
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
        .map_err(failed)?;
    let serial = File::open(directory).map_err(failed)?;
    serial.lock().map_err(failed)?;

    remove_dead(path, &address)?;
    let socket = new_socket().map_err(failed)?;
    net::bind(&socket, &address).map_err(|errno| failed(errno.into()))?;
    fs::set_permissions(path, Permissions::from_mode(0o600)).map_err(failed)?;
    net::listen(&socket, BACKLOG).map_err(|errno| failed(errno.into()))?;
    let metadata = fs::symlink_metadata(path).map_err(failed)?;
    let file = SocketFile {
        path: path.to_owned(),
        identity: (metadata.dev(), metadata.ino()),
    };
    Ok((socket.into(), file))
}

/// The file of a socket that this process listens on, or has listened on; removed when this is dropped.
#[derive(Debug)]
#[must_use = "the file is removed when this is dropped"]
pub struct SocketFile {
    path: PathBuf,
    /// Device and inode, so that only our own file is removed.
    identity: (u64, u64),
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        if fs::symlink_metadata(&self.path).is_ok_and(|now| (now.dev(), now.ino()) == self.identity)
        {
            // Nobody is left to tell; the next server finds out that the socket is dead.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Why the server cannot listen.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BindError {
    /// The operating system has no room for the path.
    #[error(
        "the socket path has {bytes} bytes, {PATH_BYTES_MAX} are the most: {}; choose a shorter one with --listen",
        path.display()
    )]
    PathTooLong {
        /// The path.
        path: PathBuf,
        /// Its length.
        bytes: usize,
    },
    /// Somebody accepts connections there.
    #[error("a server is listening on {} already; stop it, or choose another address with --listen", path.display())]
    InUse {
        /// The path.
        path: PathBuf,
    },
    /// Something else has that path.
    #[error("{} exists and is not a socket; remove it, or choose another address with --listen", path.display())]
    NotASocket {
        /// The path.
        path: PathBuf,
    },
    /// The operating system refuses.
    #[error("cannot listen on {}: {source}; choose another address with --listen", path.display())]
    Io {
        /// The path.
        path: PathBuf,
        /// What it says.
        source: io::Error,
    },
}

/// Removes the socket of a server that is gone, if there is one.
fn remove_dead(path: &Path, address: &SocketAddrUnix) -> Result<(), BindError> {
    let failed = |source: io::Error| BindError::Io {
        path: path.to_owned(),
        source,
    };
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(error)),
        Ok(metadata) if !metadata.file_type().is_socket() => {
            return Err(BindError::NotASocket {
                path: path.to_owned(),
            });
        }
        Ok(_) => {}
    }
    let probe = new_socket().map_err(failed)?;
    match net::connect(&probe, address) {
        // A server whose backlog is full lives, too.
        Ok(()) | Err(Errno::AGAIN) => Err(BindError::InUse {
            path: path.to_owned(),
        }),
        Err(Errno::CONNREFUSED) => fs::remove_file(path).map_err(failed),
        Err(Errno::NOENT) => Ok(()),
        Err(errno) => Err(failed(errno.into())),
    }
}

fn new_socket() -> io::Result<std::os::fd::OwnedFd> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    Ok(net::socket_with(
        AddressFamily::UNIX,
        SocketType::STREAM,
        flags,
        None,
    )?)
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixStream;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn it_is_the_owners_alone_and_goes_with_the_server() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("new/stated.sock");
        let (listener, file) = bind(&path).unwrap();
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        UnixStream::connect(&path).unwrap();
        drop(listener);
        assert!(path.exists());
        drop(file);
        assert!(!path.exists());
    }

    #[test]
    fn a_dead_socket_is_replaced_a_living_one_is_not() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("s");
        drop(UnixListener::bind(&path).unwrap());
        assert!(
            path.exists(),
            "the standard library leaves the file behind, as a killed server does"
        );
        let living = bind(&path).unwrap();
        let error = bind(&path).unwrap_err();
        assert!(matches!(&error, BindError::InUse { .. }), "{error}");
        UnixStream::connect(&path).unwrap();
        drop(living);
    }

    #[test]
    fn what_is_not_ours_stays() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("s");
        fs::write(&path, "letters").unwrap();
        assert!(matches!(bind(&path), Err(BindError::NotASocket { .. })));
        assert_eq!(fs::read(&path).unwrap(), b"letters");

        let path = directory.path().join("t");
        let ours = bind(&path).unwrap();
        fs::remove_file(&path).unwrap();
        let theirs = UnixListener::bind(&path).unwrap();
        drop(ours);
        assert!(path.exists(), "another server's socket is not removed");
        drop(theirs);
    }

    #[test]
    fn a_path_that_does_not_fit_is_said_to_be_too_long() {
        let directory = tempfile::tempdir().unwrap();
        let room = PATH_BYTES_MAX - directory.path().as_os_str().len() - 1;
        drop(bind(&directory.path().join("x".repeat(room))).unwrap());
        let error = bind(&directory.path().join("x".repeat(room + 1))).unwrap_err();
        assert!(
            matches!(error, BindError::PathTooLong { bytes: 108, .. }),
            "{error}"
        );
    }
}
