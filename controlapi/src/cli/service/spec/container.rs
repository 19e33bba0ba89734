//! Flags about the container of a task.

use std::str::FromStr;

use store_objects::wire::TaskSpec;
use store_objects::wire::container_spec::Ulimit;

use super::container;
use crate::cli::error::Error;
use crate::cli::item::{Item, given};
use crate::cli::time;

/// What runs, and how.
#[derive(Debug, Default, PartialEq, clap::Args)]
#[command(next_help_heading = "Container")]
pub(super) struct ContainerFlags {
    /// The image.
    #[arg(long)]
    image: Option<String>,
    /// One word of the command that replaces the image's entry point.
    #[arg(long, value_name = "WORD", allow_hyphen_values = true)]
    command: Vec<Item<String>>,
    /// One argument of the command.
    #[arg(long, value_name = "WORD", allow_hyphen_values = true)]
    args: Vec<Item<String>>,
    /// A variable of the environment.
    #[arg(long, value_name = "NAME=VALUE")]
    env: Vec<Item<String>>,
    /// The host name.
    #[arg(long, value_name = "NAME")]
    hostname: Option<String>,
    /// The working directory.
    #[arg(long, value_name = "PATH")]
    dir: Option<String>,
    /// The user.
    #[arg(long, value_name = "NAME|UID")]
    user: Option<String>,
    /// With a terminal.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    tty: Option<bool>,
    /// With standard input open.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    open_stdin: Option<bool>,
    /// With an init process that forwards signals and reaps.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    init: Option<bool>,
    /// How long it may take to stop.
    #[arg(long, value_name = "TIME", value_parser = time::parse_span)]
    stop_grace_period: Option<prost_types::Duration>,
    /// How willingly it is killed when memory runs out.
    #[arg(long, value_name = "-1000..1000", allow_negative_numbers = true)]
    oom_score_adj: Option<i64>,
    /// A capability of the kernel to add.
    #[arg(long = "add-capability", value_name = "NAME")]
    add_capabilities: Vec<String>,
    /// A capability of the kernel to take away.
    #[arg(long = "rm-capability", value_name = "NAME")]
    drop_capabilities: Vec<String>,
    /// A limit of its processes.
    #[arg(long = "ulimit", value_name = "NAME=SOFT[:HARD]")]
    ulimits: Vec<Item<Limit>>,
}

impl ContainerFlags {
    pub(super) fn apply(&self, task: &mut TaskSpec) -> Result<(), Error> {
        if *self == Self::default() {
            return Ok(());
        }
        let container = container(task)?;
        set(&mut container.image, self.image.clone());
        set(&mut container.command, given(&self.command));
        set(&mut container.args, given(&self.args));
        set(&mut container.env, given(&self.env));
        set(&mut container.hostname, self.hostname.clone());
        set(&mut container.dir, self.dir.clone());
        set(&mut container.user, self.user.clone());
        set(&mut container.tty, self.tty);
        set(&mut container.open_stdin, self.open_stdin);
        set(&mut container.init, self.init.map(Some));
        set(
            &mut container.stop_grace_period,
            self.stop_grace_period.map(Some),
        );
        set(&mut container.oom_score_adj, self.oom_score_adj);
        set(
            &mut container.ulimits,
            given(&self.ulimits)
                .map(|limits| limits.into_iter().map(|Limit(limit)| limit).collect()),
        );
        shift(
            &self.add_capabilities,
            &mut container.capability_drop,
            &mut container.capability_add,
        );
        shift(
            &self.drop_capabilities,
            &mut container.capability_add,
            &mut container.capability_drop,
        );
        Ok(())
    }
}

/// Sets a field, if there is something to set it to.
fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

/// Makes names members of one list and of the other no more.
fn shift(names: &[String], from: &mut Vec<String>, to: &mut Vec<String>) {
    from.retain(|name| !names.contains(name));
    for name in names {
        if !to.contains(name) {
            to.push(name.clone());
        }
    }
}

/// A limit of processes: `nofile=1024:4096`.
#[derive(Clone, Debug, PartialEq)]
struct Limit(Ulimit);

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let error = || format!("{text:?} is not of the form NAME=SOFT[:HARD]");
        let (name, limits) = text
            .split_once('=')
            .filter(|(name, _)| !name.is_empty())
            .ok_or_else(error)?;
        let (soft, hard) = limits.split_once(':').unwrap_or((limits, limits));
        let number = |text: &str| text.parse().map_err(|_| error());
        Ok(Self(Ulimit {
            name: name.into(),
            soft: number(soft)?,
            hard: number(hard)?,
        }))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use store_objects::wire::GenericRuntimeSpec;
    use store_objects::wire::task_spec::Runtime;

    use super::*;
    use crate::cli::sample::assert_json;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        flags: ContainerFlags,
    }

    fn apply(flags: &[&str], task: &mut TaskSpec) -> Result<(), Error> {
        Line::parse_from(["create"].iter().chain(flags))
            .flags
            .apply(task)
    }

    #[test]
    fn flags_become_a_container() {
        let mut task = TaskSpec::default();
        let flags = [
            "--image=nginx:1.27",
            "--command=sh",
            "--command",
            "-c",
            "--args=a b",
            "--args",
            "--",
            "--env=A=1,2",
            "--env=B=",
            "--hostname=web",
            "--dir=/srv",
            "--user=www",
            "--tty",
            "--open-stdin",
            "--init=false",
            "--stop-grace-period=1m",
            "--oom-score-adj",
            "-5",
            "--add-capability=NET_ADMIN",
            "--rm-capability=CHOWN",
            "--ulimit=nofile=1024:4096",
            "--ulimit=core=0",
        ];
        apply(&flags, &mut task).unwrap();
        assert_json(
            &task,
            r#"{"container": {
                "image": "nginx:1.27", "command": ["sh", "-c"], "args": ["a b", "--"], "env": ["A=1,2", "B="],
                "hostname": "web", "dir": "/srv", "user": "www", "tty": true, "openStdin": true, "init": false,
                "stopGracePeriod": "60s", "oomScoreAdj": "-5",
                "capabilityAdd": ["NET_ADMIN"], "capabilityDrop": ["CHOWN"],
                "ulimits": [{"name": "nofile", "soft": "1024", "hard": "4096"}, {"name": "core"}]
            }}"#,
        );
    }

    #[test]
    fn a_capability_is_added_or_dropped_not_both() {
        let mut task = TaskSpec::default();
        apply(
            &["--add-capability=CHOWN", "--rm-capability=KILL"],
            &mut task,
        )
        .unwrap();
        apply(
            &["--rm-capability=CHOWN", "--add-capability=KILL"],
            &mut task,
        )
        .unwrap();
        assert_json(
            &task,
            r#"{"container": {"capabilityAdd": ["KILL"], "capabilityDrop": ["CHOWN"]}}"#,
        );
    }

    #[test]
    fn lists_are_replaced_and_cleared() {
        let mut task = TaskSpec::default();
        apply(&["--env=A=1", "--args=x"], &mut task).unwrap();
        apply(&["--env=B=2", "--args="], &mut task).unwrap();
        assert_json(&task, r#"{"container": {"env": ["B=2"]}}"#);
    }

    #[test]
    fn what_runs_no_container_is_left_alone() {
        let generic = || TaskSpec {
            runtime: Some(Runtime::Generic(GenericRuntimeSpec::default())),
            ..Default::default()
        };
        let mut task = generic();
        apply(&[], &mut task).unwrap();
        apply(&["--image=nginx"], &mut task).unwrap_err();
        assert_eq!(task, generic());
    }

    #[test]
    fn a_limit_needs_a_name_and_numbers() {
        for text in ["nofile", "=1", "nofile=", "nofile=a", "nofile=1:"] {
            assert!(text.parse::<Limit>().is_err(), "{text}");
        }
    }
}
