//! Query and watch the orchestration tables: place a service's tasks on nodes, and be told of each.
//!
//! `cargo run -p store-objects --example orchestration`

use std::error::Error;

use proposer::Loopback;
use store_core::{Change, CreateError, Read, Store, Watch};
use store_objects::wire::{
    Annotations, Node, NodeDescription, NodeRole, Service, ServiceSpec, Shared, Task, TaskSpec,
    TaskState,
};
use store_objects::{Id, IdSource, Label, Orchestration, node, service, task};

fn main() -> Result<(), Box<dyn Error>> {
    let store = Store::<Orchestration, _>::open(Loopback::new())?;
    let ids = IdSource::new();

    // Two workers, and a service of the tier `web`.
    let worker = |hostname: &str| Node {
        id: ids.next(),
        role: NodeRole::Worker.into(),
        description: Some(Shared::new(NodeDescription {
            hostname: hostname.into(),
            ..Default::default()
        })),
        ..Default::default()
    };
    let labels = [("tier".to_owned(), "web".to_owned())].into();
    let web = Service {
        id: ids.next(),
        spec: Some(Shared::new(ServiceSpec {
            annotations: Some(Annotations {
                name: "Shop".into(),
                labels,
                ..Default::default()
            }),
            task: Some(TaskSpec::default().into()),
            ..Default::default()
        })),
        ..Default::default()
    };
    let (ant, bee) = (worker("ant"), worker("bee"));
    store.update(|tx| {
        tx.create(ant.clone())?;
        tx.create(bee.clone())?;
        tx.create(web.clone())
    })?;

    // From here on, whatever happens to the service's tasks.
    let of_web = || task::BY_SERVICE.eq(Id::new(&web.id));
    let (view, mut changes) = store.view_and_watch(Watch::query(of_web()));

    // Names are found without regard to case; labels narrow down what an index finds.
    let found = service::BY_NAME
        .prefix("SH")
        .and(Label::new("tier").any_of(["web", "api"]));
    let shop = view.find(found).next().ok_or("the shop is gone")?.clone();

    // One task for each worker, all with the one spec.
    let spec = shop.spec.as_ref().and_then(|spec| spec.task.clone());
    store.update(|tx| {
        let workers: Vec<_> = tx
            .find(node::BY_ROLE.eq(&NodeRole::Worker.into()))
            .cloned()
            .collect();
        for (slot, worker) in (1..).zip(workers) {
            tx.create(Task {
                id: ids.next(),
                service_id: shop.id.clone(),
                slot,
                node_id: worker.id.clone(),
                spec: spec.clone(),
                desired_state: TaskState::Running.into(),
                ..Default::default()
            })?;
        }
        Ok::<_, CreateError>(())
    })?;

    // A transaction is one batch, with the version that it has.
    let batch = changes.recv()?;
    for event in &batch {
        if let Some(Change::Created(task)) = event.of::<Task>() {
            println!(
                "version {}: slot {} on {}",
                batch.version(),
                task.slot,
                task.node_id
            );
        }
    }

    // Selectors combine, and some answers need no object.
    let view = store.view();
    let elsewhere = of_web().and_not(task::BY_NODE.eq(Id::new(&ant.id)));
    assert_eq!(view.find(elsewhere).count(), 1);
    assert_eq!(view.count(of_web()), 2);
    assert_eq!(batch.version(), view.version());
    Ok(())
}
