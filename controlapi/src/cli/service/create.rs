//! `service create`: a new service, from flags, from a file, or from a file and flags that change it.

use clap::ValueEnum;
use store_objects::wire::restart_policy::RestartCondition;
use store_objects::wire::service_spec::Mode;
use store_objects::wire::{
    GlobalJob, GlobalService, ReplicatedJob, ReplicatedService, RestartPolicy, Service, ServiceSpec,
};

use super::spec::{References, SpecFlags};
use crate::cli::error::Error;
use crate::cli::kind::Make as _;
use crate::cli::session::Session;

/// What the new service is to be like.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Create {
    /// The name; a DNS name of one component.
    #[arg(long, required_unless_present = "file")]
    name: Option<String>,
    /// How many tasks there are, and whether they end; replicated by default.
    #[arg(long)]
    mode: Option<ModeName>,
    #[command(flatten)]
    flags: SpecFlags,
}

/// How many tasks a service has, and whether they end.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ModeName {
    /// As many as are asked for, for ever.
    Replicated,
    /// One on every node, for ever.
    Global,
    /// As many as are asked for, until they end.
    ReplicatedJob,
    /// One on every node, until it ends.
    GlobalJob,
}

impl Create {
    pub(super) async fn run(self, session: &mut Session<'_>) -> Result<(), Error> {
        let references = self.flags.references(&mut session.client).await?;
        let spec = self.spec(&references)?;
        let service = Service::create(&mut session.client, spec).await?;
        session.print_one(&service)
    }

    fn spec(&self, references: &References) -> Result<ServiceSpec, Error> {
        let mut spec = self.flags.file()?.unwrap_or_else(bare);
        if let Some(name) = &self.name {
            spec.annotations
                .get_or_insert_default()
                .name
                .clone_from(name);
        }
        if let Some(mode) = self.mode {
            spec.mode = Some(mode.into());
        }
        self.flags.apply(&mut spec, references)?;
        Ok(spec)
    }
}

/// Returns what every service is like if nobody says otherwise: one task, started again whenever it ends.
fn bare() -> ServiceSpec {
    let mut spec = ServiceSpec {
        mode: Some(ModeName::Replicated.into()),
        ..Default::default()
    };
    let restart = RestartPolicy {
        condition: RestartCondition::Any.into(),
        ..Default::default()
    };
    spec.task.get_or_insert_default().restart = Some(restart);
    spec
}

impl From<ModeName> for Mode {
    fn from(name: ModeName) -> Self {
        match name {
            ModeName::Replicated => Self::Replicated(ReplicatedService { replicas: 1 }),
            ModeName::Global => Self::Global(GlobalService {}),
            ModeName::ReplicatedJob => Self::ReplicatedJob(ReplicatedJob {
                max_concurrent: 1,
                total_completions: 1,
            }),
            ModeName::GlobalJob => Self::GlobalJob(GlobalJob {}),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::sample::assert_json;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        create: Create,
    }

    fn spec(flags: &str) -> Result<ServiceSpec, String> {
        let line = Line::try_parse_from(std::iter::once("create").chain(flags.split_whitespace()));
        let create = line.map_err(|error| error.to_string())?.create;
        create
            .spec(&References::default())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn name_and_image_are_a_whole_service() {
        assert_json(
            &spec("--name web --image nginx").unwrap(),
            r#"{
                "annotations": {"name": "web"},
                "task": {"container": {"image": "nginx"}, "restart": {"condition": "ANY"}},
                "replicated": {"replicas": "1"}
            }"#,
        );
    }

    #[test]
    fn modes_have_their_counts() {
        let mode = |flags: &str| {
            spec(&format!("--name web --image nginx {flags}")).map(|spec| spec.mode.unwrap())
        };
        assert_eq!(
            mode("--replicas 3"),
            Ok(Mode::Replicated(ReplicatedService { replicas: 3 }))
        );
        assert_eq!(mode("--mode global"), Ok(Mode::Global(GlobalService {})));
        assert_eq!(mode("--mode global-job"), Ok(Mode::GlobalJob(GlobalJob {})));
        let job = |max_concurrent, total_completions| {
            Mode::ReplicatedJob(ReplicatedJob {
                max_concurrent,
                total_completions,
            })
        };
        assert_eq!(mode("--mode replicated-job"), Ok(job(1, 1)));
        assert_eq!(mode("--mode replicated-job --replicas 9"), Ok(job(9, 9)));
        assert_eq!(
            mode("--mode replicated-job --replicas 9 --max-concurrent 2"),
            Ok(job(2, 9))
        );
        assert_eq!(
            mode("--mode global --replicas 3").unwrap_err(),
            "--replicas goes with a service of mode replicated or replicated-job only"
        );
    }

    #[test]
    fn placement_and_logs_are_part_of_the_task() {
        let spec = Line::parse_from([
            "create",
            "--name=web",
            "--image=nginx",
            "--constraint=node.role == worker",
            "--replicas-max-per-node=2",
            "--log-driver=json-file",
            "--log-opt=max-size=10m",
            "--publish=http:80:8080",
        ])
        .create
        .spec(&References::default());
        assert_json(
            &spec.unwrap(),
            r#"{
                "annotations": {"name": "web"},
                "task": {
                    "container": {"image": "nginx"},
                    "restart": {"condition": "ANY"},
                    "placement": {"constraints": ["node.role == worker"], "maxReplicas": "2"},
                    "logDriver": {"name": "json-file", "options": {"max-size": "10m"}}
                },
                "replicated": {"replicas": "1"},
                "endpoint": {"ports": [
                    {"name": "http", "targetPort": 80, "publishedPort": 8080, "publishMode": "HOST"}
                ]}
            }"#,
        );
    }

    #[test]
    fn a_service_needs_a_name_and_a_known_mode() {
        assert!(spec("--image nginx").unwrap_err().contains("--name"));
        assert!(
            spec("--name web --image nginx --mode all")
                .unwrap_err()
                .contains("replicated-job")
        );
    }

    #[test]
    fn flags_change_what_a_file_says() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let text = r#"{"annotations": {"name": "web"}, "task": {"container": {"image": "nginx"}}, "global": {}}"#;
        std::fs::write(file.path(), text).unwrap();
        let path = file.path().display();
        assert_json(&spec(&format!("-f {path}")).unwrap(), text);
        assert_json(
            &spec(&format!("-f {path} --name api --image caddy")).unwrap(),
            r#"{"annotations": {"name": "api"}, "task": {"container": {"image": "caddy"}}, "global": {}}"#,
        );
    }
}
