//! Watches: what they print, and how they outlive the server.

use serde_json::Value;

use crate::statectl::Terminal;
use crate::support::Stated;

/// Returns version, action, kind and name of a line.
fn columns(line: &str) -> (u64, String) {
    let words: Vec<_> = line.split_whitespace().collect();
    (
        words[0].parse().unwrap(),
        [&words[1..3], &words[4..]].concat().join(" "),
    )
}

#[test]
fn every_change_is_a_line() {
    let terminal = Terminal::open();
    let watching = terminal.watch("service --old");
    watching.says("watching");
    terminal.ok("service create --name web --image nginx");
    terminal.ok("service update web --replicas 2");
    terminal.ok("service rm web");

    assert!(watching.line().starts_with("VERSION"));
    let lines = [watching.line(), watching.line(), watching.line()].map(|line| columns(&line));
    let (first, _) = lines[0];
    assert_eq!(lines[0], (first, "create service web".into()));
    let update = "update service web spec.replicated.replicas: 1 -> 2";
    assert_eq!(lines[1], (first + 1, update.into()));
    assert_eq!(lines[2], (first + 2, "remove service web".into()));
    assert_eq!(watching.interrupt(), (0, vec![]));
}

#[test]
fn in_json_a_transaction_is_a_line() {
    let terminal = Terminal::open();
    let watching = terminal.watch("service -o json --name web --action create,remove");
    watching.says("watching");
    terminal.ok("service create --name api --image nginx");
    terminal.ok("service create --name web --image nginx");
    terminal.ok("service update web --replicas 2");
    terminal.ok("service rm web");

    let messages = [watching.line(), watching.line()]
        .map(|line| serde_json::from_str::<Value>(&line).unwrap());
    for (message, action) in messages
        .iter()
        .zip(["WATCH_ACTION_CREATE", "WATCH_ACTION_REMOVE"])
    {
        assert_eq!(message["events"][0]["action"], action);
        assert_eq!(
            message["events"][0]["object"]["service"]["spec"]["annotations"]["name"],
            "web"
        );
    }
    let created = &messages[0]["events"][0]["object"]["service"];
    assert_eq!(messages[0]["version"], created["meta"]["version"]);
    let removed: u64 = messages[1]["version"]["index"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(
        messages[0]["version"]["index"],
        (removed - 2).to_string(),
        "the update in between has one, too"
    );
    assert_eq!(watching.interrupt(), (0, vec![]));
}

#[test]
fn what_was_missed_comes_later() {
    let terminal = Terminal::open();
    let created = terminal.json("service create --name web --image nginx");
    let version: u64 = created["meta"]["version"]["index"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    terminal.ok("service rm web");
    let watching = terminal.watch(&format!("service --from {} --no-headers", version - 1));
    assert_eq!(
        columns(&watching.line()),
        (version, "create service web".into())
    );
    assert_eq!(
        columns(&watching.line()),
        (version + 1, "remove service web".into())
    );
    assert_eq!(watching.interrupt(), (0, vec![]));
}

#[test]
fn a_version_that_is_not_there_yet_ends_it() {
    let terminal = Terminal::open();
    let watching = terminal.watch("service --from 1000000");
    watching.says("error: ");
    assert_eq!(watching.ended(), (1, vec![]));
}

#[test]
fn a_watch_outlives_the_server() {
    let mut terminal = Terminal::open();
    let watching = terminal.watch("service --no-headers");
    watching.says("watching");
    terminal.ok("service create --name one --image nginx");
    assert_eq!(columns(&watching.line()).1, "create service one");

    terminal.server.kill();
    let broken = watching.says("the watch broke off: ");
    assert!(broken.contains("resuming after version "), "{broken}");
    terminal.server = Stated::start(terminal.directory.path());
    watching.says("watching again");
    terminal.ok("service create --name two --image nginx");
    assert_eq!(columns(&watching.line()).1, "create service two");
    assert_eq!(watching.interrupt(), (0, vec![]));
}

/// A variable of a script that is not set; such a watch waited for ever.
#[test]
fn an_empty_value_is_none() {
    let terminal = Terminal::open();
    for flag in ["id", "id-prefix", "name", "name-prefix", "service", "node"] {
        let (code, error) = terminal.fails(&format!("watch --{flag}="));
        assert_eq!(code, 2, "{flag}: {error}");
        assert!(error.contains(&format!("--{flag} ")), "{error}");
    }
}

#[test]
fn a_watch_of_tasks_needs_the_service_to_be_there() {
    let terminal = Terminal::open();
    let (code, error) = terminal.fails("watch --service web");
    assert_eq!(
        (code, error.lines().next()),
        (4, Some("error: service web not found"))
    );
    let (code, error) = terminal.fails("watch node --service web");
    assert_eq!(
        (code, error.as_str()),
        (2, "error: --service and --node go with tasks only\n")
    );
}
