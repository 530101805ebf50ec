//! The live connection: what is said over it, to whom, and in which order.

mod catching_up;
mod frames;
mod history;
mod messages;
mod order;
mod people;
mod presence;
mod reading;
mod restart;
mod typing;
