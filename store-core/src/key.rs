//! Keys: order-preserving, prefix-free byte strings.
//!
//! Tables and indexes know keys only in this form, so that one ordered structure serves every type. *Order-preserving*:
//! the encoded forms compare as the values do. *Prefix-free*: no key's form is the beginning of another's, so that a
//! compound key is the concatenation of its parts, and a prefix scan over one part never meets a neighbour.
//!
//! Forms: a string is its bytes, each `0x00` followed by `0xff`, then `0x00 0x00`. An unsigned integer is its big-endian
//! bytes; a signed one too, with the sign bit flipped. A tuple is its parts in order.

/// The longest encoded key, in bytes; a longer one is refused with an error.
///
/// A limit of 64 KiB is far above any name, and keeps the pages small that hold such keys.
pub const KEY_BYTES_MAX: usize = 64 * 1024;

/// Bytes of a key that need no allocation: an id of 25 characters together with a name of 63 fits.
const INLINE: usize = 94;

/// A buffer that a key is encoded into; on the stack as long as the key is short.
#[derive(Clone)]
pub struct KeyBuf(Form);

#[derive(Clone)]
enum Form {
    Inline {
        /// Bytes in use.
        len: u8,
        bytes: [u8; INLINE],
    },
    Spilled(Vec<u8>),
}

impl KeyBuf {
    /// Returns an empty buffer.
    #[must_use]
    pub const fn new() -> Self {
        Self(Form::Inline {
            len: 0,
            bytes: [0; INLINE],
        })
    }

    /// Returns an empty buffer for many keys, one behind the other.
    pub(crate) const fn roomy() -> Self {
        Self(Form::Spilled(Vec::new()))
    }

    /// Returns the encoded form of a key.
    #[must_use]
    pub fn of<K: Key + ?Sized>(key: &K) -> Self {
        let mut buf = Self::new();
        key.encode(&mut buf);
        buf
    }

    /// Appends bytes as they are: they must be of a fixed length, or prefix-free by themselves.
    pub fn push_raw(&mut self, bytes: &[u8]) {
        if let Some(room) = self.room(bytes.len()) {
            room.copy_from_slice(bytes);
        } else {
            self.spill().extend_from_slice(bytes);
        }
    }

    /// Appends bytes of any length, made prefix-free.
    #[inline]
    pub fn push_bytes(&mut self, bytes: &[u8]) {
        if has_zero(bytes) {
            self.push_open(bytes);
            self.push_raw(&[0, 0]);
        } else if let Some(room) = self.room(bytes.len() + 2) {
            // What was not in use is zero.
            room[..bytes.len()].copy_from_slice(bytes);
        } else {
            let spilled = self.spill();
            spilled.reserve(bytes.len() + 2);
            spilled.extend_from_slice(bytes);
            spilled.extend_from_slice(&[0, 0]);
        }
    }

    /// Returns so many bytes behind those in use, which they become a part of; none if they do not fit in.
    #[inline]
    fn room(&mut self, more: usize) -> Option<&mut [u8]> {
        let Form::Inline { len, bytes } = &mut self.0 else {
            return None;
        };
        let start = usize::from(*len);
        let room = bytes.get_mut(start..start + more)?;
        *len += u8::try_from(more).ok()?;
        Some(room)
    }

    /// Returns everything in a vector, from now on.
    #[inline]
    fn spill(&mut self) -> &mut Vec<u8> {
        if let Form::Inline { .. } = self.0 {
            self.0 = Form::Spilled(self.as_slice().to_vec());
        }
        match &mut self.0 {
            Form::Spilled(bytes) => bytes,
            Form::Inline { .. } => unreachable!("it was just spilled"),
        }
    }

    /// Appends what the form of every byte string that begins with these bytes begins with.
    pub fn push_open(&mut self, bytes: &[u8]) {
        if !has_zero(bytes) {
            return self.push_raw(bytes);
        }
        let mut rest = bytes;
        while let Some(at) = rest.iter().position(|byte| *byte == 0) {
            self.push_raw(&rest[..at]);
            self.push_raw(&[0, 0xff]);
            rest = &rest[at + 1..];
        }
        self.push_raw(rest);
    }

    /// Returns the bytes.
    #[must_use]
    #[inline]
    pub fn as_slice(&self) -> &[u8] {
        match &self.0 {
            Form::Inline { len, bytes } => &bytes[..usize::from(*len)],
            Form::Spilled(bytes) => bytes,
        }
    }

    /// Returns how many bytes it has room for in an allocation of its own.
    pub(crate) const fn allocated(&self) -> usize {
        match &self.0 {
            Form::Inline { .. } => 0,
            Form::Spilled(bytes) => bytes.capacity(),
        }
    }

    /// Empties the buffer.
    pub fn clear(&mut self) {
        match &mut self.0 {
            Form::Inline { .. } => *self = Self::new(),
            Form::Spilled(bytes) => bytes.clear(),
        }
    }

    /// Repeats the first bytes of the buffer at its end.
    pub(crate) fn repeat(&mut self, len: usize) {
        self.spill().extend_from_within(..len);
    }

    /// Returns the smallest bytes after all that begin with these; `None` if there are none.
    pub(crate) fn after(&self) -> Option<Self> {
        let bytes = self.as_slice();
        let last = bytes.iter().rposition(|byte| *byte < u8::MAX)?;
        let mut after = Self::new();
        after.push_raw(&bytes[..last]);
        after.push_raw(&[bytes[last] + 1]);
        Some(after)
    }
}

/// Whether one of the bytes is zero: eight at a time, since every key is looked through, and hardly any has one.
#[inline]
fn has_zero(bytes: &[u8]) -> bool {
    const LOW: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    let zeros = |chunk: &[u8; 8]| {
        let chunk = u64::from_ne_bytes(*chunk);
        chunk.wrapping_sub(LOW) & !chunk & HIGH
    };
    let Some(last) = bytes.last_chunk() else {
        return bytes.contains(&0);
    };
    let (chunks, _) = bytes.as_chunks();
    let mut found = zeros(last);
    for chunk in chunks {
        found |= zeros(chunk);
    }
    found != 0
}

impl From<&[u8]> for KeyBuf {
    fn from(bytes: &[u8]) -> Self {
        let mut buf = Self::new();
        buf.push_raw(bytes);
        buf
    }
}

impl Default for KeyBuf {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for KeyBuf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.as_slice().escape_ascii())
    }
}

/// A value that objects are found by.
///
/// # Correctness
/// - *Order-preserving*: `a < b` exactly when the form of `a` is smaller than that of `b`.
/// - *Prefix-free*: no value's form is the beginning of another's.
pub trait Key {
    /// Appends the encoded form.
    fn encode(&self, out: &mut KeyBuf);
}

/// A key of which a beginning can be asked for.
pub trait PrefixKey: Key {
    /// What a beginning is.
    type Prefix: ?Sized;

    /// Appends the bytes that the form of every key with this beginning begins with, and no other key's.
    fn encode_prefix(prefix: &Self::Prefix, out: &mut KeyBuf);
}

impl Key for str {
    fn encode(&self, out: &mut KeyBuf) {
        out.push_bytes(self.as_bytes());
    }
}

impl PrefixKey for str {
    type Prefix = str;

    fn encode_prefix(prefix: &str, out: &mut KeyBuf) {
        out.push_open(prefix.as_bytes());
    }
}

impl Key for String {
    fn encode(&self, out: &mut KeyBuf) {
        self.as_str().encode(out);
    }
}

impl PrefixKey for String {
    type Prefix = str;

    fn encode_prefix(prefix: &str, out: &mut KeyBuf) {
        str::encode_prefix(prefix, out);
    }
}

impl Key for [u8] {
    fn encode(&self, out: &mut KeyBuf) {
        out.push_bytes(self);
    }
}

impl PrefixKey for [u8] {
    type Prefix = [u8];

    fn encode_prefix(prefix: &[u8], out: &mut KeyBuf) {
        out.push_open(prefix);
    }
}

impl<K: Key + ?Sized> Key for &K {
    fn encode(&self, out: &mut KeyBuf) {
        (**self).encode(out);
    }
}

impl Key for bool {
    fn encode(&self, out: &mut KeyBuf) {
        out.push_raw(&[u8::from(*self)]);
    }
}

macro_rules! unsigned {
    ($($int:ty),+) => {$(
        impl Key for $int {
            fn encode(&self, out: &mut KeyBuf) {
                out.push_raw(&self.to_be_bytes());
            }
        }
    )+};
}

macro_rules! signed {
    ($($int:ty),+) => {$(
        impl Key for $int {
            fn encode(&self, out: &mut KeyBuf) {
                // Flipping the sign bit puts the negative numbers first.
                out.push_raw(&(self ^ <$int>::MIN).to_be_bytes());
            }
        }
    )+};
}

unsigned!(u8, u16, u32, u64);
signed!(i8, i16, i32, i64);

impl<A: Key, B: Key> Key for (A, B) {
    fn encode(&self, out: &mut KeyBuf) {
        self.0.encode(out);
        self.1.encode(out);
    }
}

/// The beginning of a pair is its first part.
impl<A: Key, B: Key> PrefixKey for (A, B) {
    type Prefix = A;

    fn encode_prefix(prefix: &A, out: &mut KeyBuf) {
        prefix.encode(out);
    }
}

impl<A: Key, B: Key, C: Key> Key for (A, B, C) {
    fn encode(&self, out: &mut KeyBuf) {
        self.0.encode(out);
        self.1.encode(out);
        self.2.encode(out);
    }
}
