//! When a node's certificate ends: all that is read of it here.
//!
//! A reader of just so much of PEM (RFC 7468) and X.509 (RFC 5280, section 4.1) as leads to that time. Nothing is
//! verified; what is not understood has no end.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use prost_types::Timestamp;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// Tags of DER.
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// Returns the time after which the first certificate of a PEM text is not valid.
pub(super) fn not_after(pem: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(pem).ok()?;
    let (_, rest) = text.split_once(BEGIN)?;
    let (body, _) = rest.split_once(END)?;
    let body: String = body.split_ascii_whitespace().collect();
    let der = BASE64_STANDARD.decode(body).ok()?;
    let mut certificate = inside(&mut &*der, SEQUENCE)?;
    let mut signed = inside(&mut certificate, SEQUENCE)?;
    if signed.first() == Some(&VERSION) {
        element(&mut signed)?;
    }
    let (_serial, _algorithm, _issuer) = (
        element(&mut signed)?,
        element(&mut signed)?,
        element(&mut signed)?,
    );
    let mut validity = inside(&mut signed, SEQUENCE)?;
    let (_not_before, not_after) = (element(&mut validity)?, element(&mut validity)?);
    time(not_after)
}

/// Returns tag and contents of the next element, and moves past it.
fn element<'a>(der: &mut &'a [u8]) -> Option<(u8, &'a [u8])> {
    let tag = *der.split_off_first()?;
    let short = *der.split_off_first()?;
    let length = match short {
        0..=0x7f => usize::from(short),
        // The low bits say how many bytes of length follow; more than four are no certificate.
        0x81..=0x84 => der
            .split_off(..usize::from(short & 0x7f))?
            .iter()
            .fold(0, |length, byte| length << 8 | usize::from(*byte)),
        _ => return None,
    };
    Some((tag, der.split_off(..length)?))
}

/// Returns the contents of the next element, if it has this tag, and moves past it.
fn inside<'a>(der: &mut &'a [u8], expected: u8) -> Option<&'a [u8]> {
    let (tag, contents) = element(der)?;
    (tag == expected).then_some(contents)
}

/// Reads `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ`.
fn time((tag, text): (u8, &[u8])) -> Option<Timestamp> {
    let mut digits = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let mut number = |count| -> Option<u16> {
        let (digit, rest) = digits.split_at_checked(count)?;
        digits = rest;
        digit.parse().ok()
    };
    let year = match tag {
        UTC_TIME => match number(2)? {
            year @ 0..50 => 2_000 + year,
            year => 1_900 + year,
        },
        GENERALIZED_TIME => number(4)?,
        _ => return None,
    };
    let mut part = || u8::try_from(number(2)?).ok();
    let (month, day, hour, minute, second) = (part()?, part()?, part()?, part()?, part()?);
    Timestamp::date_time(year.into(), month, day, hour, minute, second).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &[u8] = include_bytes!("../../../tests/fixtures/root.pem");

    #[test]
    fn the_end_of_a_certificate() {
        let end = not_after(ROOT).unwrap();
        assert_eq!(end.to_string(), ROOT_END);
        let twice = [ROOT, ROOT].concat();
        assert_eq!(not_after(&twice), Some(end), "the first one counts");
    }

    /// As `openssl x509 -enddate` tells it.
    const ROOT_END: &str = "2046-11-19T15:28:45Z";

    #[test]
    fn both_forms_of_time() {
        let read = |tag, text: &str| time((tag, text.as_bytes())).map(|time| time.to_string());
        assert_eq!(
            read(UTC_TIME, "491231235959Z").unwrap(),
            "2049-12-31T23:59:59Z"
        );
        assert_eq!(
            read(UTC_TIME, "500101000000Z").unwrap(),
            "1950-01-01T00:00:00Z"
        );
        assert_eq!(
            read(GENERALIZED_TIME, "20500101000000Z").unwrap(),
            "2050-01-01T00:00:00Z"
        );
        for text in [
            "",
            "Z",
            "4912312359Z",
            "49123123595xZ",
            "491331235959Z",
            "491231235959",
        ] {
            assert_eq!(read(UTC_TIME, text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_certificate_has_no_end() {
        assert_eq!(not_after(b""), None);
        assert_eq!(
            not_after(b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----"),
            None
        );
        // Cut off anywhere, and with any byte changed, it is refused or has some end; it never panics.
        let text = std::str::from_utf8(ROOT).unwrap();
        let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
        let der = BASE64_STANDARD.decode(body).unwrap();
        for at in 0..der.len() {
            let mut broken = der.clone();
            broken[at] ^= 0xff;
            for der in [&der[..at], &broken] {
                let _ = not_after(
                    format!("{BEGIN}\n{}\n{END}\n", BASE64_STANDARD.encode(der)).as_bytes(),
                );
            }
        }
    }
}
