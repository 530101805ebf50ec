//! What may be said of a file, and a message that has some.

use model::{
    change::Change,
    content::Content,
    error::ErrorCode,
    file::{AltText, Attachment, FileName, MediaType, Placeholder},
    id::{ConversationId, FileId, MessageId, UserId},
    message::{Message, MessageBody},
    time::Timestamp,
};
use proptest::prelude::*;

fn name(text: &str) -> String {
    FileName::of(text).into()
}

#[test]
fn a_name_of_any_script_is_kept_as_it_is() {
    for text in [
        "photo.jpg",
        "Ärger & Söhne \"final\" (2)'s.tar.gz",
        "写真.png",
        "تقرير.pdf",
        "👩\u{200d}🚀.svg",
        ".profile",
        "no extension",
        "a..b",
        "100%_<done>?*:|.txt",
    ] {
        assert_eq!(name(text), text);
    }
}

#[test]
fn what_cannot_be_in_a_name_is_replaced_or_left_out() {
    for (text, expected) in [
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("C:\\Users\\ada\\duck.png", "C:_Users_ada_duck.png"),
        ("a\nb\r\nc\0d\u{7f}e\u{85}.txt", "a_b__c_d_e_.txt"),
        ("a\u{2028}b\u{2029}", "a_b"),
        ("invoice\u{202e}gpj.exe", "invoicegpj.exe"),
        ("\u{2066}a\u{2069}\u{200e}\u{61c}.pdf", "a.pdf"),
        ("  spaces around \u{200f} ", "spaces around"),
        ("\n", "file"),
        ("", "file"),
        (" \t ", "file"),
        (".", "file"),
        ("..", "file"),
        ("\u{200b}\u{2060}", "file"),
        ("\u{202e}..", "file"),
        ("/", "_"),
    ] {
        assert_eq!(name(text), expected, "{text:?}");
    }
}

#[test]
fn a_name_that_is_too_long_keeps_its_extension() {
    assert_eq!(name(&"x".repeat(255)), "x".repeat(255));
    assert_eq!(name(&format!("{}.jpeg", "x".repeat(300))), format!("{}.jpeg", "x".repeat(250)));
    // Four bytes each, so that 251 bytes do not end between two of them.
    assert_eq!(name(&format!("{}.png", "🦆".repeat(80))), format!("{}.png", "🦆".repeat(62)));
    assert_eq!(
        name(&format!("{} {}.txt", "x".repeat(250), "y".repeat(9))),
        format!("{}.txt", "x".repeat(250))
    );
    // What is behind the dot is no extension.
    assert_eq!(name(&format!("a.{}", "é".repeat(200))), format!("a.{}", "é".repeat(126)));
    assert_eq!(name(&format!(".{}", "x".repeat(300))), format!(".{}", "x".repeat(254)));
}

#[test]
fn a_media_type_can_be_put_into_a_header() {
    for (text, expected) in [
        ("image/png", "image/png"),
        (" Text/HTML ; charset=utf-8", "text/html"),
        ("application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
        ("image/svg+xml", "image/svg+xml"),
        ("", MediaType::UNKNOWN),
        ("image", MediaType::UNKNOWN),
        ("image/", MediaType::UNKNOWN),
        ("/png", MediaType::UNKNOWN),
        ("image/png/x", MediaType::UNKNOWN),
        ("image/p\r\nSet-Cookie: a=b", MediaType::UNKNOWN),
        ("image/bílá", MediaType::UNKNOWN),
        ("image/.png", MediaType::UNKNOWN),
        (&format!("image/{}", "x".repeat(128)), MediaType::UNKNOWN),
    ] {
        assert_eq!(MediaType::of(text).as_str(), expected, "{text:?}");
    }
}

#[test]
fn a_placeholder_is_a_little_base64() {
    for (text, valid) in [
        ("3OcRJYB4d3h/iIeHeEh3eIhw+j3A", true),
        ("YQ==", true),
        ("", false),
        ("<svg>", false),
        ("a b", false),
        (&"A".repeat(64), true),
        (&"A".repeat(65), false),
    ] {
        assert_eq!(Placeholder::parse(text).map(String::from), valid.then(|| text.to_owned()), "{text:?}");
    }
}

#[test]
fn a_description_has_at_most_1000_characters() {
    let alt = |text: &str| AltText::parse(text).map(|alt| alt.map(String::from));
    assert_eq!(alt(" A duck\r\non a\0 pond\n"), Ok(Some("A duck\non a pond".into())));
    assert_eq!(alt("\u{200b} \n"), Ok(None));
    assert_eq!(alt(&"🦆".repeat(1000)).map(|alt| alt.map(|alt| alt.chars().count())), Ok(Some(1000)));
    let error = alt(&"x".repeat(1001)).expect_err("a refusal");
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::InvalidMessage, Some("alt")));
}

#[test]
fn beside_files_a_message_may_say_nothing() {
    let body = |text: &str| MessageBody::beside_files(text).map(String::from).map_err(|error| error.code);
    for text in ["", " \r\n", "\u{200b}", "\0"] {
        assert_eq!(body(text), Ok(String::new()), "{text:?}");
    }
    assert_eq!(body(" words "), Ok("words".into()));
    assert_eq!(body(&"x".repeat(4001)), Err(ErrorCode::InvalidMessage));
}

fn message(attachments: Vec<Attachment>) -> Message {
    let content = Content::Text { body: "words".into(), attachments, edited_at: None };
    Message::new(MessageId::new(), ConversationId::new(), 1, UserId::new(), content, Timestamp(0))
}

fn attachment() -> Attachment {
    Attachment {
        file: FileId::new(),
        name: FileName::of("duck.png"),
        size: 7,
        kind: MediaType::of("image/png"),
        width: None,
        height: None,
        duration: None,
        placeholder: None,
        alt: None,
    }
}

#[test]
fn an_edit_keeps_the_files_and_may_take_the_words_beside_them_away() {
    let nothing = || Change::Edit(MessageBody::beside_files("").expect("nothing"));
    let with_a_file = message(vec![attachment()]);
    let next = with_a_file.after(with_a_file.sender, &nothing(), Timestamp(9)).expect("allowed");
    let next = next.expect("a change");
    assert_eq!(next.content.words(), Some(""));
    assert_eq!(next.content.attachments(), with_a_file.content.attachments());
    let without = message(vec![]);
    let refused = without.after(without.sender, &nothing(), Timestamp(9)).expect_err("a refusal");
    assert_eq!((refused.code, refused.field.as_deref()), (ErrorCode::InvalidMessage, Some("body")));
}

#[test]
fn what_is_deleted_has_no_files() {
    let message = message(vec![attachment()]);
    let gone = message.after(message.sender, &Change::Delete, Timestamp(9)).expect("allowed");
    assert!(gone.expect("a change").content.attachments().is_empty());
    let left = message.without(message.sender, Timestamp(9)).expect("a tombstone");
    assert!(left.content.attachments().is_empty());
}

#[test]
fn a_message_without_files_is_sent_as_it_always_was() {
    let json = serde_json::to_value(message(vec![])).expect("JSON");
    assert_eq!(json.get("attachments"), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..Default::default() })]

    /// A device has it from the server, which has it from its store: each makes a name of it again.
    #[test]
    fn a_name_is_the_same_after_it_was_made_twice(
        text in "([ ./\\\\\n\u{202e}\u{200b}\u{2028}]|[a-c🙂é]){0,12}|\\PC{200,300}|[ x\u{200d}]{250,260}\\.[a-c]{0,40}"
    ) {
        let once = FileName::of(&text);
        prop_assert!((1..=FileName::MAX).contains(&once.as_str().len()));
        let forbidden = ['/', '\\', '\n', '\0', '\u{202e}'];
        prop_assert!(!once.as_str().contains(forbidden));
        prop_assert_eq!(FileName::of(once.as_str()), once);
    }

    #[test]
    fn a_media_type_is_the_same_after_it_was_made_twice(text in "\\PC{0,20}|[a-zA-Z]{1,9}/[a-zA-Z.+-]{1,9}") {
        let once = MediaType::of(&text);
        prop_assert_eq!(MediaType::of(once.as_str()), once);
    }
}
