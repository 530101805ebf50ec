//! The order of a conversation is one that everybody could have seen happen.

use super::{Entry, Fault, Kept, Promise, What};
use model::id::{ConversationId, MessageId};
use std::collections::HashMap;

/// The newest message that was known of a conversation.
type Newest = HashMap<ConversationId, (u64, MessageId)>;

/// Acknowledged to, or heard by, anybody before another was begun: a smaller seq.
pub fn follows_real_time(history: &[Entry], kept: &Kept) -> Vec<Fault> {
    let places = kept.places();
    let mut newest = Newest::new();
    let mut faults = Vec::new();
    for Entry { device, what } in history {
        match what {
            What::Acked { conversation, id, seq } | What::Heard { conversation, id, seq, .. } => {
                let known = newest.entry(*conversation).or_insert((*seq, *id));
                *known = (*known).max((*seq, *id));
            }
            What::Begun { conversation, id, .. } => {
                let place = places.get(&(*conversation, *id));
                let (Some(place), Some((seq, earlier))) = (place, newest.get(conversation)) else { continue };
                if place <= seq {
                    let what = format!(
                        "{id} of {device} is at {place} of {conversation}; when it was begun, {earlier} was at {seq}"
                    );
                    faults.push(Promise::RealTimeOrder.broken(what));
                }
            }
            _ => {}
        }
    }
    faults
}

/// One device's messages stand in the order in which they were begun, but for those that go beside its socket.
pub fn is_each_devices_own(history: &[Entry], kept: &Kept) -> Vec<Fault> {
    let places = kept.places();
    let mut last = HashMap::new();
    let mut faults = Vec::new();
    for Entry { device, what } in history {
        let What::Begun { conversation, id, file: None, .. } = what else { continue };
        let Some(place) = places.get(&(*conversation, *id)) else { continue };
        if let Some((before, earlier)) = last.insert((device, conversation), (place, id))
            && place <= before
        {
            let what = format!("{device} wrote {earlier} ({before}) before {id} ({place}) in {conversation}");
            faults.push(Promise::SendersOrder.broken(what));
        }
    }
    faults
}
