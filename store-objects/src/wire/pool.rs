//! Messages that were decoded, so that equal ones become one when they are decoded again.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use prost::encoding::{DecodeContext, WireType, message};
use prost::{DecodeError, Message};

use super::Shared;
use super::shared::WeakShared;

/// As many messages are known before the first look for those that nobody uses.
const MESSAGES_MIN: usize = 1_024;

/// Messages in use, by their encoded forms.
///
/// It keeps no message alive. What is left of one that is gone stays until there are twice as many as were in use at the
/// last look, so that looking costs no more than adding did. A form that is known is not decoded: it is compared, which
/// is also what makes reading a log or a saved state fast.
pub(crate) struct Pool<M>(LazyLock<Mutex<Messages<M>>>);

struct Messages<M> {
    /// By the hash of the form. Of two forms with the same one the later is known: no harm but a copy.
    known: HashMap<u64, WeakShared<M>>,
    look_at: usize,
}

impl<M: Message + Default + Clone> Pool<M> {
    pub(crate) const fn new() -> Self {
        Self(LazyLock::new(|| {
            Mutex::new(Messages {
                known: HashMap::new(),
                look_at: MESSAGES_MIN,
            })
        }))
    }

    /// Reads a field of a message, as prost does; its first value comes from the pool.
    ///
    /// # Errors
    /// When the bytes are no such field.
    pub(crate) fn merge(
        &self,
        field: &mut Option<Shared<M>>,
        wire_type: WireType,
        bytes: &mut &[u8],
    ) -> Result<(), DecodeError> {
        if field.is_none()
            && let Some(form) = take_form(wire_type, bytes)
        {
            *field = Some(self.decode(form)?);
            return Ok(());
        }
        let field = field.get_or_insert_default();
        message::merge(wire_type, field, bytes, DecodeContext::default())
    }

    /// Returns the message with this form.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn decode(&self, form: &[u8]) -> Result<Shared<M>, DecodeError> {
        if let Some(known) = self.known(form) {
            return Ok(known);
        }
        let message = Shared::new(M::decode(form)?);
        let own = Shared::form(&message);
        // Others may encode it otherwise: in another order of fields, or with defaults.
        if *own != *form
            && let Some(known) = self.known(own)
        {
            return Ok(known);
        }
        self.add(&message);
        Ok(message)
    }

    fn known(&self, form: &[u8]) -> Option<Shared<M>> {
        let known = self.lock().known.get(&hash(form))?.upgrade()?;
        (*Shared::form(&known) == *form).then_some(known)
    }

    fn add(&self, message: &Shared<M>) {
        let mut messages = self.lock();
        if messages.known.len() >= messages.look_at {
            messages.known.retain(|_, message| message.is_in_use());
            messages.look_at = MESSAGES_MIN.max(2 * messages.known.len());
        }
        let hash = hash(Shared::form(message));
        messages.known.insert(hash, Shared::downgrade(message));
    }

    fn lock(&self) -> MutexGuard<'_, Messages<M>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a message's form off the bytes; leaves them as they are when none is there.
pub(crate) fn take_form<'a>(wire_type: WireType, bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let mut rest = *bytes;
    if wire_type != WireType::LengthDelimited {
        return None;
    }
    let len = prost::decode_length_delimiter(&mut rest).ok()?;
    let form = rest.split_off(..len)?;
    *bytes = rest;
    Some(form)
}

/// A hash that is quick on a kilobyte; nothing but speed and memory depends on it.
fn hash(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |hash: u64, word: u64| {
        let mixed = (hash ^ word).wrapping_mul(FACTOR);
        mixed ^ mixed >> 32
    };
    let (words, rest) = bytes.as_chunks::<8>();
    let hash = words.iter().fold(bytes.len() as u64, |hash, word| {
        mix(hash, u64::from_le_bytes(*word))
    });
    rest.iter()
        .fold(hash, |hash, byte| mix(hash, (*byte).into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Annotations;

    fn form(name: &str) -> Vec<u8> {
        let name = name.to_owned();
        let annotations = Annotations {
            name,
            ..Annotations::default()
        };
        annotations.encode_to_vec()
    }

    #[test]
    fn equal_forms_are_one_message_while_somebody_has_it() {
        static POOL: Pool<Annotations> = Pool::new();
        let first = POOL.decode(&form("a")).unwrap();
        let other = POOL.decode(&form("b")).unwrap();
        assert_eq!((&*first.name, &*other.name), ("a", "b"));
        assert!(Shared::is_same(&first, &POOL.decode(&form("a")).unwrap()));
        assert!(POOL.decode(&[0xff]).is_err());

        // Another order of fields, or a default: the same message, and the same bytes when it is encoded.
        let mut foreign = form("a");
        foreign.extend([1 << 3 | 2, 1, b'a']);
        let again = POOL.decode(&foreign).unwrap();
        assert!(Shared::is_same(&first, &again));
        assert_eq!(again.encode_to_vec(), form("a"));

        drop((first, other, again));
        let known = |pool: &Pool<Annotations>| pool.0.lock().unwrap().known.len();
        assert_eq!(known(&POOL), 2);
        for number in 0..3 * MESSAGES_MIN {
            drop(POOL.decode(&form(&number.to_string())));
        }
        assert!(
            known(&POOL) <= MESSAGES_MIN,
            "what nobody uses is forgotten"
        );
    }

    #[test]
    fn forms_differ_by_any_byte() {
        let long = vec![0_u8; 40];
        for at in 0..40 {
            let mut other = long.clone();
            other[at] = 1;
            assert_ne!(hash(&long), hash(&other), "{at}");
            assert_ne!(hash(&long), hash(&long[..at]), "{at}");
        }
    }

    #[test]
    fn a_field_that_comes_twice_is_merged() {
        static POOL: Pool<Annotations> = Pool::new();
        let mut field = None;
        let mut bytes = form("a");
        bytes.insert(0, u8::try_from(bytes.len()).unwrap());
        let merge = |field: &mut _, mut bytes: &[u8]| {
            POOL.merge(field, WireType::LengthDelimited, &mut bytes)
        };
        merge(&mut field, &bytes).unwrap();
        merge(&mut field, &[0]).unwrap();
        assert_eq!(field.as_ref().unwrap().name, "a");
        assert!(merge(&mut field, &[9, 1]).is_err(), "cut off");
        assert!(merge(&mut None, &[9, 1]).is_err(), "cut off");
    }
}
