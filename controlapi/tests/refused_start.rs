//! A server that cannot begin says why, and ends with the code that its help lists.

mod support;

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use support::{Stated, run};

#[track_caller]
fn refused(state_dir: &Path, socket: &Path, code: i32, said: &str) {
    let output = run(state_dir, socket);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains(said), "{stderr:?} does not say {said:?}");
    assert_eq!(
        stderr
            .lines()
            .filter(|line| line.starts_with("stated: "))
            .count(),
        1,
        "{stderr}"
    );
    // A cause used to be told by the error that it caused, and once more by the chain of causes.
    let parts: Vec<&str> = stderr.trim_end().split(": ").collect();
    let distinct: HashSet<&str> = parts.iter().copied().collect();
    assert_eq!(distinct.len(), parts.len(), "said twice: {stderr}");
    assert_eq!(output.status.code(), Some(code), "{stderr}");
}

#[test]
fn a_socket_that_another_server_uses() {
    let directory = tempfile::tempdir().unwrap();
    let server = Stated::start(directory.path());
    let said = format!(
        "a server is listening on {} already",
        server.socket().display()
    );
    refused(&directory.path().join("other"), server.socket(), 4, &said);
    assert!(
        server.socket().exists(),
        "the first server keeps its socket"
    );
}

#[test]
fn a_state_directory_that_another_server_uses() {
    let directory = tempfile::tempdir().unwrap();
    let _server = Stated::start(directory.path());
    let state = directory.path().join("state");
    let socket = directory.path().join("s");
    let said = format!("cannot use the state directory {}", state.display());
    refused(&state, &socket, 3, &said);
    let advice = "; stop it, or choose another directory with --state-dir";
    refused(&state, &socket, 3, advice);
}

#[test]
fn a_state_directory_that_is_none() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "letters").unwrap();
    for state in [file.clone(), file.join("below")] {
        let said = format!("cannot use the state directory {}", state.display());
        refused(&state, &directory.path().join("s"), 3, &said);
    }
    assert_eq!(fs::read(&file).unwrap(), b"letters");
}

/// Root may write everywhere but there.
#[test]
fn a_state_directory_that_cannot_be_written() {
    let directory = tempfile::tempdir().unwrap();
    refused(
        Path::new("/proc/statehouse"),
        &directory.path().join("s"),
        3,
        "cannot use the state directory /proc/statehouse",
    );
}

#[test]
fn a_socket_path_that_is_too_long_or_not_a_socket() {
    let directory = tempfile::tempdir().unwrap();
    let state = directory.path().join("state");
    refused(
        &state,
        &directory.path().join("x".repeat(120)),
        4,
        "107 are the most",
    );
    let file = directory.path().join("file");
    fs::write(&file, "letters").unwrap();
    refused(&state, &file, 4, "is not a socket");
}

#[test]
fn an_address_or_a_filter_that_is_none() {
    for (flag, value) in [
        ("--listen", "tcp://127.0.0.1:4242"),
        ("--log", "a=b=c"),
        ("--drain-seconds", "soon"),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let mut command =
            support::command(&directory.path().join("state"), &directory.path().join("s"));
        // The last one counts.
        let output = command.args([flag, value]).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{flag} {value}: {stderr}");
        assert!(!directory.path().join("state").exists(), "nothing was made");
    }
}
