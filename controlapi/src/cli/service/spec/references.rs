//! Flags that refer to other objects by name: networks, secrets, configs.
//!
//! Looking them up is the only thing about a spec that needs the server, so it is done first and once.

use std::str::FromStr;

use store_objects::wire::{
    Config, ConfigReference, FileTarget, Network, NetworkAttachmentConfig, Secret, SecretReference,
    TaskSpec, config_reference, secret_reference,
};

use super::container;
use crate::cli::connect::Client;
use crate::cli::error::Error;
use crate::cli::item::{Item, given};
use crate::cli::kind::Kind as _;
use crate::cli::resolve::resolve;

/// Everybody may read the file of a secret or config, nobody may write it.
const FILE_MODE: u32 = 0o444;

/// What else a task needs.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Networks, secrets, configs")]
pub(super) struct ReferenceFlags {
    /// A network to attach tasks to.
    #[arg(long = "network", value_name = "NAME|ID")]
    networks: Vec<Item<String>>,
    /// A secret, and the file under /run/secrets that holds it; named like the secret by default.
    #[arg(long = "secret", value_name = "NAME[:FILE]")]
    secrets: Vec<Item<Reference>>,
    /// A config, and the file that holds it; named like the config by default.
    #[arg(long = "config", value_name = "NAME[:FILE]")]
    configs: Vec<Item<Reference>>,
}

impl ReferenceFlags {
    pub(super) async fn resolve(&self, client: &mut Client) -> Result<References, Error> {
        let mut references = References::default();
        if let Some(names) = given(&self.networks) {
            let networks = references.networks.insert(Vec::new());
            for name in names {
                networks.push(resolve(client, &name).await?);
            }
        }
        if let Some(names) = given(&self.secrets) {
            let secrets = references.secrets.insert(Vec::new());
            for Reference { name, file } in names {
                secrets.push((resolve(client, &name).await?, file));
            }
        }
        if let Some(names) = given(&self.configs) {
            let configs = references.configs.insert(Vec::new());
            for Reference { name, file } in names {
                configs.push((resolve(client, &name).await?, file));
            }
        }
        Ok(references)
    }
}

/// The objects that flags refer to, and the files that some are wanted in; `None` where no flag was given.
#[derive(Debug, Default)]
pub(in crate::cli::service) struct References {
    networks: Option<Vec<Network>>,
    secrets: Option<Vec<(Secret, Option<String>)>>,
    configs: Option<Vec<(Config, Option<String>)>>,
}

impl References {
    pub(super) fn apply(&self, task: &mut TaskSpec) -> Result<(), Error> {
        if let Some(networks) = &self.networks {
            let attach = |network: &Network| NetworkAttachmentConfig {
                target: network.id.clone(),
                ..Default::default()
            };
            task.networks = networks.iter().map(attach).collect();
        }
        if let Some(secrets) = &self.secrets {
            let reference = |(secret, file): &(Secret, Option<String>)| SecretReference {
                secret_id: secret.id.clone(),
                secret_name: secret.name(),
                target: Some(secret_reference::Target::File(target(
                    file.as_ref(),
                    secret.name(),
                ))),
            };
            container(task)?.secrets = secrets.iter().map(reference).collect();
        }
        if let Some(configs) = &self.configs {
            let reference = |(config, file): &(Config, Option<String>)| ConfigReference {
                config_id: config.id.clone(),
                config_name: config.name(),
                target: Some(config_reference::Target::File(target(
                    file.as_ref(),
                    config.name(),
                ))),
            };
            container(task)?.configs = configs.iter().map(reference).collect();
        }
        Ok(())
    }
}

fn target(file: Option<&String>, name: String) -> FileTarget {
    FileTarget {
        name: file.cloned().unwrap_or(name),
        mode: FILE_MODE,
        ..Default::default()
    }
}

/// A name and a file: `password:db/password`.
#[derive(Clone, Debug, PartialEq)]
struct Reference {
    name: String,
    file: Option<String>,
}

impl FromStr for Reference {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) = match text.split_once(':') {
            Some((name, file)) => (name, Some(file)),
            None => (text, None),
        };
        if name.is_empty() || file == Some("") {
            return Err(format!("{text:?} is not of the form NAME[:FILE]"));
        }
        Ok(Self {
            name: name.into(),
            file: file.map(Into::into),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample::{self, assert_json};

    #[test]
    fn what_is_referred_to_is_named_by_id() {
        let references = References {
            networks: Some(vec![sample::network()]),
            secrets: Some(vec![
                (sample::secret(), None),
                (sample::secret(), Some("db/password".into())),
            ]),
            configs: Some(vec![(sample::config(), None)]),
        };
        let mut task = TaskSpec::default();
        references.apply(&mut task).unwrap();
        assert_json(
            &task,
            r#"{
                "networks": [{"target": "w1"}],
                "container": {
                    "secrets": [
                        {"secretId": "x1", "secretName": "password", "file": {"name": "password", "mode": 292}},
                        {"secretId": "x1", "secretName": "password", "file": {"name": "db/password", "mode": 292}}
                    ],
                    "configs": [{"configId": "c1", "configName": "motd", "file": {"name": "motd", "mode": 292}}]
                }
            }"#,
        );
        let none = References {
            networks: Some(vec![]),
            secrets: Some(vec![]),
            configs: Some(vec![]),
        };
        none.apply(&mut task).unwrap();
        assert_json(&task, r#"{"container": {}}"#);
    }

    #[test]
    fn a_reference_may_name_a_file() {
        let reference = |name: &str, file: Option<&str>| Reference {
            name: name.into(),
            file: file.map(Into::into),
        };
        assert_eq!("a".parse(), Ok(reference("a", None)));
        assert_eq!("a:b:c".parse(), Ok(reference("a", Some("b:c"))));
        for text in [":b", "a:"] {
            assert!(text.parse::<Reference>().is_err(), "{text}");
        }
    }
}
