//! How much one process measures, and how a figure is won from rounds.

use std::time::{Duration, Instant};

use clap::Args;

/// How much one process measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Args)]
pub(crate) struct Effort {
    /// Rounds of each measurement; the median counts
    #[arg(long, default_value_t = Self::FULL.rounds)]
    pub(crate) rounds: u32,
    /// Milliseconds that a round takes at least
    #[arg(long, default_value_t = Self::FULL.round_ms)]
    round_ms: u64,
    /// Single updates that are timed, for the percentiles
    #[arg(long, default_value_t = Self::FULL.samples)]
    pub(crate) samples: usize,
}

impl Effort {
    /// For figures to believe: 20 000 samples put 20 behind the last percentile.
    pub(crate) const FULL: Self = Self {
        rounds: 5,
        round_ms: 100,
        samples: 20_000,
    };

    /// For a look whether everything works.
    pub(crate) const QUICK: Self = Self {
        rounds: 3,
        round_ms: 20,
        samples: 5_000,
    };

    /// The arguments that a child process is told this by; the Go harness has the same ones.
    pub(crate) fn args(&self) -> impl Iterator<Item = String> {
        [
            ("--rounds", self.rounds.to_string()),
            ("--round-ms", self.round_ms.to_string()),
            ("--samples", self.samples.to_string()),
        ]
        .into_iter()
        .flat_map(|(name, value)| [name.to_owned(), value])
    }

    /// Returns nanoseconds for each unit of work, the median over the rounds; `batch` returns how many units it did.
    ///
    /// Rounds are bounded by time, not by number, so that a slow engine is measured as long as a fast one.
    pub(crate) fn per_unit(&self, mut batch: impl FnMut() -> usize) -> f64 {
        let round_length = Duration::from_millis(self.round_ms);
        let round = |_| {
            let begin = Instant::now();
            let mut units = 0;
            loop {
                units += batch();
                let took = begin.elapsed();
                if took >= round_length {
                    return nanoseconds_each(took, units);
                }
            }
        };
        median((0..self.rounds.max(1)).map(round).collect())
    }
}

/// `took`, divided by `units`.
pub(crate) fn nanoseconds_each(took: Duration, units: usize) -> f64 {
    took.as_secs_f64() * 1e9 / float(units)
}

/// The number in the middle, or between the two there.
///
/// # Panics
/// When there are none.
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    let middle = figures.len() / 2;
    if figures.len() % 2 == 1 {
        figures[middle]
    } else {
        f64::midpoint(figures[middle - 1], figures[middle])
    }
}

/// The sample below which `per_mille` thousandths of the others lie; the samples are sorted.
///
/// # Panics
/// When there are none.
pub(crate) fn percentile(sorted: &[Duration], per_mille: usize) -> Duration {
    sorted[(sorted.len() - 1) * per_mille / 1000]
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts here stay far below 2^53"
)]
pub(crate) const fn float(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_or_between() {
        assert!((median(vec![9.0, 1.0, 2.0]) - 2.0).abs() < 1e-9);
        assert!((median(vec![4.0, 1.0, 2.0, 9.0]) - 3.0).abs() < 1e-9);
    }

    #[test]
    fn a_percentile_is_one_of_the_samples() {
        let samples: Vec<_> = (1..=1001).map(Duration::from_nanos).collect();
        assert_eq!(percentile(&samples, 500), Duration::from_nanos(501));
        assert_eq!(percentile(&samples, 999), Duration::from_micros(1));
        assert_eq!(percentile(&samples[..1], 999), Duration::from_nanos(1));
    }

    #[test]
    fn a_round_counts_every_unit_until_its_time_is_up() {
        let effort = Effort {
            rounds: 1,
            round_ms: 0,
            samples: 0,
        };
        let mut batches = 0;
        let figure = effort.per_unit(|| {
            batches += 1;
            5
        });
        assert_eq!(batches, 1);
        assert!(figure.is_finite());
        let each = nanoseconds_each(Duration::from_micros(3), 6);
        assert!((each - 500.0).abs() < 1e-9);
    }
}
