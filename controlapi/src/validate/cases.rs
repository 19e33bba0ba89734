//! Requests that were sent to SwarmKit, and what it said to each: the rules must say the same.
//!
//! Only rules are tried, so a request that SwarmKit refuses because of what is stored passes here; with which words it
//! does that is listed, so that nothing passes by mistake.

use store_objects::wire::{
    CreateNetworkRequest, CreateServiceRequest, CreateVolumeRequest, UpdateClusterRequest,
    UpdateServiceRequest,
};

use super::*;

const CASES: &str = include_str!("../../tests/fixtures/control-api-cases.tsv");

/// How texts begin that come from the store, or from certificates, which are not for here.
const LATER: &[&str] = &[
    "CA certificate expires too soon",
    "Cannot update to a cert with an identical key",
    "Service cannot be explicitly attached to the ingress network",
    "certificate key mismatch",
    "cluster x not found",
    "configs not found: ",
    "error loading cluster rootCA for update",
    "error while validating Root CA Certificate",
    "if a signing CA key is provided, the signing CA cert must also be provided",
    "ingress network (",
    "name conflicts with an existing object",
    "networks must be migrated to TaskSpec before being changed",
    "port '",
    "renaming services is not supported",
    "secret not found: ",
    "secrets not found: ",
    "service mode change is not allowed",
    "service needs ingress network",
    "service nope not found",
    "service web does not have a previous spec",
    "the desired CA certificate cannot contain multiple certificates",
    "there must be at least one valid, reachable external CA",
    "update out of sequence",
];

struct Case {
    rpc: &'static str,
    request: String,
    code: &'static str,
    text: String,
}

fn cases() -> impl Iterator<Item = Case> {
    CASES
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let columns: Vec<_> = line.split('\t').collect();
            let [rpc, _, request, code, text, _] = columns[..] else {
                panic!("a case has six columns: {line}");
            };
            Case {
                rpc,
                request: filled_in(request),
                code,
                text: filled_in(text),
            }
        })
}

/// Puts something in for placeholders. What exactly an id or a certificate is does not matter to the rules.
fn filled_in(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let placeholder = after.split_once('}').and_then(|(inside, after)| {
            let (kind, value) = inside.split_once(':')?;
            let value = match kind {
                "rep" => {
                    let (text, count) = value.split_once('*')?;
                    text.repeat(count.parse().ok()?)
                }
                "ver" => "7".to_owned(),
                "id" => value.to_owned(),
                "b64" | "pem" => "eA==".to_owned(),
                _ => return None,
            };
            Some((value, after))
        });
        if let Some((value, after)) = placeholder {
            out.push_str(&value);
            rest = after;
        } else {
            out.push('{');
            rest = after;
        }
    }
    out + rest
}

/// Returns what the rules say to a request, as far as there are rules for it.
fn judge(case: &Case) -> Option<Result<(), Invalid>> {
    fn read<T: serde::de::DeserializeOwned>(case: &Case) -> T {
        serde_json::from_str(&case.request)
            .unwrap_or_else(|error| panic!("{error}: {}", case.request))
    }
    Some(match case.rpc {
        "CreateService" => {
            let request: CreateServiceRequest = read(case);
            service_spec(request.spec.as_ref()).map(drop)
        }
        "UpdateService" => {
            let request: UpdateServiceRequest = read(case);
            request::id(&request.service_id, "service_id")
                .and_then(|()| request::version(request.service_version, "service_version"))
                .and_then(|_| service_spec(request.spec.as_ref()).map(drop))
        }
        "CreateNetwork" => {
            let request: CreateNetworkRequest = read(case);
            network_spec(request.spec.as_ref()).map(drop)
        }
        "CreateVolume" => {
            let request: CreateVolumeRequest = read(case);
            volume_spec(request.spec.as_ref()).map(drop)
        }
        "UpdateCluster" => {
            let request: UpdateClusterRequest = read(case);
            request::id(&request.cluster_id, "cluster_id")
                .and_then(|()| request::version(request.cluster_version, "cluster_version"))
                .and_then(|_| cluster_spec(request.spec.as_ref()).map(drop))
        }
        _ => return None,
    })
}

#[test]
fn the_rules_say_what_swarmkit_says() {
    let (mut refused, mut passed) = (0, 0);
    for case in cases() {
        let Some(judgement) = judge(&case) else {
            continue;
        };
        match judgement {
            Ok(()) => {
                let is_later = LATER.iter().any(|start| case.text.starts_with(start));
                assert!(
                    case.code == "OK" || is_later,
                    "passed: {}, {}",
                    case.request,
                    case.text
                );
                passed += 1;
            }
            Err(refusal) => {
                assert_eq!(refusal.text(), case.text, "{}", case.request);
                let code = match case.code {
                    // SwarmKit has errors without a code; ours have one.
                    "Unknown" => "InvalidArgument",
                    code => code,
                };
                assert_eq!(format!("{:?}", refusal.code()), code, "{}", case.request);
                refused += 1;
            }
        }
    }
    assert_eq!((refused, passed), (110, 129));
}
