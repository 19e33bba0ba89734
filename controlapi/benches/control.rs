//! What a request costs: in the handlers alone, and through a real socket to a durable log.
//!
//! `create/...` is one service with two labels and an image; its parameter is the number of clients that create at the
//! same time. `memory` calls the handlers directly, over a log in memory: no transport, no disk. `socket` is what a client
//! sees: one connection, HTTP/2, and an answer only once the change is flushed to disk.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use controlapi::rpc::control_client::ControlClient;
use controlapi::rpc::control_server::Control as _;
use controlapi::{ControlService, server};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use proposer::{Journal, JournalOptions, Loopback, Proposer};
use store_core::{Changes, Store};
use store_objects::Orchestration;
use store_objects::wire::service_spec::Mode;
use store_objects::wire::task_spec::Runtime;
use store_objects::wire::{
    Annotations, ContainerSpec, CreateServiceRequest, GetServiceRequest, ListServicesRequest,
    ReplicatedService, ServiceSpec, TaskSpec,
};
use tokio::runtime::Runtime as Tokio;
use tonic::Request;
use tonic::transport::{Channel, Endpoint};

const CLIENTS: [u64; 3] = [1, 16, 64];
const LISTED: u64 = 1_000;

fn create(number: u64) -> CreateServiceRequest {
    let labels = [("tier", "front"), ("env", "prod")]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into();
    let annotations = Annotations {
        name: format!("service-{number}"),
        labels,
        ..Annotations::default()
    };
    let container = ContainerSpec {
        image: "nginx:1.25".to_owned(),
        ..ContainerSpec::default()
    };
    let task = TaskSpec {
        runtime: Some(Runtime::Container(container)),
        ..TaskSpec::default()
    };
    CreateServiceRequest {
        spec: Some(ServiceSpec {
            annotations: Some(annotations),
            task: Some(task.into()),
            mode: Some(Mode::Replicated(ReplicatedService { replicas: 0 })),
            ..ServiceSpec::default()
        }),
    }
}

/// One way to reach the API.
trait Target: Clone + Send + 'static {
    fn create(&mut self, number: u64) -> impl Future<Output = String> + Send;
    fn get(&mut self, id: String) -> impl Future<Output = ()> + Send;
    fn list(&mut self) -> impl Future<Output = u64> + Send;
}

impl<P: Proposer<Changes<Orchestration>>> Target for ControlService<P> {
    async fn create(&mut self, number: u64) -> String {
        let made = self
            .create_service(Request::new(create(number)))
            .await
            .expect("the name is new");
        made.into_inner().service.expect("it holds the service").id
    }

    async fn get(&mut self, service_id: String) {
        let request = GetServiceRequest {
            service_id,
            insert_defaults: false,
        };
        self.get_service(Request::new(request))
            .await
            .expect("it is there");
    }

    async fn list(&mut self) -> u64 {
        let listed = self
            .list_services(Request::new(ListServicesRequest::default()))
            .await
            .expect("it lists");
        listed.into_inner().services.len() as u64
    }
}

impl Target for ControlClient<Channel> {
    async fn create(&mut self, number: u64) -> String {
        let made = self
            .create_service(create(number))
            .await
            .expect("the name is new");
        made.into_inner().service.expect("it holds the service").id
    }

    async fn get(&mut self, service_id: String) {
        let request = GetServiceRequest {
            service_id,
            insert_defaults: false,
        };
        self.get_service(request).await.expect("it is there");
    }

    async fn list(&mut self) -> u64 {
        self.list_services(ListServicesRequest::default())
            .await
            .expect("it lists")
            .into_inner()
            .services
            .len() as u64
    }
}

/// Makes `total` requests from so many clients at once, and returns how long that took.
async fn at_once<T, F>(
    target: &T,
    clients: u64,
    total: u64,
    request: impl Fn(T, u64) -> F,
) -> Duration
where
    T: Target,
    F: Future<Output = ()> + Send + 'static,
{
    let begun = Instant::now();
    let clients: Vec<_> = (0..clients)
        .map(|client| {
            tokio::spawn(request(
                target.clone(),
                total / clients + u64::from(client < total % clients),
            ))
        })
        .collect();
    for client in clients {
        client.await.expect("a client does not panic");
    }
    begun.elapsed()
}

/// Measures creation and reading, then lists of a thousand services.
fn measure<T: Target>(c: &mut Criterion, tokio: &Tokio, name: &str, fresh: impl Fn() -> T) {
    let next = Arc::new(AtomicU64::new(0));
    let create_some = |target: T, count| {
        let next = Arc::clone(&next);
        async move {
            let mut target = target;
            for _ in 0..count {
                target.create(next.fetch_add(1, Ordering::Relaxed)).await;
            }
        }
    };
    let target = fresh();
    let mut group = c.benchmark_group("create");
    group.throughput(Throughput::Elements(1));
    for clients in CLIENTS {
        group.bench_function(BenchmarkId::new(name, clients), |bencher| {
            bencher
                .iter_custom(|total| tokio.block_on(at_once(&target, clients, total, create_some)));
        });
    }
    group.finish();

    let mut target = fresh();
    let id = tokio.block_on(async {
        for number in 1..LISTED {
            target.create(number).await;
        }
        target.create(0).await
    });
    let mut group = c.benchmark_group("get");
    group.throughput(Throughput::Elements(1));
    for clients in CLIENTS {
        let get_some = |mut target: T, count| {
            let id = id.clone();
            async move {
                for _ in 0..count {
                    target.get(id.clone()).await;
                }
            }
        };
        group.bench_function(BenchmarkId::new(name, clients), |bencher| {
            bencher.iter_custom(|total| tokio.block_on(at_once(&target, clients, total, get_some)));
        });
    }
    group.finish();

    let mut group = c.benchmark_group("list");
    group.throughput(Throughput::Elements(LISTED));
    group.bench_function(BenchmarkId::new(name, LISTED), |bencher| {
        bencher.iter(|| assert_eq!(tokio.block_on(target.list()), LISTED));
    });
    group.finish();
}

fn memory(c: &mut Criterion) {
    let tokio = Tokio::new().expect("a runtime starts");
    measure(c, &tokio, "memory", || {
        ControlService::new(Store::open(Loopback::new()).expect("a loopback begins"))
    });
}

fn socket(c: &mut Criterion) {
    let tokio = Tokio::new().expect("a runtime starts");
    let directory = tempfile::tempdir().expect("there is room for temporary files");
    let served = AtomicU64::new(0);
    measure(c, &tokio, "socket", || {
        let directory = directory
            .path()
            .join(served.fetch_add(1, Ordering::Relaxed).to_string());
        tokio.block_on(serve(&directory))
    });
}

/// Starts a server in a directory, and connects to it.
async fn serve(directory: &Path) -> ControlClient<Channel> {
    let journal = Journal::open(directory.join("state"), JournalOptions::default())
        .expect("the directory is new");
    let store = Store::<Orchestration, _>::open(journal).expect("there is nothing to read");
    let socket = directory.join("socket");
    let (listener, file) = server::bind(&socket).expect("the path is free");
    tokio::spawn(async move {
        let never = std::future::pending();
        server::serve(store, listener, never, Duration::ZERO)
            .await
            .expect("it serves");
        drop(file);
    });
    let address = format!("unix://{}", socket.display());
    let channel = Endpoint::from_shared(address)
        .expect("it is an address")
        .connect()
        .await
        .expect("it listens");
    ControlClient::new(channel).max_decoding_message_size(usize::MAX)
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    targets = memory, socket
}
criterion_main!(benches);
