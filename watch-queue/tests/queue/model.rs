//! Random use of the queue, compared with a model that does everything the slow and obvious way.

use std::collections::VecDeque;

use proptest::collection::vec;
use proptest::prelude::*;
use watch_queue::{
    Lag, Options, Position, PublishError, Queue, RecvError, Subscriber, TopicSet, Topics,
    TryRecvError,
};

/// An event, told apart by its number.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Numbered {
    number: u64,
    topics: Vec<u8>,
}

impl Numbered {
    /// What supersedes an event, for coalescing subscribers.
    fn key(&self) -> u8 {
        self.topics.iter().sum::<u8>() % 3
    }

    fn is_odd(&self) -> bool {
        self.number % 2 == 1
    }
}

impl Topics for Numbered {
    type Topic = u8;

    fn topics(&self, visit: &mut dyn FnMut(u8)) {
        self.topics.iter().copied().for_each(visit);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Policy {
    Close,
    DropOldest,
    Latest,
}

#[derive(Clone, Debug)]
struct Wish {
    /// `None` is everything.
    topics: Option<Vec<u8>>,
    capacity: usize,
    policy: Policy,
    odd_only: bool,
    bookmarks: bool,
    after: u64,
}

#[derive(Clone, Debug)]
enum Step {
    Subscribe(Wish),
    /// Publishes events with these topics, so many positions after the last; 0 is out of order.
    Publish(u64, Vec<Vec<u8>>),
    Append(Vec<Vec<u8>>),
    /// Receives from one of the subscribers.
    Receive(prop::sample::Index),
    /// Skips so many positions past the last publication but four.
    Skip(prop::sample::Index, u64),
    Drop(prop::sample::Index),
    Close,
}

fn wish() -> impl Strategy<Value = Wish> {
    let topics = prop_oneof![1 => Just(None), 4 => vec(0..4_u8, 0..4).prop_map(Some)];
    let policy = prop_oneof![
        Just(Policy::Close),
        Just(Policy::DropOldest),
        Just(Policy::Latest)
    ];
    let flags = (any::<bool>(), any::<bool>());
    (topics, 1..6_usize, policy, flags, 0..6_u64).prop_map(
        |(topics, capacity, policy, (odd_only, bookmarks), after)| Wish {
            topics,
            capacity,
            policy,
            odd_only,
            bookmarks,
            after,
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    let events = || vec(vec(0..4_u8, 0..3), 0..4);
    prop_oneof![
        20 => wish().prop_map(Step::Subscribe),
        60 => (0..4_u64, events()).prop_map(|(ahead, events)| Step::Publish(ahead, events)),
        20 => events().prop_map(Step::Append),
        60 => any::<prop::sample::Index>().prop_map(Step::Receive),
        8 => (any::<prop::sample::Index>(), 0..8_u64).prop_map(|(who, by)| Step::Skip(who, by)),
        6 => any::<prop::sample::Index>().prop_map(Step::Drop),
        1 => Just(Step::Close),
    ]
}

/// A subscriber of the model.
#[derive(Debug)]
struct Reader {
    wish: Wish,
    after: u64,
    buffer: VecDeque<(u64, Vec<Numbered>)>,
    missed: u64,
    end: Option<RecvError>,
}

impl Reader {
    fn wants(&self, event: &Numbered) -> bool {
        let topical = match &self.wish.topics {
            None => true,
            Some(topics) => event.topics.iter().any(|topic| topics.contains(topic)),
        };
        topical && (!self.wish.odd_only || event.is_odd())
    }

    fn publish(&mut self, at: u64, last: u64, events: &[Numbered]) {
        if self.end.is_some() || at <= self.after {
            return;
        }
        let events = events.iter().filter(|event| self.wants(event));
        let mut events: Vec<_> = events.cloned().collect();
        if events.is_empty() && !self.wish.bookmarks {
            return;
        }
        self.buffer.pop_back_if(|(_, last)| last.is_empty());
        if self.buffer.len() == self.wish.capacity {
            if events.is_empty() {
                return;
            }
            match self.wish.policy {
                Policy::Close => {
                    let resume_from = Position::new(last.max(self.after));
                    self.end = Some(RecvError::Lagged { resume_from });
                    return;
                }
                Policy::DropOldest => {
                    let (_, dropped) = self.buffer.pop_front().unwrap();
                    self.missed += u64::from(!dropped.is_empty());
                }
                Policy::Latest => {
                    let half = self.wish.capacity.div_ceil(2);
                    let old: Vec<_> = self.buffer.drain(..half).collect();
                    self.missed +=
                        old.iter().filter(|(_, events)| !events.is_empty()).count() as u64;
                    let mut kept: Vec<_> = old.into_iter().flat_map(|(_, events)| events).collect();
                    let stays = self.buffer.iter().flat_map(|(_, events)| events);
                    let later: Vec<_> = stays.chain(&events).map(Numbered::key).collect();
                    kept.retain(|event| !later.contains(&event.key()));
                    while let Some(superseded) = (0..kept.len()).find(|&index| {
                        kept[index + 1..]
                            .iter()
                            .any(|later| later.key() == kept[index].key())
                    }) {
                        kept.remove(superseded);
                    }
                    kept.append(&mut events);
                    events = kept;
                }
            }
        }
        self.buffer.push_back((at, events));
    }

    fn skip_through(&mut self, position: u64) {
        self.after = self.after.max(position);
        self.buffer.retain(|(at, _)| *at > position);
        if let Some(RecvError::Lagged { resume_from }) = &mut self.end {
            *resume_from = Position::new(position).max(*resume_from);
        }
    }

    fn receive(&mut self) -> Result<(u64, Vec<Numbered>), TryRecvError> {
        let end = self.end.map_or(TryRecvError::Empty, TryRecvError::Ended);
        self.buffer.pop_front().ok_or(end)
    }

    fn progress(&self, last: u64) -> Option<u64> {
        (self.end.is_none() && self.buffer.is_empty()).then(|| last.max(self.after))
    }
}

/// The queue and its model, side by side.
#[derive(Default)]
struct Both {
    queue: Queue<Numbered>,
    subscribers: Vec<(Subscriber<Numbered>, Reader)>,
    last: u64,
    closed: bool,
    numbers: u64,
}

impl Both {
    fn take(&mut self, step: Step) {
        match step {
            Step::Subscribe(wish) => self.subscribe(wish),
            Step::Publish(ahead, topics) => self.publish(Some(self.last + ahead), topics),
            Step::Append(topics) => self.publish(None, topics),
            Step::Receive(who) => {
                if let Some((subscriber, reader)) = self.pick(who) {
                    let received = subscriber.try_recv();
                    let received = received.map(|batch| (batch.at.get(), batch.to_vec()));
                    assert_eq!(received, reader.receive());
                }
            }
            Step::Skip(who, by) => {
                let position = (self.last + by).saturating_sub(4);
                if let Some((subscriber, reader)) = self.pick(who) {
                    subscriber.skip_through(Position::new(position));
                    reader.skip_through(position);
                }
            }
            Step::Drop(who) => {
                if !self.subscribers.is_empty() {
                    let leaver = who.index(self.subscribers.len());
                    drop(self.subscribers.swap_remove(leaver));
                }
            }
            Step::Close => {
                self.queue.close();
                self.closed = true;
                for (_, reader) in &mut self.subscribers {
                    reader.end.get_or_insert(RecvError::Closed);
                }
            }
        }
        self.check();
    }

    fn pick(&mut self, who: prop::sample::Index) -> Option<&mut (Subscriber<Numbered>, Reader)> {
        let count = self.subscribers.len();
        (count > 0).then(|| &mut self.subscribers[who.index(count)])
    }

    fn subscribe(&mut self, wish: Wish) {
        let mut options = Options::new()
            .capacity(wish.capacity)
            .after(Position::new(wish.after))
            .lag(match wish.policy {
                Policy::Close => Lag::Close,
                Policy::DropOldest => Lag::DropOldest,
                Policy::Latest => Lag::latest(Numbered::key),
            });
        if wish.odd_only {
            options = options.filter(Numbered::is_odd);
        }
        if wish.bookmarks {
            options = options.bookmarks_every(1);
        }
        let topics = wish.topics.clone();
        let topics = topics.map_or(TopicSet::Everything, TopicSet::Of);
        let subscriber = self.queue.subscribe(topics, options);
        let reader = Reader {
            after: wish.after,
            wish,
            buffer: VecDeque::new(),
            missed: 0,
            end: self.closed.then_some(RecvError::Closed),
        };
        self.subscribers.push((subscriber, reader));
    }

    fn publish(&mut self, at: Option<u64>, topics: Vec<Vec<u8>>) {
        let events = topics.into_iter().map(|topics| {
            self.numbers += 1;
            Numbered {
                number: self.numbers,
                topics,
            }
        });
        let events: Vec<_> = events.collect();
        let (last, next) = (self.last, at.unwrap_or(self.last + 1));
        let expected = if self.closed {
            Err(PublishError::Closed)
        } else if next <= last {
            let [at, last] = [next, last].map(Position::new);
            Err(PublishError::OutOfOrder { at, last })
        } else {
            for (_, reader) in &mut self.subscribers {
                reader.publish(next, last, &events);
            }
            self.last = next;
            Ok(Position::new(next))
        };
        let published = match at {
            Some(at) => {
                let at = Position::new(at);
                self.queue.publish(at, events).map(|()| at)
            }
            None => self.queue.append(events),
        };
        assert_eq!(published, expected);
    }

    fn check(&self) {
        assert_eq!(self.queue.position(), Position::new(self.last));
        for (subscriber, reader) in &self.subscribers {
            assert_eq!(subscriber.len(), reader.buffer.len());
            assert_eq!(subscriber.missed(), reader.missed);
            let progress = subscriber.progress().map(Position::get);
            assert_eq!(progress, reader.progress(self.last));
        }
    }

    /// Everybody receives the rest.
    fn drain(&mut self) {
        for (subscriber, reader) in &mut self.subscribers {
            loop {
                let received = subscriber.try_recv();
                let received = received.map(|batch| (batch.at.get(), batch.to_vec()));
                assert_eq!(received, reader.receive());
                if received.is_err() {
                    break;
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn the_queue_does_what_the_model_does(steps in vec(step(), 0..120)) {
        let mut both = Both::default();
        for step in steps {
            both.take(step);
        }
        both.drain();
    }
}
