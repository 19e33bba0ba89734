//! What subscribers cost in memory, and that all of it comes back.
//!
//! One test in a process of its own, because it counts every allocation.

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use watch_queue::{Options, Queue, Subscriber, Topics};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const SUBSCRIBERS: usize = 10_000;

/// What an idle subscriber may cost, also one that has received.
const IDLE_BYTES_MAX: usize = 512;

#[derive(Clone)]
struct Changed(usize);

impl Topics for Changed {
    type Topic = usize;

    fn topics(&self, visit: &mut dyn FnMut(usize)) {
        visit(self.0);
    }
}

/// Returns the bytes that are allocated and not freed since the region began.
fn bytes(region: &Region<'_, System>) -> usize {
    let change = region.change();
    change.bytes_allocated - change.bytes_deallocated
}

#[test]
fn idle_subscribers_are_small_and_leave_nothing_behind() {
    let queue = Queue::new();
    let of_one_topic = |_| queue.subscribe([0], Options::new());
    let of_own_topics = |index| queue.subscribe([index], Options::new());
    let ways: [&dyn Fn(usize) -> Subscriber<Changed>; 2] = [&of_one_topic, &of_own_topics];
    for subscribe in ways {
        let region = Region::new(ALLOCATOR);
        let subscribers: Vec<_> = (0..SUBSCRIBERS).map(subscribe).collect();
        let each = bytes(&region) / SUBSCRIBERS;
        println!("an idle subscriber takes {each} bytes");
        assert!(each <= IDLE_BYTES_MAX);

        for _ in 0..100 {
            queue.append([Changed(0)]).unwrap();
        }
        for subscriber in &subscribers {
            assert!(subscriber.try_iter().count() <= 100);
        }
        let each = bytes(&region) / SUBSCRIBERS;
        println!("one that has received and is idle again takes {each} bytes");
        assert!(each <= IDLE_BYTES_MAX);

        for _ in 0..100 {
            queue.append([Changed(0)]).unwrap();
        }
        drop(subscribers);
        // The map of topics keeps its size.
        let rest = bytes(&region) / SUBSCRIBERS;
        println!("a subscriber that has left keeps {rest} bytes");
        assert!(rest <= 100);
        assert_eq!(queue.subscribers(), 0);
    }
}
