//! The torture's judge, fed with histories: a good one, and the same with one thing broken.

mod broken;
mod given;
mod sound;
