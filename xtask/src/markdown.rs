//! What we need to know of a Markdown file, line by line: no parser, no HTML.

use anyhow::{Context as _, Result};

/// The lines of `text` with their number, from 1, and whether they lie in a fenced code block.
///
/// A fence itself is reported as code.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = (usize, bool, &str)> {
    let mut in_code = false;
    text.lines().enumerate().map(move |(index, line)| {
        let fence = line.trim_start().starts_with("```");
        let code = in_code || fence;
        in_code ^= fence;
        (index + 1, code, line)
    })
}

/// The first command in a fenced code block of `text` that starts with `start`, without its prompt
/// and its comment.
///
/// # Errors
/// No such command.
pub(crate) fn command<'a>(text: &'a str, start: &str) -> Result<&'a str> {
    lines(text)
        .filter(|(_, code, _)| *code)
        .map(|(_, _, line)| line.trim().trim_start_matches("$ "))
        .map(|line| line.split_once(" #").map_or(line, |(command, _)| command))
        .find(|line| line.starts_with(start))
        .map(str::trim)
        .with_context(|| {
            format!("README.md shows no `{start}` command; put the one to use in a code block")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const README: &str = "\
Run `cargo test --inline`.

```console
$ cargo run --release   # starts the server
$ cargo run --release --bin statectl
```

```
cargo test --workspace
```
";

    #[test]
    fn the_first_command_in_a_code_block_is_found() {
        assert_eq!(command(README, "cargo run").unwrap(), "cargo run --release");
        assert_eq!(
            command(README, "cargo test").unwrap(),
            "cargo test --workspace"
        );
    }

    #[test]
    fn a_missing_command_is_an_error_with_its_mend() {
        let error = command(README, "cargo bench").unwrap_err().to_string();
        assert!(error.contains("`cargo bench`"), "{error}");
        assert!(error.contains("code block"), "{error}");
    }

    #[test]
    fn code_ends_with_its_fence() {
        let code: Vec<_> = lines("a\n```\nb\n```\nc")
            .map(|(_, code, _)| code)
            .collect();
        assert_eq!(code, [false, true, true, true, false]);
    }
}
