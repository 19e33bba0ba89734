//! Replicate over a `Journal`: what was committed is there after a restart, and another store can be made from it.
//!
//! `cargo run -p store-core --example replicate`

mod support;

use std::error::Error;
use std::{env, fs, process};

use proposer::{Journal, JournalOptions, Loopback};
use store_core::{Read, Store};
use support::{BY_WORKER, Job, Jobs};

fn main() -> Result<(), Box<dyn Error>> {
    let dir = env::temp_dir().join(format!("statehouse-replicate-{}", process::id()));
    let result = replicate(&dir);
    fs::remove_dir_all(&dir)?;
    result
}

fn replicate(dir: &std::path::Path) -> Result<(), Box<dyn Error>> {
    let open = || -> Result<_, Box<dyn Error>> {
        Ok(Store::<Jobs, _>::open(Journal::open(
            dir,
            JournalOptions::default(),
        )?)?)
    };

    // Transactions are handed over without waiting, and share the flushes of the disk.
    let store = open()?;
    let ids: Vec<_> = (0..100).map(|number| format!("job-{number:03}")).collect();
    let pending: Vec<_> = ids
        .iter()
        .map(|id| store.submit(|tx| tx.create(Job::waiting(id)).map(drop)))
        .collect();
    for transaction in pending {
        transaction.wait()?;
    }
    let (version, digest) = (store.view().version(), store.view().digest());
    drop(store);

    // What was committed is there again, at the same version.
    let store = open()?;
    assert_eq!(
        (store.view().version(), store.view().digest()),
        (version, digest)
    );
    println!("version {version} is there after a restart: {digest}");
    let view = store.view();
    let last = view.get::<Job>(&ids[99]).ok_or("the last job is lost")?;
    assert_eq!(
        last.meta.version, version,
        "written by the last transaction"
    );

    // A saved state makes a store with another log, here one in memory, that holds the same.
    let mut saved = Vec::new();
    store.save(&mut saved)?;
    let copy = Store::<Jobs, _>::open(Loopback::new())?;
    copy.restore(saved.as_slice())?;
    assert_eq!(copy.view().digest(), digest);
    println!(
        "{} jobs wait in the copy",
        copy.view().count(BY_WORKER.eq(""))
    );
    Ok(())
}
