//! Amounts of CPU and memory as people write and read them.

/// The units of memory; each is 1024 times the one before.
const UNITS: [&str; 6] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/// Reads a number of CPUs such as `0.5`; in units of 10^-9 CPUs.
pub(super) fn parse_cpus(text: &str) -> Result<i64, String> {
    let error = || format!("{text:?} is not a number of CPUs such as 0.5");
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || fraction.len() > 9 {
        return Err(error());
    }
    format!("{whole}{fraction:0<9}")
        .parse()
        .map_err(|_| error())
}

/// Reads an amount of memory such as `64MiB`, `64M` or `1073741824`, in bytes. A kilobyte has 1024 bytes.
pub(super) fn parse_bytes(text: &str) -> Result<i64, String> {
    let error = || format!("{text:?} is not an amount of memory such as 64MiB");
    let digits = text
        .find(|char: char| !char.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit = unit.to_lowercase();
    let known = |name: &str| {
        let full = name.to_lowercase();
        unit == full || unit == full.replace('i', "") || unit == full[..1]
    };
    let power = if unit.is_empty() {
        0
    } else {
        UNITS
            .iter()
            .position(|name| known(name))
            .ok_or_else(error)?
    };
    let number: i64 = number.parse().map_err(|_| error())?;
    number.checked_mul(1 << (10 * power)).ok_or_else(error)
}

/// Returns an amount of CPU; empty if there is none.
pub(super) fn cpus(nano_cpus: i64) -> String {
    if nano_cpus == 0 {
        return String::new();
    }
    let sign = if nano_cpus < 0 { "-" } else { "" };
    let nanos = nano_cpus.unsigned_abs();
    let text = format!(
        "{sign}{}.{:09}",
        nanos / 1_000_000_000,
        nanos % 1_000_000_000
    );
    text.trim_end_matches('0').trim_end_matches('.').into()
}

/// Returns an amount of memory in the largest unit that it is a whole number of; empty if there is none.
pub(super) fn bytes(bytes: i64) -> String {
    if bytes == 0 {
        return String::new();
    }
    let (mut rest, mut unit) = (bytes, 0);
    while rest % 1024 == 0 && unit + 1 < UNITS.len() {
        rest /= 1024;
        unit += 1;
    }
    format!("{rest}{}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpus_come_back() {
        for (text, nano_cpus) in [
            ("0.5", 500_000_000),
            ("2", 2_000_000_000),
            ("0.000000001", 1),
        ] {
            assert_eq!(parse_cpus(text), Ok(nano_cpus));
            assert_eq!(cpus(nano_cpus), text);
        }
        assert_eq!(parse_cpus("0"), Ok(0));
        assert_eq!(cpus(0), "");
        assert_eq!(cpus(-1_500_000_000), "-1.5");
    }

    #[test]
    fn memory_comes_back() {
        for (text, amount) in [
            ("64MiB", 64 << 20),
            ("1GiB", 1 << 30),
            ("1023B", 1023),
            ("3KiB", 3072),
        ] {
            assert_eq!(parse_bytes(text), Ok(amount));
            assert_eq!(bytes(amount), text);
        }
        for text in ["64m", "64M", "64MB", "64mb", "64mib", "67108864"] {
            assert_eq!(parse_bytes(text), Ok(64 << 20), "{text}");
        }
        assert_eq!(bytes(0), "");
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["", ".5", "1.", "-1", "1e3", "0.0000000001", "99999999999"] {
            assert!(parse_cpus(text).is_err(), "{text}");
        }
        for text in ["", "MiB", "-1", "1.5GiB", "1XiB", "9999999PiB"] {
            assert!(parse_bytes(text).is_err(), "{text}");
        }
    }
}
