//! Which thread is calling the replica: whoever is told of a commit there may want to stop the log, and would wait for itself.

use std::sync::atomic::{AtomicUsize, Ordering};

thread_local! {
    /// Something whose address names this thread.
    static THREAD: u8 = const { 0 };
}

/// The thread that is calling the replica, by the address of its `THREAD`; 0 while none is.
#[derive(Default)]
pub(crate) struct Caller(AtomicUsize);

/// A call of the replica, until it is dropped, also by a panic.
pub(crate) struct Call<'a>(&'a Caller);

impl Caller {
    /// Begins a call. The caller sees to it that calls do not overlap.
    pub(crate) fn call(&self) -> Call<'_> {
        self.0.store(this_thread(), Ordering::Relaxed);
        Call(self)
    }

    /// Whether this thread is in a call.
    pub(crate) fn is_this_thread(&self) -> bool {
        // Only this thread writes its own address, so a relaxed look cannot miss it.
        self.0.load(Ordering::Relaxed) == this_thread()
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        self.0.0.store(0, Ordering::Relaxed);
    }
}

fn this_thread() -> usize {
    THREAD.with(|thread| std::ptr::from_ref(thread).addr())
}
