//! `service update`: the flags given change the service, everything else stays as it is.

use clap::builder::NonEmptyStringValueParser;
use store_objects::wire::update_service_request::Rollback;
use store_objects::wire::{ServiceSpec, Shared, UpdateServiceRequest, Version};

use super::Service;
use super::spec::{References, SpecFlags};
use crate::cli::edit::{conflict, edit};
use crate::cli::error::{Error, is_conflict};
use crate::cli::kind::{Kind as _, present, version};
use crate::cli::resolve::resolve;
use crate::cli::session::Session;

/// What is to change.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Update {
    /// The service's name, id, or the beginning of its id.
    #[arg(value_name = "NAME|ID", value_parser = NonEmptyStringValueParser::new())]
    service: String,
    /// Only if the service has this version; otherwise the change is made on what others left.
    #[arg(long, value_name = "VERSION")]
    if_version: Option<u64>,
    /// Return to the spec before the last update.
    #[arg(long, conflicts_with = "force", conflicts_with_all = SpecFlags::GROUPS)]
    rollback: bool,
    /// Replace all tasks, even though nothing else changes.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    flags: SpecFlags,
}

impl Update {
    pub(super) async fn run(self, session: &mut Session<'_>) -> Result<(), Error> {
        let service = resolve::<Service>(&mut session.client, &self.service).await?;
        if self.rollback {
            let service = self.roll_back(session, service).await?;
            return session.print_one(&service);
        }
        let references = self.flags.references(&mut session.client).await?;
        let file = self.flags.file()?;
        // A file says what all of the service shall be, so it must not undo what others do meanwhile.
        let expected = self
            .if_version
            .or(file.is_some().then(|| version(&service)));
        let change = |spec: &mut ServiceSpec| self.change(spec, file.as_ref(), &references);
        let edited = edit(&mut session.client, service, expected, change).await?;
        session.print_edited(edited)
    }

    fn change(
        &self,
        spec: &mut ServiceSpec,
        file: Option<&ServiceSpec>,
        references: &References,
    ) -> Result<(), Error> {
        if let Some(file) = file {
            let name = spec.annotations.take().unwrap_or_default().name;
            spec.clone_from(file);
            let annotations = spec.annotations.get_or_insert_default();
            if annotations.name.is_empty() {
                annotations.name = name;
            }
        }
        if self.force {
            let task = spec.task.get_or_insert_default();
            task.force_update = task.force_update.wrapping_add(1);
        }
        self.flags.apply(spec, references)
    }

    /// Returns the service with its previous spec.
    ///
    /// It is tried once: when somebody else was faster, the previous spec is another one.
    async fn roll_back(
        &self,
        session: &mut Session<'_>,
        service: Service,
    ) -> Result<Service, Error> {
        let control = &mut session.client.control;
        let expected = self.if_version.unwrap_or(version(&service));
        let request = UpdateServiceRequest {
            service_id: service.id.clone(),
            service_version: Some(Version { index: expected }),
            spec: service.spec.map(Shared::into_inner),
            rollback: Rollback::Previous.into(),
        };
        match Box::pin(control.update_service(request)).await {
            Err(status) if is_conflict(&status) => {
                let stored = Service::get(&mut session.client, &service.id).await?;
                Err(conflict(&stored, expected))
            }
            answer => Ok(present(answer?.into_inner().service)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use store_objects::wire::{Annotations, TaskSpec};

    use super::*;
    use crate::cli::sample;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        update: Update,
    }

    fn update(flags: &str) -> Result<Update, String> {
        let line = Line::try_parse_from(
            ["update", "web"]
                .into_iter()
                .chain(flags.split_whitespace()),
        );
        line.map(|line| line.update)
            .map_err(|error| error.to_string())
    }

    fn before() -> ServiceSpec {
        Shared::into_inner(sample::full_service("s1").spec.unwrap())
    }

    fn after(flags: &str) -> ServiceSpec {
        let mut spec = before();
        update(flags)
            .unwrap()
            .change(&mut spec, None, &References::default())
            .unwrap();
        spec
    }

    #[test]
    fn without_flags_nothing_changes() {
        assert_eq!(after(""), before());
    }

    #[test]
    fn a_flag_changes_what_it_names_and_nothing_else() {
        let mut expected = before();
        expected.annotations.get_or_insert_default().labels =
            [("a".to_owned(), "1".to_owned())].into();
        assert_eq!(after("--label a=1"), expected);
    }

    #[test]
    fn an_empty_value_clears_a_list() {
        let mut expected = before();
        expected.endpoint.get_or_insert_default().ports.clear();
        assert_eq!(after("--publish="), expected);
    }

    #[test]
    fn force_replaces_the_tasks() {
        let mut expected = before();
        expected.task.get_or_insert_default().force_update += 1;
        assert_eq!(after("--force"), expected);
    }

    #[test]
    fn a_file_says_everything_but_the_name() {
        let file = ServiceSpec {
            annotations: Some(Annotations::default()),
            ..Default::default()
        };
        let mut spec = before();
        update("--replicas 5")
            .unwrap()
            .change(&mut spec, Some(&file), &References::default())
            .unwrap_err();
        spec = before();
        update("")
            .unwrap()
            .change(&mut spec, Some(&file), &References::default())
            .unwrap();
        let annotations = Annotations {
            name: "web".into(),
            ..Default::default()
        };
        let task = Some(TaskSpec::default().into());
        assert_eq!(
            spec,
            ServiceSpec {
                annotations: Some(annotations),
                task,
                ..Default::default()
            }
        );
    }

    #[test]
    fn a_rollback_goes_with_no_other_change() {
        assert!(update("--rollback").is_ok());
        assert!(update("--rollback --if-version 7").is_ok());
        let others = "--force|-f a.json|--label a=1|--image x|--bind a:b|--cpu-limit 1|--restart-delay 1s|\
                      --update-delay 1s|--log-driver a|--rollback-delay 1s|--network a|--constraint a==b|--publish a:80|--replicas 2";
        for other in others.split('|') {
            let error = update(&format!("--rollback {}", other.trim())).unwrap_err();
            assert!(error.contains("cannot be used with"), "{other}: {error}");
        }
    }
}
