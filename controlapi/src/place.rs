//! Where the server keeps its state and listens, when nobody says otherwise.
//!
//! One rule for the server and its client, so that both work together without a flag or a file:
//!
//! | | state | socket |
//! |---|---|---|
//! | root | `/var/lib/statehouse` | `/run/statehouse/stated.sock` |
//! | anybody else | `$XDG_STATE_HOME/statehouse`, else `~/.local/state/statehouse` | `$XDG_RUNTIME_DIR/statehouse/stated.sock`, else `stated.sock` in the state directory of this table |
//!
//! Root does not look at the `XDG` variables, since a service manager sets others than a login does, and the client of
//! one would miss the server of the other. Relative values of them are ignored, as the XDG specification says.

use std::convert::Infallible;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Returns where the server keeps its state by default.
///
/// # Errors
/// When the environment names no home directory.
pub fn state_dir() -> Result<PathBuf, NoPlace> {
    Surroundings::actual().state_dir()
}

/// Returns where the server listens by default, and where the client looks for it.
///
/// # Errors
/// When the environment names no home directory.
pub fn socket() -> Result<SocketAddress, NoPlace> {
    Surroundings::actual().socket().map(SocketAddress)
}

/// There is no default place in this environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "neither XDG_STATE_HOME nor HOME names a directory; give --state-dir and --listen, or set one of them"
)]
pub struct NoPlace;

/// The path of a unix socket, written `unix:///run/statehouse/stated.sock`; the plain path is understood, too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SocketAddress(PathBuf);

impl SocketAddress {
    /// Returns the address that a person wrote.
    ///
    /// # Errors
    /// When it is not that of a unix socket.
    pub fn parse(text: &str) -> Result<Self, NotASocketAddress> {
        match text.split_once("://") {
            Some((scheme, _)) if scheme != "unix" => Err(NotASocketAddress(text.to_owned())),
            _ if text.is_empty() => Err(NotASocketAddress(text.to_owned())),
            _ => text.parse().map_err(|never: Infallible| match never {}),
        }
    }

    /// Returns the path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

/// A text that is not the address of a unix socket.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not the address of a unix socket: write unix:///PATH")]
pub struct NotASocketAddress(String);

impl From<PathBuf> for SocketAddress {
    fn from(path: PathBuf) -> Self {
        Self(path)
    }
}

impl FromStr for SocketAddress {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let path = text
            .strip_prefix("unix://")
            .or_else(|| text.strip_prefix("unix:"))
            .unwrap_or(text);
        Ok(Self(path.into()))
    }
}

impl fmt::Display for SocketAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unix://{}", self.0.display())
    }
}

/// What the rule looks at.
struct Surroundings<E> {
    root: bool,
    variable: E,
}

impl Surroundings<fn(&str) -> Option<OsString>> {
    fn actual() -> Self {
        Self {
            root: rustix::process::geteuid().is_root(),
            variable: |name| std::env::var_os(name),
        }
    }
}

impl<E: Fn(&str) -> Option<OsString>> Surroundings<E> {
    fn state_dir(&self) -> Result<PathBuf, NoPlace> {
        if self.root {
            return Ok("/var/lib/statehouse".into());
        }
        let home = || self.directory("HOME").map(|home| home.join(".local/state"));
        Ok(self
            .directory("XDG_STATE_HOME")
            .or_else(home)
            .ok_or(NoPlace)?
            .join("statehouse"))
    }

    fn socket(&self) -> Result<PathBuf, NoPlace> {
        if self.root {
            return Ok("/run/statehouse/stated.sock".into());
        }
        match self.directory("XDG_RUNTIME_DIR") {
            Some(runtime) => Ok(runtime.join("statehouse/stated.sock")),
            None => Ok(self.state_dir()?.join("stated.sock")),
        }
    }

    fn directory(&self, name: &str) -> Option<PathBuf> {
        (self.variable)(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(root: bool, variables: &[(&str, &str)]) -> (Option<String>, Option<String>) {
        let variable = |asked: &str| {
            let found = variables.iter().find(|(name, _)| *name == asked);
            found.map(|(_, value)| OsString::from(value))
        };
        let surroundings = Surroundings { root, variable };
        let text =
            |place: Result<PathBuf, NoPlace>| place.ok().map(|path| path.display().to_string());
        (text(surroundings.state_dir()), text(surroundings.socket()))
    }

    fn expect(root: bool, variables: &[(&str, &str)], state: &str, socket: &str) {
        assert_eq!(
            places(root, variables),
            (Some(state.into()), Some(socket.into()))
        );
    }

    #[test]
    fn a_user_gets_directories_of_their_own() {
        let home = ("HOME", "/home/ada");
        let state = "/home/ada/.local/state/statehouse";
        expect(false, &[home], state, &format!("{state}/stated.sock"));
        let runtime = ("XDG_RUNTIME_DIR", "/run/user/7");
        expect(
            false,
            &[home, runtime],
            state,
            "/run/user/7/statehouse/stated.sock",
        );
        let xdg = ("XDG_STATE_HOME", "/s");
        expect(
            false,
            &[home, xdg],
            "/s/statehouse",
            "/s/statehouse/stated.sock",
        );
        expect(
            false,
            &[home, ("XDG_STATE_HOME", "not/absolute")],
            state,
            &format!("{state}/stated.sock"),
        );
    }

    #[test]
    fn root_uses_the_directories_of_the_system_whatever_the_login_sets() {
        let login = [
            ("HOME", "/root"),
            ("XDG_STATE_HOME", "/s"),
            ("XDG_RUNTIME_DIR", "/run/user/0"),
        ];
        expect(
            true,
            &login,
            "/var/lib/statehouse",
            "/run/statehouse/stated.sock",
        );
    }

    #[test]
    fn without_a_home_there_is_no_place() {
        assert_eq!(places(false, &[]), (None, None));
        assert!(
            NoPlace.to_string().contains("--state-dir"),
            "the error says what to do"
        );
    }

    #[test]
    fn an_address_of_another_kind_is_refused() {
        for text in ["tcp://127.0.0.1:4242", "https://a/b", ""] {
            assert!(SocketAddress::parse(text).is_err(), "{text}");
        }
        assert_eq!(
            SocketAddress::parse("unix:///a").unwrap().path(),
            Path::new("/a")
        );
    }

    #[test]
    fn an_address_is_a_path_with_or_without_a_scheme() {
        for text in ["unix:///run/a.sock", "unix:/run/a.sock", "/run/a.sock"] {
            let address: SocketAddress = text.parse().unwrap();
            assert_eq!(address.path(), Path::new("/run/a.sock"));
            assert_eq!(address.to_string(), "unix:///run/a.sock");
        }
    }
}
