//! `/settings`, and what an account's owner can do there: by JSON and by the page's own forms.

use crate::app::{Answer, PASSWORD, Person, TestApp};
use model::{id::UserId, invitation::Invitation};
use reqwest::Method;
use serde_json::{Value, json};
use sotto::browser::clock;
use store::{SessionRecord, now};

const NEW: &str = "a goose on a lake";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

async fn page(person: &Person) -> String {
    let page = person.get("/settings").await;
    assert_eq!(page.status, 200, "{}", page.text);
    words(&page)
}

/// A page without the empty comments that mark places in it.
fn words(page: &Answer) -> String {
    page.text.replace("<!>", "")
}

/// Posts a form of the page; returns what the page says afterwards.
async fn post_form(person: &Person, path: &str, fields: &[(&str, &str)]) -> String {
    assert_eq!(person.post_form(path, "/settings", fields).await.redirect(), "/settings");
    page(person).await
}

#[track_caller]
fn done(answer: &Answer) {
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
}

#[tokio::test]
async fn the_page_wants_a_log_in_and_comes_back() {
    let app = TestApp::start().await;
    let there = app.visitor().get("/settings").await.redirect().to_owned();
    assert_eq!(there, "/auth?next=%2Fsettings");
    let ada = app.person("ada").await;
    assert_eq!(ada.get(&there).await.redirect(), "/settings");
}

#[tokio::test]
async fn the_page_needs_no_script_and_loads_none() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let page = ada.get("/settings").await.text;
    for nothing in ["<script src", "type=\"module\"", "modulepreload", "wasm", "onclick"] {
        assert!(!page.contains(nothing), "{nothing}: {page}");
    }
    assert!(page.starts_with("<!DOCTYPE html>"), "{page}");
    assert!(page.contains("<title>Settings · Sotto</title>"), "{page}");
    let page = page.replace("<!>", "");
    for something in [">Settings</h1>", "rel=\"stylesheet\"", ">ada<"] {
        assert!(page.contains(something), "{something}: {page}");
    }
}

#[tokio::test]
async fn the_chat_leads_there() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let chat = ada.get("/").await.text;
    let link = chat.split("<a ").find(|link| link.contains("href=\"/settings\"")).expect("a link");
    assert!(link.contains("role=\"menuitem\""), "{link}");
}

#[tokio::test]
async fn a_display_name_is_seen_by_contacts_beside_the_username() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let cleo = app.person("cleo").await;
    ada.ask(&cleo).await;
    let (mut bens, mut cleos) = (ben.socket().await, cleo.socket().await);

    let user = ada.post("/api/me/display-name", json!({ "display_name": " Ada Łovelace " })).await.ok();
    assert_eq!(user, json!({ "id": ada.id, "username": "ada", "display_name": "Ada Łovelace" }));
    assert_eq!(ada.get("/api/me").await.ok(), user);
    let told = bens.hear("contacts_updated").await;
    assert_eq!(told["contacts"][0]["display_name"], "Ada Łovelace");
    assert_eq!(told["contacts"][0]["username"], "ada");
    assert_eq!(cleos.hear("friend_request_changed").await["requests"]["incoming"][0]["user"], user);
    let found = cleo.get("/api/users/search?q=ada").await.ok();
    assert_eq!((&found[0]["username"], &found[0]["display_name"]), (&"ada".into(), &"Ada Łovelace".into()));
    assert_eq!(cleo.get("/api/users/search?q=love").await.ok(), json!([]), "nobody is found by it");

    let page = words(&ben.get(&format!("/c/{conversation}")).await);
    assert!(page.contains("aria-label=\"Ada Łovelace"), "the link's name begins with it: {page}");
    assert!(page.contains("<h1>Ada Łovelace</h1>") && page.contains("class=\"username\">ada<"), "{page}");
    assert!(words(&cleo.get("/").await).contains("ada wants to be your contact"));

    let user = ada.post("/api/me/display-name", json!({ "display_name": "  " })).await.ok();
    assert_eq!(user, json!({ "id": ada.id, "username": "ada" }));
    assert_eq!(bens.hear("contacts_updated").await["contacts"][0].get("display_name"), None);
}

#[tokio::test]
async fn a_device_that_resumes_hears_how_its_owner_is_called_by_now() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let mut socket = ada.socket().await;
    ada.post("/api/me/display-name", json!({ "display_name": "Countess" })).await.ok();
    assert_eq!(socket.resume(json!({})).await["me"]["display_name"], "Countess");
}

#[tokio::test]
async fn a_name_that_breaks_the_rules_is_refused_next_to_its_field() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let long = "x".repeat(41);
    for name in [&long, "a\nb", "a\u{202e}b", "\u{200d}"] {
        let answer = ada.post("/api/me/display-name", json!({ "display_name": name })).await;
        assert_eq!(answer.refused(422, "invalid_display_name").as_deref(), Some("display_name"), "{name:?}");
    }
    let page = post_form(&ada, "/api/me/display-name", &[("display_name", &format!("\"<b>{long}"))]).await;
    assert!(
        page.contains("id=\"display-name-hint\" role=\"alert\">A name has at most 40 characters."),
        "{page}"
    );
    assert!(page.contains("aria-invalid=\"true\""), "{page}");
    assert!(page.contains("value=\"&quot;&lt;b&gt;xxx") || page.contains("value=\"&quot;<b>xxx"), "{page}");
    assert!(!words(&ada.get("/settings").await).contains("aria-invalid=\"true\""), "said once");
}

#[tokio::test]
async fn a_form_of_the_page_says_what_it_has_done_once() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let saved = post_form(&ada, "/api/me/display-name", &[("display_name", "Ada <3")]).await;
    assert!(saved.contains("<p role=\"status\" class=\"said\">Your name was saved.</p>"), "{saved}");
    assert!(saved.contains("Ada &lt;3") && !saved.contains("Ada <3</"), "{saved}");
    assert!(!page(&ada).await.contains("Your name was saved."), "said once");
}

#[tokio::test]
async fn names_are_changed_thirty_times_an_hour_at_most() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    for n in 0..30 {
        ada.post("/api/me/display-name", json!({ "display_name": n.to_string() })).await.ok();
    }
    ada.post("/api/me/display-name", json!({ "display_name": "more" })).await.refused(429, "too_many");
}

#[tokio::test]
async fn a_theme_is_kept_by_the_browser_and_shown_on_every_page() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    for page in ["/", "/settings", "/nowhere"] {
        assert!(!ada.get(page).await.text.contains("data-theme"), "{page}: as the system wants");
    }
    for (theme, color) in [("light", "#ffffff"), ("dark", "#17171e")] {
        let answer = ada.post("/api/me/theme", json!({ "theme": theme })).await;
        done(&answer);
        let cookie = &answer.set_cookies("theme")[0];
        assert_eq!(cookie, &format!("theme={theme}; Path=/; Max-Age=31536000; SameSite=Lax"));
        let stranger = app.visitor();
        let auth = stranger.call(Method::GET, "/auth").header("cookie", &format!("tz=UTC; theme={theme}"));
        for page in
            [ada.get("/").await, ada.get("/settings").await, ada.get("/nowhere").await, auth.send().await]
        {
            assert!(page.text.contains(&format!("data-theme=\"{theme}\"")), "{}", page.text);
            assert_eq!(page.text.matches("name=\"theme-color\"").count(), 1, "{}", page.text);
            assert!(page.text.contains(&format!("content=\"{color}\"")), "{}", page.text);
        }
    }
    let chosen = page(&ada).await;
    assert_eq!(chosen.matches(" checked").count(), 1, "{chosen}");
    let saved = post_form(&ada, "/api/me/theme", &[("theme", "system")]).await;
    assert!(saved.contains("Your theme was saved"), "{saved}");
    assert!(!saved.contains("data-theme"), "{saved}");
    assert_eq!(ada.cookie("theme"), None);
    ada.post("/api/me/theme", json!({ "theme": "sepia" })).await.refused(400, "malformed");
}

#[tokio::test]
async fn an_invented_theme_is_passed_over() {
    let app = TestApp::start().await;
    for theme in ["theme=sepia", "theme=\"><b>", "theme=", "theme"] {
        let page = app.visitor().call(Method::GET, "/auth").header("cookie", theme).send().await;
        assert!(!page.text.contains("data-theme"), "{theme}: {}", page.text);
    }
}

#[tokio::test]
async fn a_new_password_is_the_only_one_from_now_on_and_this_session_goes_on() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let change = |current: &str, new: &str| json!({ "current_password": current, "new_password": new });
    done(&ada.post("/api/me/password", change(PASSWORD, NEW)).await);
    ada.get("/api/me").await.ok();
    ada.socket().await;
    app.visitor().log_in("ada", PASSWORD).await.refused(401, "wrong_credentials");
    app.visitor().log_in("ada", NEW).await.ok();
    let field = ada.post("/api/me/password", change(PASSWORD, NEW)).await.refused(401, "wrong_credentials");
    assert_eq!(field.as_deref(), Some("current_password"));
    for new in ["short", "password1", &"x".repeat(129)] {
        let field = ada.post("/api/me/password", change(NEW, new)).await.refused(422, "invalid_password");
        assert_eq!(field.as_deref(), Some("new_password"), "{new}");
    }
    done(&ada.post("/api/me/password", change(NEW, PASSWORD)).await);
    ada.get("/api/me").await.ok();
}

#[tokio::test]
async fn by_form_too_with_the_error_at_its_field_and_no_password_in_the_page() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let change = async |current: &str, new: &str| {
        post_form(&ada, "/api/me/password", &[("current_password", current), ("new_password", new)]).await
    };
    let wrong = change("my wrong password", NEW).await;
    assert!(
        wrong.contains("id=\"current-password-hint\" role=\"alert\">This is not your password."),
        "{wrong}"
    );
    let short = change(PASSWORD, "short").await;
    assert!(short.contains("id=\"new-password-hint\" role=\"alert\">A password has at least 8"), "{short}");
    let changed = change(PASSWORD, NEW).await;
    assert!(changed.contains("Your password was changed. Everywhere else you were signed out."), "{changed}");
    for page in [wrong, short, changed] {
        assert!(!page.contains("my wrong password") && !page.contains(NEW) && !page.contains(PASSWORD));
    }
}

#[tokio::test]
async fn guesses_at_the_current_password_are_limited_and_count_as_failed_log_ins() {
    let app = TestApp::with(|config| config.limits.login_failures_per_hour = 3).await;
    let ada = app.person("ada").await;
    let change = json!({ "current_password": "not the password", "new_password": NEW });
    ada.post("/api/me/password", change.clone()).await.refused(401, "wrong_credentials");
    ada.post("/api/me/delete", json!({ "password": "not the password" }))
        .await
        .refused(401, "wrong_credentials");
    ada.post("/api/me/password", change.clone()).await.refused(401, "wrong_credentials");
    ada.post("/api/me/password", change).await.refused(429, "too_many");
    ada.post("/api/me/delete", json!({ "password": PASSWORD })).await.refused(429, "too_many");
    app.visitor().log_in("ada", PASSWORD).await.refused(429, "too_many");
    ada.get("/api/me").await.ok();
}

#[tokio::test]
async fn what_strangers_guess_keeps_nobody_from_a_new_password() {
    let app = TestApp::with(|config| config.limits.login_failures_per_hour = 2).await;
    let ada = app.person("ada").await;
    for _ in 0..2 {
        app.visitor().log_in("ada", "not the password").await.refused(401, "wrong_credentials");
    }
    app.visitor().log_in("ada", PASSWORD).await.refused(429, "too_many");
    let change = json!({ "current_password": PASSWORD, "new_password": NEW });
    assert_eq!(ada.post("/api/me/password", change).await.status, 204);
}

#[tokio::test]
async fn devices_are_listed_as_their_owner_knows_them_without_what_a_cookie_holds() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let elsewhere = app.visitor();
    let fields = json!({ "mode": "login", "username": "ada", "password": PASSWORD });
    let log_in = elsewhere.call(Method::POST, "/auth").json(fields).header("user-agent", FIREFOX);
    log_in.send().await.ok();

    let devices = ada.get("/api/me/sessions").await.ok();
    let shown = |n: usize| (devices[n]["device"].as_str(), devices[n]["current"].as_bool());
    assert_eq!(shown(0), (Some("Unknown device"), Some(true)), "this one first: {devices}");
    assert_eq!(shown(1), (Some("Firefox on Linux"), Some(false)), "{devices}");
    for n in 0..2 {
        assert!(
            devices[n]["signed_in_at"].is_string() && devices[n]["last_used_at"].is_string(),
            "{devices}"
        );
    }
    let told = devices.to_string();
    for cookie in [ada.cookie("sid"), elsewhere.cookie("sid")] {
        assert!(!told.contains(&cookie.expect("a session")), "{told}");
    }
    assert!(!told.contains("127.0.0.1"), "no addresses: {told}");

    let page = page(&ada).await;
    assert!(page.contains("aria-label=\"Devices\"") && page.contains("This device"), "{page}");
    assert!(page.contains("aria-label=\"Log out Firefox on Linux\""), "{page}");
}

#[tokio::test]
async fn a_device_is_signed_out_by_its_label() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let (phone, tablet) = (ada.on_another_device().await, ada.on_another_device().await);
    let label = phone.get("/api/me/sessions").await.ok()[0]["session"].clone();
    let label = label.as_str().expect("a label");
    let page = post_form(&ada, "/api/me/sessions/end", &[("session", label)]).await;
    assert!(page.contains("The device was signed out."), "{page}");
    phone.get("/api/me").await.refused(401, "not_signed_in");
    tablet.get("/api/me").await.ok();
    ada.post("/api/me/sessions/end", json!({ "session": label })).await.refused(404, "not_found");

    let page = post_form(&ada, "/api/me/sessions/end-others", &[]).await;
    assert!(page.contains("Everywhere else you were signed out."), "{page}");
    tablet.get("/api/me").await.refused(401, "not_signed_in");
    let left = ada.get("/api/me/sessions").await.ok();
    assert_eq!(left.as_array().map(Vec::len), Some(1), "{left}");

    let own = left[0]["session"].as_str().expect("a label");
    let back = ada.post_form("/api/me/sessions/end", "/settings", &[("session", own)]).await;
    assert_eq!(ada.get(back.redirect()).await.redirect(), "/auth?next=%2Fsettings", "this one, too");
    assert_eq!(ada.cookie("sid"), None);
}

#[tokio::test]
async fn a_session_in_use_is_noted_once_an_hour_and_lives_on() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let user = ada.id.parse().expect("an id");
    let now = clock::now();
    let stored = async || app.store.sessions_of(user, now).await.expect("an answer").remove(0);
    let seen = |session: &SessionRecord| {
        let data: Value = serde_json::from_str(&session.data).expect("JSON");
        data["device"]["seen"].as_str().expect("a moment").to_owned()
    };
    let fresh = stored().await;
    assert!(ada.get("/api/me").await.set_cookies("sid").is_empty());
    assert_eq!(stored().await, fresh, "not with every request");

    // As it would be after an hour, and shortly before its end.
    let hour_ago = model::time::Timestamp(now.0 - 60 * 60 * 1000);
    let data = fresh.data.replace(&seen(&fresh), &hour_ago.to_string());
    let older = SessionRecord { data, expires_at: model::time::Timestamp(now.0 + 60_000), ..fresh };
    assert_eq!(app.store.save_session(older.clone(), now).await, Ok(true));
    let renewed = ada.get("/api/me").await.set_cookies("sid");
    assert!(renewed[0].contains("Max-Age=1209600"), "{renewed:?}");
    let after = stored().await;
    assert!(after.expires_at > older.expires_at, "two weeks more: {after:?}");
    assert!(seen(&after) >= now.to_string(), "{after:?}");
}

#[tokio::test]
async fn the_download_holds_the_account_and_all_own_messages_and_no_others() {
    let app = TestApp::without_rates().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let (cleo, dora) = (app.person("cleo").await, app.person("dora").await);
    let empty = ada.befriend(&cleo).await;
    dora.ask(&ada).await;
    let id: UserId = ada.id.parse().expect("an id");
    let invitation = Invitation::new(Some(id), 2, 7, now());
    app.store.create_invitation(invitation.clone()).await.expect("an invitation");
    let others = Invitation::new(Some(ben.id.parse().expect("an id")), 2, 7, now());
    app.store.create_invitation(others).await.expect("an invitation");
    // More than one page of history.
    for n in 0..130 {
        ada.write(&conversation, &format!("number {n}")).await;
        if n % 2 == 0 {
            ben.write(&conversation, "the other side's").await;
        }
    }
    let path = format!("/api/conversations/{conversation}/prefs");
    ada.post(&path, json!({ "pinned": true, "mentions": false })).await.done();
    let answer = ada.get("/api/me/export").await;
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"sotto-ada.json\""));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let export = answer.ok();
    assert_eq!(export["account"]["username"], "ada");
    assert_eq!(export["account"]["id"], ada.id.as_str());
    assert_eq!(export["devices"].as_array().map(Vec::len), Some(1));
    assert_eq!(export["friend_requests"]["incoming"][0]["user"]["username"], "dora");
    assert_eq!(export["invitations"].as_array().map(Vec::len), Some(1), "her own");
    assert_eq!(export["invitations"][0]["token"], json!(invitation.token));
    let names: Vec<_> =
        export["contacts"].as_array().expect("a list").iter().map(|c| &c["username"]).collect();
    assert_eq!(names, ["ben", "cleo"]);
    assert_eq!(export["conversations"][0]["id"], conversation.as_str());
    assert_eq!(export["conversations"][0]["with"], "ben");
    let prefs = &export["conversations"][0]["prefs"];
    assert_eq!((&prefs["pinned"], &prefs["mentions"]), (&json!(true), &json!(false)));
    let messages = export["conversations"][0]["own_messages"].as_array().expect("a list");
    let bodies: Vec<_> = messages.iter().map(|message| message["body"].as_str().expect("a text")).collect();
    let expected: Vec<_> = (0..130).map(|n| format!("number {n}")).collect();
    assert_eq!(bodies, expected);
    assert_eq!(export["conversations"][1], json!({ "id": empty, "with": "cleo", "own_messages": [] }));
    assert!(!answer.text.contains("the other side's") && !answer.text.contains("$2b$"));
}

#[tokio::test]
async fn the_download_says_where_the_bytes_of_own_files_are() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let [first, second] = [ada.upload("one.txt", b"one").await, ada.upload("two.txt", b"two").await];
    ada.attach(&conversation, "both", &[&first, &second]).await.ok();
    let other = ben.upload("other.txt", b"the other side's").await;
    ben.attach(&conversation, "", &[&other]).await.ok();
    let ready = ada.upload("ready.txt", b"ready").await;
    let begun = ada.begin_upload("begun.txt", 100).await;
    ada.send_bytes(&begun, 0, b"a part").await;

    let answer = ada.get("/api/me/export").await;
    assert!(!answer.text.contains(&other), "{}", answer.text);
    let export = answer.ok();
    let files = export["conversations"][0]["own_messages"][0]["attachments"].as_array().expect("files");
    for (file, (id, bytes)) in files.iter().zip([(&first, "one"), (&second, "two")]) {
        assert_eq!(file["file"], id.as_str());
        let address = file["address"].as_str().and_then(|address| address.strip_prefix(&app.origin));
        assert_eq!(ada.get(address.expect("an address of this site")).await.text, bytes);
    }
    let unsent = export["unsent_files"].as_array().expect("files");
    let told =
        |n: usize| (unsent[n]["name"].as_str(), unsent[n]["size"].as_u64(), unsent[n]["received"].as_u64());
    assert_eq!(told(0), (Some("ready.txt"), Some(5), Some(5)), "{export}");
    assert_eq!(told(1), (Some("begun.txt"), Some(100), Some(6)), "{export}");
    assert_eq!(unsent[0]["address"], format!("{}/api/files/{ready}", app.origin));
    assert_eq!(unsent.len(), 2, "{export}");
}

#[tokio::test]
async fn everything_is_downloaded_twelve_times_an_hour_at_most() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    for _ in 0..12 {
        ada.get("/api/me/export").await.ok();
    }
    ada.get("/api/me/export").await.refused(429, "too_many");
}

#[tokio::test]
async fn the_page_asks_before_it_deletes() {
    let app = TestApp::start().await;
    let (ada, ben, _) = app.contacts("ada", "ben").await;
    let first = page(&ada).await;
    assert!(first.contains(">Delete my account</button>") && !first.contains("delete-password"), "{first}");
    let asked = words(&ada.get("/settings?delete=1").await);
    for said in ["This cannot be undone.", "for you and for whom you had it with", "id=\"delete-password\""] {
        assert!(asked.contains(said), "{said}: {asked}");
    }
    let back = ada.post_form("/api/me/delete", "/settings?delete=1", &[("password", "wrong")]).await;
    assert_eq!(back.redirect(), "/settings?delete=1");
    let refused = words(&ada.get("/settings?delete=1").await);
    assert!(
        refused.contains("id=\"delete-password-hint\" role=\"alert\">This is not your password."),
        "{refused}"
    );

    let gone = ada.post_form("/api/me/delete", "/settings?delete=1", &[("password", PASSWORD)]).await;
    assert_eq!(ada.cookie("sid"), None);
    let notice = ada.get(gone.redirect()).await;
    assert!(notice.text.contains("Your account was deleted."), "{}", notice.text);
    app.visitor().log_in("ada", PASSWORD).await.refused(401, "wrong_credentials");
    assert_eq!(ben.get("/api/contacts").await.ok(), json!([]));
    app.person("ada").await;
}

#[tokio::test]
async fn a_deleted_account_is_gone_from_the_open_pages_of_others() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let mut socket = ben.socket().await;
    done(&ada.post("/api/me/delete", json!({ "password": PASSWORD })).await);
    assert_eq!(socket.hear("conversation_removed").await["conversation_id"], conversation.as_str());
    assert_eq!(socket.hear("contacts_updated").await["contacts"], json!([]));
    ada.get("/api/me").await.refused(401, "not_signed_in");
}
