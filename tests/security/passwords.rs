//! Passwords of any characters, none cut short (OWASP ASVS 5.0, 6.2).

use crate::app::{PASSWORD, TestApp};
use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha384};
use store::PasswordHash;

#[tokio::test]
async fn nothing_of_a_password_is_cut_off() {
    let app = TestApp::start().await;
    let prefix = "p".repeat(72);
    for (n, (password, other)) in [
        // bcrypt's limit of 72 bytes, and C's end of a text.
        (format!("{prefix}X"), format!("{prefix}Y")),
        (format!("{prefix}X"), prefix.clone()),
        ("ab\0abcdefgh".into(), "ab\0hgfedcba".into()),
        ("abcdqrst\0x".into(), "abcdqrst".into()),
        ("\0\0\0\0\0\0\0\0".into(), "\0\0\0\0\0\0\0\0\0".into()),
        ("ä".repeat(128), "ä".repeat(127)),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("person-{n}");
        app.visitor().sign_up(&name, &password).await.ok();
        app.visitor().log_in(&name, &other).await.refused(401, "wrong_credentials");
        app.visitor().log_in(&name, &password).await.ok();
    }
}

#[tokio::test]
async fn a_password_has_8_to_128_characters_of_any_kind() {
    let app = TestApp::start().await;
    for password in ["", "sevench", "🦆🦆🦆🦆🦆🦆🦆", &"x".repeat(129), &"🦆".repeat(129)] {
        let refused = app.visitor().sign_up("ada", password).await.refused(422, "invalid_password");
        assert_eq!(refused.as_deref(), Some("password"));
    }
    let long = "🦆".repeat(128);
    for (n, password) in
        ["        ", "🦆🦆🦆🦆🦆🦆🦆🦆", &long, " qz\n\t\u{7}\u{feff}x "].into_iter().enumerate()
    {
        let name = format!("person-{n}");
        app.visitor().sign_up(&name, password).await.ok();
        app.visitor().log_in(&name, password).await.ok();
        let padded = format!("{password} ");
        app.visitor().log_in(&name, &padded).await.refused(401, "wrong_credentials");
    }
}

#[tokio::test]
async fn common_passwords_are_refused() {
    let app = TestApp::start().await;
    for password in ["password", "12345678", "PassWord1", "qwertyuiop", "iloveyou"] {
        let answer = app.visitor().sign_up("ada", password).await;
        assert_eq!(answer.refused(422, "invalid_password").as_deref(), Some("password"), "{password}");
        assert!(answer.text.contains("common"), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_password_is_case_sensitive() {
    let app = TestApp::start().await;
    app.person("ada").await;
    app.visitor().log_in("ada", &PASSWORD.to_uppercase()).await.refused(401, "wrong_credentials");
}

#[tokio::test]
async fn a_password_is_the_same_in_every_normal_form() {
    let app = TestApp::start().await;
    for (n, (typed, elsewhere)) in [
        ("Schl\u{fc}ssel-2024", "Schlu\u{308}ssel-2024"),
        ("Schlu\u{308}ssel-2025", "Schl\u{fc}ssel-2025"),
        ("\u{212b}ngstrom-77", "\u{c5}ngstrom-77"),
        ("\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}-2024", "\u{d55c}\u{ae00}-2024"),
        ("no\u{a0}break\u{3000}space", "no break space"),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("person-{n}");
        app.visitor().sign_up(&name, typed).await.ok();
        for form in [typed, elsewhere] {
            app.visitor().log_in(&name, form).await.ok();
        }
        app.visitor().log_in(&name, "Schlussel-2024").await.refused(401, "wrong_credentials");
    }
}

#[tokio::test]
async fn a_password_that_was_hashed_as_it_was_typed_goes_on_working() {
    let app = TestApp::start().await;
    for (n, (then, now)) in [
        ("Schlu\u{308}ssel-2024", "Schlu\u{308}ssel-2024"),
        ("Schlu\u{308}ssel-2024", "Schl\u{fc}ssel-2024"),
        ("\u{212b}ngstrom-77", "\u{212b}ngstrom-77"),
        ("no\u{a0}break", "no\u{a0}break"),
    ]
    .into_iter()
    .enumerate()
    {
        let ada = app.person(&format!("person-{n}")).await;
        let digest = BASE64_STANDARD.encode(Sha384::digest(then));
        let old = PasswordHash(bcrypt::hash(digest, 4).expect("a hash"));
        app.store.set_password(ada.id.parse().expect("an id"), old, None).await.expect("an answer");
        app.visitor().log_in(&ada.name, now).await.ok();
    }
}

#[tokio::test]
async fn the_username_is_no_password() {
    let app = TestApp::start().await;
    for (name, password) in [("gracehopper", "gracehopper"), ("Grace.Hopper", " grace.HOPPER")] {
        let answer = app.visitor().sign_up(name, password).await;
        assert_eq!(answer.refused(422, "invalid_password").as_deref(), Some("password"), "{password}");
        assert!(answer.text.contains("username"), "{}", answer.text);
    }
    let ada = app.person("ada.lovelace").await;
    let body = serde_json::json!({ "current_password": PASSWORD, "new_password": "Ada.Lovelace" });
    let refused = ada.post("/api/me/password", body).await.refused(422, "invalid_password");
    assert_eq!(refused.as_deref(), Some("new_password"));
}
