//! Passwords of any characters, none cut short (OWASP ASVS 5.0, 6.2).

use crate::app::{PASSWORD, TestApp};

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
