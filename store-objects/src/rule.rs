//! Rules of the tables beyond unique names: what is wrong with a change that breaks one.

/// A rule that a change would break.
///
/// `store-core` carries it in its errors: `error.downcast_ref::<RuleViolation>()` on a
/// [`RuleError`](store_core::RuleError) gives it back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleViolation {
    /// An extension may not be named like one of the tables.
    #[error("name conflicts with an existing object; {name} is the name of a table")]
    ReservedName {
        /// The name.
        name: String,
    },
    /// Extensions are never updated.
    #[error("extensions are immutable; extension {extension} can only be removed and created anew")]
    ExtensionImmutable {
        /// The extension's id.
        extension: String,
    },
    /// An extension is not removed while there are resources of its kind.
    #[error(
        "cannot delete extension because objects of this type exist in the data store; \
         resource {resource} is of kind {kind}"
    )]
    ExtensionInUse {
        /// The extension's name.
        kind: String,
        /// The id of one such resource.
        resource: String,
    },
    /// A resource is of a kind that an extension has registered.
    #[error(
        "object kind is unregistered; resource {resource} is of kind {kind:?}, which no extension is named"
    )]
    KindUnregistered {
        /// The resource's id.
        resource: String,
        /// Its kind.
        kind: String,
    },
    /// A volume names its driver.
    #[error("missing value for index 'driver'; volume {volume} names no driver")]
    DriverMissing {
        /// The volume's id.
        volume: String,
    },
}
