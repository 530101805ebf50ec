//! What may be said of a file.

use model::{
    error::ErrorCode,
    file::{AltText, FileName, MediaType, Placeholder},
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
