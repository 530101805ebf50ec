//! Frames of a WebSocket (RFC 6455, 5.2): how long they are, and what a text frame says.

/// The length of the frame at the beginning of `bytes`, header and all; `None` if it is not there
/// as a whole.
pub fn length(bytes: &[u8]) -> Option<usize> {
    let (head, size) = header(bytes)?;
    Some(head + size).filter(|length| bytes.len() >= *length)
}

/// The text of a whole frame; `None` if it is of another kind.
pub fn text(frame: &[u8]) -> Option<String> {
    let (head, _) = header(frame).filter(|_| frame.first() == Some(&0x81))?;
    let mut text = frame.get(head..)?.to_vec();
    if frame.get(1)? & 0x80 != 0 {
        let mask = frame.get(head - 4..head)?;
        text.iter_mut().zip(mask.iter().cycle()).for_each(|(byte, mask)| *byte ^= mask);
    }
    String::from_utf8(text).ok()
}

/// A text frame; a client's has a mask, which may be zero.
pub fn of_text(text: &str, is_clients: bool) -> Vec<u8> {
    let mask: u8 = if is_clients { 0x80 } else { 0 };
    let mut frame = vec![0x81];
    match text.len() {
        length @ 0..=125 => frame.push(mask | length as u8),
        length @ 126..=0xffff => {
            frame.push(mask | 126);
            frame.extend((length as u16).to_be_bytes());
        }
        length => {
            frame.push(mask | 127);
            frame.extend((length as u64).to_be_bytes());
        }
    }
    if is_clients {
        frame.extend([0; 4]);
    }
    frame.extend(text.bytes());
    frame
}

/// The lengths of the header and of what follows it.
fn header(bytes: &[u8]) -> Option<(usize, usize)> {
    let second = *bytes.get(1)?;
    let mask = if second & 0x80 != 0 { 4 } else { 0 };
    let number = |bytes: &[u8]| bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte));
    Some(match second & 0x7f {
        126 => (4 + mask, number(bytes.get(2..4)?)),
        127 => (10 + mask, number(bytes.get(2..10)?)),
        size => (2 + mask, size.into()),
    })
}
