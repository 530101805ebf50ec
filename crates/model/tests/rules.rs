//! What names, passwords, messages and searches may be.

use model::{
    error::ErrorCode,
    message::{MessageBody, PageRequest},
    search::SearchTerm,
    text::beginning,
    user::{DisplayName, Password, User, Username, initials},
};
use proptest::prelude::*;

#[test]
fn a_username_has_three_to_twenty_plain_characters() {
    for name in ["bob", "B.o-b_1", "a_b", "1-2", "Abcdefghijklmnopqrst"] {
        assert_eq!(Username::parse(name).map(String::from), Ok(name.to_owned()));
    }
    assert_eq!(Username::parse(" bob\t\n").map(String::from), Ok("bob".into()), "spaces around it go");
    for name in [
        "",
        "  ",
        "ab",
        " ab ",
        "abcdefghijklmnopqrstu",
        "_bob",
        "bob_",
        "-bob",
        "bob.",
        "bo b",
        "bo\0b",
        "bo@b",
        "bo/b",
        "böb",
        "bоb",
        "ｂｏｂ",
        "bob🙂",
        "bo\u{200b}b",
        "b\u{301}ob",
    ] {
        let error = Username::parse(name).expect_err(name);
        assert_eq!(
            (error.code, error.field.as_deref()),
            (ErrorCode::InvalidUsername, Some("username")),
            "{name}"
        );
        assert!(serde_json::from_value::<Username>(name.into()).is_err(), "{name}: not over the wire either");
    }
}

#[test]
fn names_are_shown_as_typed_and_compared_without_case() {
    let name = Username::parse("B.Ob").expect("a valid name");
    assert_eq!((name.as_str(), name.folded().as_str()), ("B.Ob", "b.ob"));
    assert_eq!(name.to_string(), "B.Ob");
}

#[test]
fn a_display_name_has_1_to_40_characters_that_can_be_seen() {
    for name in [
        "A",
        "Ada Łovelace",
        "李小龙",
        "辻\u{e0100}",
        "مهسا\u{200c}جان",
        "श्री\u{200d}",
        "क्\u{200d}ष",
        "👩\u{200d}🚀",
        "👩🏽\u{200d}❤\u{fe0f}\u{200d}👨🏽",
        "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
        "Ada ❤\u{fe0f} 1\u{fe0f}\u{20e3}",
        "no\u{a0}break",
        &"é".repeat(40),
    ] {
        // A letter alone is nothing to join.
        if name.ends_with('\u{200d}') {
            assert!(DisplayName::parse(name).is_err(), "{name:?}");
        } else {
            assert_eq!(DisplayName::parse(name).map(String::from), Ok(name.to_owned()));
        }
    }
    assert_eq!(DisplayName::parse(" \u{a0}Ada\n").map(String::from), Ok("Ada".into()), "spaces around it go");
    for name in [
        "",
        " \t\u{3000}",
        &"x".repeat(41),
        "a\0b",
        "a\nb",
        "a\u{1b}[31m",
        "\u{202e}adA",
        "ada\u{2066}b",
        "ada\u{200b}",
        "\u{200c}\u{200d}",
        "\u{2800}",
        "\u{3164}",
        "a\u{feff}",
        "so\u{ad}ft",
        "\u{fe0f}\u{fe0f}",
        "\u{17b4}",
        "\u{180b}",
        "\u{e0061}\u{e007f}",
        "grace\u{e0067}",
        "grace\u{fe0f}",
        "grace1\u{fe0f}",
        "gra\u{200d}ce",
        "gra\u{200c}ce",
        "гра\u{200c}це",
        "grace\u{e0100}",
        "grace\u{180b}",
        "🏴\u{e0067}",
        "grace\u{2003}hopper",
        "grace\u{13441}",
        "\u{1d159}",
    ] {
        let error = DisplayName::parse(name).expect_err(name);
        let refusal = (error.code, error.field.as_deref());
        assert_eq!(refusal, (ErrorCode::InvalidDisplayName, Some("display_name")), "{name:?}");
    }
    // Accepted once, by rules that were not as strict: nobody's page may break over it.
    let known: DisplayName = serde_json::from_value("ada\u{200b}".into()).expect("a name");
    assert_eq!(known.as_str(), "ada\u{200b}");
}

#[test]
fn a_message_has_something_to_see() {
    for text in [
        "\u{200b}",
        "\u{2060}",
        "\u{2800}",
        "\u{3164}",
        "\u{ffa0}",
        "\u{ad}",
        "\u{fe0f}",
        "\u{feff}",
        "\u{e0020}",
        "\u{200d}\u{200c} \n\t",
        "\u{202e}\u{202c}",
        "\u{180e}\u{115f}\u{1160}\u{17b4}",
        "\u{fff9}\u{206a}",
    ] {
        let error = MessageBody::parse(text).expect_err(text);
        assert_eq!(
            (error.code, error.message.as_str()),
            (ErrorCode::InvalidMessage, "A message needs some text.")
        );
    }
    for text in
        ["\u{200b}a", "❤\u{fe0f}", "مهسا\u{200c}جان", "👩\u{200d}🚀", "\u{301}", "\u{202e}txt.exe", "."]
    {
        assert_eq!(MessageBody::parse(text).map(String::from), Ok(text.to_owned()));
    }
}

#[test]
fn a_beginning_ends_between_two_characters_of_people() {
    let family = "👨\u{200d}👩\u{200d}👧\u{200d}👦";
    for (text, characters, expected) in [
        ("short", 120, "short"),
        ("abcdef", 3, "abc"),
        ("ae\u{301}o", 2, "a"),
        ("a👍🏽b", 2, "a"),
        ("❤\u{fe0f}", 1, ""),
        ("🇩🇪🇫🇷", 3, "🇩🇪"),
        ("🇩🇪🇫🇷", 2, "🇩🇪"),
    ] {
        assert_eq!(beginning(text, characters), expected, "{text:?}");
    }
    for characters in 1..7 {
        assert_eq!(beginning(&format!("a{family}b"), characters), "a", "{characters}");
    }
    assert_eq!(beginning(&format!("a{family}b"), 8), format!("a{family}"));
}

#[test]
fn somebody_is_called_by_their_display_name_or_else_by_their_username() {
    let username = Username::parse("ada").expect("a name");
    let mut user = User { id: model::id::UserId::new(), username, display_name: None };
    assert_eq!(user.name(), "ada");
    assert_eq!(serde_json::to_value(&user).expect("JSON").as_object().map(serde_json::Map::len), Some(2));
    user.display_name = DisplayName::parse("Countess").ok();
    assert_eq!(user.name(), "Countess");
}

#[test]
fn two_letters_tell_people_apart() {
    for (name, expected) in [
        ("ada", "AD"),
        ("Ada Lovelace", "AL"),
        ("Ada King, Countess of Lovelace", "AL"),
        ("grace.hopper", "GH"),
        ("contact_1", "C1"),
        ("contact_12", "C2"),
        ("x", "X"),
        ("李小龙", "李小"),
        ("éva", "ÉV"),
        ("👩\u{200d}🚀", "👩"),
    ] {
        assert_eq!(initials(name), expected, "{name}");
    }
}

#[test]
fn a_new_password_has_8_to_128_characters_of_any_kind() {
    for (text, valid) in [
        ("", false),
        ("1234567", false),
        ("12345678", true),
        ("        ", true),
        ("🙂🙂🙂🙂🙂🙂🙂", false),
        ("🙂🙂🙂🙂🙂🙂🙂🙂", true),
        (&"ü".repeat(128), true),
        (&"x".repeat(129), false),
    ] {
        let checked = Password::new(text).check_length();
        assert_eq!(checked.is_ok(), valid, "{text}");
        if let Err(error) = checked {
            assert_eq!((error.code, error.field.as_deref()), (ErrorCode::InvalidPassword, Some("password")));
        }
    }
}

#[test]
fn a_password_never_shows_in_a_log() {
    let password = Password::new("correct horse");
    assert_eq!(format!("{password:?} {password:#?}"), "[redacted] [redacted]");
    assert_eq!(password.expose(), "correct horse", "spaces and all");
}

#[test]
fn a_message_has_1_to_4000_characters() {
    let body = |text: &str| MessageBody::parse(text).map(String::from).map_err(|error| error.code);
    assert_eq!(body("Hi"), Ok("Hi".into()));
    assert_eq!(body(&"🙂".repeat(4000)).map(|text| text.chars().count()), Ok(4000));
    assert_eq!(body(&format!("  {}\n", "x".repeat(4000))).map(|text| text.len()), Ok(4000));
    for text in [&"x".repeat(4001), "", " ", "\n\t ", "\r\n", "\0", "\u{1b}\u{7}"] {
        assert_eq!(body(text), Err(ErrorCode::InvalidMessage), "{text:?}");
    }
}

#[test]
fn line_ends_become_one_kind_and_control_characters_go() {
    let body = |text: &str| MessageBody::parse(text).map(String::from).expect("a valid message");
    assert_eq!(body("a\r\nb\rc\nd"), "a\nb\nc\nd");
    assert_eq!(body("\n  a\n\n\tb  \n"), "a\n\n\tb");
    assert_eq!(body("a\u{1b}[31mb\0c\u{85}d"), "a[31mbcd");
    assert_eq!(body("👩\u{200d}🚀 שלום \u{202b}x"), "👩\u{200d}🚀 שלום \u{202b}x", "joiners stay");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..Default::default() })]

    /// The device shows what it parsed, the server stores what it parses from that.
    #[test]
    fn a_message_is_the_same_after_it_was_parsed_twice(text in "([ \n\r\t]|[\u{0}-\u{1f}]|[a-c🙂\u{85}\u{a0}]){0,12}") {
        if let Ok(once) = MessageBody::parse(&text) {
            prop_assert_eq!(once.as_str(), once.as_str().trim(), "no blank space around it");
            prop_assert!(!once.as_str().is_empty());
            prop_assert!(once.as_str().chars().all(|c| !c.is_control() || c == '\n' || c == '\t'));
            prop_assert_eq!(MessageBody::parse(once.as_str()).ok(), Some(once));
        }
    }

    #[test]
    fn a_username_is_the_same_after_it_was_parsed_twice(text in "\\PC{0,22}|[ a-zA-Z0-9_.-]{1,24}") {
        if let Ok(once) = Username::parse(&text) {
            prop_assert!((3..=20).contains(&once.as_str().len()));
            prop_assert_eq!(Username::parse(&once.folded()).map(|name| name.folded()), Ok(once.folded()));
        }
    }
}

#[test]
fn a_search_is_for_1_to_20_characters_whatever_they_are() {
    let folded = |text: &str| SearchTerm::parse(text).map(|term| term.folded().to_owned());
    assert_eq!(folded("  Bo_%.* "), Ok("bo_%.*".into()), "compared literally, so nothing is special");
    assert_eq!(folded("É"), Ok("é".into()));
    assert_eq!(folded(&"X".repeat(20)), Ok("x".repeat(20)));
    for text in ["", "   ", &"x".repeat(21)] {
        let error = folded(text).expect_err(text);
        assert_eq!((error.code, error.field.as_deref()), (ErrorCode::InvalidSearch, Some("q")), "{text:?}");
    }
}

#[test]
fn a_page_has_1_to_100_messages_and_50_unless_said() {
    for (limit, size) in [(None, 50), (Some(0), 1), (Some(1), 1), (Some(100), 100), (Some(usize::MAX), 100)] {
        assert_eq!(PageRequest { limit, ..Default::default() }.size(), size);
    }
}
