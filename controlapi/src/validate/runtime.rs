//! What runs a task: a container, or a runtime that somebody else brings.

use std::borrow::Cow;

use store_objects::FoldedName;
use store_objects::wire::task_spec::Runtime;
use store_objects::wire::{GenericRuntimeSpec, TaskSpec};

use super::go::quoted;
use super::{Code, Invalid, container};

const CONTAINER: &str = "container";
const ATTACHMENT: &str = "attachment";

/// In bytes, not in characters.
const KIND_BYTES_MIN: usize = 3;

/// Returns the name of the runtime that a task has, if it has one: lower-case for those that others bring.
///
/// SwarmKit control API, section 4.6.
#[must_use]
pub fn runtime_name(task: &TaskSpec) -> Option<Cow<'_, str>> {
    Some(match task.runtime.as_ref()? {
        Runtime::Container(_) => Cow::Borrowed(CONTAINER),
        Runtime::Attachment(_) => Cow::Borrowed(ATTACHMENT),
        Runtime::Generic(generic) => Cow::Owned(FoldedName::new(&generic.kind).to_string()),
    })
}

/// Checks the runtime of a service's tasks.
///
/// SwarmKit control API, sections 4.1.3.6 to 4.1.3.8.
pub(super) fn runtime(task: &TaskSpec) -> Result<(), Invalid> {
    match &task.runtime {
        None => Err(Invalid::argument("TaskSpec: missing runtime")
            .at("spec.task")
            .advise("one of container, generic")),
        Some(Runtime::Attachment(_)) => Err(Invalid::new(
            Code::Unimplemented,
            "RuntimeSpec: unimplemented runtime in service spec",
        )
        .at("spec.task.attachment")),
        Some(Runtime::Container(container)) => container::container(container),
        Some(Runtime::Generic(generic)) => self::generic(generic),
    }
}

fn generic(runtime: &GenericRuntimeSpec) -> Result<(), Invalid> {
    let kind = &runtime.kind;
    if kind.len() < KIND_BYTES_MIN {
        return Err(
            Invalid::argument(format!("Generic runtime: Invalid name {}", quoted(kind)))
                .at("spec.task.generic.kind")
                .advise("3 bytes or more"),
        );
    }
    if [CONTAINER, ATTACHMENT]
        .map(FoldedName::new)
        .contains(&FoldedName::new(kind))
    {
        return Err(Invalid::argument(format!(
            "Generic runtime: {} is a reserved name",
            quoted(kind)
        ))
        .at("spec.task.generic.kind"));
    }
    let Some(payload) = &runtime.payload else {
        return Err(
            Invalid::argument("Generic runtime is missing payload").at("spec.task.generic.payload")
        );
    };
    if payload.type_url.is_empty() {
        return Err(Invalid::argument("Generic runtime is missing payload type")
            .at("spec.task.generic.payload.type_url"));
    }
    if payload.value.is_empty() {
        return Err(Invalid::argument("Generic runtime has an empty payload")
            .at("spec.task.generic.payload.value"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use prost_types::Any;
    use store_objects::wire::NetworkAttachmentSpec;

    use super::*;

    fn generic(kind: &str, payload: Option<(&str, &[u8])>) -> TaskSpec {
        TaskSpec {
            runtime: Some(Runtime::Generic(GenericRuntimeSpec {
                kind: kind.to_owned(),
                payload: payload.map(|(type_url, value)| Any {
                    type_url: type_url.to_owned(),
                    value: value.to_vec(),
                }),
            })),
            ..TaskSpec::default()
        }
    }

    #[test]
    fn runtimes_of_others_need_a_name_and_a_payload() {
        let payload = Some(("type", b"value".as_slice()));
        for good in ["custom", "abc", "äb"] {
            assert_eq!(runtime(&generic(good, payload)), Ok(()));
        }
        for (kind, payload, text) in [
            ("", payload, "Generic runtime: Invalid name \"\""),
            ("ab", payload, "Generic runtime: Invalid name \"ab\""),
            (
                "Container",
                payload,
                "Generic runtime: \"Container\" is a reserved name",
            ),
            (
                "attachment",
                payload,
                "Generic runtime: \"attachment\" is a reserved name",
            ),
            ("abc", None, "Generic runtime is missing payload"),
            (
                "abc",
                Some(("", b"v".as_slice())),
                "Generic runtime is missing payload type",
            ),
            (
                "abc",
                Some(("t", b"".as_slice())),
                "Generic runtime has an empty payload",
            ),
        ] {
            assert_eq!(runtime(&generic(kind, payload)).unwrap_err().text(), text);
        }
    }

    #[test]
    fn services_cannot_attach() {
        let mut task = TaskSpec::default();
        assert_eq!(
            runtime(&task).unwrap_err().text(),
            "TaskSpec: missing runtime"
        );
        task.runtime = Some(Runtime::Attachment(NetworkAttachmentSpec::default()));
        assert_eq!(runtime(&task).unwrap_err().code(), Code::Unimplemented);
    }

    #[test]
    fn names_of_runtimes() {
        assert_eq!(runtime_name(&TaskSpec::default()), None);
        assert_eq!(
            runtime_name(&generic("My-Runtime", None)).as_deref(),
            Some("my-runtime")
        );
    }
}
