//! What a journal makes of files that are not as it wrote them: a torn end is cut off, damage is refused by file and
//! offset, and nothing else is ever read.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use common::{RECORD, commit, copy, log_files, payloads, saved_states, seed, start};
use proposer::testing::{Blob, Recorder};
use proposer::{Journal, JournalOptions, Proposer, Replica, StartError, Version};

const ENTRIES: u64 = 60;

/// Entries in a file, so that the log has three.
fn options() -> JournalOptions {
    let mut options = JournalOptions::default();
    options.file_entries_max = 25;
    options.history_entries_kept = 0;
    options
}

/// A log of acknowledged entries, as it is left by a journal that was stopped: without space zeroed ahead.
struct Image {
    _base: tempfile::TempDir,
    original: PathBuf,
    work: PathBuf,
}

impl Image {
    fn new() -> Self {
        Self::made(|_| {})
    }

    fn made(then: impl FnOnce(&Journal<Blob>)) -> Self {
        let base = tempfile::tempdir().unwrap();
        let dir = base.path().join("dir");
        let (journal, recorder) = start(&dir, &options()).unwrap();
        commit(&journal, &recorder, 0..ENTRIES);
        then(&journal);
        drop(journal);
        let original = base.path().join("original");
        copy(&dir, &original);
        let work = base.path().join("work");
        Self {
            _base: base,
            original,
            work,
        }
    }

    /// Lays the image anew, and returns its directory.
    fn lay(&self) -> &Path {
        copy(&self.original, &self.work);
        &self.work
    }

    fn last_file(&self) -> PathBuf {
        log_files(&self.work).pop().unwrap()
    }
}

fn contents(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    log_files(dir)
        .into_iter()
        .chain(saved_states(dir))
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect()
}

/// Starts a journal that must refuse, without a change of its files.
fn refused(dir: &Path) -> StartError {
    let before = contents(dir);
    let error = start(dir, &options()).expect_err("damage is refused");
    assert_eq!(
        contents(dir),
        before,
        "what is refused stays as it was found"
    );
    error
}

fn assert_damaged(error: &StartError, file: &Path, offset: u64) {
    let StartError::Damaged { path, what } = error else {
        panic!("{error:?}")
    };
    assert_eq!(Path::new(path), file);
    assert!(what.starts_with(&format!("offset {offset}: ")), "{what}");
    assert!(
        what.contains(&format!("cut the file to {offset} bytes")),
        "{what}"
    );
}

#[test]
fn a_log_cut_at_any_byte_of_its_last_records_ends_with_the_last_whole_one() {
    let image = Image::new();
    image.lay();
    let whole = fs::read(image.last_file()).unwrap();
    let len = whole.len() as u64;
    for cut in 1..=2 * RECORD {
        let dir = image.lay();
        let left = usize::try_from(len - cut).unwrap();
        fs::write(image.last_file(), &whole[..left]).unwrap();
        let (journal, recorder) = start(dir, &options()).unwrap();
        let lost = cut.div_ceil(RECORD);
        assert_eq!(
            recorder.payloads(),
            payloads(0..ENTRIES - lost),
            "{cut} bytes cut"
        );
        let left = (RECORD - cut % RECORD) % RECORD;
        let torn = journal.stats().torn_bytes;
        // Zeros at the end do not count.
        assert!(
            torn <= left && (torn == 0) == (left == 0),
            "{cut} bytes cut: {torn}"
        );
        recorder.assert_kept();
    }
}

#[test]
fn a_log_that_was_cut_goes_on() {
    let image = Image::new();
    let dir = image.lay();
    let whole = fs::read(image.last_file()).unwrap();
    fs::write(image.last_file(), &whole[..whole.len() - 5]).unwrap();
    for round in 0..3 {
        let (journal, recorder) = start(dir, &options()).unwrap();
        let count = ENTRIES - 1 + round * 10;
        assert_eq!(recorder.payloads(), payloads(0..count));
        commit(&journal, &recorder, count..count + 10);
        let changes = journal.changes_between(Version::ZERO, Version::new(count + 10));
        assert_eq!(changes.unwrap().len() as u64, count + 10);
    }
}

#[test]
fn every_flipped_bit_of_the_last_records_is_refused() {
    let image = Image::new();
    image.lay();
    let file = image.last_file();
    let whole = fs::read(&file).unwrap();
    let len = whole.len() as u64;
    for place in len - 2 * RECORD..len {
        for bit in 0..8 {
            let mut bytes = whole.clone();
            bytes[usize::try_from(place).unwrap()] ^= 1 << bit;
            fs::write(&file, &bytes).unwrap();
            let record = len - (len - place).div_ceil(RECORD) * RECORD;
            assert_damaged(&refused(&image.work), &file, record);
        }
    }
}

#[test]
fn flipped_bits_anywhere_are_refused() {
    let image = Image::new();
    let files = log_files(image.lay());
    assert_eq!(files.len(), 3);
    let seed = seed();
    let mut random = seed;
    for _ in 0..1_500 {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let file = &files[usize::try_from(random >> 8).unwrap() % files.len()];
        let whole = fs::read(file).unwrap();
        let mut bytes = whole.clone();
        let place = usize::try_from(random >> 16).unwrap() % bytes.len();
        bytes[place] ^= 1 << (random % 8);
        fs::write(file, &bytes).unwrap();
        let error = refused(&image.work);
        // A flip in the number of the format makes it another format, without a way to tell.
        let (StartError::Damaged { path, .. } | StartError::Format { path, .. }) = &error else {
            panic!("seed {seed}, byte {place} of {}: {error:?}", file.display())
        };
        assert_eq!(Path::new(path), file, "seed {seed}, byte {place}");
        fs::write(file, &whole).unwrap();
    }
    let (_journal, recorder) = start(&image.work, &options()).unwrap();
    assert_eq!(recorder.payloads(), payloads(0..ENTRIES), "whole again");
}

#[test]
fn zeros_at_the_end_are_cut_off_and_other_bytes_are_refused() {
    let image = Image::new();
    image.lay();
    let whole = fs::read(image.last_file()).unwrap();

    // A file that got its length before its bytes, after the last entry and instead of it.
    let mut longer = whole.clone();
    longer.resize(whole.len() + 4_096, 0);
    let mut instead = whole.clone();
    let last = whole.len() - usize::try_from(RECORD).unwrap();
    instead[last..].fill(0);
    for (bytes, entries) in [(longer, ENTRIES), (instead, ENTRIES - 1)] {
        let dir = image.lay();
        fs::write(image.last_file(), bytes).unwrap();
        let (_journal, recorder) = start(dir, &options()).unwrap();
        assert_eq!(recorder.payloads(), payloads(0..entries));
    }

    let dir = image.lay();
    let mut strange = whole.clone();
    strange.extend_from_slice(b"not a record, and not the beginning of one either");
    fs::write(image.last_file(), strange).unwrap();
    assert_damaged(&refused(dir), &image.last_file(), whole.len() as u64);
}

#[test]
fn a_torn_end_before_the_last_file_is_refused() {
    let image = Image::new();
    let dir = image.lay();
    let first = &log_files(dir)[0];
    let whole = fs::read(first).unwrap();
    fs::write(first, &whole[..whole.len() - 1]).unwrap();
    assert_damaged(&refused(dir), first, whole.len() as u64 - RECORD);
    fs::write(first, b"").unwrap();
    assert_damaged(&refused(dir), first, 0);
}

#[test]
fn a_missing_file_is_refused() {
    let image = Image::new();
    for missing in 0..2 {
        let dir = image.lay();
        let files = log_files(dir);
        fs::remove_file(&files[missing]).unwrap();
        assert_damaged(&refused(dir), &files[missing + 1], 0);
    }
}

#[test]
fn a_file_that_was_never_begun_holds_nothing() {
    let image = Image::new();
    for head in [&b""[..], &[0; 16], &[0, 0, 0]] {
        let dir = image.lay();
        let last = image.last_file();
        let number: u64 = last.file_stem().unwrap().to_str().unwrap().parse().unwrap();
        let next = last.with_file_name(format!("{:020}.wal", number + 1));
        fs::write(&next, head).unwrap();
        let (journal, recorder) = start(dir, &options()).unwrap();
        assert_eq!(recorder.payloads(), payloads(0..ENTRIES));
        commit(&journal, &recorder, ENTRIES..ENTRIES + 3);
    }
}

#[test]
fn another_format_is_refused_as_such() {
    let image = Image::new();
    let dir = image.lay();
    let file = &log_files(dir)[1];
    let mut bytes = fs::read(file).unwrap();
    bytes[8] = 3;
    fs::write(file, bytes).unwrap();
    let error = refused(dir);
    let text = format!(
        "{}: it has format 3, this release reads format 2",
        file.display()
    );
    assert_eq!(error.to_string(), text);
}

#[test]
fn a_damaged_saved_state_is_refused_unless_the_log_reaches_back_to_an_older_one() {
    let image = Image::made(|journal| {
        let saved = journal.compact_now().unwrap();
        assert_eq!(saved.version, Version::new(ENTRIES));
    });
    let dir = image.lay();
    let state = saved_states(dir).pop().unwrap();
    let mut bytes = fs::read(&state).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&state, &bytes).unwrap();
    let error = refused(dir);
    assert!(
        matches!(&error, StartError::Restore { path, .. } if Path::new(path) == state),
        "{error:?}"
    );

    // Here the log is whole: the node went down before it dropped what the new state made superfluous.
    let image = Image::new();
    let dir = image.lay();
    fs::write(dir.join("state-00000000000000000055"), bytes).unwrap();
    let mut older = Vec::new();
    Recorder::new().save(&mut older).unwrap();
    fs::write(dir.join("state-00000000000000000000"), older).unwrap();
    let (_journal, recorder) = start(dir, &options()).unwrap();
    assert_eq!(recorder.payloads(), payloads(0..ENTRIES));
}

#[test]
fn a_log_without_its_saved_state_is_refused() {
    let image = Image::made(|journal| {
        journal.compact_now().unwrap();
    });
    let dir = image.lay();
    fs::remove_file(saved_states(dir).pop().unwrap()).unwrap();
    let error = refused(dir).to_string();
    assert!(error.contains("the log begins after version"), "{error}");
}

#[test]
fn a_log_that_ends_before_its_saved_state_is_refused_and_one_without_files_begins_there() {
    let image = Image::made(|journal| {
        journal.compact_now().unwrap();
    });
    let dir = image.lay();
    let last = image.last_file();
    let whole = fs::read(&last).unwrap();
    let left = whole.len() - usize::try_from(RECORD).unwrap();
    fs::write(&last, &whole[..left]).unwrap();
    let error = refused(dir).to_string();
    assert!(error.contains("the log ends at version 59"), "{error}");
    assert!(error.contains("remove the files of the log"), "{error}");

    fs::remove_dir_all(dir.join("log")).unwrap();
    let (journal, recorder) = start(dir, &options()).unwrap();
    assert_eq!(recorder.payloads(), payloads(0..ENTRIES));
    commit(&journal, &recorder, ENTRIES..ENTRIES + 30);
    drop(journal);
    let (_journal, recorder) = start(dir, &options()).unwrap();
    assert_eq!(recorder.payloads(), payloads(0..ENTRIES + 30));
}
