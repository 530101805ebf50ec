//! How a picture lies in the room that there is for it. Pure, so that it is tested without a page.

/// The most that a picture is enlarged beyond all of it being seen.
pub const MOST: f64 = 8.0;

/// A picture's place: how much larger than when all of it is seen, and how far its middle is from that of the room.
/// Lengths are pixels of the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lens {
    /// 1: all of it is seen.
    pub scale: f64,
    /// To the right, and down.
    pub offset: [f64; 2],
}

impl Lens {
    /// All of it is seen, in the middle.
    pub const WHOLE: Self = Self { scale: 1.0, offset: [0.0, 0.0] };

    /// Whether there is more of it than the room shows.
    pub fn is_enlarged(self) -> bool {
        self.scale > 1.0
    }

    /// So much larger; what lies at a point, measured from the middle of the room, stays there.
    pub fn enlarged(self, by: f64, [x, y]: [f64; 2]) -> Self {
        let scale = (self.scale * by).clamp(1.0, MOST);
        let by = scale / self.scale;
        let stays = |at: f64, offset: f64| at - (at - offset) * by;
        Self { scale, offset: [stays(x, self.offset[0]), stays(y, self.offset[1])] }
    }

    /// So far to the right, and down.
    pub fn moved(self, [x, y]: [f64; 2]) -> Self {
        Self { offset: [self.offset[0] + x, self.offset[1] + y], ..self }
    }

    /// Where no edge of a picture of this size in pixels of its own leaves more of the room empty than it must. One
    /// that is smaller than the room is seen as large as it is.
    pub fn within(self, picture: [u32; 2], room: [f64; 2]) -> Self {
        let [width, height] = picture.map(f64::from);
        let fitting = (room[0] / width).min(room[1] / height).min(1.0) * self.scale;
        let held = |side: f64, room: f64, offset: f64| {
            let most = ((side * fitting - room) / 2.0).max(0.0);
            offset.clamp(-most, most)
        };
        let offset = [held(width, room[0], self.offset[0]), held(height, room[1], self.offset[1])];
        Self { offset, ..self }
    }
}

/// What letting go of a picture means that was moved by fingers while all of it was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swipe {
    /// Nothing: it goes back to where it was.
    Back,
    /// The picture after this one (1), or before it (-1).
    Step(i32),
    /// Down: whoever looked at it is done.
    Away,
}

/// So far a picture is moved aside, or down, until that means something, in pixels of the page.
const FAR: [f64; 2] = [56.0, 96.0];

impl Swipe {
    /// What it means that it was moved so far to the right, and down.
    pub fn of([x, y]: [f64; 2]) -> Self {
        match (x.abs() > y.abs(), x, y) {
            (true, x, _) if x.abs() > FAR[0] => Self::Step(if x < 0.0 { 1 } else { -1 }),
            (false, _, y) if y > FAR[1] => Self::Away,
            _ => Self::Back,
        }
    }
}
