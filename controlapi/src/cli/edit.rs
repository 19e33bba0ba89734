//! Changing an object: read, change, write if nobody else did in between, else once more from the start.
//!
//! A change that a person described by flags ("three replicas") is made again on what the other one left; a caller that
//! names the version it has seen gets a conflict instead.

use store_objects::wire::Version;

use super::connect::Client;
use super::error::{Error, is_conflict};
use super::kind::{Edit, Kind, known_as, version};
use super::resolve::Directory;

/// How often a change is tried when others are faster.
const ATTEMPTS_MAX: u32 = 5;

/// Where objects are looked up and changed.
pub(super) trait Book<K: Edit>: Directory<K> {
    /// Replaces the spec of the object with an id, if it still has a version; `None` if it has another one.
    async fn replace(&mut self, id: &str, version: u64, spec: K::Spec) -> Result<Option<K>, Error>;
}

impl<K: Edit> Book<K> for Client {
    async fn replace(&mut self, id: &str, version: u64, spec: K::Spec) -> Result<Option<K>, Error> {
        match K::replace(self, id, Version { index: version }, spec).await {
            Ok(object) => Ok(Some(object)),
            Err(status) if is_conflict(&status) => Ok(None),
            Err(status) => Err(status.into()),
        }
    }
}

/// How a change ended.
#[derive(Debug, PartialEq)]
pub(super) enum Edited<K> {
    /// This is the object now.
    Changed(K),
    /// It was like that before.
    Unchanged(K),
}

/// Changes an object; only if it has the version that is expected, if any is.
///
/// # Errors
/// When `change` or the server refuses, or others keep changing it.
pub(super) async fn edit<K: Edit>(
    book: &mut impl Book<K>,
    mut object: K,
    expected: Option<u64>,
    change: impl Fn(&mut K::Spec) -> Result<(), Error>,
) -> Result<Edited<K>, Error> {
    for _ in 0..ATTEMPTS_MAX {
        let stored = version(&object);
        if let Some(expected) = expected.filter(|expected| *expected != stored) {
            return Err(conflict(&object, expected));
        }
        let mut spec = object.spec().cloned().unwrap_or_default();
        change(&mut spec)?;
        if object.spec() == Some(&spec) {
            return Ok(Edited::Unchanged(object));
        }
        if let Some(changed) = book.replace(object.id(), stored, spec).await? {
            return Ok(Edited::Changed(changed));
        }
        match book.with_id(object.id()).await? {
            Some(other) => object = other,
            None => {
                return Err(Error::NotFound {
                    noun: K::NOUN,
                    reference: known_as(&object),
                });
            }
        }
    }
    let stored = version(&object);
    Err(Error::Busy {
        noun: K::NOUN,
        reference: known_as(&object),
        attempts: ATTEMPTS_MAX,
        stored,
    })
}

/// Returns the error of a change that was made for another version than the one that is stored.
pub(super) fn conflict<K: Kind>(stored: &K, expected: u64) -> Error {
    Error::Conflict {
        noun: K::NOUN,
        reference: known_as(stored),
        expected,
        stored: version(stored),
    }
}

#[cfg(test)]
mod tests {
    use store_objects::wire::node_spec::Availability;
    use store_objects::wire::{Meta, Node, NodeSpec};

    use super::super::sample;
    use super::*;

    /// A server with one node, which another client changes before the first few writes.
    struct Contended {
        node: Node,
        others: u32,
    }

    impl Contended {
        fn new(others: u32) -> Self {
            Self {
                node: sample::node("n1", "east"),
                others,
            }
        }

        fn write(&mut self, change: impl FnOnce(&mut NodeSpec)) {
            let meta = self.node.meta.get_or_insert_with(Meta::default);
            meta.version.get_or_insert_default().index += 1;
            change(self.node.spec.get_or_insert_default());
        }
    }

    impl Directory<Node> for Contended {
        async fn with_id(&mut self, id: &str) -> Result<Option<Node>, Error> {
            Ok((self.node.id == id).then(|| self.node.clone()))
        }

        async fn with_name(&mut self, _: &str) -> Result<Vec<Node>, Error> {
            Ok(Vec::new())
        }

        async fn with_id_prefix(&mut self, _: &str) -> Result<Vec<Node>, Error> {
            Ok(Vec::new())
        }
    }

    impl Book<Node> for Contended {
        async fn replace(
            &mut self,
            _: &str,
            given: u64,
            spec: NodeSpec,
        ) -> Result<Option<Node>, Error> {
            if self.others > 0 {
                self.others -= 1;
                self.write(|spec| spec.membership += 1);
            }
            if given != version(&self.node) {
                return Ok(None);
            }
            self.write(|stored| *stored = spec);
            Ok(Some(self.node.clone()))
        }
    }

    async fn drain(book: &mut Contended, expected: Option<u64>) -> Result<Edited<Node>, Error> {
        let node = book.node.clone();
        edit(book, node, expected, |spec| {
            spec.availability = Availability::Drain.into();
            Ok(())
        })
        .await
    }

    #[tokio::test]
    async fn a_change_is_made_on_top_of_what_others_did() {
        let mut book = Contended::new(2);
        let Edited::Changed(node) = drain(&mut book, None).await.unwrap() else {
            panic!("unchanged")
        };
        let spec = node.spec.unwrap();
        assert_eq!(spec.availability, i32::from(Availability::Drain));
        assert_eq!(spec.membership, 2, "the changes of the others are kept");
    }

    #[tokio::test]
    async fn no_change_is_not_sent() {
        let mut book = Contended::new(0);
        drain(&mut book, None).await.unwrap();
        let before = version(&book.node);
        assert!(matches!(
            drain(&mut book, None).await.unwrap(),
            Edited::Unchanged(_)
        ));
        assert_eq!(version(&book.node), before);
    }

    #[tokio::test]
    async fn a_version_that_is_expected_must_be_there() {
        let error = drain(&mut Contended::new(0), Some(3)).await.unwrap_err();
        assert!(
            matches!(
                error,
                Error::Conflict {
                    expected: 3,
                    stored: 7,
                    ..
                }
            ),
            "{error}"
        );
    }

    #[tokio::test]
    async fn a_version_that_goes_while_we_look_is_a_conflict() {
        let error = drain(&mut Contended::new(1), Some(7)).await.unwrap_err();
        assert!(
            matches!(
                error,
                Error::Conflict {
                    expected: 7,
                    stored: 8,
                    ..
                }
            ),
            "{error}"
        );
    }

    #[tokio::test]
    async fn it_ends_when_others_never_do() {
        let error = drain(&mut Contended::new(u32::MAX), None)
            .await
            .unwrap_err();
        assert!(
            matches!(
                error,
                Error::Busy {
                    attempts: ATTEMPTS_MAX,
                    ..
                }
            ),
            "{error}"
        );
    }
}
