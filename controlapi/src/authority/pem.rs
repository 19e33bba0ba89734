//! PEM texts (RFC 7468), read as leniently as Go does: what stands around the blocks is skipped, so are their headers.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// The label of certificates.
pub(super) const CERTIFICATE: &str = "CERTIFICATE";

/// Characters of a line, as everybody writes them.
const LINE_CHARS: usize = 64;

/// A block of a text: its label, and the bytes that it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) label: String,
    pub(super) bytes: Vec<u8>,
}

/// Returns the blocks of a text in order; what is not one is left out.
pub(super) fn blocks(text: &[u8]) -> Vec<Block> {
    let text = String::from_utf8_lossy(text);
    let mut rest = text.as_ref();
    let mut blocks = Vec::new();
    while let Some((_, after)) = rest.split_once("-----BEGIN ") {
        rest = after;
        let Some((label, body)) = after.split_once("-----") else {
            break;
        };
        let Some((body, after)) = body.split_once(&format!("-----END {label}-----")) else {
            continue;
        };
        rest = after;
        let encoded: String = body
            .lines()
            .filter(|line| !line.contains(':'))
            .flat_map(str::split_ascii_whitespace)
            .collect();
        if let Ok(bytes) = BASE64_STANDARD.decode(encoded) {
            blocks.push(Block {
                label: label.to_owned(),
                bytes,
            });
        }
    }
    blocks
}

/// Returns the text of a block.
pub(super) fn encode(label: &str, bytes: &[u8]) -> Vec<u8> {
    let encoded = BASE64_STANDARD.encode(bytes);
    let mut text = format!("-----BEGIN {label}-----\n");
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(LINE_CHARS));
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    text.push_str("-----END ");
    text.push_str(label);
    text.push_str("-----\n");
    text.into_bytes()
}

/// Returns a text of the same blocks, without anything around them: two texts of the same certificates become equal, and
/// what is no PEM becomes empty.
pub(super) fn normalized(text: &[u8]) -> Vec<u8> {
    blocks(text)
        .iter()
        .flat_map(|block| encode(&block.label, &block.bytes))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_whatever_stands_around_its_blocks() {
        let bytes: Vec<u8> = (0..100).collect();
        let plain = encode("A B", &bytes);
        let text = String::from_utf8(plain.clone()).unwrap();
        assert!(text.lines().all(|line| line.len() <= LINE_CHARS));
        let decorated = text.replace("A B-----\n", "A B-----\nProc-Type: 4,x\nDEK-Info: y\n\n");
        let decorated = format!("\n\nfoo {decorated} \r\n bar\n{text}");
        let block = Block {
            label: "A B".to_owned(),
            bytes,
        };
        assert_eq!(blocks(decorated.as_bytes()), [block.clone(), block]);
        assert_eq!(
            normalized(decorated.as_bytes()),
            [&*plain, &*plain].concat()
        );
    }

    #[test]
    fn what_is_no_pem_is_empty() {
        for text in [
            "",
            "junk",
            "-----BEGIN ",
            "-----BEGIN A-----",
            "-----BEGIN A-----\nAA==\n-----END B-----",
            "-----BEGIN A-----\n!\n-----END A-----",
        ] {
            assert_eq!(normalized(text.as_bytes()), b"", "{text}");
        }
        assert_eq!(normalized(b"\xff\xfe"), b"");
    }
}
