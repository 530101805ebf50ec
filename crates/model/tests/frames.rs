//! Frames that nobody would send: whatever comes, it is understood or refused, and never more.

use crate::corpus;
use model::{
    content::Flat,
    event::{ClientEvent, ServerEvent, Target},
    file::{Attachment, FileName, MediaType},
    id::{ConversationId, FileId, MessageId, UserId},
    mention::Mentions,
    message::{Anchor, Message, MessageKind, PageRequest, Pinned, Reaction},
    prefs::Prefs,
    time::Timestamp,
};
use proptest::{prelude::*, sample::Index};
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

fn understood_by_server(frame: &str) -> Option<ClientEvent> {
    serde_json::from_str(frame).ok()
}

fn understood_by_page(frame: &str) -> Option<ServerEvent> {
    ServerEvent::from_json(frame).ok()
}

/// What was understood is said in a way that means the same.
fn check_client(frame: &str) -> bool {
    let Some(event) = understood_by_server(frame) else { return false };
    let again = serde_json::to_string(&event).expect("JSON");
    assert_eq!(understood_by_server(&again), Some(event), "{frame}");
    true
}

fn check_server(frame: &str) -> bool {
    let Some(event) = understood_by_page(frame) else { return false };
    // What is passed over is never said.
    if event != ServerEvent::Unknown {
        let again = event.to_json().expect("JSON");
        assert_eq!(understood_by_page(&again), Some(event), "{frame}");
    }
    true
}

#[test]
fn the_kept_frames_are_understood_or_refused_as_they_were() {
    for (side, check) in [("client", check_client as fn(&str) -> bool), ("server", check_server)] {
        for (name, frame) in corpus::frames(side) {
            assert_eq!(check(&frame), !name.starts_with("bad-"), "{side}/{name}");
        }
    }
}

fn id() -> impl Strategy<Value = Uuid> + Clone {
    any::<u128>().prop_map(Uuid::from_u128)
}

fn named() -> impl Strategy<Value = Option<MessageId>> {
    prop::option::of(id().prop_map(MessageId))
}

fn target() -> impl Strategy<Value = Target> {
    prop_oneof![
        id().prop_map(|id| Target::Contact(UserId(id))),
        id().prop_map(|id| Target::Conversation(ConversationId(id))),
    ]
}

fn anchor(before: Option<u64>, after: Option<u64>, around: Option<u64>) -> PageRequest {
    Anchor { before, after, around }.into()
}

fn client_event() -> impl Strategy<Value = ClientEvent> {
    let place = (id(), id()).prop_map(|(talk, id)| (ConversationId(talk), MessageId(id)));
    let page = (any::<[Option<u64>; 3]>(), any::<Option<usize>>())
        .prop_map(|([before, after, around], limit)| PageRequest { limit, ..anchor(before, after, around) });
    let cursors = prop::collection::btree_map(id().prop_map(ConversationId), any::<u64>(), 0..5);
    prop_oneof![
        cursors.prop_map(|cursors| ClientEvent::Resume { cursors }),
        (target(), page).prop_map(|(target, page)| ClientEvent::LoadConversation { target, page }),
        (id(), prop::collection::vec(id().prop_map(MessageId), 0..4)).prop_map(|(talk, ids)| {
            ClientEvent::FindMessages { conversation_id: ConversationId(talk), ids }
        }),
        (id(), target(), any::<String>(), prop::option::of(id())).prop_map(|(id, target, body, reply_to)| {
            let (id, reply_to) = (MessageId(id), reply_to.map(MessageId));
            ClientEvent::SendPrivateMessage { id, target, body, attachments: Vec::new(), reply_to }
        }),
        (place.clone(), any::<String>(), named()).prop_map(|((conversation_id, id), body, change)| {
            ClientEvent::EditMessage { conversation_id, id, body, change }
        }),
        (place.clone(), named()).prop_map(|((conversation_id, id), change)| ClientEvent::DeleteMessage {
            conversation_id,
            id,
            change
        }),
        (place.clone(), any::<String>(), any::<bool>(), named()).prop_map(
            |((conversation_id, id), emoji, on, change)| {
                ClientEvent::React { conversation_id, id, emoji, on, change }
            }
        ),
        (place.clone(), any::<bool>(), named()).prop_map(|((conversation_id, id), on, change)| {
            ClientEvent::PinMessage { conversation_id, id, on, change }
        }),
        (place, any::<u64>())
            .prop_map(|((conversation_id, _), seq)| ClientEvent::MarkRead { conversation_id, seq }),
    ]
}

/// Moments that RFC 3339 can say, in milliseconds.
fn moment() -> impl Strategy<Value = Timestamp> {
    (0..253_402_300_799_999_i64).prop_map(Timestamp)
}

fn kind() -> impl Strategy<Value = MessageKind> {
    use MessageKind::{Created, Joined, Left, Renamed, Text, Unknown};
    prop::sample::select(vec![Text, Created, Joined, Left, Renamed, Unknown])
}

fn attachment() -> impl Strategy<Value = Attachment> {
    (id(), any::<(String, String, u64, Option<u32>, Option<u64>)>()).prop_map(|(id, rest)| {
        let (name, kind, size, width, duration) = rest;
        let (file, name, kind) = (FileId(id), FileName::of(&name), MediaType::of(&kind));
        Attachment { file, name, size, kind, width, height: width, duration, placeholder: None, alt: None }
    })
}

fn message() -> impl Strategy<Value = Arc<Message>> {
    let reaction = (any::<String>(), prop::collection::vec(id().prop_map(UserId), 1..4))
        .prop_map(|(emoji, users)| Reaction { emoji, users });
    let ids = (id(), id(), id(), prop::option::of(id()), prop::option::of(id()));
    let moments = (moment(), prop::option::of(moment()), prop::option::of(moment()));
    let said = (kind(), any::<String>(), prop::collection::vec(attachment(), 0..3));
    let rest = (any::<u64>(), any::<u64>(), prop::collection::vec(reaction, 0..3));
    (ids, moments, said, rest).prop_map(|(ids, moments, said, (seq, version, reactions))| {
        let (kind, body, attachments) = said;
        Arc::new(Message {
            id: MessageId(ids.0),
            conversation_id: ConversationId(ids.1),
            seq,
            version,
            sender: UserId(ids.2),
            content: Flat {
                kind,
                subject: ids.3.map(UserId),
                body,
                attachments,
                edited_at: moments.1,
                deleted_at: moments.2,
            }
            .into(),
            reply_to: ids.4.map(MessageId),
            created_at: moments.0,
            reactions,
            pinned: ids.3.zip(moments.1).map(|(by, at)| Pinned { by: UserId(by), at }),
            mentions: Mentions { users: ids.4.map(UserId).into_iter().collect(), all: seq % 2 == 0 },
        })
    })
}

fn server_event() -> impl Strategy<Value = ServerEvent> {
    let messages = || prop::collection::vec(message(), 0..4);
    let talk = id().prop_map(ConversationId);
    prop_oneof![
        message().prop_map(|message| ServerEvent::NewMessage { message }),
        message().prop_map(|message| ServerEvent::MessageChanged { message }),
        (talk.clone(), messages())
            .prop_map(|(conversation_id, messages)| ServerEvent::MessagesFound { conversation_id, messages }),
        (talk.clone(), any::<[Option<u64>; 3]>(), messages(), any::<bool>()).prop_map(
            |(conversation_id, [before, after, around], messages, has_more)| {
                let place = Anchor { before, after, around };
                ServerEvent::ConversationLoaded { conversation_id, place, messages, has_more }
            }
        ),
        (talk.clone(), id(), any::<u64>(), any::<Option<u64>>()).prop_map(
            |(conversation_id, user, seq, unread)| {
                let user_id = UserId(user);
                ServerEvent::ReadCursorMoved { conversation_id, user_id, seq, unread }
            }
        ),
        (talk.clone(), prop::collection::vec(id().prop_map(MessageId), 0..4), any::<u64>()).prop_map(
            |(conversation_id, pins, version)| ServerEvent::PinsChanged { conversation_id, pins, version }
        ),
        talk.clone().prop_map(|conversation_id| ServerEvent::InvitationEnded { conversation_id }),
        (id(), any::<bool>()).prop_map(|(user, on)| ServerEvent::Blocked { user_id: UserId(user), on }),
        (talk.clone(), any::<(bool, bool, u64)>(), prop::option::of(moment())).prop_map(
            |(conversation_id, (pinned, mentions, rev), muted_until)| {
                let prefs = Prefs { rev, pinned, mentions, muted_until, ..Prefs::default() };
                ServerEvent::PrefsChanged { conversation_id, prefs }
            }
        ),
        talk.prop_map(|conversation_id| ServerEvent::ConversationRemoved { conversation_id }),
        any::<u32>().prop_map(|reconnect_after_ms| ServerEvent::GoingAway { reconnect_after_ms }),
        Just(ServerEvent::Alive {}),
    ]
}

/// How a frame is spoilt on its way.
#[derive(Clone, Debug)]
enum Harm {
    Cut(Index),
    Remove(Index, Index),
    Insert(Index, String),
    Repeat(Index, Index),
    /// One JSON value in place of another, wherever it stands.
    Swap(&'static str, &'static str),
}

fn harm() -> impl Strategy<Value = Harm> {
    let place = any::<Index>;
    let words = ["\"type\"", "true", "null", "0", "1", "[", "{", "}", "]", ":", ",", "\"", "\\", "\"text\""];
    let values =
        ["-1", "1e999", "18446744073709551616", "\"\\ud800\"", "[[[[", "{\"$ne\":null}", "\u{0}", ""];
    prop_oneof![
        place().prop_map(Harm::Cut),
        (place(), place()).prop_map(|(from, to)| Harm::Remove(from, to)),
        (place(), ".{0,8}").prop_map(|(at, text)| Harm::Insert(at, text)),
        (place(), place()).prop_map(|(from, to)| Harm::Repeat(from, to)),
        (prop::sample::select(words.to_vec()), prop::sample::select(values.to_vec()))
            .prop_map(|(from, to)| Harm::Swap(from, to)),
    ]
}

fn spoil(frame: &str, harm: &Harm) -> String {
    let chars: Vec<char> = frame.chars().collect();
    let at = |index: &Index| index.index(chars.len() + 1);
    let range = |a: &Index, b: &Index| at(a).min(at(b))..at(a).max(at(b));
    let text = |part: &[char]| part.iter().collect::<String>();
    match harm {
        Harm::Cut(end) => text(&chars[..at(end)]),
        Harm::Remove(from, to) => {
            let range = range(from, to);
            text(&chars[..range.start]) + &text(&chars[range.end..])
        }
        Harm::Insert(place, what) => text(&chars[..at(place)]) + what + &text(&chars[at(place)..]),
        Harm::Repeat(from, to) => {
            let range = range(from, to);
            text(&chars[..range.end]) + &text(&chars[range.start..])
        }
        Harm::Swap(from, to) => frame.replace(from, to),
    }
}

fn kept_frame() -> impl Strategy<Value = String> {
    let frames = ["client", "server"].into_iter().flat_map(corpus::frames).map(|(_, frame)| frame);
    prop::sample::select(frames.filter(|frame| !frame.is_empty()).collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_text_is_understood_or_refused(text in any::<String>(), bytes in any::<Vec<u8>>()) {
        for frame in [text, String::from_utf8_lossy(&bytes).into_owned()] {
            check_client(&frame);
            check_server(&frame);
        }
    }

    #[test]
    fn a_spoilt_frame_is_understood_or_refused(
        frame in kept_frame(),
        harms in prop::collection::vec(harm(), 1..4),
    ) {
        let frame = harms.iter().fold(frame, |frame, harm| spoil(&frame, harm));
        check_client(&frame);
        check_server(&frame);
    }

    #[test]
    fn what_a_device_says_is_understood_as_it_was_meant(event in client_event()) {
        let frame = serde_json::to_string(&event).expect("JSON");
        prop_assert_eq!(understood_by_server(&frame), Some(event));
    }

    #[test]
    fn what_the_server_says_is_understood_as_it_was_meant(event in server_event()) {
        let frame = event.to_json().expect("JSON");
        prop_assert_eq!(understood_by_page(&frame), Some(event));
    }
}

#[test]
fn cursors_of_very_many_conversations_are_read() {
    let cursors: BTreeMap<_, _> = (0..1000).map(|n| (ConversationId(Uuid::from_u128(n)), u64::MAX)).collect();
    let frame = serde_json::to_string(&ClientEvent::Resume { cursors: cursors.clone() }).expect("JSON");
    assert_eq!(understood_by_server(&frame), Some(ClientEvent::Resume { cursors }));
}
