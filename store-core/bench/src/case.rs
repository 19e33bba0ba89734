//! The cases: what is measured, what it is called, and in what unit.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One thing that is measured; its name in JSON is the variant's, in kebab case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Case {
    Bulk,
    Get,
    Find,
    Scan,
    Update,
    #[serde(rename = "update-100")]
    Update100,
    Move,
    Reinsert,
    Memory,
    UpdateP50,
    UpdateP99,
    UpdateP999,
    GetBeside,
    Slowdown,
    WritesBeside,
}

/// What an engine was measured to do, by case.
pub(crate) type Values = BTreeMap<Case, f64>;

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum Unit {
    #[serde(rename = "ns")]
    Nanoseconds,
    #[serde(rename = "B")]
    Bytes,
    #[serde(rename = "x")]
    Times,
    #[serde(rename = "/s")]
    PerSecond,
}

impl Case {
    /// All of them, in the order in which they are shown.
    pub(crate) const ALL: [Self; 15] = [
        Self::Bulk,
        Self::Get,
        Self::Find,
        Self::Scan,
        Self::Update,
        Self::Update100,
        Self::Move,
        Self::Reinsert,
        Self::Memory,
        Self::UpdateP50,
        Self::UpdateP99,
        Self::UpdateP999,
        Self::GetBeside,
        Self::Slowdown,
        Self::WritesBeside,
    ];

    /// Those that the plot shows: times, without the percentiles, which tell of the machine as well.
    pub(crate) const PLOTTED: [Self; 9] = [
        Self::Bulk,
        Self::Get,
        Self::Find,
        Self::Scan,
        Self::Update,
        Self::Update100,
        Self::Move,
        Self::Reinsert,
        Self::GetBeside,
    ];

    /// What the table calls it.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Bulk => "bulk insert, per object",
            Self::Get => "get by id, fresh snapshot",
            Self::Find => "find by service, per row",
            Self::Scan => "scan in order of id, per row",
            Self::Update => "update one per transaction",
            Self::Update100 => "update 100 per transaction, per object",
            Self::Move => "move to another node",
            Self::Reinsert => "delete then insert, two transactions",
            Self::Memory => "index memory per object",
            Self::UpdateP50 => "update latency, p50",
            Self::UpdateP99 => "update latency, p99",
            Self::UpdateP999 => "update latency, p99.9",
            Self::GetBeside => "get by id beside 50 000 updates a second",
            Self::Slowdown => "the same, against no updates",
            Self::WritesBeside => "updates a second that were reached",
        }
    }

    pub(crate) const fn unit(self) -> Unit {
        match self {
            Self::Memory => Unit::Bytes,
            Self::Slowdown => Unit::Times,
            Self::WritesBeside => Unit::PerSecond,
            _ => Unit::Nanoseconds,
        }
    }

    /// How much better `ours` is than `peer`: 2 is twice as good, below 1 it is worse.
    pub(crate) fn ratio(self, ours: f64, peer: f64) -> f64 {
        match self.unit() {
            Unit::PerSecond => ours / peer,
            Unit::Nanoseconds | Unit::Bytes | Unit::Times => peer / ours,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_above_one_means_that_ours_is_better() {
        assert!((Case::Get.ratio(50.0, 100.0) - 2.0).abs() < 1e-9);
        assert!((Case::Memory.ratio(300.0, 150.0) - 0.5).abs() < 1e-9);
        assert!((Case::WritesBeside.ratio(50_000.0, 10_000.0) - 5.0).abs() < 1e-9);
    }

    #[test]
    fn the_names_in_json_are_those_that_the_go_harness_writes() {
        let harness = include_str!("../memdb/main.go");
        for case in Case::ALL {
            let name = serde_json::to_string(&case).unwrap();
            assert!(harness.contains(&name), "{name}");
        }
    }

    #[test]
    fn every_plotted_case_is_a_time() {
        assert!(
            Case::PLOTTED
                .iter()
                .all(|case| case.unit() == Unit::Nanoseconds)
        );
    }
}
