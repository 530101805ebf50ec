//! Small things that a device keeps: here there are none.

/// What is kept under a name.
pub fn get(_name: &str) -> Option<String> {
    None
}

/// Keeps a value, or nothing any more.
pub fn set(_name: &str, _value: Option<&str>) {}
