//! Telling a write that never ended from damage.
//!
//! The log is written into space that was zeroed before, group by group, and a group is begun when the one before is durable. A
//! crash leaves each sector of the last group written or not, in any order: so where a record cannot be read, a sector of it is
//! still zero, and nothing behind it can be of a later group. Whatever else is wrong was written whole and has changed since.
//!
//! Not told apart: damage that zeroes a sector of the very last group, and damage of a record there whose payload has a
//! sector of zeros of its own.

use crate::journal::record::Header;

/// What a disk writes whole or not at all.
const SECTOR: usize = 512;

/// Whether a record that cannot be read is of a group whose write never ended. `rest` is the file from the record on, which
/// begins at `offset`.
pub(super) fn is_torn(rest: &[u8], offset: u64) -> bool {
    lacks_a_sector(rest, offset) && !is_followed_by_a_later_group(rest, offset)
}

/// Returns how many bytes there are before nothing but zeros follows.
pub(super) fn written(rest: &[u8]) -> usize {
    rest.iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |last| last + 1)
}

fn lacks_a_sector(rest: &[u8], offset: u64) -> bool {
    let header = rest
        .first_chunk()
        .and_then(|header| Header::decode(header, offset).ok());
    let len = header.map_or(Header::SIZE, |header| header.record_bytes());
    let in_sector = offset % SECTOR as u64;
    let to_boundary = SECTOR - usize::try_from(in_sector).expect("less than a sector");
    let (first, others) = rest.split_at(to_boundary.min(rest.len()));
    let others = others.chunks(SECTOR);
    let mut begin = 0;
    for sector in std::iter::once(first).chain(others) {
        if begin >= len {
            break;
        }
        if sector.iter().all(|byte| *byte == 0) {
            return true;
        }
        begin += sector.len();
    }
    false
}

/// Whether a record behind the first one is of a group that begins behind it, too: then the first was durable.
fn is_followed_by_a_later_group(rest: &[u8], offset: u64) -> bool {
    (0..)
        .zip(rest.windows(Header::SIZE))
        .skip(1)
        .any(|(behind, bytes)| {
            // Nearly nowhere does more than this have to be looked at.
            bytes.starts_with(b"ST")
                && bytes
                    .first_chunk()
                    .and_then(|header| Header::decode(header, offset + behind).ok())
                    .is_some_and(|header| header.in_group < behind)
        })
}
