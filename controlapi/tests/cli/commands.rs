//! What commands do, what they print, and how they end.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::net::UnixListener;
use std::process::Stdio;

use serde_json::json;

use crate::statectl::{Terminal, statectl};

#[test]
fn a_service_is_made_shown_changed_and_removed() {
    let terminal = Terminal::open();
    let id = terminal.ok("service create --name web --image nginx --replicas 3");
    let id = id.trim_end();
    assert_eq!(id.len(), 25);

    let list = terminal.ok("service ls");
    assert_eq!(
        list,
        format!(
            "{:25}  NAME  MODE        REPLICAS  IMAGE\n{id}  web   replicated  0/3       nginx\n",
            "ID"
        )
    );
    assert!(
        terminal
            .ok("service inspect web")
            .contains("\nReplicas: 0/3\n")
    );

    assert_eq!(
        terminal.ok("service update web --replicas 5 --label a=1"),
        format!("{id}\n")
    );
    let spec = &terminal.json("service inspect web")["spec"];
    assert_eq!(spec["replicated"], json!({"replicas": "5"}));
    assert_eq!(
        spec["annotations"],
        json!({"name": "web", "labels": {"a": "1"}})
    );

    assert_eq!(terminal.ok("service rm web"), format!("{id}\n"));
    assert_eq!(terminal.json("service ls"), json!([]));
}

#[test]
fn a_rollback_returns_to_the_spec_before() {
    let terminal = Terminal::open();
    terminal.ok("service create --name web --image nginx:1");
    terminal.ok("service update web --image nginx:2");
    terminal.ok("service update web --rollback");
    assert_eq!(
        terminal.json("service inspect web")["spec"]["task"]["container"]["image"],
        "nginx:1"
    );
}

#[test]
fn what_is_like_that_already_is_not_changed() {
    let terminal = Terminal::open();
    terminal.ok("service create --name web --image nginx --replicas 3");
    let before = terminal.json("service inspect web");
    let ended = terminal.run("service update web --replicas 3");
    assert_eq!(
        (ended.code, ended.err.as_str()),
        (0, "service web: no changes detected\n")
    );
    assert_eq!(terminal.json("service inspect web"), before);
}

#[test]
fn a_spec_comes_back_from_json() {
    let terminal = Terminal::open();
    terminal.ok("service create --name web --image nginx --env A=1 --memory-limit 64MiB --publish http:80:8080");
    let spec = terminal.json("service inspect web")["spec"].to_string();

    let ended = terminal.run_with("service update web -f -", &spec);
    assert_eq!(
        (ended.code, ended.err.as_str()),
        (0, "service web: no changes detected\n")
    );

    let file = terminal.directory.path().join("api.json");
    fs::write(&file, spec).unwrap();
    // Both publish the port on the nodes of their tasks only, so they do not exclude each other.
    terminal.ok(&format!("service create -f {} --name api", file.display()));
    let names = |noun: &str| terminal.ok(&format!("service {noun} -o name"));
    assert_eq!(names("ls"), "api\nweb\n");
}

#[test]
fn lists_have_forms_for_scripts() {
    let terminal = Terminal::open();
    let ids =
        ["a", "b"].map(|name| terminal.ok(&format!("service create --name {name} --image nginx")));
    assert_eq!(terminal.ok("service ls -q"), ids.concat());
    assert_eq!(terminal.json("service ls").as_array().unwrap().len(), 2);
    assert_eq!(
        terminal
            .json("service inspect a b")
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(terminal.json("service inspect a")["id"], ids[0].trim_end());
    assert_eq!(terminal.ok("service ls --no-headers").lines().count(), 2);
    assert!(
        terminal
            .ok("service ls -o wide")
            .lines()
            .next()
            .unwrap()
            .ends_with("UPDATED")
    );
}

#[test]
fn filters_leave_what_fits() {
    let terminal = Terminal::open();
    terminal.ok("service create --name web --image nginx --label tier=front");
    terminal.ok("service create --name web-cache --image redis --label tier=back");
    terminal.ok("service create --name agent --image agent --mode global");
    let names = |filters: &str| terminal.ok(&format!("service ls -o name {filters}"));
    assert_eq!(names("--filter name=web"), "web\n");
    assert_eq!(names("--filter name=web*"), "web\nweb-cache\n");
    assert_eq!(names("--filter label=tier=back"), "web-cache\n");
    assert_eq!(
        names("--filter label=tier --filter mode=replicated --filter name=web"),
        "web\n"
    );
    assert_eq!(names("--filter mode=global"), "agent\n");
    let (code, error) = terminal.fails("service ls --filter image=nginx");
    assert_eq!(
        (code, error.as_str()),
        (
            2,
            "error: there is no filter \"image\" here, only id, name, label, mode\n"
        )
    );
}

#[test]
fn the_beginning_of_an_id_is_enough_if_it_is_the_only_one() {
    let terminal = Terminal::open();
    // There are 36 characters that an id may begin with, so some two of 37 begin alike.
    let ids: BTreeMap<String, String> = (0..37)
        .map(|number| {
            (
                terminal.ok(&format!("service create --name s{number} --image nginx")),
                format!("s{number}"),
            )
        })
        .map(|(id, name)| (id.trim_end().to_owned(), name))
        .collect();
    let same = ids
        .keys()
        .zip(ids.keys().skip(1))
        .find(|(one, two)| one[..1] == two[..1]);
    let (one, two) = same.expect("two begin alike");

    let (code, error) = terminal.fails(&format!("service inspect {}", &one[..1]));
    assert_eq!(code, 4);
    for id in [one, two] {
        assert!(
            error.contains(&format!("\n  {id}  {}\n", ids[id])),
            "{error}"
        );
    }
    assert!(
        error.ends_with("hint: use an id, or more of it\n"),
        "{error}"
    );
    let name = terminal.ok(&format!("service inspect {} -o name", &one[..24]));
    assert_eq!(name.trim_end(), ids[one]);
}

#[test]
fn nothing_is_removed_unless_all_are_found() {
    let terminal = Terminal::open();
    terminal.ok("service create --name web --image nginx");
    let (code, error) = terminal.fails("service rm web wob");
    assert_eq!(code, 4);
    assert_eq!(
        error,
        "error: service wob not found\nhint: `statectl service ls` shows what there is\n"
    );
    assert_eq!(terminal.ok("service ls -o name"), "web\n");
}

#[test]
fn a_change_for_a_version_that_is_gone_tells_both() {
    let terminal = Terminal::open();
    terminal.ok("service create --name web --image nginx");
    let version = |service: serde_json::Value| {
        service["meta"]["version"]["index"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let seen = version(terminal.json("service inspect web"));
    let stored = version(terminal.json("service update web --replicas 2"));
    for change in ["--replicas 3", "--rollback"] {
        let (code, error) =
            terminal.fails(&format!("service update web --if-version {seen} {change}"));
        assert_eq!(code, 5, "{error}");
        let both = format!("version {seen} was expected, version {stored} is stored (Aborted)\n");
        assert!(error.contains(&both), "{error}");
    }
    terminal.ok(&format!(
        "service update web --if-version {stored} --replicas 3"
    ));
}

#[test]
fn the_exit_code_tells_why() {
    let terminal = Terminal::open();
    terminal.ok("service create --name web --image nginx");
    let codes = [
        (
            "service create --name web --image nginx",
            5,
            "(AlreadyExists)",
        ),
        (
            "service create --name bad! --image nginx",
            1,
            "(InvalidArgument)",
        ),
        (
            "service create --name api --image nginx --constraint node.role",
            1,
            "(InvalidArgument)",
        ),
        ("service create --image nginx", 2, "--name"),
        (
            "service create --name api --image nginx --mode global --replicas 2",
            2,
            "--replicas",
        ),
        (
            "service create --name api -f /nowhere/api.json",
            2,
            "error: cannot read /nowhere/api.json: ",
        ),
        ("service lst", 2, "unrecognized subcommand"),
        ("service inspect wob", 4, "error: service wob not found\n"),
        ("node inspect east", 4, "error: node east not found\n"),
        ("task rm web.1", 4, "error: task web.1 not found\n"),
        ("watch services", 2, "the kinds are node, service,"),
    ];
    for (words, expected, text) in codes {
        let (code, error) = terminal.fails(words);
        assert_eq!(code, expected, "{words}: {error}");
        assert!(error.contains(text), "{words}: {error}");
    }
}

#[test]
fn a_spec_with_a_typing_error_is_refused_with_its_place() {
    let terminal = Terminal::open();
    let ended = terminal.run_with("service create -f -", "{\"annotation\": {}}");
    assert_eq!(ended.code, 2);
    assert_eq!(
        ended.err,
        "error: standard input is not a spec: docker.swarmkit.v1.ServiceSpec has no field `annotation` at line 1 column 13\n"
    );
}

#[test]
fn a_server_that_is_not_there_is_told_with_its_path() {
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().join("none.sock");
    let output = statectl(&socket).args(["service", "ls"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.starts_with(&format!(
            "error: cannot reach the server at {}: ",
            socket.display()
        )),
        "{error}"
    );
    assert!(
        error.contains("hint: start the server with `stated`"),
        "{error}"
    );
}

#[test]
fn the_cluster_and_the_ingress_network_are_there_from_the_start() {
    let terminal = Terminal::open();
    assert_eq!(terminal.ok("cluster ls -o name"), "default\n");
    assert_eq!(terminal.ok("network ls -o name"), "ingress\n");
    assert!(
        terminal
            .ok("cluster inspect default")
            .contains("\nHeartbeat period: 5s\n")
    );
    assert_eq!(terminal.ok("node ls --no-headers"), "");
    assert_eq!(terminal.json("task ls"), json!([]));
}

#[test]
fn the_cluster_changes_and_makes_new_tokens() {
    let terminal = Terminal::open();
    let tokens = || terminal.json("cluster inspect default")["rootCa"]["joinTokens"].clone();
    let before = tokens();
    let worker = terminal.ok("cluster rotate-token worker");
    let after = tokens();
    assert_ne!(after["worker"], before["worker"]);
    assert_eq!(after["worker"], worker.trim_end());
    assert_eq!(after["manager"], before["manager"]);

    terminal.ok("cluster update --task-history 7 --autolock true");
    terminal.ok("cluster rotate-unlock-key");
    let spec = &terminal.json("cluster inspect default")["spec"];
    assert_eq!(
        spec["orchestration"],
        json!({"taskHistoryRetentionLimit": "7"})
    );
    let ended = terminal.run("cluster update --task-history 7");
    assert_eq!(
        (ended.code, ended.err.as_str()),
        (0, "cluster default: no changes detected\n")
    );
    let (code, error) = terminal.fails("cluster update --cert-expiry 30m");
    assert_eq!(
        (code, error.lines().next().unwrap()),
        (
            1,
            "error: minimum certificate expiry time is: 1h0m0s; spec.ca_config.node_cert_expiry (InvalidArgument)"
        )
    );
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let terminal = Terminal::open();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = statectl(terminal.server.socket());
    let output = command
        .args(["cluster", "ls"])
        .stdout(writer)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn a_service_names_what_it_needs() {
    let terminal = Terminal::open();
    let secret = terminal.run_with("secret create password --label a=1", "hunter2");
    assert_eq!(secret.code, 0, "{}", secret.err);
    let file = terminal.directory.path().join("motd");
    fs::write(&file, "hello").unwrap();
    terminal.ok(&format!("config create motd -f {}", file.display()));
    let network = terminal.ok("network create --name back --subnet 10.1.0.0/16 --gateway 10.1.0.1");
    terminal.ok(
        "service create --name web --image nginx --secret password:db/password --config motd --network back",
    );

    let task = &terminal.json("service inspect web")["spec"]["task"];
    assert_eq!(task["networks"], json!([{"target": network.trim_end()}]));
    assert_eq!(
        task["container"]["secrets"],
        json!([{
            "secretId": secret.out.trim_end(),
            "secretName": "password",
            "file": {"name": "db/password", "mode": 0o444}
        }])
    );
    let details = terminal.ok("service inspect web");
    for line in ["Secrets:  password", "Configs:  motd", "Networks: back"] {
        assert!(details.lines().any(|found| found == line), "{details}");
    }

    let (code, error) = terminal.fails("secret rm password");
    assert_eq!(code, 1);
    assert!(
        error.contains("is in use by the following service: web"),
        "{error}"
    );
    terminal.ok("service update web --secret= --config= --network=");
    for what in ["secret rm password", "config rm motd", "network rm back"] {
        terminal.ok(what);
    }
}

#[test]
fn a_volume_is_made_drained_and_removed() {
    let terminal = Terminal::open();
    let spec = r#"{"annotations": {"name": "data"}, "driver": {"name": "csi"}, "accessMode": {"mount": {}}}"#;
    let created = terminal.run_with("volume create -f -", spec);
    assert_eq!(created.code, 0, "{}", created.err);
    terminal.ok("volume drain data");
    assert_eq!(
        terminal.json("volume inspect data")["spec"]["availability"],
        "DRAIN"
    );
    assert_eq!(terminal.ok("volume rm data --force"), created.out);
    assert_eq!(terminal.json("volume ls"), json!([]));
}

#[test]
fn a_server_that_says_nothing_is_not_waited_for() {
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().join("silent.sock");
    let _silent = UnixListener::bind(&socket).unwrap();
    let mut command = statectl(&socket);
    let output = command
        .args(["service", "rm", "web", "--timeout", "100ms"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: the server did not answer in time\n\
         hint: a change may have been made all the same; look before trying again\n"
    );
}
