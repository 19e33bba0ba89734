//! The cases: what is measured, what it is called, and in what unit.

use serde::{Deserialize, Serialize};

use crate::case::Unit;

/// One thing that is measured, in the order in which they are shown; its name in JSON is the variant's, in kebab case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Case {
    PublishPastOthers,
    AgainstNone,
    Deliver,
    DeliverToTasks,
    SubscribeAndDrop,
    IdleBytes,
    DrainedBytes,
    DeliverBesideStuck,
    AgainstNoStuck,
    StuckBytes,
}

impl Case {
    /// How many there are.
    #[cfg(test)]
    pub(crate) const COUNT: usize = Self::StuckBytes as usize + 1;

    /// What the table calls it.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::PublishPastOthers => "publish past watchers of other ids",
            Self::AgainstNone => "the same, against no watchers",
            Self::Deliver => "publish, and all take it in turn",
            Self::DeliverToTasks => "publish, and a task each takes it",
            Self::SubscribeAndDrop => "subscribe and drop among others",
            Self::IdleBytes => "memory of an idle watcher",
            Self::DrainedBytes => "memory of one that has received",
            Self::DeliverBesideStuck => "publish and take, beside a stuck one",
            Self::AgainstNoStuck => "the same, against no stuck one",
            Self::StuckBytes => "memory that a stuck watcher holds",
        }
    }

    pub(crate) const fn unit(self) -> Unit {
        match self {
            Self::IdleBytes | Self::DrainedBytes | Self::StuckBytes => Unit::Bytes,
            Self::AgainstNone | Self::AgainstNoStuck => Unit::Times,
            _ => Unit::Nanoseconds,
        }
    }
}

/// A figure of one case with so many watchers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Figure {
    pub(crate) case: Case,
    pub(crate) subscribers: usize,
    pub(crate) value: f64,
}
