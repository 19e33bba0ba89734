//! Completion of commands in a shell.

use std::io::{self, Write};

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::Cli;

/// Which shell.
#[derive(Debug, clap::Args)]
pub(super) struct Completions {
    /// The shell that is to complete.
    #[arg(value_parser = clap::value_parser!(Shell))]
    shell: Shell,
}

impl Completions {
    /// Prints the script.
    pub(super) fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        // The generator panics when it cannot write.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "statectl", &mut script);
        out.write_all(&script)
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    #[test]
    fn every_shell_has_a_script_that_knows_the_nouns() {
        for &shell in Shell::value_variants() {
            let mut script = Vec::new();
            Completions { shell }.print(&mut script).unwrap();
            assert!(
                String::from_utf8(script).unwrap().contains("service"),
                "{shell}"
            );
        }
    }
}
