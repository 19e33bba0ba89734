//! Which objects a list is about: what `--filter KEY=VALUE` says.

use std::collections::BTreeMap;

use super::error::Error;

/// Conditions on the objects of one kind; without any, all of them.
///
/// Values of one key are alternatives, all keys must hold; labels must all hold.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Selection {
    pub(super) names: Vec<String>,
    pub(super) name_prefixes: Vec<String>,
    pub(super) id_prefixes: Vec<String>,
    pub(super) labels: BTreeMap<String, String>,
    /// Conditions that only this kind knows.
    pub(super) special: Vec<(&'static str, String)>,
}

impl Selection {
    /// Returns what the filters say; `special` names the keys that only this kind knows.
    ///
    /// # Errors
    /// When a filter has no value, or a key that the kind does not know.
    pub(super) fn parse(
        filters: &[String],
        special: &'static [&'static str],
    ) -> Result<Self, Error> {
        let mut selection = Self::default();
        for filter in filters {
            let Some((key, value)) = filter
                .split_once('=')
                .filter(|(_, value)| !value.is_empty())
            else {
                return Err(Error::Usage(format!(
                    "the filter {filter:?} is not of the form KEY=VALUE"
                )));
            };
            match (key, value.strip_suffix('*')) {
                ("name", Some(prefix)) => selection.name_prefixes.push(prefix.into()),
                ("name", None) => selection.names.push(value.into()),
                ("id", _) => selection.id_prefixes.push(value.into()),
                ("label", _) => {
                    // The server takes an empty value for "any value".
                    let (label, value) = value.split_once('=').unwrap_or((value, ""));
                    selection.labels.insert(label.into(), value.into());
                }
                _ => match special.iter().find(|known| **known == key) {
                    Some(known) => selection.special.push((known, value.into())),
                    None => return Err(unknown(key, special)),
                },
            }
        }
        Ok(selection)
    }

    /// Returns the selection of exactly this name.
    pub(super) fn of_name(name: &str) -> Self {
        Self {
            names: vec![name.into()],
            ..Self::default()
        }
    }

    /// Returns the selection of the names that begin like this.
    pub(super) fn of_name_prefix(prefix: &str) -> Self {
        Self {
            name_prefixes: vec![prefix.into()],
            ..Self::default()
        }
    }

    /// Returns the selection of the ids that begin like this.
    pub(super) fn of_id_prefix(prefix: &str) -> Self {
        Self {
            id_prefixes: vec![prefix.into()],
            ..Self::default()
        }
    }

    /// Returns the values asked for with a key that only this kind knows.
    pub(super) fn special(&self, key: &str) -> impl Iterator<Item = &str> {
        self.special
            .iter()
            .filter(move |(known, _)| *known == key)
            .map(|(_, value)| value.as_str())
    }

    /// Returns the numbers of the enum values asked for with a key; they are written in lower case, with hyphens.
    ///
    /// # Errors
    /// When a value has no number.
    pub(super) fn numbers<E: TryFrom<i32>>(
        &self,
        key: &str,
        name: impl Fn(&E) -> &'static str,
    ) -> Result<Vec<i32>, Error> {
        let written = |number| {
            let value = E::try_from(number).ok()?;
            Some((number, name(&value).to_lowercase().replace('_', "-")))
        };
        let known: Vec<_> = (0..=NUMBER_MAX).filter_map(written).collect();
        let parse = |value: &str| {
            let found = known
                .iter()
                .find(|(_, name)| value.eq_ignore_ascii_case(name));
            found.map(|(number, _)| *number).ok_or_else(|| {
                let names: Vec<_> = known.iter().map(|(_, name)| name.as_str()).collect();
                Error::Usage(no_value(key, value, &names))
            })
        };
        self.special(key).map(parse).collect()
    }
}

/// The greatest number of an enum that can be filtered by; the states of tasks are far apart.
const NUMBER_MAX: i32 = 1_023;

/// Says that a filter has not this value, and which it has.
pub(super) fn no_value(key: &str, value: &str, known: &[&str]) -> String {
    format!(
        "the filter {key} knows no {value:?}, only {}",
        known.join(", ")
    )
}

fn unknown(key: &str, special: &[&str]) -> Error {
    let known = ["id", "name", "label"]
        .iter()
        .chain(special)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    Error::Usage(format!("there is no filter {key:?} here, only {known}"))
}

#[cfg(test)]
mod tests {
    use store_objects::wire::{NodeRole, TaskState};

    use super::*;

    fn parse(filters: &[&str]) -> Result<Selection, String> {
        let filters: Vec<String> = filters.iter().map(ToString::to_string).collect();
        Selection::parse(&filters, &["role"]).map_err(|error| error.to_string())
    }

    #[test]
    fn names_may_end_in_a_star() {
        let selection = parse(&["name=web", "name=a*", "id=0ab"]).unwrap();
        assert_eq!(selection.names, ["web"]);
        assert_eq!(selection.name_prefixes, ["a"]);
        assert_eq!(selection.id_prefixes, ["0ab"]);
    }

    #[test]
    fn a_label_needs_no_value() {
        let selection = parse(&["label=tier=front", "label=green"]).unwrap();
        let labels =
            [("green", ""), ("tier", "front")].map(|(key, value)| (key.into(), value.into()));
        assert_eq!(selection.labels, labels.into());
    }

    #[test]
    fn enum_values_are_written_small() {
        let selection = parse(&["role=manager", "role=WORKER"]).unwrap();
        assert_eq!(
            selection.numbers("role", NodeRole::as_str_name).unwrap(),
            [1, 0]
        );
        let error = parse(&["role=king"])
            .unwrap()
            .numbers("role", NodeRole::as_str_name)
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "the filter role knows no \"king\", only worker, manager"
        );
    }

    #[test]
    fn every_state_of_a_task_can_be_asked_for() {
        let all = (0..=i32::from(u16::MAX)).filter_map(|number| TaskState::try_from(number).ok());
        for state in all {
            let filter = format!("role={}", state.as_str_name());
            assert_eq!(
                parse(&[&filter])
                    .unwrap()
                    .numbers("role", TaskState::as_str_name)
                    .unwrap(),
                [i32::from(state)]
            );
        }
    }

    #[test]
    fn what_is_unknown_is_refused() {
        assert_eq!(
            parse(&["mode=global"]).unwrap_err(),
            "there is no filter \"mode\" here, only id, name, label, role"
        );
        assert_eq!(
            parse(&["web"]).unwrap_err(),
            "the filter \"web\" is not of the form KEY=VALUE"
        );
        assert!(parse(&["name="]).is_err());
    }
}
