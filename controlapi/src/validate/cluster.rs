//! The spec of a cluster, as far as it can be judged by itself. Its certificates are not looked at here.

use prost_types::Duration;
use store_objects::wire::ClusterSpec;

use super::duration::{HOUR, nanos};
use super::name::name_of;
use super::{Invalid, request};

/// The name of the one cluster that there is, which it keeps.
const CLUSTER_NAME: &str = "default";

/// How secrets that admit nodes are hashed.
const ALGORITHM: &str = "bcrypt";

/// Checks the spec that a cluster is to get, and returns it.
///
/// SwarmKit control API, section 6, `UpdateCluster` 1 to 5.
///
/// # Errors
/// With the first rule that the spec breaks.
pub fn cluster_spec(spec: Option<&ClusterSpec>) -> Result<&ClusterSpec, Invalid> {
    let spec = request::part(spec, "spec")?;
    let expiry = spec
        .ca_config
        .as_ref()
        .and_then(|config| config.node_cert_expiry.as_ref());
    if let Some(expiry) = expiry {
        let field = "spec.ca_config.node_cert_expiry";
        if duration(expiry, field)? < HOUR {
            return Err(Invalid::argument("minimum certificate expiry time is: 1h0m0s").at(field));
        }
    }
    let policies = spec
        .acceptance_policy
        .iter()
        .flat_map(|policy| &policy.policies);
    for (place, policy) in policies.enumerate() {
        if let Some(secret) = &policy.secret
            && secret.alg.to_lowercase() != ALGORITHM
        {
            return Err(Invalid::argument(format!(
                "hashing algorithm is not supported: {}",
                secret.alg
            ))
            .at(format!(
                "spec.acceptance_policy.policies[{place}].secret.alg"
            ))
            .advise(ALGORITHM));
        }
    }
    let heartbeat = spec
        .dispatcher
        .as_ref()
        .and_then(|config| config.heartbeat_period.as_ref());
    if let Some(heartbeat) = heartbeat {
        let field = "spec.dispatcher.heartbeat_period";
        if duration(heartbeat, field)? < 0 {
            return Err(
                Invalid::argument("heartbeat time period cannot be a negative duration").at(field),
            );
        }
    }
    if name_of(spec.annotations.as_ref()) != CLUSTER_NAME {
        return Err(
            Invalid::argument("modification of cluster name is not allowed")
                .at("spec.annotations.name")
                .advise(format!("must be `{CLUSTER_NAME}`")),
        );
    }
    Ok(spec)
}

/// Returns a duration in nanoseconds; one that is no duration is refused in fewer words than elsewhere.
fn duration(duration: &Duration, field: &str) -> Result<i64, Invalid> {
    nanos(duration, field).map_err(|refusal| {
        Invalid::argument("invalid argument")
            .at(field)
            .advise(refusal.text())
    })
}

#[cfg(test)]
mod tests {
    use store_objects::wire::acceptance_policy::RoleAdmissionPolicy;
    use store_objects::wire::acceptance_policy::role_admission_policy::Secret;
    use store_objects::wire::{AcceptancePolicy, Annotations, CaConfig, DispatcherConfig};

    use super::*;

    fn spec(name: &str) -> ClusterSpec {
        ClusterSpec {
            annotations: Some(Annotations {
                name: name.to_owned(),
                ..Annotations::default()
            }),
            ..ClusterSpec::default()
        }
    }

    fn expiry(seconds: i64) -> CaConfig {
        CaConfig {
            node_cert_expiry: Some(Duration { seconds, nanos: 0 }),
            ..CaConfig::default()
        }
    }

    fn heartbeat(seconds: i64) -> DispatcherConfig {
        DispatcherConfig {
            heartbeat_period: Some(Duration { seconds, nanos: 0 }),
        }
    }

    fn policy(alg: &str) -> AcceptancePolicy {
        AcceptancePolicy {
            policies: vec![
                RoleAdmissionPolicy::default(),
                RoleAdmissionPolicy {
                    secret: Some(Secret {
                        alg: alg.to_owned(),
                        ..Secret::default()
                    }),
                    ..RoleAdmissionPolicy::default()
                },
            ],
        }
    }

    #[test]
    fn good_specs() {
        let good = ClusterSpec {
            ca_config: Some(expiry(3600)),
            dispatcher: Some(heartbeat(0)),
            acceptance_policy: Some(policy("BCrypt")),
            ..spec("default")
        };
        assert_eq!(cluster_spec(Some(&good)), Ok(&good));
        assert!(cluster_spec(Some(&spec("default"))).is_ok());
    }

    #[test]
    fn bad_specs_by_their_first_fault() {
        let mut bad = ClusterSpec {
            ca_config: Some(expiry(3599)),
            acceptance_policy: Some(policy("sha")),
            dispatcher: Some(heartbeat(-1)),
            ..spec("Default")
        };
        let fault = |spec: &ClusterSpec| cluster_spec(Some(spec)).unwrap_err().text().to_owned();
        assert_eq!(fault(&bad), "minimum certificate expiry time is: 1h0m0s");
        bad.ca_config = Some(expiry(i64::MAX));
        assert_eq!(fault(&bad), "invalid argument");
        bad.ca_config = None;
        assert_eq!(fault(&bad), "hashing algorithm is not supported: sha");
        bad.acceptance_policy = None;
        assert_eq!(
            fault(&bad),
            "heartbeat time period cannot be a negative duration"
        );
        bad.dispatcher = None;
        assert_eq!(fault(&bad), "modification of cluster name is not allowed");
        assert_eq!(cluster_spec(None).unwrap_err().text(), "invalid argument");
    }
}
