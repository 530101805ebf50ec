//! The live connection: what is said over it, to whom, and in which order.

mod catching_up;
mod changing;
mod device;
mod frames;
mod groups;
mod history;
mod messages;
mod order;
mod people;
mod presence;
mod reading;
mod restart;
mod schedule;
mod typing;
