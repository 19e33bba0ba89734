//! What SwarmKit's own tests pin of the evaluation (`ca_rotation_test.go`), as far as no external authority is needed.

use std::time::SystemTime;

use super::super::root::new_root;
use super::*;

fn now() -> Timestamp {
    SystemTime::now().into()
}

fn config(certificate: &[u8], key: &[u8], force_rotate: u64) -> CaConfig {
    CaConfig {
        signing_ca_cert: certificate.to_vec(),
        signing_ca_key: key.to_vec(),
        force_rotate,
        ..CaConfig::default()
    }
}

fn run(root: &RootCa, config: &CaConfig) -> Result<RootCa, String> {
    let current = Root::stored(root).expect("the root is whole");
    let result = evaluated(root.clone(), &current, config, now());
    if let Ok(result) = &result {
        assert_eq!(
            result.ca_cert, root.ca_cert,
            "it stays until nodes have changed"
        );
        assert_eq!(result.join_tokens, root.join_tokens);
        Root::stored(result).expect("what results is whole, too");
    }
    result.map_err(|refusal| refusal.to_string())
}

/// Returns a root that is being replaced by `next`.
fn rotating(next: &RootCa) -> RootCa {
    let config = config(&next.ca_cert, &next.ca_key, 2);
    run(&new_root(false), &config).unwrap()
}

#[test]
fn settings_that_say_nothing_of_a_root_change_none() {
    let next = new_root(false);
    for root in [new_root(false), rotating(&next)] {
        let config = config(b"", b"", root.last_forced_rotation);
        assert_eq!(run(&root, &config).unwrap(), root);
        let junk = CaConfig {
            signing_ca_cert: b"junk".to_vec(),
            ..config
        };
        assert_eq!(run(&root, &junk).unwrap(), root, "it counts as none");
    }
}

#[test]
fn the_current_root_ends_a_rotation() {
    let root = rotating(&new_root(false));
    let decorated = [b"\n\nfoo\n", &*root.ca_cert, b"\n\n"].concat();
    let result = run(&root, &config(&decorated, &root.ca_key, 5)).unwrap();
    let expected = RootCa {
        root_rotation: None,
        last_forced_rotation: 5,
        ..root.clone()
    };
    assert_eq!(result, expected);

    let keyless = RootCa {
        ca_key: Vec::new(),
        ..root.clone()
    };
    let result = run(&keyless, &config(&root.ca_cert, &root.ca_key, 5)).unwrap();
    assert_eq!(result, expected, "it has its key again");
}

#[test]
fn the_next_root_again_keeps_the_rotation() {
    let next = new_root(false);
    let mut root = rotating(&next);
    let again = config(&next.ca_cert, &next.ca_key, 5);
    let mut expected = root.clone();
    expected.last_forced_rotation = 5;
    assert_eq!(run(&root, &again).unwrap(), expected);
    root.root_rotation.as_mut().unwrap().ca_key.clear();
    assert_eq!(run(&root, &again).unwrap(), expected, "it gets the key");
}

#[test]
fn another_root_and_a_forced_rotation_begin_a_new_one() {
    let (next, other) = (new_root(false), new_root(false));
    for root in [new_root(false), rotating(&next)] {
        let result = run(&root, &config(&other.ca_cert, &other.ca_key, 5)).unwrap();
        let rotation = result.root_rotation.unwrap();
        assert_eq!(rotation.ca_cert, other.ca_cert);
        assert_eq!(rotation.ca_key, other.ca_key);
        assert_eq!(result.last_forced_rotation, 5);

        let forced = run(&root, &config(b"", b"", 6)).unwrap();
        let rotation = forced.root_rotation.unwrap();
        assert!(![&root.ca_cert, &next.ca_cert].contains(&&rotation.ca_cert));
        assert_eq!(forced.last_forced_rotation, 6);
    }
}

#[test]
fn what_makes_no_root_is_refused() {
    let (root, other) = (new_root(false), new_root(false));
    let text = |config: &CaConfig| run(&root, config).unwrap_err();
    let says = |config: CaConfig, expected: &str| {
        let text = text(&config);
        assert!(text.starts_with(expected), "{text}");
    };
    says(
        config(b"", &other.ca_key, 0),
        "if a signing CA key is provided, the signing CA cert must also be provided; spec.ca_config.signing_ca_cert",
    );
    says(
        config(&other.ca_cert, &root.ca_key, 0),
        "certificate key mismatch; spec.ca_config.signing_ca_key: ",
    );
    says(
        config(&other.ca_cert, b"junk", 0),
        "could not parse the signing CA key; spec.ca_config.signing_ca_key: ",
    );
    says(
        config(&other.ca_key, &other.ca_key, 0),
        "could not parse the desired CA certificate; spec.ca_config.signing_ca_cert",
    );
    let both = [&*other.ca_cert, &*root.ca_cert].concat();
    says(
        config(&both, &other.ca_key, 0),
        "the desired CA certificate cannot contain multiple certificates; ",
    );
    says(
        config(&other.ca_cert, b"", 0),
        "there must be at least one valid, reachable external CA corresponding to the desired CA certificate; ",
    );
}

#[test]
fn what_only_an_external_authority_can_do_is_refused() {
    let next = new_root(false);
    let external = |which| {
        format!(
            "there must be at least one valid, reachable external CA corresponding to the {which} CA certificate; \
             spec.ca_config.signing_ca_key: this server asks no external CA; give the key of the certificate"
        )
    };
    let mut root = rotating(&next);
    root.root_rotation.as_mut().unwrap().ca_key.clear();
    let unchanged = config(b"", b"", root.last_forced_rotation);
    assert_eq!(run(&root, &unchanged).unwrap_err(), external("next"));
    root.ca_key.clear();
    for config in [unchanged, config(&next.ca_cert, &next.ca_key, 0)] {
        assert_eq!(run(&root, &config).unwrap_err(), external("current"));
    }
}
