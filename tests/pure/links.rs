//! Addresses in a text can be followed, and nothing of the text is lost.

use proptest::prelude::*;
use sotto::chat::view::text::{Piece, split};

/// The text's pieces, the links in brackets.
fn marked(text: &str) -> String {
    let mark = |piece| match piece {
        Piece::Words(words) => words.to_owned(),
        Piece::Link(url) => format!("[{url}]"),
    };
    split(text).into_iter().map(mark).collect()
}

#[test]
fn links_are_found_wherever_they_stand() {
    for (text, expected) in [
        ("", ""),
        ("no link", "no link"),
        ("https://a.org", "[https://a.org]"),
        ("https://a.org first", "[https://a.org] first"),
        ("in https://a.org/x?y=1#z between", "in [https://a.org/x?y=1#z] between"),
        ("last http://a.org:8080", "last [http://a.org:8080]"),
        ("https://a.org https://b.org", "[https://a.org] [https://b.org]"),
        ("line\nhttps://a.org\nline", "line\n[https://a.org]\nline"),
        ("http://[::1]:3000/", "[http://[::1]:3000/]"),
        ("https://bücher.example/ü", "[https://bücher.example/ü]"),
    ] {
        assert_eq!(marked(text), expected);
    }
}

#[test]
fn the_sentences_marks_are_not_the_links() {
    for (text, expected) in [
        ("See https://a.org.", "See [https://a.org]."),
        ("https://a.org, https://b.org!?", "[https://a.org], [https://b.org]!?"),
        ("(https://a.org)", "([https://a.org])"),
        ("\"https://a.org\" 'https://b.org'", "\"[https://a.org]\" '[https://b.org]'"),
        ("<https://a.org>", "<[https://a.org]>"),
        ("«https://a.org» “https://b.org”", "«[https://a.org]» “[https://b.org]”"),
        ("https://a.org/x.html...", "[https://a.org/x.html]..."),
        ("https://a.org/?q=a,b;c", "[https://a.org/?q=a,b;c]"),
    ] {
        assert_eq!(marked(text), expected);
    }
}

#[test]
fn what_only_looks_like_a_link_is_words() {
    for text in [
        "xhttps://a.org",
        "http",
        "http://",
        "https:// a.org",
        "https:///etc",
        "http:a.org",
        "ftp://a.org",
        "javascript:alert(1)",
        "data:text/html,x",
        "a.org",
        "éhttp://a.org",
        "http://.",
        "https://?",
    ] {
        assert_eq!(marked(text), text);
    }
}

#[test]
fn links_among_emoji_and_right_to_left_text() {
    for (text, expected) in [
        ("🙂https://a.org🙂 🙂", "🙂[https://a.org🙂] 🙂"),
        ("שלום https://a.org/שלום, שלום", "שלום [https://a.org/שלום], שלום"),
        ("مرحبا(https://a.org)", "مرحبا([https://a.org])"),
        ("👩\u{200d}🚀 http://a.org\u{a0}👩\u{200d}🚀", "👩\u{200d}🚀 [http://a.org]\u{a0}👩\u{200d}🚀"),
    ] {
        assert_eq!(marked(text), expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_pieces_together_are_the_text(
        text in "(http|https|://|http://a|https://b\\.c/|[ \n.,()<>\"'»”:/]|\\PC|[🙂אé\u{200d}]){0,24}",
    ) {
        let pieces = split(&text);
        let whole: String = pieces.iter().map(|piece| match piece { Piece::Words(s) | Piece::Link(s) => *s }).collect();
        prop_assert_eq!(&whole, &text);
        for piece in &pieces {
            match piece {
                Piece::Words(words) => prop_assert!(!words.is_empty()),
                Piece::Link(url) => {
                    prop_assert!(url.starts_with("http://") || url.starts_with("https://"));
                    prop_assert!(!url.contains(char::is_whitespace) && !url.contains(['<', '>', '"']));
                }
            }
        }
        let mut pairs = pieces.windows(2);
        prop_assert!(!pairs.any(|pair| matches!(pair, [Piece::Words(_), Piece::Words(_)])), "as few as can be");
    }
}
