//! What is listed of a conversation besides words, and how a list is cut into pages.

use model::{
    change::Change,
    content::Content,
    event::ServerEvent,
    file::{AltText, Attachment, FileName, MediaType},
    id::{ConversationId, FileId, MessageId, UserId},
    markup::link::may_stand_in,
    media::{
        MEDIA_PAGE, MediaCursor, MediaEntry, MediaKind, MediaPage, MediaRequest, entries, kinds, with_held,
    },
    message::{Anchor, Conversation, ConversationKind, Message, Snapshot, Summary},
    prefs::Prefs,
    request::Pending,
    state::ChatState,
    thread::{Operation, Outgoing},
    time::Timestamp,
    user::{User, Username},
};
use proptest::prelude::*;
use std::{collections::BTreeMap, sync::Arc};

fn file(name: &str, kind: &str, sides: Option<u32>) -> Attachment {
    Attachment {
        file: FileId::new(),
        name: FileName::of(name),
        size: 7,
        kind: MediaType::of(kind),
        width: sides,
        height: sides,
        duration: None,
        placeholder: None,
        alt: None,
    }
}

fn message(seq: u64, body: &str, attachments: Vec<Attachment>) -> Message {
    let content = Content::Text { body: body.into(), attachments, edited_at: None };
    let at = Timestamp(seq as i64);
    Message::new(MessageId::new(), ConversationId::new(), seq, UserId::new(), content, at)
}

fn links(body: &str) -> Vec<(String, Option<String>, String)> {
    let links = entries(&message(1, body, vec![]), MediaKind::Links).into_iter();
    links.filter_map(|entry| entry.link).map(|link| (link.url, link.label, link.text)).collect()
}

#[test]
fn pictures_and_films_are_told_from_other_files() {
    let (picture, film) = (file("a.jpg", "image/jpeg", Some(4)), file("a.mp4", "video/mp4", None));
    let others = [
        file("a.svg", "image/svg+xml", None),
        file("a.ogg", "audio/ogg", None),
        file("a.bin", MediaType::UNKNOWN, None),
    ];
    let all = [vec![film.clone(), others[0].clone(), picture.clone()], others[1..].to_vec()].concat();
    let message = message(3, "words", all);
    assert_eq!(kinds(&message.content), [MediaKind::Media, MediaKind::Files]);
    let listed = |kind| -> Vec<_> {
        entries(&message, kind).into_iter().map(|entry| (entry.at, entry.attachment)).collect()
    };
    assert_eq!(listed(MediaKind::Media), [(0, Some(film)), (1, Some(picture))]);
    let expected: Vec<_> = (0..).zip(others.map(Some)).collect();
    assert_eq!(listed(MediaKind::Files), expected);
    assert!(listed(MediaKind::Links).is_empty());
    let entry = entries(&message, MediaKind::Media).remove(1);
    assert_eq!((entry.message, entry.seq, entry.sender), (message.id, 3, message.sender));
    assert_eq!(entry.created_at, message.created_at);
}

#[test]
fn a_link_is_listed_once_with_what_was_said() {
    for (body, expected) in [
        ("words", vec![]),
        ("https://a.example", vec![("https://a.example", None, "https://a.example")]),
        (
            "**see** https://a.example, HTTP://b.example/x (https://a.example)",
            vec![
                ("https://a.example", None, "see https://a.example, HTTP://b.example/x (https://a.example)"),
                ("HTTP://b.example/x", None, "see https://a.example, HTTP://b.example/x (https://a.example)"),
            ],
        ),
        (
            "> [the *map*](https://a.example)\n- https://b.example",
            vec![
                ("https://a.example", Some("the map"), "the map\nhttps://b.example"),
                ("https://b.example", None, "the map\nhttps://b.example"),
            ],
        ),
        ("`https://a.example` ||https://b.example||", vec![]),
        ("```\nhttps://a.example\n```", vec![]),
        ("javascript://a.example ftp://b.example https:/c.example http://", vec![]),
    ] {
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(url, label, text)| (url.to_owned(), label.map(str::to_owned), text.to_owned()))
            .collect();
        assert_eq!(links(body), expected, "{body}");
    }
}

#[test]
fn what_stands_beside_a_link_is_short() {
    let body = format!("[{}](https://a.example) {}", "l".repeat(300), "x".repeat(300));
    let links = links(&body);
    let [(_, label, text)] = &links[..] else { panic!("one link: {links:?}") };
    assert_eq!((label.as_ref().map(String::len), text.len()), (Some(140), 140));
}

#[test]
fn tombstones_and_notes_hold_nothing() {
    for content in [
        Content::Deleted { at: Timestamp(0) },
        Content::Hidden,
        Content::Unknown,
        Content::System(model::content::System::Renamed("https://a.example".into())),
    ] {
        let message = Message { content, ..message(1, "", vec![]) };
        assert!(kinds(&message.content).is_empty());
        for kind in MediaKind::ALL {
            assert!(entries(&message, kind).is_empty());
        }
    }
}

#[test]
fn a_cursor_is_read_as_it_was_written() {
    for (text, cursor) in [
        ("7", MediaCursor { seq: 7, after: None }),
        ("7.0", MediaCursor { seq: 7, after: Some(0) }),
        ("18446744073709551615.4294967295", MediaCursor { seq: u64::MAX, after: Some(u32::MAX) }),
    ] {
        assert_eq!(text.parse(), Ok(cursor));
        assert_eq!(cursor.to_string(), text);
        assert_eq!(serde_json::to_string(&cursor).expect("JSON"), format!("\"{text}\""));
    }
    for bad in ["", ".", "7.", ".7", "-1", "7.7.7", "7.-1", "x", "7 ", "18446744073709551616"] {
        assert!(bad.parse::<MediaCursor>().is_err(), "{bad}");
    }
    let seqs = |cursor: &str| MediaCursor::seqs(cursor.parse().ok(), 5);
    assert_eq!((seqs("no"), seqs("9"), seqs("9.3")), (5..u64::MAX, 5..9, 5..10));
}

#[test]
fn what_is_heavy_is_cut_into_smaller_pages() {
    let heavy = |seq| {
        let mut picture = file("a.jpg", "image/jpeg", Some(4));
        picture.alt = AltText::parse(&"🦆".repeat(1000)).expect("a description");
        Arc::new(message(seq, "", vec![picture; 10]))
    };
    let messages: Vec<_> = (1..=8).rev().map(heavy).collect();
    let request = MediaRequest { kind: MediaKind::Media, before: None };
    let page = MediaPage::of(&messages, request);
    assert_eq!(page.entries.len(), 50, "they fit as they are");
    let long = |seq| Arc::new(message(seq, &format!("https://a.example/{}", "🦆".repeat(3900)), vec![]));
    let messages: Vec<_> = (1..=40).rev().map(long).collect();
    let page = MediaPage::of(&messages, MediaRequest { kind: MediaKind::Links, before: None });
    assert!((5..20).contains(&page.entries.len()), "{}", page.entries.len());
    assert!(serde_json::to_string(&page).expect("JSON").len() < 300_000);
}

/// A device in a conversation whose newest messages it holds, from the seq `from` on.
fn device(from: u64, messages: &[Arc<Message>]) -> ChatState {
    let me =
        User { id: UserId::new(), username: Username::parse("ada").expect("a name"), display_name: None };
    let id = messages[0].conversation_id;
    let conversation = Conversation::new(id, ConversationKind::Group, vec![me.id, messages[0].sender]);
    let summary = Summary {
        conversation,
        head: messages.len() as u64,
        read: BTreeMap::new(),
        unread: 0,
        last_message: messages.last().cloned(),
        pins: vec![],
        mentions: vec![],
        prefs: Prefs::default(),
    };
    let mut state = ChatState::begin(Snapshot {
        me,
        contacts: vec![],
        requests: Pending::default(),
        invitations: vec![],
        blocked: vec![],
        users: vec![],
        conversations: vec![summary],
        missed: vec![],
        stale: vec![],
    });
    let messages = messages.iter().filter(|message| message.seq >= from).cloned().collect();
    let place = Anchor::default();
    state.apply(ServerEvent::ConversationLoaded { conversation_id: id, place, messages, has_more: from > 1 });
    state
}

#[test]
fn what_a_device_holds_stands_in_the_place_of_what_it_was_told() {
    let (id, ben) = (ConversationId::new(), UserId::new());
    let message = |seq: u64| {
        let body =
            if seq.is_multiple_of(2) { "words".to_owned() } else { format!("https://a.example/{seq}") };
        Message { conversation_id: id, sender: ben, ..message(seq, &body, vec![]) }
    };
    let messages: Vec<_> = (1..=9).map(|seq| Arc::new(message(seq))).collect();
    let mut state = device(5, &messages);
    let told: Vec<_> = messages.iter().rev().flat_map(|message| entries(message, MediaKind::Links)).collect();
    let listed = |state: &ChatState, told: &[MediaEntry]| -> Vec<u64> {
        let all = with_held(told, &state.threads[&id], state.me.id, MediaKind::Links);
        all.iter().map(|entry| entry.seq).collect()
    };
    assert_eq!(listed(&state, &[]), [9, 7, 5], "before anything was told");
    assert_eq!(listed(&state, &told), [9, 7, 5, 3, 1]);
    assert_eq!(listed(&state, &told[1..]), [9, 7, 5, 3, 1], "what was sent since is there");
    let other_words = |seq: usize, version: u64, body: &str| {
        let content =
            Content::Text { body: body.into(), attachments: vec![], edited_at: Some(Timestamp(99)) };
        Arc::new(Message { version, content, ..Message::clone(&messages[seq - 1]) })
    };
    for (seq, version, body) in [(7, 10, "no link any more"), (6, 11, "http://a.example/6")] {
        state.apply(ServerEvent::MessageChanged { message: other_words(seq, version, body) });
    }
    assert_eq!(listed(&state, &told), [9, 6, 5, 3, 1]);
    // Also what the person has done and nobody has heard of yet.
    let delete = Operation::Change { message: messages[8].id, change: Change::Delete };
    state.me.id = ben;
    state.compose(id, Outgoing::new(MessageId::new(), delete, Timestamp(0)));
    assert_eq!(listed(&state, &told), [6, 5, 3, 1]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    /// Whatever the parser takes for a link, a store finds by its plain test.
    #[test]
    fn no_link_is_missed_by_the_note(text in "([hH][tT]{2}[pP][sS]?|://|[a-c/.é ]|[*|`\\[\\]()>\n]){0,30}") {
        let message = message(1, &text, vec![]);
        let found = !entries(&message, MediaKind::Links).is_empty();
        prop_assert!(!found || may_stand_in(&text));
        prop_assert_eq!(kinds(&message.content).contains(&MediaKind::Links), may_stand_in(&text));
        let lower = text.to_ascii_lowercase();
        prop_assert_eq!(may_stand_in(&text), lower.contains("http://") || lower.contains("https://"));
    }

    /// Page by page a list is what it is at once, each entry once.
    #[test]
    fn pages_follow_each_other_without_a_gap(counts in prop::collection::vec(0..90_usize, 0..80)) {
        let body = |count: usize| match count {
            0 => "`http://code.example`".to_owned(),
            count => (0..count).map(|n| format!("http://a.example/{n}\n")).collect(),
        };
        let messages: Vec<_> =
            (1..).zip(&counts).map(|(seq, count)| Arc::new(message(seq, &body(*count), vec![]))).collect();
        let all: Vec<MediaEntry> =
            messages.iter().rev().flat_map(|message| entries(message, MediaKind::Links)).collect();
        let mut request = MediaRequest { kind: MediaKind::Links, before: None };
        let (mut listed, mut pages) = (Vec::new(), 0);
        loop {
            let seqs = MediaCursor::seqs(request.before, 0);
            let found: Vec<_> = messages.iter().rev().filter(|message| seqs.contains(&message.seq)).cloned().collect();
            let page = MediaPage::of(&found[..found.len().min(MediaPage::MESSAGES)], request);
            prop_assert!(page.entries.len() <= MEDIA_PAGE);
            listed.extend(page.entries);
            pages += 1;
            let Some(before) = page.before else { break };
            request.before = Some(before.parse().expect("a cursor"));
            prop_assert!(pages <= 200);
        }
        prop_assert_eq!(listed, all);
    }
}
