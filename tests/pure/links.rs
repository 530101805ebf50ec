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
fn a_bracket_belongs_to_the_link_that_opened_it() {
    for (text, expected) in [
        (
            "https://en.wikipedia.org/wiki/Rust_(programming_language)",
            "[https://en.wikipedia.org/wiki/Rust_(programming_language)]",
        ),
        ("(see https://a.org/a_(b))", "(see [https://a.org/a_(b)])"),
        ("(https://a.org/a_(b).)", "([https://a.org/a_(b)].)"),
        ("http://[2001:db8::1]", "[http://[2001:db8::1]]"),
        ("[http://[2001:db8::1]/x]", "[[http://[2001:db8::1]/x]]"),
        ("{https://a.org/{x}}", "{[https://a.org/{x}]}"),
        ("https://a.org/)))", "[https://a.org/])))"),
    ] {
        assert_eq!(marked(text), expected);
    }
}

#[test]
fn links_stand_in_every_script() {
    for (text, expected) in [
        ("https://a.org/docs\u{ff08}\u{8bf4}\u{660e}\u{ff09}", "[https://a.org/docs]（说明）"),
        ("https://a.org/a\u{3002}\u{6b21}", "[https://a.org/a]。次"),
        ("https://a.org/a\u{ff0c}\u{8c22}", "[https://a.org/a]，谢"),
        ("\u{8bf7}\u{770b}https://a.org", "请看[https://a.org]"),
        ("「https://a.org」", "「[https://a.org]」"),
        ("보세요https://a.org", "보세요[https://a.org]"),
        ("ดูhttps://a.org", "ดู[https://a.org]"),
        ("Https://a.org", "[Https://a.org]"),
        ("HTTP://A.ORG/X", "[HTTP://A.ORG/X]"),
        ("https://a.org/a\u{2026}", "[https://a.org/a]…"),
        (
            "„https://a.org“ ‚https://b.org‘ ›https://c.org‹",
            "„[https://a.org]“ ‚[https://b.org]‘ ›[https://c.org]‹",
        ),
        ("»https://a.org« ”https://b.org”", "»[https://a.org]« ”[https://b.org]”"),
        (
            "https://a.org؟ https://b.org، https://c.org।",
            "[https://a.org]؟ [https://b.org]، [https://c.org]।",
        ),
        ("https://a.org/it’s", "[https://a.org/it’s]"),
    ] {
        assert_eq!(marked(text), expected);
    }
}

#[test]
fn no_link_reads_otherwise_than_it_leads() {
    for control in [
        '\u{202e}', '\u{202d}', '\u{202a}', '\u{2066}', '\u{2067}', '\u{200f}', '\u{61c}', '\u{200b}',
        '\u{ad}',
    ] {
        assert_eq!(
            marked(&format!("https://a.org/{control}gpj.exe")),
            format!("[https://a.org/]{control}gpj.exe")
        );
        let text = format!("https://{control}a.org");
        assert_eq!(marked(&text), text);
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
        text in "(http|HTTPS|https|://|http://a|https://b\\.c/|[ \n.,()<>\"'»”:/]|\\PC|[🙂אé\u{200d}]){0,24}",
    ) {
        let pieces = split(&text);
        let whole: String = pieces.iter().map(|piece| match piece { Piece::Words(s) | Piece::Link(s) => *s }).collect();
        prop_assert_eq!(&whole, &text);
        for piece in &pieces {
            match piece {
                Piece::Words(words) => prop_assert!(!words.is_empty()),
                Piece::Link(url) => {
                    let begin = url.to_ascii_lowercase();
                    prop_assert!(begin.starts_with("http://") || begin.starts_with("https://"));
                    prop_assert!(!url.contains(char::is_whitespace) && !url.contains(['<', '>', '"']));
                }
            }
        }
        let mut pairs = pieces.windows(2);
        prop_assert!(!pairs.any(|pair| matches!(pair, [Piece::Words(_), Piece::Words(_)])), "as few as can be");
    }
}
