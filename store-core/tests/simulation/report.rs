//! What was found wrong, to be told when whoever found it has returned.

use std::sync::{Arc, Mutex};

/// A list of findings that any part of the simulation can add to, also from within the store.
#[derive(Clone, Default)]
pub(crate) struct Report(Arc<Mutex<Vec<String>>>);

impl Report {
    pub(crate) fn note(&self, finding: String) {
        self.lock().push(finding);
    }

    /// # Panics
    /// When something was found.
    pub(crate) fn check(&self) {
        let findings = std::mem::take(&mut *self.lock());
        assert!(findings.is_empty(), "{}", findings.join("\n"));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.0.lock().expect("nobody panics while it is locked")
    }
}
