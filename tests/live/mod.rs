//! Who is told, and what that costs: nothing of it depends on where the data lie.

mod large_group;
