//! Tasks: the single runs of services.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use store_objects::wire::{
    GetTaskRequest, ListTasksRequest, Meta, RemoveTaskRequest, Task, TaskState, list_tasks_request,
};
use tonic::Status;

use super::connect::Client;
use super::error::Error;
use super::kind::{Kind, View, present};
use super::node;
use super::output::{Table, enum_name};
use super::resolve::resolve;
use super::selection::Selection;
use super::service::{Service, image};
use super::session::Session;
use super::time::ago;
use super::verbs::{List, Named};

/// What can be done with tasks.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Verb {
    /// List tasks; more filters: service=, node=, desired-state=.
    #[command(visible_alias = "list")]
    Ls {
        #[command(flatten)]
        list: List,
        /// Also those that are being shut down, or have been.
        #[arg(short, long)]
        all: bool,
    },
    /// Show all about tasks.
    Inspect(Named),
    /// Remove tasks at once, whatever they are doing.
    #[command(visible_alias = "remove")]
    Rm(Named),
}

impl Verb {
    pub(super) async fn run(self, session: &mut Session<'_>) -> Result<(), Error> {
        match self {
            Self::Ls { list, all } => {
                list.run::<Task>(session, |task| all || is_wanted(task))
                    .await
            }
            Self::Inspect(named) => named.inspect::<Task>(session).await,
            Self::Rm(named) => {
                let remove = async |client: &mut Client, task_id| {
                    client
                        .control
                        .remove_task(RemoveTaskRequest { task_id })
                        .await
                        .map(drop)
                };
                named.remove::<Task>(session, remove).await
            }
        }
    }
}

/// Returns whether a task is meant to run, or to have run: a job's task is wanted to be complete.
fn is_wanted(task: &Task) -> bool {
    task.desired_state <= TaskState::Complete.into()
}

impl Kind for Task {
    const NOUN: &'static str = "task";
    const FILTERS: &'static [&'static str] = &["service", "node", "desired-state"];

    fn id(&self) -> &str {
        &self.id
    }

    /// The service and the slot; the node where a service has one task a node.
    fn name(&self) -> String {
        match &self.annotations {
            Some(annotations) if !annotations.name.is_empty() => annotations.name.clone(),
            _ if self.slot == 0 => format!("{}.{}", service_name(self), self.node_id),
            _ => format!("{}.{}", service_name(self), self.slot),
        }
    }

    fn meta(&self) -> Option<&Meta> {
        self.meta.as_ref()
    }

    async fn get(client: &mut Client, id: &str) -> Result<Self, Status> {
        let request = GetTaskRequest { task_id: id.into() };
        let answer = client.control.get_task(request).await?;
        present(answer.into_inner().task)
    }

    async fn list(client: &mut Client, selection: &Selection) -> Result<Vec<Self>, Error> {
        let mut filters = list_tasks_request::Filters {
            names: selection.names.clone(),
            name_prefixes: selection.name_prefixes.clone(),
            id_prefixes: selection.id_prefixes.clone(),
            labels: selection.labels.clone(),
            desired_states: selection.numbers("desired-state", TaskState::as_str_name)?,
            ..Default::default()
        };
        for service in selection.special("service") {
            filters
                .service_ids
                .push(resolve::<Service>(client, service).await?.id);
        }
        for node in selection.special("node") {
            filters
                .node_ids
                .push(resolve::<node::Node>(client, node).await?.id);
        }
        fetch(client, filters).await
    }

    /// The full name of a task ends with its id; the part before that is what a person knows.
    async fn named(client: &mut Client, name: &str) -> Result<Vec<Self>, Error> {
        let exact = Self::list(client, &Selection::of_name(name)).await?;
        if exact.is_empty() {
            Self::list(client, &Selection::of_name_prefix(&format!("{name}."))).await
        } else {
            Ok(exact)
        }
    }

    /// By service and slot, the newest of a slot first.
    fn sort(tasks: &mut [Self]) {
        tasks.sort_by_cached_key(|task| {
            let created = task.meta.and_then(|meta| meta.created_at);
            let created = created.map(|time| (time.seconds, time.nanos));
            (
                service_name(task).to_owned(),
                task.slot,
                Reverse(created),
                task.id.clone(),
            )
        });
    }

    async fn table(client: &mut Client, tasks: &[Self], view: View) -> Result<Table, Error> {
        Ok(table(tasks, &node::names(client, tasks).await, view))
    }

    async fn details(&self, client: &mut Client, view: View) -> Result<String, Error> {
        let nodes = node::names(client, std::slice::from_ref(self)).await;
        Ok(details(self, &nodes, view))
    }
}

/// Reads the tasks that the server's filters leave, sorted.
pub(super) async fn fetch(
    client: &mut Client,
    filters: list_tasks_request::Filters,
) -> Result<Vec<Task>, Error> {
    let request = ListTasksRequest {
        filters: Some(filters),
    };
    let mut tasks = client.control.list_tasks(request).await?.into_inner().tasks;
    Task::sort(&mut tasks);
    Ok(tasks)
}

/// Returns the tasks as the details of a service or node end with them.
pub(super) fn section(tasks: &[Task], nodes: &BTreeMap<String, String>, view: View) -> String {
    if tasks.is_empty() {
        String::new()
    } else {
        format!("\n{}", table(tasks, nodes, view).render(view.headers))
    }
}

/// Returns the tasks as a table; `nodes` has the names of nodes by id.
fn table(tasks: &[Task], nodes: &BTreeMap<String, String>, view: View) -> Table {
    let mut table = Table::new(&["ID", "NAME", "IMAGE", "DESIRED STATE", "LAST STATE", "NODE"]);
    for task in tasks {
        table.row([
            task.id.clone(),
            task.name(),
            image(task.spec.as_deref()),
            enum_name(task.desired_state, TaskState::as_str_name),
            last_state(task, view),
            node_name(task, nodes),
        ]);
    }
    if view.wide {
        let error = |task: &Task| task.status.clone().unwrap_or_default().err;
        table.column("ERROR", tasks.iter().map(error));
    }
    view.widen(&mut table, tasks);
    table
}

fn details(task: &Task, nodes: &BTreeMap<String, String>, view: View) -> String {
    let status = task.status.clone().unwrap_or_default();
    let mut fields = view.fields(task);
    fields.put("Service", service_name(task));
    fields.put(
        "Slot",
        if task.slot == 0 {
            String::new()
        } else {
            task.slot.to_string()
        },
    );
    fields.put("Node", node_name(task, nodes));
    fields.put(
        "Desired state",
        enum_name(task.desired_state, TaskState::as_str_name),
    );
    fields.put("Last state", last_state(task, view));
    fields.put("Message", status.message);
    fields.put("Error", status.err);
    fields.put("Image", image(task.spec.as_deref()));
    fields.render()
}

fn last_state(task: &Task, view: View) -> String {
    let status = task.status.clone().unwrap_or_default();
    let state = enum_name(status.state, TaskState::as_str_name);
    format!("{state} {}", ago(&view.now, status.timestamp.as_ref()))
        .trim_end()
        .into()
}

/// Returns the name that the service had when the task was made; else its id.
fn service_name(task: &Task) -> &str {
    match &task.service_annotations {
        Some(annotations) if !annotations.name.is_empty() => &annotations.name,
        _ => &task.service_id,
    }
}

fn node_name(task: &Task, nodes: &BTreeMap<String, String>) -> String {
    nodes.get(&task.node_id).unwrap_or(&task.node_id).clone()
}

#[cfg(test)]
mod tests {
    use super::super::sample::{self, assert_golden};
    use super::*;

    fn tasks() -> Vec<Task> {
        let mut tasks = vec![
            sample::task("t4", "web", 2, TaskState::Pending),
            sample::task("t2", "web", 1, TaskState::Running),
            sample::task("t3", "agent", 0, TaskState::Running),
            sample::task("t1", "web", 1, TaskState::Failed),
        ];
        Task::sort(&mut tasks);
        tasks
    }

    fn nodes() -> BTreeMap<String, String> {
        [("n1".to_owned(), "east".to_owned())].into()
    }

    #[test]
    fn a_table_is_sorted_by_service_and_slot() {
        assert_golden(
            "task_ls.txt",
            &table(&tasks(), &nodes(), sample::VIEW).render(true),
        );
        assert_golden(
            "task_ls_wide.txt",
            &table(&tasks(), &nodes(), sample::WIDE).render(true),
        );
    }

    #[test]
    fn details_name_service_and_node() {
        assert_golden(
            "task_inspect.txt",
            &details(&tasks()[1], &nodes(), sample::VIEW),
        );
    }

    #[test]
    fn a_task_of_a_node_is_named_after_it() {
        assert_eq!(
            sample::task("t3", "agent", 0, TaskState::Running).name(),
            "agent.n1"
        );
        assert_eq!(
            sample::task("t2", "web", 1, TaskState::Running).name(),
            "web.1"
        );
    }

    #[test]
    fn the_tasks_of_a_job_are_listed_and_those_shut_down_are_not() {
        let mut task = sample::task("t1", "job", 1, TaskState::Running);
        for (desired, wanted) in [
            (TaskState::Running, true),
            (TaskState::Complete, true),
            (TaskState::Shutdown, false),
        ] {
            task.desired_state = desired.into();
            assert_eq!(is_wanted(&task), wanted, "{desired:?}");
        }
    }
}
