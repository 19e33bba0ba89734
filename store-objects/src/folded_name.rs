//! Names as they are compared: without regard to case.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use ref_cast::RefCast;
use store_core::{Key, KeyBuf, PrefixKey};

/// A name that is compared, and found, by its lower-case form.
///
/// The form is SwarmKit's: each character by itself, by the simple mapping of Unicode 15.0, whatever its neighbours are;
/// not case folding. So `Σ` is `σ` at the end of a word too, `İ` is `i`, `ẞ` is `ß`, the Kelvin sign is `k`, and `ſ` is
/// not `s`. It is a fixed table, since two members of a cluster that disagree about it disagree about which names clash.
///
/// ```
/// use store_objects::FoldedName;
/// assert_eq!(FoldedName::new("Web"), FoldedName::new("wEB"));
/// assert_ne!(FoldedName::new("ΑΣ"), FoldedName::new("ας"));
/// ```
#[derive(RefCast)]
#[repr(transparent)]
pub struct FoldedName(str);

impl FoldedName {
    /// Returns the text as a name.
    #[must_use]
    pub fn new(name: &str) -> &Self {
        Self::ref_cast(name)
    }

    fn chars(&self) -> impl Iterator<Item = char> {
        self.0.chars().map(fold)
    }
}

/// Returns the lower-case form of a character in Unicode 15.0, by the simple mapping.
fn fold(c: char) -> char {
    match c {
        // Capital letters that have a small one only since Unicode 16 or 17.
        '\u{1C89}'
        | '\u{A7CB}'
        | '\u{A7CC}'
        | '\u{A7CE}'
        | '\u{A7D2}'
        | '\u{A7D4}'
        | '\u{A7DA}'
        | '\u{A7DC}'
        | '\u{10D50}'..='\u{10D65}'
        | '\u{16EA0}'..='\u{16EB8}' => c,
        _ if c.is_ascii() => c.to_ascii_lowercase(),
        // Only U+0130 has two characters here, and the first is its simple mapping.
        _ => c.to_lowercase().next().unwrap_or(c),
    }
}

fn encode_folded(name: &str, out: &mut KeyBuf) {
    // Most names are lower-case already.
    if name
        .bytes()
        .all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase())
    {
        out.push_open(name.as_bytes());
        return;
    }
    for c in name.chars() {
        out.push_open(fold(c).encode_utf8(&mut [0; 4]).as_bytes());
    }
}

impl Key for FoldedName {
    fn encode(&self, out: &mut KeyBuf) {
        encode_folded(&self.0, out);
        // As the form of text ends.
        out.push_bytes(&[]);
    }
}

/// A beginning is folded as names are: any text will do.
impl PrefixKey for FoldedName {
    type Prefix = str;

    fn encode_prefix(prefix: &str, out: &mut KeyBuf) {
        encode_folded(prefix, out);
    }
}

/// Writes the lower-case form.
impl fmt::Display for FoldedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        self.chars().try_for_each(|c| f.write_char(c))
    }
}

impl fmt::Debug for FoldedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string(), f)
    }
}

impl PartialEq for FoldedName {
    fn eq(&self, other: &Self) -> bool {
        self.chars().eq(other.chars())
    }
}

impl Eq for FoldedName {}

impl PartialOrd for FoldedName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for FoldedName {
    fn cmp(&self, other: &Self) -> Ordering {
        self.chars().cmp(other.chars())
    }
}

impl Hash for FoldedName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.chars().for_each(|c| c.hash(state));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(name: &str) -> String {
        FoldedName::new(name).to_string()
    }

    #[test]
    fn each_character_is_folded_by_itself() {
        for (name, form) in [
            ("Web-1", "web-1"),
            ("ÀÉÎ", "àéî"),
            ("ΑΣ", "ασ"),
            ("ας", "ας"),
            ("İ", "i"),
            ("ẞ", "ß"),
            ("\u{212A}", "k"),
            ("ſ", "ſ"),
            ("ǅ", "ǆ"),
            ("Ა", "ა"),
            ("Ꭰ", "ꭰ"),
        ] {
            assert_eq!(folded(name), form, "{name}");
        }
    }

    #[test]
    fn capitals_younger_than_unicode_15_stay() {
        let young: Vec<char> = (0..=u32::from(char::MAX))
            .filter_map(char::from_u32)
            .filter(|c| c.to_lowercase().next() != Some(*c) && fold(*c) == *c)
            .collect();
        assert_eq!(young.len(), 55);
        assert!(young.contains(&'\u{1C89}') && young.contains(&'\u{16EB8}'));
    }

    #[test]
    fn what_is_equal_has_one_form_as_a_key() {
        for (a, b) in [("Web", "web"), ("ΑΣ", "ασ"), ("a\0B", "A\0b"), ("", "")] {
            assert_eq!(FoldedName::new(a), FoldedName::new(b));
            assert_eq!(
                KeyBuf::of(FoldedName::new(a)).as_slice(),
                KeyBuf::of(FoldedName::new(b)).as_slice()
            );
        }
        assert_eq!(
            KeyBuf::of(FoldedName::new("A\0b")).as_slice(),
            KeyBuf::of("a\0b").as_slice(),
            "the form of a name is that of its folded text"
        );
    }

    #[test]
    fn keys_of_beginnings_begin_keys() {
        let mut prefix = KeyBuf::new();
        FoldedName::encode_prefix("ÉC", &mut prefix);
        assert!(
            KeyBuf::of(FoldedName::new("écran"))
                .as_slice()
                .starts_with(prefix.as_slice())
        );
        assert!(
            !KeyBuf::of(FoldedName::new("ecran"))
                .as_slice()
                .starts_with(prefix.as_slice())
        );
    }
}
