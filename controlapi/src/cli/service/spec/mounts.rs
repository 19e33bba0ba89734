//! Flags about what a container sees in its file system besides its image.

use store_objects::wire::mount::{TmpfsOptions, Type};
use store_objects::wire::{Mount, TaskSpec};

use super::container;
use crate::cli::error::Error;
use crate::cli::item::{Item, given};
use crate::cli::quantity::parse_bytes;

/// The mounts given, of whatever kind, replace all there are.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Mounts (those given replace all there are)")]
pub(super) struct MountFlags {
    /// A file or directory of the node.
    #[arg(long = "bind", value_name = "SOURCE:TARGET", value_parser = |text: &str| item(text, bind))]
    binds: Vec<Item<Mount>>,
    /// A volume; without a source, one that is made for the task.
    #[arg(long = "volume", value_name = "[SOURCE:]TARGET", value_parser = |text: &str| item(text, volume))]
    volumes: Vec<Item<Mount>>,
    /// A file system in memory; options are size=SIZE, mode=OCTAL, and those of the system.
    #[arg(long = "tmpfs", value_name = "TARGET[:OPTION,...]", value_parser = |text: &str| item(text, tmpfs))]
    tmpfs: Vec<Item<Mount>>,
    /// A named pipe of a Windows node.
    #[arg(long = "npipe", value_name = "SOURCE:TARGET", value_parser = |text: &str| item(text, pipe))]
    pipes: Vec<Item<Mount>>,
}

impl MountFlags {
    pub(super) fn apply(&self, task: &mut TaskSpec) -> Result<(), Error> {
        let all = [&self.binds, &self.volumes, &self.tmpfs, &self.pipes];
        let all: Vec<_> = all.into_iter().flatten().cloned().collect();
        if let Some(mounts) = given(&all) {
            container(task)?.mounts = mounts;
        }
        Ok(())
    }
}

fn item(text: &str, parse: fn(&str) -> Result<Mount, String>) -> Result<Item<Mount>, String> {
    if text.is_empty() {
        Ok(Item::Empty)
    } else {
        parse(text).map(Item::One)
    }
}

fn bind(text: &str) -> Result<Mount, String> {
    link(text, Type::Bind)
}

fn pipe(text: &str) -> Result<Mount, String> {
    link(text, Type::Npipe)
}

fn volume(text: &str) -> Result<Mount, String> {
    match text.split_once(':') {
        Some(_) => link(text, Type::Volume),
        None => Ok(Mount {
            r#type: Type::Volume.into(),
            target: text.into(),
            ..Default::default()
        }),
    }
}

fn link(text: &str, kind: Type) -> Result<Mount, String> {
    match text.split_once(':') {
        Some((source, target)) if !source.is_empty() && !target.is_empty() => Ok(Mount {
            r#type: kind.into(),
            source: source.into(),
            target: target.into(),
            ..Default::default()
        }),
        _ => Err(format!("{text:?} is not of the form SOURCE:TARGET")),
    }
}

fn tmpfs(text: &str) -> Result<Mount, String> {
    let (target, options) = text.split_once(':').unwrap_or((text, ""));
    let mut mount = Mount {
        r#type: Type::Tmpfs.into(),
        target: target.into(),
        ..Default::default()
    };
    let mut others = Vec::new();
    let mut known = TmpfsOptions::default();
    for option in options.split(',').filter(|option| !option.is_empty()) {
        match option.split_once('=') {
            Some(("size", size)) => known.size_bytes = parse_bytes(size)?,
            Some(("mode", mode)) => {
                known.mode = u32::from_str_radix(mode, 8)
                    .map_err(|_| format!("{mode:?} is no octal number"))?;
            }
            _ => others.push(option),
        }
    }
    known.options = others.join(",");
    mount.tmpfs_options = (known != TmpfsOptions::default()).then_some(known);
    Ok(mount)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::sample::assert_json;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        flags: MountFlags,
    }

    fn apply(flags: &str, task: &mut TaskSpec) -> Result<(), String> {
        let line = Line::try_parse_from(std::iter::once("create").chain(flags.split_whitespace()));
        let flags = line.map_err(|error| error.to_string())?.flags;
        flags.apply(task).map_err(|error| error.to_string())
    }

    #[test]
    fn every_kind_has_its_form() {
        let mut task = TaskSpec::default();
        apply(
            "--bind /a:/b --volume data:/data --volume /scratch --tmpfs /tmp --tmpfs /run:size=64m,mode=1777,noexec \
             --npipe \\\\.\\pipe\\a:\\\\.\\pipe\\b",
            &mut task,
        )
        .unwrap();
        assert_json(
            &task,
            r#"{"container": {"mounts": [
                {"source": "/a", "target": "/b"},
                {"type": "VOLUME", "source": "data", "target": "/data"},
                {"type": "VOLUME", "target": "/scratch"},
                {"type": "TMPFS", "target": "/tmp"},
                {"type": "TMPFS", "target": "/run",
                 "tmpfsOptions": {"sizeBytes": "67108864", "mode": 1023, "options": "noexec"}},
                {"type": "NPIPE", "source": "\\\\.\\pipe\\a", "target": "\\\\.\\pipe\\b"}
            ]}}"#,
        );
        apply("--volume /other", &mut task).unwrap();
        assert_json(
            &task,
            r#"{"container": {"mounts": [{"type": "VOLUME", "target": "/other"}]}}"#,
        );
        apply("--bind=", &mut task).unwrap();
        assert_json(&task, r#"{"container": {}}"#);
    }

    #[test]
    fn what_has_no_form_is_refused() {
        for flags in [
            "--bind /a",
            "--bind :/a",
            "--bind /a:",
            "--tmpfs /a:mode=9",
            "--tmpfs /a:size=much",
        ] {
            assert!(apply(flags, &mut TaskSpec::default()).is_err(), "{flags}");
        }
    }
}
