//! `apply`: files that describe objects, put to a real server.

use std::fs;

use serde_json::json;

use crate::statectl::Terminal;

const STACK: &str = "\
# What the shop needs.
kind: network
spec:
  annotations: { name: front }
---
kind: secret
spec:
  annotations: { name: password }
  data: aHVudGVyMg==
---
kind: config
spec:
  annotations: { name: settings, labels: { tier: front } }
  data: YT0x
---
kind: volume
spec:
  annotations: { name: disk }
  driver: { name: csi }
  accessMode: { mount: {} }
---
kind: service
spec:
  annotations: { name: web }
  task:
    container: { image: 'nginx:1.27' }
  replicated: { replicas: 2 }
---
kind: cluster
spec:
  annotations: { name: default }
  orchestration: { taskHistoryRetentionLimit: 7 }
";

const NAMES: [&str; 6] = [
    "network/front",
    "secret/password",
    "config/settings",
    "volume/disk",
    "service/web",
    "cluster/default",
];

/// What is printed when these things happened to the objects of the stack.
fn told(outcomes: [&str; 6]) -> String {
    let pairs = NAMES.iter().zip(outcomes);
    let lines: Vec<_> = pairs
        .map(|(name, outcome)| format!("{name} {outcome}\n"))
        .collect();
    lines.concat()
}

/// What should have written the input may have failed: that used to look like success.
#[test]
fn nothing_to_apply_is_said() {
    let terminal = Terminal::open();
    for input in ["", "# nothing\n---\n"] {
        let ended = terminal.run_with("apply -f -", input);
        assert_eq!((ended.code, ended.out.as_str()), (0, ""));
        assert!(ended.err.starts_with("nothing to apply"), "{}", ended.err);
    }
}

#[test]
fn a_file_makes_what_it_says_and_again_changes_nothing() {
    let terminal = Terminal::open();
    let mut outcomes = ["created"; 6];
    outcomes[5] = "updated";
    let first = terminal.run_with("apply -f -", STACK);
    assert_eq!(
        (first.code, first.out.as_str()),
        (0, told(outcomes).as_str()),
        "{}",
        first.err
    );

    let listed = || {
        [
            "network", "secret", "config", "volume", "service", "cluster",
        ]
        .map(|noun| terminal.json(&format!("{noun} ls")))
    };
    let before = listed();
    let second = terminal.run_with("apply -f -", STACK);
    assert_eq!((second.code, second.err.as_str()), (0, ""));
    assert_eq!(second.out, told(["unchanged"; 6]));
    assert_eq!(listed(), before, "no version is new");

    let changed = STACK
        .replace("replicas: 2", "replicas: 3")
        .replace("name: password", "name: password, labels: { a: b }")
        .replace("tier: front", "tier: back")
        .replace("Limit: 7", "Limit: 8");
    let third = terminal.run_with("apply -f -", &changed);
    let outcomes = [
        "unchanged",
        "updated",
        "updated",
        "unchanged",
        "updated",
        "updated",
    ];
    assert_eq!(
        (third.code, third.out.as_str()),
        (0, told(outcomes).as_str()),
        "{}",
        third.err
    );
    let spec = &terminal.json("service inspect web")["spec"];
    assert_eq!(spec["replicated"], json!({"replicas": "3"}));

    let names = terminal.run_with("apply -f - -o name", STACK);
    assert_eq!(names.out.lines().collect::<Vec<_>>(), NAMES);
    let json: serde_json::Value =
        serde_json::from_str(&terminal.run_with("apply -f - -o json", STACK).out).unwrap();
    assert_eq!(
        json[4],
        json!({"name": "service/web", "outcome": "unchanged"})
    );
}

#[test]
fn json_is_applied_from_several_files_in_order() {
    let terminal = Terminal::open();
    let service = |replicas: u32| {
        json!({"kind": "service", "spec": {
            "annotations": {"name": "web"},
            "task": {"container": {"image": "nginx"}},
            "replicated": {"replicas": replicas},
        }})
    };
    let path = |name: &str| terminal.directory.path().join(name);
    fs::write(path("a.json"), format!("{}\n{}", service(1), service(2))).unwrap();
    fs::write(path("b.yaml"), format!("--- {}\n", service(2))).unwrap();
    let out = terminal.ok(&format!(
        "apply -f {} -f {}",
        path("a.json").display(),
        path("b.yaml").display()
    ));
    assert_eq!(
        out,
        "service/web created\nservice/web updated\nservice/web unchanged\n"
    );
}

#[test]
fn a_fault_in_a_file_is_told_with_its_place_and_nothing_is_applied() {
    let terminal = Terminal::open();
    for (fault, expected) in [
        (
            "kind: servce\nspec: {}",
            "kind: \"servce\" is none of service, network, secret, config, volume, cluster",
        ),
        (
            "kind: service\nspec: { tusk: {} }",
            "docker.swarmkit.v1.ServiceSpec has no field `tusk`",
        ),
        (
            "kind: service\nspec: {}",
            "spec.annotations.name must be given",
        ),
        ("kind: service", "missing field `spec`"),
        ("spec: {}", "missing field `kind`"),
        ("kind: service\nspec: {}\nname: web", "unknown field `name`"),
    ] {
        let text = format!("{STACK}---\n\n{fault}\n");
        let line = STACK.lines().count() + 3;
        let ended = terminal.run_with("apply -f -", &text);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{fault}");
        let place = format!("error: standard input, document 7 (line {line}) is not a spec: ");
        assert!(ended.err.starts_with(&place), "{}", ended.err);
        assert!(ended.err.contains(expected), "{}", ended.err);
        assert_eq!(ended.err.lines().count(), 1, "{}", ended.err);
    }
    assert_eq!(terminal.json("service ls"), json!([]));
}

#[test]
fn what_the_server_refuses_is_told_and_the_rest_applied() {
    let terminal = Terminal::open();
    terminal.run_with("apply -f -", STACK);
    let refused = STACK
        .replace("name: front }", "name: front }\n  internal: true")
        .replace("aHVudGVyMg==", "aHVudGVyMw==")
        .replace("image: 'nginx:1.27'", "image: 'NGINX'")
        .replace("Limit: 7", "Limit: 9");
    let ended = terminal.run_with("apply -f -", &refused);
    assert_eq!(ended.code, 1);
    assert_eq!(
        ended.out,
        "config/settings unchanged\nvolume/disk unchanged\ncluster/default updated\n"
    );
    let lines: Vec<_> = ended.err.lines().collect();
    assert_eq!(lines[0], "error: 3 of 6 objects were applied:");
    for (line, expected) in lines[1..].iter().zip([
        "  standard input, document 1 (line 1), network/front: network front is there and differs, and a network cannot be \
         changed",
        "  standard input, document 2 (line 7), secret/password: only updates to Labels are allowed; ",
        "  standard input, document 5 (line 23), service/web: ContainerSpec: \"NGINX\" is not a valid repository/tag",
    ]) {
        assert!(line.starts_with(expected), "{line}");
    }
    assert_eq!(
        lines[4],
        "hint: remove it and apply again, or give it another name"
    );
    assert_eq!(lines.len(), 5);
}
