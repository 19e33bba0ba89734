//! The spec of a volume: what a new one needs, and what of an old one may change.

use store_objects::wire::VolumeSpec;

use super::Invalid;
use super::name::name_of;

/// Checks the spec of a volume that is to be created, and returns it. Whether its secrets exist is for the handler.
///
/// SwarmKit control API, section 12, `CreateVolume`.
///
/// # Errors
/// With the first rule that the spec breaks.
pub fn volume_spec(spec: Option<&VolumeSpec>) -> Result<&VolumeSpec, Invalid> {
    let spec = spec.ok_or_else(|| Invalid::argument("spec must not be nil").at("spec"))?;
    if spec.driver.is_none() {
        return Err(Invalid::argument("driver must be specified").at("spec.driver"));
    }
    if name_of(spec.annotations.as_ref()).is_empty() {
        return Err(Invalid::argument("meta: name must be provided").at("spec.annotations.name"));
    }
    let Some(access_mode) = &spec.access_mode else {
        return Err(Invalid::argument("AccessMode must not be nil").at("spec.access_mode"));
    };
    if access_mode.access_type.is_none() {
        return Err(Invalid::argument(
            "Volume AccessMode must specify either Mount or Block access type",
        )
        .at("spec.access_mode")
        .advise("one of block, mount"));
    }
    Ok(spec)
}

/// Checks that only labels and availability change.
///
/// SwarmKit control API, section 12, `UpdateVolume`. A part that is absent differs from one that is empty.
///
/// # Errors
/// With the first other part that changes.
pub fn volume_change(stored: &VolumeSpec, wanted: &VolumeSpec) -> Result<(), Invalid> {
    let name = |spec: &VolumeSpec| name_of(spec.annotations.as_ref()).to_owned();
    for (is_changed, part, field) in [
        (name(stored) != name(wanted), "Name", "annotations.name"),
        (stored.group != wanted.group, "Group", "group"),
        (
            stored.accessibility_requirements != wanted.accessibility_requirements,
            "AccessibilityRequirements",
            "accessibility_requirements",
        ),
        (stored.driver != wanted.driver, "Driver", "driver"),
        (
            stored.access_mode != wanted.access_mode,
            "AccessMode",
            "access_mode",
        ),
        (stored.secrets != wanted.secrets, "Secrets", "secrets"),
        (
            stored.capacity_range != wanted.capacity_range,
            "CapacityRange",
            "capacity_range",
        ),
    ] {
        if is_changed {
            return Err(Invalid::argument(format!("{part} cannot be updated"))
                .at(format!("spec.{field}"))
                .advise("only labels and availability can"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use store_objects::wire::volume_access_mode::{AccessType, BlockVolume};
    use store_objects::wire::volume_spec::VolumeAvailability;
    use store_objects::wire::{
        Annotations, CapacityRange, Driver, TopologyRequirement, VolumeAccessMode, VolumeSecret,
    };

    use super::*;

    fn good() -> VolumeSpec {
        VolumeSpec {
            annotations: Some(Annotations {
                name: "any name/!".to_owned(),
                ..Annotations::default()
            }),
            driver: Some(Driver::default()),
            access_mode: Some(VolumeAccessMode {
                access_type: Some(AccessType::Block(BlockVolume {})),
                ..VolumeAccessMode::default()
            }),
            ..VolumeSpec::default()
        }
    }

    #[test]
    fn new_volumes_need_a_driver_a_name_and_a_way_to_access_them() {
        assert_eq!(volume_spec(Some(&good())), Ok(&good()));
        let fault = |spec: &VolumeSpec| volume_spec(Some(spec)).unwrap_err().text().to_owned();
        let mut spec = VolumeSpec::default();
        assert_eq!(
            volume_spec(None).unwrap_err().text(),
            "spec must not be nil"
        );
        assert_eq!(fault(&spec), "driver must be specified");
        spec.driver = good().driver;
        assert_eq!(fault(&spec), "meta: name must be provided");
        spec.annotations = good().annotations;
        assert_eq!(fault(&spec), "AccessMode must not be nil");
        spec.access_mode = Some(VolumeAccessMode::default());
        assert_eq!(
            fault(&spec),
            "Volume AccessMode must specify either Mount or Block access type"
        );
    }

    #[test]
    fn only_labels_and_availability_change() {
        let mut wanted = good();
        wanted.availability = VolumeAvailability::Drain.into();
        wanted.annotations.as_mut().unwrap().labels = [("k".to_owned(), "v".to_owned())].into();
        assert_eq!(volume_change(&good(), &wanted), Ok(()));
        // From the last rule to the first, so that each one is the first fault in its turn.
        let mut fault = |change: fn(&mut VolumeSpec)| {
            change(&mut wanted);
            volume_change(&good(), &wanted)
                .unwrap_err()
                .text()
                .to_owned()
        };
        for (change, part) in [
            (
                (|spec| spec.capacity_range = Some(CapacityRange::default()))
                    as fn(&mut VolumeSpec),
                "CapacityRange",
            ),
            (|spec| spec.secrets.push(VolumeSecret::default()), "Secrets"),
            (|spec| spec.access_mode = None, "AccessMode"),
            (|spec| spec.driver = None, "Driver"),
            (
                |spec| spec.accessibility_requirements = Some(TopologyRequirement::default()),
                "AccessibilityRequirements",
            ),
            (|spec| spec.group.push('g'), "Group"),
            (|spec| spec.annotations = None, "Name"),
        ] {
            assert_eq!(fault(change), format!("{part} cannot be updated"));
        }
    }
}
