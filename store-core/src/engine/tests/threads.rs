//! Readers on other threads while a writer commits: they see whole transactions, keep what they hold, and drop it whenever.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use arc_swap::ArcSwap;
use proposer::DecodeError;

use crate::engine::Table;
use crate::index::{Index, Indexes};
use crate::meta::Meta;
use crate::object::Object;
use crate::query::Query;

#[derive(Debug)]
struct Account {
    id: u32,
    balance: i64,
}

const BY_BALANCE: Index<Account, i64> =
    Index::non_unique("balance", |account, keys| keys.push(&account.balance));

impl Object for Account {
    type Key = u32;
    const TABLE: &'static str = "account";

    fn key(&self) -> &u32 {
        &self.id
    }
    fn meta(&self) -> Meta {
        Meta::default()
    }
    fn set_meta(&mut self, _: Meta) {}
    fn indexes(list: &mut Indexes<Self>) {
        list.add(BY_BALANCE);
    }
    fn encode(&self, _: &mut Vec<u8>) {}
    fn decode(_: &[u8]) -> Result<Self, DecodeError> {
        unreachable!("nothing is encoded here")
    }
}

const ACCOUNTS: u32 = 400;

/// Reads everything in two ways; the balances add up to 0 in every state.
fn read(table: &Table<Account>) -> Vec<i64> {
    let balances: Vec<i64> = table
        .find(Query::all())
        .map(|account| account.balance)
        .collect();
    assert_eq!(balances.len(), ACCOUNTS as usize);
    assert_eq!(
        balances.iter().sum::<i64>(),
        0,
        "a transaction is seen whole"
    );
    let by_index: i64 = table
        .find(BY_BALANCE.all())
        .map(|account| account.balance)
        .sum();
    assert_eq!(
        by_index, 0,
        "the index is of the same version as the objects"
    );
    balances
}

#[test]
fn readers_see_whole_versions_and_keep_them() {
    let mut first = Table::new();
    for id in 0..ACCOUNTS {
        first.create(Arc::new(Account { id, balance: 0 })).unwrap();
    }
    let published = ArcSwap::from_pointee(first);
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        for reader in 0..2_usize {
            let (published, stop) = (&published, &stop);
            scope.spawn(move || {
                let mut held = Vec::new();
                let mut turn = reader;
                while !stop.load(Ordering::Relaxed) {
                    let view = published.load_full();
                    let balances = read(&view);
                    held.push((view, balances));
                    turn = turn.wrapping_mul(31).wrapping_add(7);
                    if held.len() > 6 {
                        let (view, balances) = held.swap_remove(turn % held.len());
                        assert_eq!(read(&view), balances, "what is held does not change");
                    }
                }
                for (view, balances) in held {
                    assert_eq!(read(&view), balances);
                }
            });
        }
        for round in 0..1_500_u32 {
            let mut next = Table::clone(&published.load());
            let (from, to) = (round % ACCOUNTS, round.wrapping_mul(7_919) % ACCOUNTS);
            for (id, change) in [(from, -1), (to, 1)] {
                let balance = next.get(&id).unwrap().balance + change;
                next.update(Arc::new(Account { id, balance })).unwrap();
            }
            // Every fifth is not committed.
            if round % 5 > 0 {
                published.store(Arc::new(next));
            }
        }
        stop.store(true, Ordering::Relaxed);
    });
    let last = published.into_inner();
    last.check_invariants();
    last.collect();
    if cfg!(not(feature = "safe-memory")) {
        let memory = last.memory();
        let own: usize = memory.indexes.iter().map(|index| index.bytes).sum();
        assert_eq!(memory.all_versions_bytes, memory.slot_bytes + own);
    }
}
