//! References of a container to secrets and configs: their form, and where their files go.
//!
//! Whether what they refer to exists is for the handler to find out; the text for that is here, too.

use std::collections::HashMap;

use store_objects::wire::privileges::credential_spec::Source;
use store_objects::wire::{ContainerSpec, config_reference, secret_reference};

use super::Invalid;

/// One reference, secret or config, reduced to what the rules look at.
struct Reference<'a> {
    id: &'a str,
    name: &'a str,
    target: Option<Target<'a>>,
}

#[derive(Clone, Copy)]
enum Target<'a> {
    File(&'a str),
    Runtime,
}

/// Checks the references to secrets, in their order.
///
/// SwarmKit control API, section 4.1.3.4.
pub(super) fn secrets(container: &ContainerSpec) -> Result<(), Invalid> {
    let references = container.secrets.iter().map(|secret| Reference {
        id: &secret.secret_id,
        name: &secret.secret_name,
        target: secret.target.as_ref().map(|target| match target {
            secret_reference::Target::File(file) => Target::File(&file.name),
        }),
    });
    all("secret", references)
}

/// Checks the references to configs, in their order, then that of the credential spec.
///
/// SwarmKit control API, section 4.1.3.5.
pub(super) fn configs(container: &ContainerSpec) -> Result<(), Invalid> {
    let references = container.configs.iter().map(|config| Reference {
        id: &config.config_id,
        name: &config.config_name,
        target: config.target.as_ref().map(|target| match target {
            config_reference::Target::File(file) => Target::File(&file.name),
            config_reference::Target::Runtime(_) => Target::Runtime,
        }),
    });
    all("config", references)?;
    credential_spec(container)
}

/// Returns the refusal of references whose objects do not exist.
///
/// SwarmKit control API, section 4.2.6. `kind` is `secret` or `config`, `names` are those of all that are missing.
#[must_use]
pub fn not_found(kind: &str, names: &[&str]) -> Invalid {
    let plural = if names.len() == 1 { "" } else { "s" };
    Invalid::argument(format!("{kind}{plural} not found: {}", names.join(", ")))
}

fn all<'a>(kind: &str, references: impl Iterator<Item = Reference<'a>>) -> Result<(), Invalid> {
    let mut files: HashMap<&str, &str> = HashMap::new();
    for (place, reference) in references.enumerate() {
        let refuse = |text: String| {
            Err(Invalid::argument(text).at(format!("spec.task.container.{kind}s[{place}]")))
        };
        if reference.id.is_empty() || reference.name.is_empty() {
            return refuse(format!("malformed {kind} reference")).map_err(|refusal| {
                refusal.advise(format!("{kind}_id and {kind}_name must be given"))
            });
        }
        match reference.target {
            None => return refuse(format!("malformed {kind} reference, no target provided")),
            Some(Target::Runtime) => {}
            Some(Target::File("")) => {
                return refuse(format!(
                    "malformed file {kind} reference, invalid target file name provided"
                ));
            }
            Some(Target::File(file)) => {
                if let Some(earlier) = files.insert(file, reference.name) {
                    return refuse(format!(
                        "{kind} references '{earlier}' and '{}' have a conflicting target: '{file}'",
                        reference.name
                    ));
                }
            }
        }
    }
    Ok(())
}

fn credential_spec(container: &ContainerSpec) -> Result<(), Invalid> {
    let source = container
        .privileges
        .as_ref()
        .and_then(|privileges| privileges.credential_spec.as_ref())
        .and_then(|credential_spec| credential_spec.source.as_ref());
    let Some(Source::Config(id)) = source else {
        return Ok(());
    };
    let is_runtime = container.configs.iter().any(|config| {
        config.config_id == *id
            && matches!(config.target, Some(config_reference::Target::Runtime(_)))
    });
    if id.is_empty() || is_runtime {
        return Ok(());
    }
    Err(Invalid::argument(format!(
        "CredentialSpec references config '{id}', but that config isn't in config references with RuntimeTarget"
    ))
    .at("spec.task.container.privileges.credential_spec.config"))
}

#[cfg(test)]
mod tests {
    use store_objects::wire::privileges::CredentialSpec;
    use store_objects::wire::{
        ConfigReference, FileTarget, Privileges, RuntimeTarget, SecretReference,
    };

    use super::*;

    fn file(name: &str) -> FileTarget {
        FileTarget {
            name: name.to_owned(),
            ..FileTarget::default()
        }
    }

    fn secret(id: &str, name: &str, target: Option<&str>) -> SecretReference {
        SecretReference {
            secret_id: id.to_owned(),
            secret_name: name.to_owned(),
            target: target.map(|name| secret_reference::Target::File(file(name))),
        }
    }

    fn config(id: &str, target: config_reference::Target) -> ConfigReference {
        ConfigReference {
            config_id: id.to_owned(),
            config_name: format!("name of {id}"),
            target: Some(target),
        }
    }

    fn with_secrets(secrets: Vec<SecretReference>) -> ContainerSpec {
        ContainerSpec {
            secrets,
            ..ContainerSpec::default()
        }
    }

    #[test]
    fn any_file_name_does() {
        for name in [
            "file.txt",
            ".file.txt",
            "_file-txt_.txt",
            "../../secret",
            "file../.txt",
            "subdir/file",
            "/file",
        ] {
            assert_eq!(
                secrets(&with_secrets(vec![secret("i", "n", Some(name))])),
                Ok(())
            );
        }
        let twice = vec![secret("i", "n", Some("a")), secret("i", "n", Some("b"))];
        assert_eq!(secrets(&with_secrets(twice)), Ok(()));
    }

    #[test]
    fn malformed_secrets_are_refused() {
        for (references, text) in [
            (vec![secret("", "n", None)], "malformed secret reference"),
            (
                vec![secret("i", "", Some("f"))],
                "malformed secret reference",
            ),
            (
                vec![secret("i", "n", None)],
                "malformed secret reference, no target provided",
            ),
            (
                vec![secret("i", "n", Some(""))],
                "malformed file secret reference, invalid target file name provided",
            ),
            (
                vec![secret("i", "n", Some("f")), secret("j", "m", Some("f"))],
                "secret references 'n' and 'm' have a conflicting target: 'f'",
            ),
        ] {
            assert_eq!(secrets(&with_secrets(references)).unwrap_err().text(), text);
        }
    }

    #[test]
    fn runtime_configs_have_no_file_to_clash() {
        let runtime = || config_reference::Target::Runtime(RuntimeTarget {});
        let mut container = ContainerSpec {
            configs: vec![config("a", runtime()), config("b", runtime())],
            ..ContainerSpec::default()
        };
        assert_eq!(configs(&container), Ok(()));
        container.configs = vec![
            config("a", config_reference::Target::File(file("/f"))),
            config("b", config_reference::Target::File(file("/f"))),
        ];
        assert_eq!(
            configs(&container).unwrap_err().text(),
            "config references 'name of a' and 'name of b' have a conflicting target: '/f'"
        );
    }

    #[test]
    fn a_credential_spec_needs_its_config_at_runtime() {
        let mut container = ContainerSpec {
            privileges: Some(Privileges {
                credential_spec: Some(CredentialSpec {
                    source: Some(Source::Config("a".to_owned())),
                }),
                ..Privileges::default()
            }),
            ..ContainerSpec::default()
        };
        let text = "CredentialSpec references config 'a', but that config isn't in config references with RuntimeTarget";
        assert_eq!(configs(&container).unwrap_err().text(), text);
        container.configs = vec![config("a", config_reference::Target::File(file("f")))];
        assert_eq!(configs(&container).unwrap_err().text(), text);
        container.configs = vec![config(
            "a",
            config_reference::Target::Runtime(RuntimeTarget {}),
        )];
        assert_eq!(configs(&container), Ok(()));
    }

    #[test]
    fn what_is_missing_is_listed() {
        assert_eq!(not_found("secret", &["a"]).text(), "secret not found: a");
        assert_eq!(
            not_found("config", &["a", "b"]).text(),
            "configs not found: a, b"
        );
    }
}
