//! Tokens with which nodes join: `SWMTKN-1-`, the digest of the root certificate, and a secret.

use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom as _, SystemRandom};

/// Characters of a digest of 32 bytes.
const DIGEST_CHARS: usize = 50;
/// Bytes of a secret.
const SECRET_BYTES: usize = 16;
/// Characters of a secret.
const SECRET_CHARS: usize = 25;

/// Returns a new token for a root certificate in PEM (SwarmKit control API, section 6.2).
///
/// # Panics
/// When the operating system has no randomness.
pub(crate) fn join_token(root: &[u8], fips: bool) -> String {
    let mut secret = [0; SECRET_BYTES];
    SystemRandom::new()
        .fill(&mut secret)
        .expect("a token because the operating system has randomness");
    let digest = base36(digest(&SHA256, root).as_ref(), DIGEST_CHARS);
    let secret = base36(&secret, SECRET_CHARS);
    let kind = if fips { "SWMTKN-2-1" } else { "SWMTKN-1" };
    format!("{kind}-{digest}-{secret}")
}

/// Writes a number, most significant byte first, in base 36, with zeros in front up to so many characters.
fn base36(number: &[u8], chars: usize) -> String {
    let mut number = number.to_vec();
    let mut digits = vec![b'0'; chars];
    for digit in digits.iter_mut().rev() {
        let mut rest = 0_u16;
        for byte in &mut number {
            let value = rest << 8 | u16::from(*byte);
            *byte = u8::try_from(value / 36).expect("a byte because the rest is below 36");
            rest = value % 36;
        }
        let rest = u8::try_from(rest).expect("a digit because it is below 36");
        *digit = if rest < 10 {
            b'0' + rest
        } else {
            b'a' + rest - 10
        };
    }
    String::from_utf8(digits).expect("text because digits and letters are ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_base_36() {
        assert_eq!(base36(&[], 2), "00");
        assert_eq!(base36(&[35], 2), "0z");
        assert_eq!(base36(&[36], 2), "10");
        assert_eq!(base36(&[1, 0, 0], 4), "1ekg");
        // The largest numbers just fit.
        assert_eq!(
            base36(&[0xff; SECRET_BYTES], SECRET_CHARS),
            "f5lxx1zz5pnorynqglhzmsp33"
        );
        assert_eq!(&base36(&[0xff; 32], DIGEST_CHARS)[..3], "6dp");
    }

    #[test]
    fn a_token_tells_its_root_and_is_new_each_time() {
        let (one, two) = (join_token(b"root", false), join_token(b"root", false));
        assert_ne!(one, two);
        let digest = base36(digest(&SHA256, b"root").as_ref(), DIGEST_CHARS);
        assert!(one.starts_with(&format!("SWMTKN-1-{digest}-")), "{one}");
        assert_eq!(
            one.len(),
            "SWMTKN-1-".len() + DIGEST_CHARS + 1 + SECRET_CHARS
        );
        assert!(join_token(b"root", true).starts_with(&format!("SWMTKN-2-1-{digest}-")));
    }
}
