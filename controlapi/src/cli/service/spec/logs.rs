//! Flags about where the output of tasks goes.

use store_objects::wire::{Driver, TaskSpec};

use crate::cli::item::{Item, Pair, given_map};

/// Where output goes.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Logs")]
pub(super) struct LogFlags {
    /// The log driver; an empty value takes it away.
    #[arg(long, value_name = "NAME")]
    log_driver: Option<String>,
    /// An option of the log driver.
    #[arg(long = "log-opt", value_name = "KEY=VALUE", requires = "log_driver")]
    log_options: Vec<Item<Pair>>,
}

impl LogFlags {
    pub(super) fn apply(&self, task: &mut TaskSpec) {
        if let Some(name) = &self.log_driver {
            let options = given_map(&self.log_options).unwrap_or_default();
            let driver = Driver {
                name: name.clone(),
                options,
            };
            task.log_driver = (!name.is_empty()).then_some(driver);
        }
    }
}
