//! Where a number stands on a logarithmic axis, which lines an axis has, and how labels make room for each other.

/// A logarithmic axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    /// The numbers at the ends.
    low: f64,
    high: f64,
    /// Where the ends are drawn.
    from: f64,
    to: f64,
}

impl Scale {
    /// An axis on which all `values` have their place; `from` is where the smallest is drawn.
    pub(super) fn over(values: impl IntoIterator<Item = f64>, from: f64, to: f64) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values {
            (low, high) = (low.min(value), high.max(value));
        }
        // One value, or none, has no extent.
        if low.partial_cmp(&high) != Some(std::cmp::Ordering::Less) {
            let only = if low.is_finite() { low } else { 1.0 };
            (low, high) = (only / 2.0, only * 2.0);
        }
        Self {
            low,
            high,
            from,
            to,
        }
    }

    /// Where `value` is drawn.
    pub(super) fn at(&self, value: f64) -> f64 {
        let share = (value / self.low).ln() / (self.high / self.low).ln();
        self.from + share * (self.to - self.from)
    }

    /// The round numbers on the axis: those that `steps` times a power of ten makes.
    pub(super) fn round_numbers(&self, steps: &[f64]) -> Vec<f64> {
        let mut numbers = Vec::new();
        let mut power = 10_f64.powf(self.low.log10().floor());
        while power <= self.high {
            numbers.extend(steps.iter().map(|step| step * power));
            power *= 10.0;
        }
        // A number at an end may be off by what a logarithm loses.
        let (low, high) = (self.low * 0.999, self.high * 1.001);
        numbers.retain(|number| (low..=high).contains(number));
        numbers
    }
}

/// Moves `places` apart until neighbours are `gap` away from each other, as little as it takes, in the same order.
pub(super) fn spread(places: &[f64], gap: f64) -> Vec<f64> {
    let mut order: Vec<_> = (0..places.len()).collect();
    order.sort_by(|a, b| places[*a].total_cmp(&places[*b]));

    // Groups of neighbours that touch: the sum of where each would like the group to begin, and how many they are.
    let mut groups: Vec<(f64, f64)> = Vec::new();
    let begin = |group: &(f64, f64)| group.0 / group.1;
    for index in &order {
        let mut group = (places[*index], 1.0);
        while let Some(before) = groups.last()
            && begin(before) + before.1 * gap > begin(&group)
        {
            group = (
                before.0 + group.0 - group.1 * before.1 * gap,
                before.1 + group.1,
            );
            groups.pop();
        }
        groups.push(group);
    }

    let mut spread = vec![0.0; places.len()];
    let mut indexes = order.into_iter();
    for group in &groups {
        let mut place = begin(group);
        let mut left = group.1;
        while left > 0.5 {
            if let Some(index) = indexes.next() {
                spread[index] = place;
            }
            place += gap;
            left -= 1.0;
        }
    }
    spread
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: &[f64], b: &[f64]) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6)
    }

    #[test]
    fn equal_factors_are_equal_distances() {
        let scale = Scale::over([100.0, 1.0], 0.0, 200.0);
        let places = [1.0, 10.0, 100.0].map(|value| scale.at(value));
        assert!(close(&places, &[0.0, 100.0, 200.0]), "{places:?}");
        let downward = Scale::over([1.0, 100.0], 200.0, 0.0);
        assert!(close(
            &[downward.at(10.0), downward.at(1.0)],
            &[100.0, 200.0]
        ));
    }

    #[test]
    fn an_axis_over_one_value_has_it_in_the_middle() {
        assert!(close(&[Scale::over([7.0], 0.0, 10.0).at(7.0)], &[5.0]));
        assert!(Scale::over([], 0.0, 10.0).at(1.0).is_finite());
    }

    #[test]
    fn round_numbers_lie_on_the_axis() {
        let scale = Scale::over([8.0, 250.0], 0.0, 1.0);
        assert!(close(&scale.round_numbers(&[1.0]), &[10.0, 100.0]));
        let finer = [10.0, 20.0, 50.0, 100.0, 200.0];
        assert!(close(&scale.round_numbers(&[1.0, 2.0, 5.0]), &finer));
        let ends = Scale::over([10_000.0, 1_000_000.0], 0.0, 1.0);
        assert_eq!(ends.round_numbers(&[1.0]).len(), 3);
    }

    #[test]
    fn labels_that_collide_move_apart_and_others_stay() {
        assert!(close(&spread(&[50.0, 10.0], 10.0), &[50.0, 10.0]));
        assert!(close(
            &spread(&[20.0, 20.0, 90.0], 10.0),
            &[15.0, 25.0, 90.0]
        ));
        // The third pushes against the two that have just moved.
        let pushed = spread(&[20.0, 20.0, 27.0], 10.0);
        assert!(
            close(&pushed, &[37.0 / 3.0, 67.0 / 3.0, 97.0 / 3.0]),
            "{pushed:?}"
        );
        assert!(spread(&[], 10.0).is_empty());
    }
}
