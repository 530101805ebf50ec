//! When devices come back.

use proptest::prelude::*;
use sotto::device::pause;

proptest! {
    #[test]
    fn nobody_comes_back_before_the_server_asked_or_later_than_twice_that(
        after in 1..120_000_u32,
        random in 0.0..1.0_f64,
    ) {
        prop_assert!((after..=2 * after).contains(&pause(Some(after), 500.0, random)));
    }

    #[test]
    fn without_a_word_the_wait_is_the_most_and_half_of_it_the_least(
        wait in 500..10_000_u32,
        random in 0.0..1.0_f64,
    ) {
        prop_assert!((wait / 2..=wait).contains(&pause(None, wait.into(), random)));
    }
}

#[test]
fn devices_that_lost_the_same_server_are_spread_over_all_of_the_time() {
    let moments: Vec<_> = (0..10).map(|tenth| pause(Some(1000), 500.0, f64::from(tenth) / 10.0)).collect();
    assert!(moments.windows(2).all(|pair| pair[1] - pair[0] >= 99), "{moments:?}");
}
