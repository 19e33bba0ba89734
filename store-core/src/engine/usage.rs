//! How much memory a table takes.

/// How much memory a table takes, besides its objects.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TableMemory {
    /// Objects in this version.
    pub objects: usize,
    /// Bytes of the array that owns the objects, in this version.
    pub slot_bytes: usize,
    /// The indexes, the primary one first, under the name `id`.
    pub indexes: Vec<IndexMemory>,
    /// Bytes of all pages, whatever version they are of, also such that wait to be freed.
    pub all_versions_bytes: usize,
    /// Their number.
    pub all_versions_pages: usize,
    /// Versions that are held, or wait to be freed.
    pub versions: usize,
}

/// How much memory an index takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexMemory {
    /// The index's name.
    pub name: &'static str,
    /// Entries in this version.
    pub entries: usize,
    /// Bytes of its pages, in this version.
    pub bytes: usize,
}
