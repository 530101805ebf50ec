//! The program on a MongoDB that is not there: at the start, and under load.

mod crash;
mod start;
