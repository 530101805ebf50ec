//! What a command makes of what is selected, and which emoji somebody is about to name.

use sotto::chat::view::writing::format::{Command, edit, emoji_wanted, from_units, to_units};

/// A text in which `<` and `>` stand around what is selected, before a command and after it.
fn changed(before: &str, command: Command) -> String {
    let start = before.find('<').expect("where it begins");
    let end = before.find('>').expect("where it ends") - 1;
    let text = before.replacen(['<', '>'], "", 2);
    let edit = edit(&text, start, end, command);
    let (first, last) = edit.selected;
    let inserted = [&edit.text[..first], "<", &edit.text[first..last], ">", &edit.text[last..]].concat();
    [&text[..edit.from], &inserted, &text[edit.to..]].concat()
}

#[test]
fn marks_go_around_what_is_selected_and_go() {
    for (before, command, after) in [
        ("a <b> c", Command::Bold, "a **<b>** c"),
        ("a **<b>** c", Command::Bold, "a <b> c"),
        ("a <**b**> c", Command::Bold, "a <b> c"),
        ("a< b >c", Command::Bold, "a **<b>** c"),
        ("a <>", Command::Italic, "a _<>_"),
        ("a _<>_", Command::Italic, "a <>"),
        ("**<b>**", Command::Italic, "**_<b>_**"),
        ("<é🙂>", Command::Strike, "~~<é🙂>~~"),
        ("<b>", Command::Spoiler, "||<b>||"),
        ("<b>", Command::Code, "`<b>`"),
        ("x<y\nz>", Command::Code, "```\n<xy\nz>\n```"),
        ("```\n<xy\nz>\n```", Command::Code, "<xy\nz>"),
        ("see <docs>", Command::Link, "see [docs](<https://>)"),
        ("see <>", Command::Link, "see [<>](https://)"),
        ("see <https://a.org>", Command::Link, "see [<>](https://a.org)"),
        ("see [<docs>](https://a.org)!", Command::Link, "see <docs>!"),
        ("x\na<b\nc>d\ny", Command::Quote, "x\n<> ab\n> cd>\ny"),
        ("- a<>", Command::List, "a<>"),
        ("a<>\nb", Command::List, "- a<>\nb"),
        ("<- a\nb>", Command::List, "<- - a\n- b>"),
    ] {
        assert_eq!(changed(before, command), after, "{before}");
    }
}

#[test]
fn an_emoji_is_named_after_a_colon_that_begins_a_word() {
    for (before, wanted) in [
        (":sm", Some((0, "sm"))),
        ("so :+1", Some((3, "+1"))),
        ("(:thumbs_up", Some((1, "thumbs_up"))),
        ("🙂:ok", Some((4, "ok"))),
        (":s", None),
        (":", None),
        ("10:30", None),
        ("http://ab", None),
        ("a::bc", None),
        (":sm ", None),
        (":sm:", None),
        (":-)", None),
        ("é:bc", None),
    ] {
        assert_eq!(emoji_wanted(before), wanted, "{before}");
    }
}

#[test]
fn places_are_counted_as_browsers_do() {
    let text = "aé🙂b";
    for (bytes, units) in [(0, 0), (1, 1), (3, 2), (7, 4), (8, 5)] {
        assert_eq!(to_units(text, bytes), units);
        assert_eq!(from_units(text, units), bytes);
    }
    // In the middle of a pair, and behind the end.
    assert_eq!((from_units(text, 3), from_units(text, 99)), (3, 8));
}
