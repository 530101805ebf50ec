//! Whom a text may mean.

use model::mention::names;

#[test]
fn a_name_behind_an_at_at_the_beginning_of_a_word() {
    for (text, expected) in [
        ("@ada", vec!["ada"]),
        ("Hi @Ada, and @ben.b!", vec!["ada", "ben.b"]),
        ("(@ada) \"@ben\" *@cleo* @ada", vec!["ada", "ben", "cleo"]),
        ("@all: look", vec!["all"]),
        ("see you, @ada.", vec!["ada"]),
        ("first\n@ada\n@ben", vec!["ada", "ben"]),
        ("日本語 @ada さん", vec!["ada"]),
        ("mail ada@example.org, a@b, @@ada, x.@ada, https://x.example/@ada", vec![]),
        ("@ @. @- @_ @é", vec![]),
        ("_@ada_ and **@ben**, ~~@cleo~~ ||@dora||", vec!["ada", "ben", "cleo", "dora"]),
        ("> @ada\n- [@ben](https://example.org)", vec!["ada", "ben"]),
        ("a_@ada \\@ben", vec![]),
        ("", vec![]),
    ] {
        assert_eq!(names(text), expected, "{text:?}");
    }
}

#[test]
fn nobody_is_meant_by_code() {
    for (text, expected) in [
        ("`@ada` @ben", vec!["ben"]),
        ("``a ` @ada`` @ben", vec!["ben"]),
        ("`@ada", vec!["ada"]),
        ("`` @ada ` @ben", vec!["ada", "ben"]),
        ("```\n@ada\n```\n@ben", vec!["ben"]),
        ("```rust\n@ada", vec![]),
        ("`two\n@ada lines` @ben", vec!["ben"]),
    ] {
        assert_eq!(names(text), expected, "{text:?}");
    }
}

#[test]
fn what_is_full_of_marks_is_read_all_the_same() {
    for mark in ["@", "`", "@a", "` ", "``` ", "@a `", "\n```"] {
        names(&mark.repeat(4000 / mark.len()));
    }
}
