//! How services are shown to people.

use store_objects::wire::endpoint_spec::ResolutionMode;
use store_objects::wire::port_config::{Protocol, PublishMode};
use store_objects::wire::restart_policy::RestartCondition;
use store_objects::wire::service_spec::Mode;
use store_objects::wire::task_spec::Runtime;
use store_objects::wire::update_config::{FailureAction, UpdateOrder};
use store_objects::wire::update_status::UpdateState;
use store_objects::wire::{
    ContainerSpec, Mount, PortConfig, Resources, RestartPolicy, Service, TaskSpec, UpdateConfig,
    mount,
};

use super::{Statuses, mode_name};
use crate::cli::kind::{Kind as _, View};
use crate::cli::output::{Fields, Table, enum_name, pairs};
use crate::cli::{quantity, time};

/// Returns the services as a table.
pub(super) fn table(services: &[Service], statuses: &Statuses, view: View) -> Table {
    let mut table = Table::new(&["ID", "NAME", "MODE", "REPLICAS", "IMAGE"]);
    for service in services {
        let spec = service.spec.as_deref();
        table.row([
            service.id.clone(),
            service.name(),
            mode_name(spec).into(),
            replicas(service, statuses),
            image(spec.and_then(|spec| spec.task.as_deref())),
        ]);
    }
    if view.wide {
        table.column(
            "PORTS",
            services.iter().map(|service| ports(service).join(", ")),
        );
    }
    view.widen(&mut table, services);
    table
}

/// Returns all about a service but its tasks; `networks` has the names of those that it is attached to.
pub(super) fn details(
    service: &Service,
    statuses: &Statuses,
    networks: Vec<String>,
    view: View,
) -> String {
    let spec = service.spec.as_deref().cloned().unwrap_or_default();
    let endpoint = spec.endpoint.clone().unwrap_or_default();
    let mut fields = view.fields(service);
    fields.put(
        "Labels",
        pairs(&spec.annotations.unwrap_or_default().labels),
    );
    fields.put("Mode", mode_name(service.spec.as_deref()));
    fields.put("Replicas", replicas(service, statuses));
    if let Some(update) = &service.update_status {
        let state = enum_name(update.state, UpdateState::as_str_name);
        fields.put(
            "Update",
            [state, update.message.clone()].join(" ").trim_end(),
        );
    }
    put_task(&mut fields, &spec.task.unwrap_or_default());
    fields.put_all("Networks", networks);
    put_policy(&mut fields, "Updates", spec.update.as_ref());
    put_policy(&mut fields, "Rollbacks", spec.rollback.as_ref());
    if endpoint.mode == i32::from(ResolutionMode::Dnsrr) {
        fields.put("Endpoint", "DNSRR");
    }
    fields.put_all("Ports", ports(service));
    if service.previous_spec.is_some() {
        fields.put(
            "Previous spec",
            "yes; `service update --rollback` returns to it",
        );
    }
    fields.render()
}

/// Returns what a task runs.
pub(in crate::cli) fn image(task: Option<&TaskSpec>) -> String {
    match task.and_then(|task| task.runtime.as_ref()) {
        Some(Runtime::Container(container)) => container.image.clone(),
        Some(Runtime::Generic(generic)) => format!("({})", generic.kind),
        Some(Runtime::Attachment(_)) => "(attachment)".into(),
        None => String::new(),
    }
}

/// Returns how many tasks do what they should, and how many should.
fn replicas(service: &Service, statuses: &Statuses) -> String {
    let status = statuses.get(&service.id).cloned().unwrap_or_default();
    match service.spec.as_ref().and_then(|spec| spec.mode) {
        Some(Mode::Replicated(mode)) => format!("{}/{}", status.running_tasks, mode.replicas),
        Some(Mode::Global(_)) => format!("{}/{}", status.running_tasks, status.desired_tasks),
        Some(Mode::ReplicatedJob(mode)) => format!(
            "{}/{} complete",
            status.completed_tasks, mode.total_completions
        ),
        // Those that are complete do not count as desired any more.
        Some(Mode::GlobalJob(_)) => {
            let all = status.completed_tasks.saturating_add(status.desired_tasks);
            format!("{}/{all} complete", status.completed_tasks)
        }
        None => String::new(),
    }
}

fn put_task(fields: &mut Fields, task: &TaskSpec) {
    fields.put("Image", image(Some(task)));
    if let Some(Runtime::Container(container)) = &task.runtime {
        put_container(fields, container);
    }
    if let Some(resources) = &task.resources {
        fields.put("Limits", amounts(resources.limits.as_ref()));
        fields.put("Reservations", amounts(resources.reservations.as_ref()));
    }
    if let Some(restart) = &task.restart {
        fields.put("Restart", restart_policy(restart));
    }
    if let Some(placement) = &task.placement {
        fields.put_all("Constraints", placement.constraints.iter().cloned());
        fields.put(
            "Max per node",
            if placement.max_replicas == 0 {
                String::new()
            } else {
                placement.max_replicas.to_string()
            },
        );
    }
    if let Some(driver) = &task.log_driver {
        fields.put("Log driver", &driver.name);
        fields.put("Log options", pairs(&driver.options));
    }
}

fn put_container(fields: &mut Fields, container: &ContainerSpec) {
    fields.put("Command", container.command.join(" "));
    fields.put("Args", container.args.join(" "));
    fields.put("Hostname", &container.hostname);
    fields.put("Directory", &container.dir);
    fields.put("User", &container.user);
    fields.put_all("Env", container.env.iter().cloned());
    fields.put_all("Mounts", container.mounts.iter().map(mount));
    fields.put_all(
        "Secrets",
        container
            .secrets
            .iter()
            .map(|secret| secret.secret_name.clone()),
    );
    fields.put_all(
        "Configs",
        container
            .configs
            .iter()
            .map(|config| config.config_name.clone()),
    );
}

fn put_policy(fields: &mut Fields, label: &'static str, policy: Option<&UpdateConfig>) {
    let Some(policy) = policy else { return };
    let tasks = match policy.parallelism {
        0 => "all tasks at once".into(),
        1 => "one task at a time".into(),
        count => format!("{count} tasks at a time"),
    };
    let action = enum_name(policy.failure_action, FailureAction::as_str_name);
    let mut parts = vec![
        tasks,
        enum_name(policy.order, UpdateOrder::as_str_name),
        format!("{action} on failure"),
    ];
    parts.extend(
        policy
            .delay
            .as_ref()
            .map(|delay| format!("delay {}", time::span(delay))),
    );
    parts.extend(
        policy
            .monitor
            .as_ref()
            .map(|monitor| format!("monitor {}", time::span(monitor))),
    );
    fields.put(label, parts.join(", "));
}

fn amounts(resources: Option<&Resources>) -> String {
    let Some(resources) = resources else {
        return String::new();
    };
    let cpus = quantity::cpus(resources.nano_cpus);
    let cpus = if cpus.is_empty() {
        cpus
    } else {
        format!("{cpus} CPUs")
    };
    let parts = [cpus, quantity::bytes(resources.memory_bytes)];
    parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

fn restart_policy(policy: &RestartPolicy) -> String {
    let mut parts = vec![enum_name(policy.condition, RestartCondition::as_str_name)];
    parts.extend(
        policy
            .delay
            .as_ref()
            .map(|delay| format!("delay {}", time::span(delay))),
    );
    if policy.max_attempts > 0 {
        parts.push(format!("at most {} times", policy.max_attempts));
    }
    parts.extend(
        policy
            .window
            .as_ref()
            .map(|window| format!("in {}", time::span(window))),
    );
    parts.join(", ")
}

fn mount(mount: &Mount) -> String {
    let kind = enum_name(mount.r#type, mount::Type::as_str_name).to_lowercase();
    let way = if mount.readonly { " (read-only)" } else { "" };
    if mount.source.is_empty() {
        format!("{kind} {}{way}", mount.target)
    } else {
        format!("{kind} {} at {}{way}", mount.source, mount.target)
    }
}

/// Returns the ports that were allocated; else those that are wanted.
fn ports(service: &Service) -> Vec<String> {
    let allocated = service
        .endpoint
        .clone()
        .map(|endpoint| endpoint.ports)
        .filter(|ports| !ports.is_empty());
    let wanted = || {
        service
            .spec
            .as_ref()
            .and_then(|spec| spec.endpoint.clone())
            .map(|endpoint| endpoint.ports)
    };
    allocated
        .or_else(wanted)
        .unwrap_or_default()
        .iter()
        .map(port)
        .collect()
}

fn port(port: &PortConfig) -> String {
    let protocol = enum_name(port.protocol, Protocol::as_str_name).to_lowercase();
    let published = match port.published_port {
        0 => String::new(),
        published => {
            let mode = enum_name(port.publish_mode, PublishMode::as_str_name).to_lowercase();
            format!(" at {published} ({mode})")
        }
    };
    let name = if port.name.is_empty() {
        String::new()
    } else {
        format!("{} ", port.name)
    };
    format!("{name}{}/{protocol}{published}", port.target_port)
}

#[cfg(test)]
mod tests {
    use store_objects::wire::list_service_statuses_response::ServiceStatus;
    use store_objects::wire::{GlobalJob, GlobalService, ReplicatedJob};

    use super::*;
    use crate::cli::output;
    use crate::cli::sample::{self, assert_golden};

    fn statuses() -> Statuses {
        let status = ServiceStatus {
            running_tasks: 2,
            desired_tasks: 3,
            completed_tasks: 4,
            ..Default::default()
        };
        [("s1".to_owned(), status)].into()
    }

    #[test]
    fn a_table_shows_how_many_tasks_run() {
        let mut job = sample::service("s2", "nightly");
        job.spec.get_or_insert_default().mode = Some(Mode::ReplicatedJob(ReplicatedJob::default()));
        let services = [sample::service("s1", "web"), job];
        assert_golden(
            "service_ls.txt",
            &table(&services, &statuses(), sample::VIEW).render(true),
        );
        assert_golden(
            "service_ls_wide.txt",
            &table(&services, &statuses(), sample::WIDE).render(true),
        );
        assert_golden(
            "service_ls_no_headers.txt",
            &table(&services, &statuses(), sample::VIEW).render(false),
        );
        assert_golden("service_ls.json", &output::json(&services[..]).unwrap());
    }

    #[test]
    fn an_empty_list_is_a_header_or_an_empty_array() {
        assert_eq!(
            table(&[], &statuses(), sample::VIEW).render(true),
            "ID  NAME  MODE  REPLICAS  IMAGE\n"
        );
        assert_eq!(output::json::<[Service]>(&[]).unwrap(), "[]\n");
        assert_eq!(output::yaml::<[Service]>(&[]).unwrap(), "[]\n");
    }

    #[test]
    fn details_show_what_is_set_and_no_more() {
        assert_golden(
            "service_inspect.txt",
            &details(
                &sample::full_service("s1"),
                &statuses(),
                vec!["back".into()],
                sample::VIEW,
            ),
        );
        assert_golden(
            "service_inspect_bare.txt",
            &details(&Service::default(), &statuses(), vec![], sample::VIEW),
        );
        assert_golden(
            "service_inspect.json",
            &output::json(&sample::full_service("s1")).unwrap(),
        );
        assert_golden(
            "service_inspect.yaml",
            &output::yaml(&sample::full_service("s1")).unwrap(),
        );
    }

    #[test]
    fn each_mode_counts_in_its_way() {
        let mut service = sample::service("s1", "web");
        let mut count = |mode: Mode| {
            service.spec.get_or_insert_default().mode = Some(mode);
            replicas(&service, &statuses())
        };
        assert_eq!(count(Mode::Global(GlobalService {})), "2/3");
        assert_eq!(
            count(Mode::ReplicatedJob(ReplicatedJob {
                total_completions: 9,
                max_concurrent: 1
            })),
            "4/9 complete"
        );
        assert_eq!(count(Mode::GlobalJob(GlobalJob {})), "4/7 complete");
    }
}
