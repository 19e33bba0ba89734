//! What a crash leaves: space that was zeroed ahead, and of the last group some sectors but not others. It is cut off; a
//! sector that is missing anywhere else is damage.

mod common;

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use common::{Halted, commit, copy, log_files, payloads, seed, start};
use proposer::testing::{Blob, End};
use proposer::{JournalOptions, StartError};

const SECTOR: usize = 512;

/// Entries that have a flush each, before the last group.
const BEFORE: u64 = 5;
/// Entries of the last group, and the bytes of their payloads.
const GROUP: u64 = 4;
const PAYLOAD: usize = 600;

fn options() -> JournalOptions {
    JournalOptions::default()
}

/// A log as it is on disk while a journal runs, whose last flush made several entries durable.
struct Image {
    base: tempfile::TempDir,
    /// Where the last group stands in the one file.
    group: Range<usize>,
    /// What was durable before that group.
    before: usize,
    entries: Vec<Blob>,
}

impl Image {
    fn new() -> Self {
        let group = (BEFORE..BEFORE + GROUP).map(|seed| Blob::new(seed, PAYLOAD));
        Self::made(&payloads(0..BEFORE), &group.collect::<Vec<_>>())
    }

    /// Makes a log of entries that have a flush each, and of a group behind them; of too few entries, with some more first.
    fn made(before: &[Blob], group: &[Blob]) -> Self {
        let missing = Halted::BEHIND.saturating_sub(before.len()) as u64;
        let before = &[&payloads(200..200 + missing), before].concat();
        let base = tempfile::tempdir().unwrap();
        let dir = base.path().join("dir");
        let halted = Halted::behind(&dir, options(), before);
        let begin = end(&fs::read(&log_files(&dir)[0]).unwrap());
        let submitted = group.iter().map(|payload| halted.submit(payload).unwrap());
        let last = submitted.last().unwrap();
        halted.go_on();
        assert_eq!(halted.recorder.wait(last), End::Applied);
        assert_eq!(halted.journal.stats().flushes, before.len() as u64 + 1);
        copy(&dir, &base.path().join("original"));
        let group_at = begin..end(&fs::read(&log_files(&dir)[0]).unwrap());
        Self {
            base,
            group: group_at,
            before: before.len(),
            entries: [before, group].concat(),
        }
    }

    /// Lays the image anew, and returns its directory, its file, and what stands in it.
    fn lay(&self) -> (PathBuf, PathBuf, Vec<u8>) {
        let dir = self.base.path().join("work");
        copy(&self.base.path().join("original"), &dir);
        let file = log_files(&dir).pop().unwrap();
        let bytes = fs::read(&file).unwrap();
        (dir, file, bytes)
    }

    /// Returns the parts of the group that stand in different sectors.
    fn sectors(&self) -> Vec<Range<usize>> {
        let Range { start, end } = self.group;
        (start / SECTOR..end.div_ceil(SECTOR))
            .map(|sector| start.max(sector * SECTOR)..end.min((sector + 1) * SECTOR))
            .collect()
    }
}

/// Returns where zeros begin that go on to the end.
fn end(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |last| last + 1)
}

fn refused(dir: &Path) -> StartError {
    start(dir, &options()).expect_err("damage is refused")
}

#[test]
fn space_zeroed_ahead_is_no_damage_and_goes_when_the_journal_is_stopped() {
    let image = Image::new();
    let (dir, file, bytes) = image.lay();
    assert!(
        bytes.len() > image.group.end + 100_000,
        "space was zeroed ahead"
    );
    let (journal, recorder) = start(&dir, &options()).unwrap();
    assert_eq!(recorder.payloads(), image.entries);
    assert_eq!(journal.stats().torn_bytes, 0);
    drop(journal);
    let stopped = fs::read(file).unwrap();
    assert_eq!(end(&stopped), stopped.len());
}

#[test]
fn a_file_that_is_full_has_nothing_zeroed() {
    let dir = tempfile::tempdir().unwrap();
    let mut options = options();
    options.file_entries_max = 10;
    let (journal, recorder) = start(dir.path(), &options).unwrap();
    commit(&journal, &recorder, 0..35);
    let files = log_files(dir.path());
    let (last, full) = files.split_last().unwrap();
    assert_eq!(full.len(), 3);
    for file in full {
        let bytes = fs::read(file).unwrap();
        assert_eq!(end(&bytes), bytes.len(), "{}", file.display());
    }
    let bytes = fs::read(last).unwrap();
    assert!(end(&bytes) < bytes.len());
}

#[test]
fn of_a_last_group_any_sectors_may_be_missing() {
    let image = Image::new();
    let sectors = image.sectors();
    assert!((5..=8).contains(&sectors.len()), "{}", sectors.len());
    for missing in 1..1_u32 << sectors.len() {
        let (dir, file, mut bytes) = image.lay();
        for (place, sector) in sectors.iter().enumerate() {
            if missing >> place & 1 == 1 {
                bytes[sector.clone()].fill(0);
            }
        }
        fs::write(&file, &bytes).unwrap();
        let (journal, recorder) = start(&dir, &options()).unwrap();
        let found = recorder.payloads();
        assert!(
            (image.before..image.entries.len()).contains(&found.len()),
            "missing {missing:b}"
        );
        assert_eq!(found, image.entries[..found.len()], "missing {missing:b}");
        if missing % 16 == 1 {
            // Nothing of the old group comes up again behind what is written in its place.
            commit(&journal, &recorder, 100..102);
            drop(journal);
            let (_journal, again) = start(&dir, &options()).unwrap();
            assert_eq!(again.payloads(), recorder.payloads());
        }
    }
}

/// Groups of every size, those too for which the file has to grow; a file that is shorter than what was written into it.
#[test]
fn whatever_a_crash_leaves_of_a_group_what_was_acknowledged_is_there() {
    let seed = seed();
    let mut random = Random(seed);
    for _ in 0..4 {
        let before = random.entries(5);
        let group = random.entries(12);
        let image = Image::made(&before, &group);
        for _ in 0..8 {
            let (dir, file, mut bytes) = image.lay();
            let missing = [0, 2, 50, 100][random.below(4)];
            for sector in image.sectors() {
                if random.below(100) < missing {
                    bytes[sector].fill(0);
                }
            }
            let left = image.group.start + random.below(bytes.len() - image.group.start + 1);
            match random.below(3) {
                0 => {}
                1 => bytes.truncate(left),
                _ => bytes.truncate(left.next_multiple_of(SECTOR)),
            }
            fs::write(&file, &bytes).unwrap();
            let (journal, recorder) = start(&dir, &options()).unwrap();
            let found = recorder.payloads();
            assert!(found.len() >= image.before, "seed {seed}");
            assert!(found == image.entries[..found.len()], "seed {seed}");
            commit(&journal, &recorder, 100..101);
            drop(journal);
            let (_journal, again) = start(&dir, &options()).unwrap();
            assert!(again.payloads() == recorder.payloads(), "seed {seed}");
        }
    }
}

/// A record within a payload, in a group that was torn, counted as one of a later group: the start was refused.
#[test]
fn a_log_within_a_payload_is_not_taken_for_the_log() {
    let (_, _, log) = Image::new().lay();
    let log = Blob::from(&log[..end(&log)]);
    let image = Image::made(&payloads(0..2), &[Blob::new(2, PAYLOAD), log]);
    for sector in image.sectors() {
        let (dir, file, mut bytes) = image.lay();
        bytes[sector].fill(0);
        fs::write(&file, &bytes).unwrap();
        let (_journal, recorder) = start(&dir, &options()).unwrap();
        let found = recorder.payloads();
        assert!(found.len() >= image.before && found == image.entries[..found.len()]);
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % end
    }

    /// Returns one entry or more: mostly small ones, some of zeros, now and then one longer than what is zeroed ahead.
    fn entries(&mut self, count_max: usize) -> Vec<Blob> {
        let count = 1 + self.below(count_max);
        let entry = |_| {
            let len = match self.below(16) {
                0 => 300_000 + self.below(300_000),
                1..=4 => self.below(10_000),
                _ => self.below(600),
            };
            match self.below(4) {
                0 => Blob::from(&vec![0; len][..]),
                _ => Blob::new(self.below(1_000) as u64, len),
            }
        };
        (0..count).map(entry).collect()
    }
}

#[test]
fn a_sector_of_a_group_that_another_follows_is_damage() {
    let image = Image::new();
    let (dir, file, _) = image.lay();
    let (journal, recorder) = start(&dir, &options()).unwrap();
    commit(&journal, &recorder, 100..101);
    drop(journal);
    let whole = fs::read(&file).unwrap();
    for sector in image.sectors() {
        let mut bytes = whole.clone();
        bytes[sector.clone()].fill(0);
        fs::write(&file, &bytes).unwrap();
        let error = refused(&dir);
        assert!(
            matches!(&error, StartError::Damaged { path, .. } if Path::new(path) == file),
            "{sector:?}: {error:?}"
        );
    }
}

#[test]
fn a_flipped_bit_is_damage_whatever_was_zeroed_ahead() {
    let image = Image::new();
    let (dir, file, whole) = image.lay();
    for place in image.group.clone().step_by(7) {
        let mut bytes = whole.clone();
        bytes[place] ^= 1 << (place % 8);
        fs::write(&file, &bytes).unwrap();
        assert!(
            matches!(refused(&dir), StartError::Damaged { .. }),
            "{place}"
        );
    }
}

#[test]
fn a_file_of_another_name_is_not_left_out_silently() {
    let image = Image::new();
    let (dir, file, bytes) = image.lay();
    let strange = file.with_file_name("r-00_000_000_000_000_000_000.wal");
    fs::write(&strange, bytes).unwrap();
    let error = refused(&dir).to_string();
    assert!(error.contains(&strange.display().to_string()), "{error}");
}
