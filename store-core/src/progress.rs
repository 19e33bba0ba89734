//! How far saving or restoring has come.

/// How far saving or restoring has come: told about once a megabyte, and at the end.
///
/// ```
/// use store_core::Progress;
/// fn show(progress: Progress) {
///     match progress.percent() {
///         Some(percent) => eprint!("\r{percent} %"),
///         None => eprint!("\r{} objects", progress.objects),
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Objects that were written or read.
    pub objects: u64,
    /// Bytes that they took, framing included.
    pub bytes: u64,
    /// Objects that there are; not known while a saved state is read.
    pub objects_total: Option<u64>,
}

impl Progress {
    /// Returns how much is done, from 0 to 100; `None` when it is not known how much there is.
    #[must_use]
    pub fn percent(&self) -> Option<u64> {
        let total = self.objects_total?;
        Some((self.objects * 100).checked_div(total).unwrap_or(100))
    }
}

/// Whoever wants to be told.
pub(crate) type Tell<'a> = &'a mut dyn FnMut(Progress);
