//! Which proposals meet which fault.

use std::collections::VecDeque;

use crate::AbortReason;

/// What happens to one proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Nothing: it goes its way, behind those that are held back.
    None,
    /// It is refused.
    Refuse(AbortReason),
    /// It is held back, and those that follow behind it.
    Hold,
    /// It is taken, then dropped with all that is held back.
    Abort,
    /// It is taken, then dropped with all that is held back, and perhaps in the log.
    Unknown,
}

/// Which proposals meet which fault, in the order in which they are handed over.
#[derive(Clone, Debug)]
pub struct Plan(Faults);

#[derive(Clone, Debug)]
enum Faults {
    Script(VecDeque<Fault>),
    Random(u64),
}

impl Plan {
    /// Returns a plan without a fault.
    #[must_use]
    pub fn none() -> Self {
        Self::script([])
    }

    /// Returns a plan with these faults, and none after them.
    #[must_use]
    pub fn script(faults: impl IntoIterator<Item = Fault>) -> Self {
        Self(Faults::Script(faults.into_iter().collect()))
    }

    /// Returns an endless plan in which one proposal of four meets a fault. The same seed gives the same plan.
    #[must_use]
    pub const fn random(seed: u64) -> Self {
        Self(Faults::Random(seed))
    }

    pub(super) fn next(&mut self) -> Fault {
        match &mut self.0 {
            Faults::Script(faults) => faults.pop_front().unwrap_or(Fault::None),
            Faults::Random(state) => match random(state) % 16 {
                0 => Fault::Refuse(AbortReason::Superseded),
                1 => Fault::Hold,
                2 => Fault::Abort,
                3 => Fault::Unknown,
                _ => Fault::None,
            },
        }
    }
}

/// Returns the next number of the generator "split mix".
const fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
