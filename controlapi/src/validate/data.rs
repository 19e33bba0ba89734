//! The specs of secrets and configs: a name and some bytes.

use store_objects::wire::{ConfigSpec, SecretSpec};

use super::{Code, Invalid, name, request};

/// One byte more than a secret may have.
const SECRET_BYTES_END: usize = 512_000;

/// One byte more than a config may have.
const CONFIG_BYTES_END: usize = 1_024_000;

/// Checks the spec of a secret that is to be created, and returns it.
///
/// SwarmKit control API, section 8. There are no secret drivers here, so that a secret which names one is refused.
///
/// # Errors
/// With the first rule that the spec breaks.
pub fn secret_spec(spec: Option<&SecretSpec>) -> Result<&SecretSpec, Invalid> {
    let spec = request::part(spec, "spec")?;
    if spec
        .driver
        .as_ref()
        .is_some_and(|driver| !driver.name.is_empty())
    {
        return Err(Invalid::new(Code::Unimplemented, "plugin getter is nil")
            .at("spec.driver")
            .advise("this server has no secret drivers; leave it out and give data"));
    }
    name::data_name(spec.annotations.as_ref())?;
    if spec.driver.is_some() {
        return Err(Invalid::argument("secret driver must have a name").at("spec.driver.name"));
    }
    size("secret", &spec.data, SECRET_BYTES_END)?;
    Ok(spec)
}

/// Checks the spec of a config that is to be created, and returns it.
///
/// SwarmKit control API, section 9.
///
/// # Errors
/// With the first rule that the spec breaks.
pub fn config_spec(spec: Option<&ConfigSpec>) -> Result<&ConfigSpec, Invalid> {
    let spec = request::part(spec, "spec")?;
    name::data_name(spec.annotations.as_ref())?;
    size("config", &spec.data, CONFIG_BYTES_END)?;
    Ok(spec)
}

fn size(kind: &str, data: &[u8], end: usize) -> Result<(), Invalid> {
    if (1..end).contains(&data.len()) {
        return Ok(());
    }
    Err(Invalid::argument(format!(
        "{kind} data must be larger than 0 and less than {end} bytes"
    ))
    .at("spec.data")
    .advise(format!("has {}", data.len())))
}

#[cfg(test)]
mod tests {
    use store_objects::wire::{Annotations, Driver};

    use super::*;

    fn secret(data: usize, driver: Option<&str>) -> SecretSpec {
        SecretSpec {
            annotations: Some(Annotations {
                name: "x".to_owned(),
                ..Annotations::default()
            }),
            data: vec![b'x'; data],
            driver: driver.map(|name| Driver {
                name: name.to_owned(),
                ..Driver::default()
            }),
            ..SecretSpec::default()
        }
    }

    #[test]
    fn secrets_have_a_name_and_some_data() {
        assert!(secret_spec(Some(&secret(511_999, None))).is_ok());
        for (spec, text) in [
            (SecretSpec::default(), "name must be provided"),
            (
                secret(0, None),
                "secret data must be larger than 0 and less than 512000 bytes",
            ),
            (
                secret(512_000, None),
                "secret data must be larger than 0 and less than 512000 bytes",
            ),
            (secret(0, Some("")), "secret driver must have a name"),
            (secret(0, Some("d")), "plugin getter is nil"),
        ] {
            assert_eq!(secret_spec(Some(&spec)).unwrap_err().text(), text);
        }
        assert_eq!(secret_spec(None).unwrap_err().text(), "invalid argument");
    }

    #[test]
    fn configs_may_be_larger() {
        let config = |data| ConfigSpec {
            annotations: secret(0, None).annotations,
            data: vec![b'x'; data],
            ..ConfigSpec::default()
        };
        assert!(config_spec(Some(&config(1_023_999))).is_ok());
        for data in [0, 1_024_000] {
            assert_eq!(
                config_spec(Some(&config(data))).unwrap_err().text(),
                "config data must be larger than 0 and less than 1024000 bytes"
            );
        }
        assert_eq!(
            config_spec(Some(&ConfigSpec::default()))
                .unwrap_err()
                .text(),
            "name must be provided"
        );
    }
}
