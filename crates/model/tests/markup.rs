//! Marks in a text make a tree, what is none stays as it is, and reading takes time in proportion to the text.

use model::markup::{BLOCKS, MARKS, MASK, Node, Style, is_emoji_alone, link::host, parse, plain, steps};
use proptest::prelude::*;

/// The tree, written out.
fn shown(text: &str) -> String {
    parse(text).iter().map(written).collect()
}

fn written(node: &Node) -> String {
    let all = |nodes: &[Node]| nodes.iter().map(written).collect::<String>();
    match node {
        Node::Text(text) => text.clone(),
        Node::Mention(name) => format!("<{name}>"),
        Node::Link { url, label: None } => format!("<a {url}>"),
        Node::Link { url, label: Some(label) } => format!("<a {url}>{}</a>", all(label)),
        Node::Code(code) => format!("<code>{code}</code>"),
        Node::Fenced(code) => format!("<pre>{code}</pre>"),
        Node::Styled(style, nodes) => {
            let tag = match style {
                Style::Bold => "b",
                Style::Italic => "i",
                Style::Strike => "s",
                Style::Spoiler => "spoiler",
                Style::Quote => "quote",
                Style::List => "ul",
                Style::Numbered(_) => "ol",
                Style::Item => "li",
            };
            let number =
                if let Style::Numbered(number) = style { format!(" {number}") } else { String::new() };
            format!("<{tag}{number}>{}</{tag}>", all(nodes))
        }
    }
}

fn expect(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(&shown(text), expected, "{text}");
    }
}

/// What stays as it was typed.
fn expect_text(cases: &[&str]) {
    for text in cases {
        assert_eq!(parse(text), [Node::Text((*text).to_owned())], "{text}");
        assert_eq!(plain(text), *text);
    }
}

#[test]
fn emphasis_is_spelled_as_in_commonmark() {
    expect(&[
        ("**bold** and __bold__", "<b>bold</b> and <b>bold</b>"),
        ("*italic* and _italic_", "<i>italic</i> and <i>italic</i>"),
        ("~~gone~~ ||hidden||", "<s>gone</s> <spoiler>hidden</spoiler>"),
        ("***both***", "<i><b>both</b></i>"),
        ("***a** b*", "<i><b>a</b> b</i>"),
        ("***a* b**", "<b><i>a</i> b</b>"),
        ("*a **b***", "<i>a <b>b</b></i>"),
        ("**a *b***", "<b>a <i>b</i></b>"),
        ("*foo**bar**baz*", "<i>foo<b>bar</b>baz</i>"),
        ("**foo*bar**", "<b>foo*bar</b>"),
        ("*foo **bar* baz**", "<i>foo **bar</i> baz**"),
        ("foo*bar*", "foo<i>bar</i>"),
        ("foo-_(bar)_", "foo-<i>(bar)</i>"),
        ("_foo_bar_baz_", "<i>foo_bar_baz</i>"),
        ("**over\ntwo lines**", "<b>over\ntwo lines</b>"),
        ("**a ~~b *c* ||d||~~**", "<b>a <s>b <i>c</i> <spoiler>d</spoiler></s></b>"),
        ("(**a**), \"*b*\"!", "(<b>a</b>), \"<i>b</i>\"!"),
        ("这是**重点。**内容_与_此", "这是<b>重点。</b>内容<i>与</i>此"),
        ("**مرحبا** 🙂*🙂*🙂", "<b>مرحبا</b> 🙂<i>🙂</i>🙂"),
    ]);
}

#[test]
fn what_is_no_mark_stays_as_it_was_typed() {
    expect_text(&[
        "no marks\n\n  at all\t, with\u{a0}blanks ",
        "2 * 3 * 4, 5*6*78, a ** b ** c",
        "snake_case_name and __init__x",
        "*",
        "**",
        "****",
        "a * not *",
        "**not **",
        "** not**",
        "*not",
        "not**",
        "_ _",
        "~one~ ~~~three~~~",
        "|one| |||three|||",
        "if (a || b || c) and a||b||c",
        "# heading",
        "Title\n=====\n---",
        "***",
        "- - -",
        "* * *",
        "-",
        "- ",
        "1.",
        "1.5 litres",
        "2025.",
        "-5 degrees",
        "    indented",
        "<b>bold</b> &amp; <!-- x -->",
        ">_<",
        ">:(",
        ">",
        ">\n>",
        "->",
        "`one",
        "``two`",
        "```",
        "[label]",
        "[](x)",
        "[label](page.html)",
        "[label](javascript:alert(1))",
        "[label] (https)",
        "](",
        "[",
        "![](x)",
        "| a | b |\n|---|---|",
        "¯\\_(ツ)_/¯",
        "C:\\Users\\ada",
        "\\\\server\\share",
        "\\d+",
        "a\\",
        "@",
        "@a",
        "ada@example.org",
        "@-ada",
        "x@ada",
    ]);
}

#[test]
fn a_backslash_takes_a_mark_its_meaning() {
    expect(&[
        ("\\*not\\* \\_not\\_ \\`not\\` \\~~not~~ \\|\\|not||", "*not* _not_ `not` ~~not~~ ||not||"),
        ("\\[label](https://a.org)", "[label](<a https://a.org>)"),
        ("\\> said\n\\- one\n\\@ada", "> said\n- one\n@ada"),
        ("**a\\*b**", "<b>a*b</b>"),
        ("`\\*`", "<code>\\*</code>"),
    ]);
}

#[test]
fn code_is_what_stands_there() {
    expect(&[
        ("`a*b*` ``a`b``", "<code>a*b*</code> <code>a`b</code>"),
        ("`` `a` `` ` a` ` `", "<code>`a`</code> <code> a</code> <code> </code>"),
        ("*a `b* c`", "*a <code>b* c</code>"),
        ("`https://a.org @ada`", "<code>https://a.org @ada</code>"),
        ("```\nlet a = 1;\n\n  *b*\n```", "<pre>let a = 1;\n\n  *b*</pre>"),
        ("```rust\nfn a() {}\n````\nthen", "<pre>fn a() {}</pre>then"),
        ("````\n```\n````", "<pre>```</pre>"),
        ("so:\n```\nwithout an end\n", "so:<pre>without an end\n</pre>"),
        ("```a``` b", "<code>a</code> b"),
        ("```\n```", "<pre></pre>"),
    ]);
}

#[test]
fn quotes_and_lists_take_lines() {
    expect(&[
        ("> said\n> **so**\nanswered", "<quote>said\n<b>so</b></quote>answered"),
        ("> a\n> > b\n>> c\nd", "<quote>a<quote>b\nc</quote></quote>d"),
        (">a", ">a"),
        ("a\n\n> b\n\nc", "a<quote>b</quote>c"),
        ("> ```\n> code\n> ```\n> - one", "<quote><pre>code</pre><ul><li>one</li></ul></quote>"),
        ("- one\n- **two**\n\nthen", "<ul><li>one</li><li><b>two</b></li></ul>then"),
        ("buy:\n* milk\n* eggs", "buy:<ul><li>milk</li><li>eggs</li></ul>"),
        ("- a\n  - b\n  - c\n- d", "<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ul>"),
        ("- a\n  more\n- b", "<ul><li>a\nmore</li><li>b</li></ul>"),
        ("- a\n* b", "<ul><li>a</li></ul><ul><li>b</li></ul>"),
        ("1. a\n2. b\n   - c", "<ol 1><li>a</li><li>b<ul><li>c</li></ul></li></ol>"),
        ("3) a\n4) b", "<ol 3><li>a</li><li>b</li></ol>"),
        ("  - a\n  - b", "<ul><li>a</li><li>b</li></ul>"),
        ("- > a\n  > b", "<ul><li><quote>a\nb</quote></li></ul>"),
        ("*a\n> b*", "*a<quote>b*</quote>"),
    ]);
}

#[test]
fn a_link_with_a_label_says_where_it_leads() {
    expect(&[
        ("[the *docs*](https://a.org/x_(y))!", "<a https://a.org/x_(y)>the <i>docs</i></a>!"),
        ("[a [b] c](http://a.org)", "<a http://a.org>a [b] c</a>"),
        ("*[a*](http://a.org)", "<i>[a</i>](<a http://a.org>)"),
        ("**[a](http://a.org)**", "<b><a http://a.org>a</a></b>"),
        ("[a](http://a.org)[b](http://b.org)", "<a http://a.org>a</a><a http://b.org>b</a>"),
        ("[a](http://a.org \"title\")", "[a](<a http://a.org> \"title\")"),
        // What is an address leads there and nowhere else.
        ("[https://bank.org](https://evil.org)", "[<a https://bank.org>](<a https://evil.org>)"),
        ("[x [a](http://a.org)](http://b.org)", "[x <a http://a.org>a</a>](<a http://b.org>)"),
        ("![a](http://a.org)", "!<a http://a.org>a</a>"),
        ("[a](http://a.org/\u{202e}x)", "[a](<a http://a.org/>\u{202e}x)"),
    ]);
    for (url, expected) in [
        ("https://a.org/b@c", "a.org"),
        ("https://bank.org@evil.org:80/x", "evil.org:80"),
        ("https://evil.org\\@bank.org", "evil.org"),
        ("http://[::1]?x", "[::1]"),
    ] {
        assert_eq!(host(url), expected);
    }
}

#[test]
fn marks_beside_an_address_are_not_its() {
    expect(&[
        (
            "**https://a.org** ||https://b.org||",
            "<b><a https://a.org></b> <spoiler><a https://b.org></spoiler>",
        ),
        ("*https://a.org/x_y_z*.", "<i><a https://a.org/x_y_z></i>."),
        ("- https://a.org", "<ul><li><a https://a.org></li></ul>"),
    ]);
}

#[test]
fn a_name_after_an_at_sign_may_be_somebodys() {
    expect(&[
        ("@ada, @grace.h and (@all)", "<@ada>, <@grace.h> and (<@all>)"),
        ("**@ada** *@a_b*", "<b><@ada></b> <i><@a_b></i>"),
        ("@ada.", "<@ada>."),
        (
            "@ab @abcdefghijklmnopqrst @abcdefghijklmnopqrstu",
            "@ab <@abcdefghijklmnopqrst> @abcdefghijklmnopqrstu",
        ),
        ("> @ada", "<quote><@ada></quote>"),
    ]);
}

#[test]
fn in_a_line_there_are_no_marks() {
    for (text, expected) in [
        ("**bold** _and_ `code`", "bold and code"),
        ("it is ||the **butler**||!", "it is (spoiler)!"),
        ("[docs](https://a.org) @ada", "docs @ada"),
        ("```rust\nfn a() {}\n```\nso", "fn a() {}\nso"),
        ("> said\n\nanswered", "said\nanswered"),
        ("buy:\n- milk\n  - oat\n- eggs", "buy:\nmilk\noat\neggs"),
    ] {
        assert_eq!(plain(text), expected);
    }
}

#[test]
fn up_to_three_emoji_may_stand_alone() {
    for text in [
        "👍",
        "👍👍👍",
        "👍 🎉",
        "❤️",
        "❤",
        "☎️",
        "👩\u{200d}👩\u{200d}👧\u{200d}👦",
        "👋🏽",
        "🧑🏿\u{200d}🚀",
        "🇩🇪🇫🇷",
        "1️⃣",
        "#️⃣*️⃣",
        "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
        "🏳️\u{200d}🌈",
        "👁️\u{200d}🗨️",
        "©️",
        "🅰️",
        "⭐",
        "✅",
        "⌚",
        "🫩",
        "🧑\u{200d}🧑\u{200d}🧒",
    ] {
        assert!(is_emoji_alone(text), "{text}");
    }
    for text in [
        "",
        " ",
        "1",
        "12",
        "#",
        "*",
        "a",
        "👍👍👍👍",
        "👍 ok",
        "👍\n👍",
        "🇩",
        "🇩🇪🇫",
        "1\u{20e3}x",
        "→",
        "©",
        "™",
        "漢",
        "👩\u{200d}",
        "\u{200d}",
        "\u{fe0f}",
        "❤\u{fe0e}",
        "½",
        "①",
        "🄰",
    ] {
        assert!(!is_emoji_alone(text), "{text}");
    }
}

/// The text with its addresses in brackets.
fn linked(text: &str) -> String {
    let mark = |node: &Node| match node {
        Node::Link { url, label: None } => format!("[{url}]"),
        node => written(node),
    };
    parse(text).iter().map(mark).collect()
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
        assert_eq!(linked(text), expected);
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
        assert_eq!(linked(text), expected);
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
        assert_eq!(linked(text), expected);
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
        assert_eq!(linked(text), expected);
    }
}

#[test]
fn no_link_reads_otherwise_than_it_leads() {
    for control in [
        '\u{202e}', '\u{202d}', '\u{202a}', '\u{2066}', '\u{2067}', '\u{200f}', '\u{61c}', '\u{200b}',
        '\u{ad}',
    ] {
        assert_eq!(
            linked(&format!("https://a.org/{control}gpj.exe")),
            format!("[https://a.org/]{control}gpj.exe")
        );
        let text = format!("https://{control}a.org");
        assert_eq!(linked(&text), text);
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
        assert_eq!(linked(text), text);
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
        assert_eq!(linked(text), expected);
    }
}

/// How deep the tree goes.
fn depth(nodes: &[Node]) -> usize {
    let within = |node: &Node| match node {
        Node::Styled(_, nodes) | Node::Link { label: Some(nodes), .. } => 1 + depth(nodes),
        _ => 1,
    };
    nodes.iter().map(within).max().unwrap_or_default()
}

/// Text, one level of inline marks for each that may be and a link, and blocks: each list has its items.
const DEEPEST: usize = 1 + MARKS as usize + 1 + 2 * BLOCKS;

#[test]
fn nothing_is_nested_without_end() {
    for text in [
        "> ".repeat(100) + "a",
        "- ".repeat(100) + "a",
        "1. > ".repeat(100) + "a",
        format!("{}a{}", "*_".repeat(100), "_*".repeat(100)),
        format!("{}a{}", "**_~~||".repeat(50), "||~~_**".repeat(50)),
        format!("{}{}a{}", "> - ".repeat(50), "*_".repeat(50), "_*".repeat(50)),
    ] {
        assert!(depth(&parse(&text)) <= DEEPEST, "{text}");
    }
}

#[test]
fn reading_takes_steps_in_proportion_to_the_text() {
    let texts: &[fn(usize) -> String] = &[
        |n| "[".repeat(n),
        |n| "]".repeat(n),
        |n| "[".repeat(n / 2) + &"]".repeat(n / 2),
        |n| "[a](".repeat(n / 4),
        |n| "[a](http://b".repeat(n / 12),
        |n| "[a](http://b(".repeat(n / 13),
        |n| "[a](http://b)".repeat(n / 13),
        |n| "[".repeat(n / 2) + &"](http://b)".repeat(n / 22),
        |n| "*".repeat(n),
        |n| "*a ".repeat(n / 3),
        |n| "a* ".repeat(n / 3),
        |n| "*a".repeat(n / 2),
        |n| "*a _b ".repeat(n / 6),
        |n| "*a ".repeat(n / 6) + &"a_ ".repeat(n / 6),
        |n| "*a **b ".repeat(n / 14) + &"c* d** ".repeat(n / 14),
        |n| "**a *b".repeat(n / 6),
        |n| "||a ~~b ".repeat(n / 16) + &"c|| d~~ ".repeat(n / 16),
        |n| "*_".repeat(n / 4) + "a" + &"_*".repeat(n / 4),
        |n| "[*a ".repeat(n / 8) + &"](http://b) a*".repeat(n / 28),
        |n| "`".repeat(n),
        |n| {
            (1..)
                .map(|k| "`".repeat(k) + "a")
                .scan(0, |all, run| {
                    *all += run.len();
                    (*all <= n).then_some(run)
                })
                .collect()
        },
        |n| "`a``b```c````d".repeat(n / 14),
        |n| "> ".repeat(n / 2),
        |n| ">".repeat(n),
        |n| ">\n".repeat(n / 2),
        |n| "> a\n\n".repeat(n / 5),
        |n| (0..n / 50).map(|depth| "> ".repeat(depth % 20) + "a\n").collect(),
        |n| "- ".repeat(n / 2),
        |n| "- a\n".repeat(n / 4),
        |n| "- a\n  ".repeat(n / 6),
        |n| (0..n / 25).map(|depth| " ".repeat(depth % 20) + "- a\n").collect(),
        |n| "1. ".repeat(n / 3),
        |n| "```\n".repeat(n / 4),
        |n| "```a\n".repeat(n / 5),
        |n| "http://".repeat(n / 7),
        |n| "http://a(".repeat(n / 9),
        |n| "http://a ".repeat(n / 9),
        |n| "[http://a](".repeat(n / 11),
        |n| "[".to_owned() + &"http://a ".repeat(n / 9),
        |n| "http://a...... ".repeat(n / 15),
        |n| "@".repeat(n),
        |n| "@abc".repeat(n / 4),
        |n| "\\".repeat(n),
        |n| "h".repeat(n),
    ];
    for text in texts {
        let (short, long) = (steps(&text(1000)), steps(&text(16_000)));
        // Sixteen times as long; never more than a few steps for each character of each level of blocks.
        assert!(long <= 20 * short.max(100), "{} took {short}, then {long} steps", &text(40));
        assert!(long <= 16_000 * 4 * (BLOCKS + 1), "{} took {long} steps", &text(40));
    }
}

/// What is seen, with what is hidden.
fn seen(nodes: &[Node]) -> String {
    let text = |node: &Node| match node {
        Node::Text(text) | Node::Mention(text) | Node::Code(text) | Node::Fenced(text) => text.clone(),
        Node::Link { url, label: None } => url.clone(),
        Node::Link { label: Some(nodes), .. } | Node::Styled(_, nodes) => seen(nodes),
    };
    nodes.iter().map(text).collect()
}

fn is_empty_somewhere(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match node {
        Node::Styled(_, nodes) | Node::Link { label: Some(nodes), .. } => {
            nodes.is_empty() || is_empty_somewhere(nodes)
        }
        Node::Text(text) | Node::Code(text) => text.is_empty(),
        Node::Mention(_) | Node::Fenced(_) | Node::Link { .. } => false,
    })
}

/// Text of much that may be a mark.
const MARKED: &str = "([*_~|`\\[\\]()>@\\\\ \n-]|\\*\\*|~~|\\|\\||```|> |- |1\\. |  |a|b|ada|http://|https://a\\.b|\\]\\(http://|[אé🙂。\u{200d}]|\\PC){0,40}";

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn whatever_was_typed_makes_a_tree(text in MARKED) {
        let nodes = parse(&text);
        prop_assert!(depth(&nodes) <= DEEPEST);
        prop_assert!(!is_empty_somewhere(&nodes), "{:?}", nodes);
        // Marks go, and nothing comes: what is seen was typed, in this order.
        let mut typed = text.chars();
        for c in seen(&nodes).chars() {
            prop_assert!(typed.any(|typed| typed == c), "{:?}", nodes);
        }
        for url in links(&nodes) {
            let begin = url.to_ascii_lowercase();
            prop_assert!(begin.starts_with("http://") || begin.starts_with("https://"));
            prop_assert!(!url.contains(char::is_whitespace) && !url.contains(['<', '>', '"']));
        }
        is_emoji_alone(&text);
    }

    #[test]
    fn any_text_at_all_makes_a_tree(text in "\\PC{0,60}|[\\x00-\\x7f]{0,60}|[🇩🇪👩\u{200d}\u{fe0f}\u{20e3}1🏽🏴\u{e0067}\u{e007f} ]{0,9}") {
        prop_assert!(depth(&parse(&text)) <= DEEPEST);
        is_emoji_alone(&text);
    }

    #[test]
    fn a_text_without_marks_is_its_plain_text(text in "[a-zé漢🙂.,:;!?()/# \n\t]{0,60}") {
        prop_assert_eq!(plain(&text), text);
    }

    #[test]
    fn a_text_whose_marks_are_escaped_is_its_plain_text(text in "([*_~|`\\[\\]()@]|[a-zé漢🙂 ]|\n[ab>+-]){0,60}") {
        let mut escaped = String::new();
        let mut before = '\n';
        for c in text.chars() {
            if "*_~|`[]@".contains(c) || (before == '\n' && "-+>".contains(c)) {
                escaped.push('\\');
            }
            escaped.push(c);
            before = c;
        }
        prop_assert_eq!(plain(&escaped), text);
    }

    #[test]
    fn what_is_hidden_is_not_in_a_line(before in "[a-z *_~`>\n-]{0,12}", after in "[a-z *_~`\n]{0,12}") {
        let text = format!("{before}\n\n||SECRET||{after}");
        if shown(&text).contains("<spoiler>SECRET</spoiler>") {
            prop_assert!(!plain(&text).contains("SECRET") && plain(&text).contains(MASK));
        }
    }
}

fn links(nodes: &[Node]) -> Vec<&str> {
    let each = nodes.iter().flat_map(|node| match node {
        Node::Link { url, label } => {
            let mut all = vec![url.as_str()];
            all.extend(label.iter().flat_map(|label| links(label)));
            all
        }
        Node::Styled(_, nodes) => links(nodes),
        _ => Vec::new(),
    });
    each.collect()
}
