//! How a picture lies in the viewer, and what fingers ask for.

use proptest::prelude::*;
use sotto::chat::view::message::lens::{Lens, MOST, Swipe};

const ROOM: [f64; 2] = [400.0, 800.0];
const WIDE: [u32; 2] = [2000, 1000];

#[test]
fn what_is_pointed_at_stays_where_it_is() {
    let lens = Lens::WHOLE.enlarged(2.0, [50.0, -30.0]);
    assert_eq!(lens, Lens { scale: 2.0, offset: [-50.0, 30.0] });
    // And back again.
    assert_eq!(lens.enlarged(0.5, [50.0, -30.0]), Lens::WHOLE);
}

#[test]
fn it_is_never_smaller_than_all_of_it_nor_larger_than_makes_sense() {
    assert_eq!(Lens::WHOLE.enlarged(0.1, [0.0, 0.0]), Lens::WHOLE);
    assert_eq!(Lens::WHOLE.enlarged(100.0, [0.0, 0.0]).scale, MOST);
    assert!(!Lens::WHOLE.is_enlarged());
    assert!(Lens::WHOLE.enlarged(1.5, [0.0, 0.0]).is_enlarged());
}

#[test]
fn no_edge_comes_in_further_than_it_must() {
    // Of 400 by 200 pixels where all of it is seen, it is 1200 by 600 then: less high than the room.
    let Lens { scale, offset: [right, down] } =
        Lens { scale: 3.0, offset: [900.0, -70.0] }.within(WIDE, ROOM);
    assert!(scale == 3.0 && (right - 400.0).abs() < 1e-6 && down == 0.0, "{scale} {right} {down}");
    // A small one is not made larger by that there is room.
    let small = Lens { scale: 2.0, offset: [10.0, 10.0] }.within([40, 60], ROOM);
    assert_eq!(small.offset, [0.0, 0.0]);
}

#[test]
fn a_swipe_goes_where_most_of_it_goes() {
    for (moved, meant) in [
        ([-80.0, 20.0], Swipe::Step(1)),
        ([80.0, -60.0], Swipe::Step(-1)),
        ([-30.0, 5.0], Swipe::Back),
        ([20.0, 140.0], Swipe::Away),
        ([20.0, 60.0], Swipe::Back),
        // Up means nothing.
        ([0.0, -300.0], Swipe::Back),
        ([0.0, 0.0], Swipe::Back),
    ] {
        assert_eq!(Swipe::of(moved), meant, "{moved:?}");
    }
}

proptest! {
    #[test]
    fn wherever_it_is_moved_the_room_stays_full_of_it(
        by in 0.1..20.0_f64, at in [-400.0..400.0_f64, -400.0..400.0_f64], moved in [-5e3..5e3_f64, -5e3..5e3_f64],
        size in [1..20_000_u32, 1..20_000_u32],
    ) {
        let lens = Lens::WHOLE.enlarged(by, at).moved(moved).within(size, ROOM);
        let fitting = (ROOM[0] / f64::from(size[0])).min(ROOM[1] / f64::from(size[1])).min(1.0);
        for side in 0..2 {
            let spare = (f64::from(size[side]) * fitting * lens.scale - ROOM[side]) / 2.0;
            prop_assert!(lens.offset[side].abs() <= spare.max(0.0) + 1e-6);
        }
        prop_assert_eq!(lens.within(size, ROOM), lens);
    }
}
