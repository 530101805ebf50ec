//! The requirements of the security design, each with its proof.

mod access;
mod bodies;
mod connections;
mod cookie;
mod cross_site;
mod files;
mod fixation;
mod groups;
mod guessing;
mod hanging_up;
mod headers;
mod hostile;
mod injection;
mod limits;
mod memory;
mod outbound;
mod passwords;
mod rendering;
mod revocation;
mod signups;
mod slow_reader;
mod socket_origin;
