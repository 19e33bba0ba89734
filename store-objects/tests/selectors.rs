//! Selectors combined: and, or, not, in, labels, ranges, for any kind alike.

mod support;

use store_core::{Query, Watch};
use store_objects::wire::{Node, Service, Task, TaskState};
use store_objects::{Annotated, Id, Label, node, service, task};
use support::*;

fn labelled<O: Sample>(id: &str, labels: &[(&str, &str)]) -> O {
    let mut object = O::sample(id, id);
    let labels = labels
        .iter()
        .map(|(key, value)| ((*key).into(), (*value).into()));
    object.annotations_mut().labels.extend(labels);
    object
}

#[test]
fn labels_are_found_by_key_value_and_set_of_values() {
    fn run<O: Sample + Annotated>() {
        let store = store();
        create(
            &store,
            [labelled::<O>("a", &[("tier", "web"), ("zone", "1")])],
        );
        create(&store, [labelled::<O>("b", &[("tier", "db")])]);
        create(&store, [labelled::<O>("c", &[("Tier", "web")])]);
        create(&store, [O::sample("d", "d")]);
        let tier = Label::new("tier");
        assert_eq!(ids::<O>(&store, tier.exists()), ["a", "b"]);
        assert_eq!(ids::<O>(&store, tier.eq("web")), ["a"]);
        assert_eq!(ids::<O>(&store, tier.eq("WEB")), Vec::<String>::new());
        assert_eq!(ids::<O>(&store, tier.any_of(["web", "db"])), ["a", "b"]);
        assert_eq!(ids::<O>(&store, tier.any_of([])), Vec::<String>::new());
        assert_eq!(
            ids(&store, Query::<O>::all().and_not(tier.exists())),
            ["c", "d"]
        );
        let both: Query<O> = tier.eq("web").and(Label::new("zone").exists());
        assert_eq!(ids::<O>(&store, both), ["a"]);
        assert_eq!(
            ids(&store, O::BY_NAME.prefix("b").or(tier.eq("web"))),
            ["b", "a"]
        );
    }
    run::<Node>();
    run::<Service>();
    run::<Task>();
    run::<store_objects::wire::Volume>();
}

#[test]
fn an_object_without_annotations_has_no_labels() {
    let store = store();
    create(
        &store,
        [Task {
            id: "a".into(),
            ..Task::default()
        }],
    );
    assert_eq!(
        ids::<Task>(&store, Label::new("").exists()),
        Vec::<String>::new()
    );
}

#[test]
fn selectors_combine() {
    let store = populated();
    let running = || task::BY_DESIRED_STATE.eq(&TaskState::Running.into());
    assert_eq!(
        ids(&store, task::BY_NODE.eq(Id::new("")).and(running())),
        ["id2"]
    );
    assert_eq!(ids(&store, Query::all().and_not(running())), ["id3"]);
    let states = [TaskState::Shutdown.into(), TaskState::Running.into()];
    assert_eq!(
        ids(&store, task::BY_DESIRED_STATE.any_of(&states)),
        ["id3", "id1", "id2"]
    );
    assert_eq!(ids(&store, running().rev().limit(1)), ["id2"]);
    // What a selector of SwarmKit cannot say: from one state to another.
    let (new, running): (i32, i32) = (TaskState::New.into(), TaskState::Running.into());
    assert_eq!(
        ids(&store, task::BY_DESIRED_STATE.range(&new..=&running)),
        ["id1", "id2"]
    );
    let one = node::BY_NAME
        .eq(name("name2"))
        .filter(|node: &Node| node.id.as_str() > "id2");
    assert_eq!(ids(&store, one), ["id3"]);
}

#[test]
fn a_watch_by_label_is_told_of_what_bears_it() {
    let store = store();
    let tier = Label::new("tier");
    let mut watch = store.watch(Watch::query(
        service::BY_NAME.prefix("").and(tier.eq("web")),
    ));
    create(&store, [labelled::<Service>("a", &[("tier", "db")])]);
    create(&store, [labelled::<Service>("b", &[("tier", "web")])]);
    let batch = watch.recv().unwrap();
    assert_eq!(batch.version(), store.view().version());
    assert_eq!(batch.events()[0].object().id(), "b");
    // It ceases to match: that is an event, too.
    change::<Service>(&store, "b", |service| {
        service.annotations_mut().labels.clear();
    })
    .unwrap();
    assert_eq!(watch.recv().unwrap().version(), store.view().version());
}
