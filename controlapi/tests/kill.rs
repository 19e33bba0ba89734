//! Whatever the server has acknowledged is there after it was killed.

mod support;

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use store_objects::Annotated as _;
use store_objects::wire::{ListServicesRequest, Service};
use support::{Stated, create};
use tokio::sync::Semaphore;
use tonic::Code;

const CLIENTS: usize = 16;
const SERVICES: usize = 1_000;

/// By name, the services that were acknowledged.
type Acknowledged = BTreeMap<String, Service>;

/// Creates the services that are not in `done`, with many clients at once, until all are there or the server is gone. Adds
/// a permit to `acknowledgements` for each.
async fn create_all(
    server: &Stated,
    done: &Acknowledged,
    acknowledgements: Arc<Semaphore>,
) -> Acknowledged {
    let names: Vec<String> = (0..SERVICES)
        .map(|number| format!("service-{number}"))
        .filter(|name| !done.contains_key(name))
        .collect();
    let names = Arc::new(names);
    let next = Arc::new(AtomicUsize::new(0));
    let mut clients = Vec::new();
    for _ in 0..CLIENTS {
        let mut client = server.control().await;
        let (names, next, acknowledgements) = (
            Arc::clone(&names),
            Arc::clone(&next),
            Arc::clone(&acknowledgements),
        );
        clients.push(tokio::spawn(async move {
            let mut acknowledged = Acknowledged::new();
            while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
                match client.create_service(create(name)).await {
                    Ok(response) => {
                        let service = response
                            .into_inner()
                            .service
                            .expect("a response holds the service");
                        acknowledged.insert(name.clone(), service);
                        acknowledgements.add_permits(1);
                    }
                    // One whose answer was lost with the server is there already.
                    Err(status) if status.code() == Code::AlreadyExists => {}
                    Err(_) => break,
                }
            }
            acknowledged
        }));
    }
    let mut all = Acknowledged::new();
    for client in clients {
        all.extend(client.await.expect("a client does not panic"));
    }
    all
}

async fn stored(server: &Stated) -> Acknowledged {
    let mut client = server.control().await;
    let services = client
        .list_services(ListServicesRequest::default())
        .await
        .expect("it lists")
        .into_inner()
        .services;
    services
        .into_iter()
        .map(|service| (service.name().to_owned(), service))
        .collect()
}

fn check(acknowledged: &Acknowledged, stored: &Acknowledged) {
    for (name, service) in acknowledged {
        assert_eq!(stored.get(name), Some(service), "{name} was acknowledged");
    }
    let versions: HashSet<u64> = stored
        .values()
        .map(|service| service.meta.unwrap().version.unwrap().index)
        .collect();
    assert_eq!(
        versions.len(),
        stored.len(),
        "each was created by a transaction of its own"
    );
}

async fn kill_after(directory: &Path, acknowledgements: usize) {
    let server = Stated::start(directory);
    let arrived = Arc::new(Semaphore::new(0));
    let nothing = Acknowledged::new();
    let (acknowledged, ()) = {
        let creating = create_all(&server, &nothing, Arc::clone(&arrived));
        let killing = async {
            let enough = u32::try_from(acknowledgements).expect("it is a small number");
            let _ = arrived
                .acquire_many(enough)
                .await
                .expect("the semaphore stays open");
            server.kill();
        };
        tokio::join!(creating, killing)
    };
    drop(server);
    assert!(
        (acknowledgements..SERVICES).contains(&acknowledged.len()),
        "it was killed in the middle"
    );

    let server = Stated::start(directory);
    let mut found = stored(&server).await;
    check(&acknowledged, &found);
    println!("{} acknowledged, {} there", acknowledged.len(), found.len());

    // It goes on where it stopped.
    let later = create_all(&server, &found, Arc::new(Semaphore::new(0))).await;
    found.extend(later);
    assert_eq!(found.len(), SERVICES);
    server.kill();
    drop(server);
    let server = Stated::start(directory);
    assert_eq!(stored(&server).await, found);
}

/// The next number of the sequence that a seed begins (splitmix64).
fn random(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *seed;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_a_kill() {
    let clock = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_millis();
    let seed = std::env::var("STATED_TEST_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let seeds = match seed {
        Some(seed) => vec![seed],
        None => vec![1, 2, u64::try_from(clock).unwrap()],
    };
    for mut seed in seeds {
        println!("STATED_TEST_SEED={seed}");
        let acknowledgements = 1 + usize::try_from(random(&mut seed) % 900).unwrap();
        let directory = tempfile::tempdir().unwrap();
        kill_after(directory.path(), acknowledgements).await;
    }
}
