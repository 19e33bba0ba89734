//! From what was typed to the object that is meant: its exact id, else its exact name, else the beginning of its id.
//!
//! Only a name or a beginning that fits exactly one object is accepted: nobody should remove the wrong one.

use tonic::Code;

use super::connect::Client;
use super::error::Error;
use super::kind::Kind;
use super::selection::Selection;

/// Where objects of a kind are looked up.
pub(super) trait Directory<K> {
    /// Returns the object with an id.
    async fn with_id(&mut self, id: &str) -> Result<Option<K>, Error>;

    /// Returns the objects with a name.
    async fn with_name(&mut self, name: &str) -> Result<Vec<K>, Error>;

    /// Returns the objects whose ids begin like this.
    async fn with_id_prefix(&mut self, prefix: &str) -> Result<Vec<K>, Error>;
}

impl<K: Kind> Directory<K> for Client {
    async fn with_id(&mut self, id: &str) -> Result<Option<K>, Error> {
        match K::get(self, id).await {
            Ok(object) => Ok(Some(object)),
            Err(status) if status.code() == Code::NotFound => Ok(None),
            Err(status) => Err(status.into()),
        }
    }

    async fn with_name(&mut self, name: &str) -> Result<Vec<K>, Error> {
        K::named(self, name).await
    }

    async fn with_id_prefix(&mut self, prefix: &str) -> Result<Vec<K>, Error> {
        K::list(self, &Selection::of_id_prefix(prefix)).await
    }
}

/// Returns the one object that is meant.
///
/// # Errors
/// When none is, or more than one.
pub(super) async fn resolve<K: Kind>(
    directory: &mut impl Directory<K>,
    reference: &str,
) -> Result<K, Error> {
    if let Some(object) = directory.with_id(reference).await? {
        return Ok(object);
    }
    let mut found = directory.with_name(reference).await?;
    if found.is_empty() {
        found = directory.with_id_prefix(reference).await?;
    }
    match found.len() {
        0 => Err(Error::NotFound {
            noun: K::NOUN,
            reference: reference.into(),
        }),
        1 => Ok(found.remove(0)),
        _ => {
            let candidates = found
                .iter()
                .map(|object| (object.id().into(), object.name()))
                .collect();
            Err(Error::Ambiguous {
                noun: K::NOUN,
                reference: reference.into(),
                candidates,
            })
        }
    }
}

/// Returns the objects that are meant, in the order in which they were typed; an object that is meant twice, once.
///
/// # Errors
/// When any of them cannot be told.
pub(super) async fn resolve_all<K: Kind>(
    directory: &mut impl Directory<K>,
    references: &[String],
) -> Result<Vec<K>, Error> {
    let mut objects: Vec<K> = Vec::new();
    for reference in references {
        let object = resolve(directory, reference).await?;
        if objects.iter().all(|other| other.id() != object.id()) {
            objects.push(object);
        }
    }
    Ok(objects)
}

#[cfg(test)]
mod tests {
    use store_objects::wire::Node;

    use super::super::sample;
    use super::*;

    /// A list in place of the server.
    struct Nodes(Vec<Node>);

    impl Nodes {
        fn filter(&self, keep: impl Fn(&Node) -> bool) -> Vec<Node> {
            self.0.iter().filter(|node| keep(node)).cloned().collect()
        }
    }

    impl Directory<Node> for Nodes {
        async fn with_id(&mut self, id: &str) -> Result<Option<Node>, Error> {
            Ok(self.filter(|node| node.id == id).pop())
        }

        async fn with_name(&mut self, name: &str) -> Result<Vec<Node>, Error> {
            Ok(self.filter(|node| node.name() == name))
        }

        async fn with_id_prefix(&mut self, prefix: &str) -> Result<Vec<Node>, Error> {
            Ok(self.filter(|node| node.id.starts_with(prefix)))
        }
    }

    fn nodes() -> Nodes {
        let nodes = [
            ("ab1", "east"),
            ("ab2", "west"),
            ("ab3", "west"),
            ("east", "ab"),
            ("c", "ab1"),
        ];
        Nodes(
            nodes
                .map(|(id, hostname)| sample::node(id, hostname))
                .into(),
        )
    }

    async fn id_of(reference: &str) -> Result<String, String> {
        let found = resolve::<Node>(&mut nodes(), reference).await;
        found.map(|node| node.id).map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn an_id_goes_before_a_name() {
        assert_eq!(id_of("east").await.unwrap(), "east");
        assert_eq!(id_of("ab1").await.unwrap(), "ab1");
    }

    #[tokio::test]
    async fn a_name_goes_before_the_beginning_of_an_id() {
        assert_eq!(id_of("ab").await.unwrap(), "east");
    }

    #[tokio::test]
    async fn the_beginning_of_an_id_is_enough() {
        assert_eq!(id_of("ea").await.unwrap(), "east");
    }

    #[tokio::test]
    async fn a_name_of_two_is_ambiguous() {
        assert_eq!(
            id_of("west").await.unwrap_err(),
            "node west is ambiguous (2 matches found):\n  ab2  west\n  ab3  west"
        );
    }

    #[tokio::test]
    async fn the_beginning_of_many_ids_is_ambiguous() {
        assert!(
            id_of("a")
                .await
                .unwrap_err()
                .starts_with("node a is ambiguous (3 matches found)")
        );
    }

    #[tokio::test]
    async fn what_fits_nothing_is_not_found() {
        assert_eq!(id_of("north").await.unwrap_err(), "node north not found");
    }

    #[tokio::test]
    async fn what_is_named_twice_is_meant_once() {
        let references = ["ab1", "c", "ab1", "ea"].map(String::from);
        let found = resolve_all::<Node>(&mut nodes(), &references)
            .await
            .unwrap();
        let ids: Vec<_> = found.iter().map(|node| node.id.as_str()).collect();
        assert_eq!(ids, ["ab1", "c", "east"]);
    }
}
