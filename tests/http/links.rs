//! Links into groups: who has one joins, until it has ended, is used up or was revoked.

use crate::app::{Answer, Person, TestApp, message_id};
use model::{
    group_invitation::{MAX_LINK_SECONDS, MAX_LINKS},
    invitation::{Invitation, InvitationToken},
    time::Timestamp,
};
use serde_json::{Value, json};
use sotto::kit::config::{Allowed, Signups};
use store::now;

/// Ada's group with Ben; Cleo is nobody's contact.
async fn group(app: &TestApp) -> ([Person; 3], String) {
    let [ada, ben, cleo] = [app.person("ada").await, app.person("ben").await, app.person("cleo").await];
    ada.befriend(&ben).await;
    let group = ada.make_group("Ducks", &[&ben]).await;
    ([ada, ben, cleo], group)
}

async fn make(who: &Person, group: &str, body: Value) -> Value {
    who.in_group(group, "invites", body).await.ok()
}

async fn join(who: &Person, token: &Value) -> Answer {
    who.post("/api/groups/join", json!({ "token": token })).await
}

async fn links(who: &Person, group: &str) -> Value {
    who.get(&format!("/api/groups/{group}/invites")).await.ok()["links"].clone()
}

fn path(link: &Value) -> String {
    format!("/join/{}", link["token"].as_str().expect("a token"))
}

#[tokio::test]
async fn whoever_has_a_link_joins_and_everybody_hears_of_it() {
    let app = TestApp::start().await;
    let ([ada, ben, cleo], group) = group(&app).await;
    let link = make(&ben, &group, json!({})).await;
    assert_eq!((&link["uses"], &link["used"], &link["by"]), (&json!(10), &json!(0), &json!(ben.id)));
    assert_eq!(link["url"], json!(format!("{}{}", app.origin, path(&link))));
    assert_eq!(links(&ada, &group).await, json!([link]));
    let (mut b, mut c) = (ben.socket().await, cleo.socket().await);
    // As people paste it.
    let joined = join(&cleo, &link["url"]).await.ok();
    assert_eq!(joined["id"], json!(group));
    let said = b.hear("new_message").await["message"].clone();
    assert_eq!(
        (&said["kind"], &said["subject"], &said["sender"]),
        (&json!("joined"), &json!(cleo.id), &json!(cleo.id))
    );
    assert_eq!(c.hear("conversation_changed").await["conversation"]["id"], json!(group));
    // Whoever is in it stays so, and uses nothing up.
    for who in [&cleo, &ada] {
        join(who, &link["token"]).await.ok();
    }
    assert_eq!(links(&ada, &group).await[0]["used"], json!(1));
}

#[tokio::test]
async fn every_link_that_is_not_good_is_answered_alike() {
    let app = TestApp::without_rates().await;
    let ([ada, ben, cleo], group) = group(&app).await;
    let dora = app.person("dora").await;
    let used_up = make(&ada, &group, json!({ "uses": 1 })).await;
    join(&dora, &used_up["token"]).await.ok();
    let revoked = make(&ada, &group, json!({})).await;
    let revoke = format!("/api/groups/{group}/invites/revoke");
    ada.post(&revoke, json!({ "token": revoked["token"] })).await.done();
    ada.post(&revoke, json!({ "token": revoked["token"] })).await.refused(404, "not_found");
    let of_ben = make(&ben, &group, json!({})).await;
    ada.in_group(&group, "remove", json!({ "member": ben.id })).await.ok();
    let made_by = ada.id.parse().expect("an id");
    let ended =
        Invitation::into_group(group.parse().expect("an id"), made_by, 5, 60, Timestamp(now().0 - 60_000));
    app.store.create_invitation(ended.clone()).await.expect("a store");
    let to_sign_up = Invitation::new(None, 5, 1, now());
    app.store.create_invitation(to_sign_up.clone()).await.expect("a store");
    let mut tokens: Vec<_> = [&used_up, &revoked, &of_ben]
        .map(|link| link["token"].as_str().unwrap_or_default().to_owned())
        .into();
    tokens.extend([ended.token, to_sign_up.token, InvitationToken::new()].map(|token| token.to_string()));
    tokens.extend(["x".to_owned(), "%7B%22$ne%22:null%7D".to_owned()]);
    let page = cleo.get(&format!("/join/{}", tokens[0])).await.text;
    for token in &tokens {
        let answer = join(&cleo, &json!(token)).await;
        answer.refused(404, "not_found");
        assert!(answer.text.contains("not, or no longer, good"), "{}", answer.text);
        let shown = cleo.get(&format!("/join/{token}")).await;
        assert_eq!(shown.status, 404, "{token}");
        let plain = |text: &str| text.split("nonce").next().unwrap_or_default().len();
        assert_eq!(plain(&shown.text), plain(&page), "{token}");
        assert!(!shown.text.contains("Ducks"), "{}", shown.text);
    }
    cleo.history(&group, "").await.refused(404, "not_found");
}

#[tokio::test]
async fn a_link_is_good_only_while_whoever_made_it_may_let_people_in() {
    let app = TestApp::start().await;
    let ([ada, ben, cleo], group) = group(&app).await;
    let link = make(&ben, &group, json!({})).await;
    ada.in_group(&group, "settings", json!({ "adds": "admins" })).await.ok();
    join(&cleo, &link["token"]).await.refused(404, "not_found");
    assert_eq!((links(&ada, &group).await, links(&ben, &group).await), (json!([]), json!([])));
    ben.in_group(&group, "invites", json!({})).await.refused(403, "not_allowed");
    let revoke = json!({ "token": link["token"] });
    ben.in_group(&group, "invites/revoke", revoke).await.refused(403, "not_allowed");
    ada.in_group(&group, "settings", json!({ "adds": "everyone" })).await.ok();
    join(&cleo, &link["token"]).await.ok();
}

#[tokio::test]
async fn links_have_bounds() {
    let app = TestApp::start().await;
    let ([ada, _ben, cleo], group) = group(&app).await;
    for body in [
        json!({ "uses": 0 }),
        json!({ "uses": 101 }),
        json!({ "expires_in": MAX_LINK_SECONDS + 1 }),
        json!({ "expires_in": 0 }),
    ] {
        ada.in_group(&group, "invites", body).await.refused(400, "malformed");
    }
    ada.in_group(&group, "invites", json!({ "uses": "ten" })).await.refused(400, "malformed");
    // As the page's form posts it.
    let made = make(&ada, &group, json!({ "uses": "1", "expires_in": "86400" })).await;
    assert_eq!(made["uses"], json!(1));
    for _ in 1..MAX_LINKS {
        make(&ada, &group, json!({ "uses": 100, "expires_in": MAX_LINK_SECONDS })).await;
    }
    ada.in_group(&group, "invites", json!({})).await.refused(403, "not_allowed");
    for _ in 0..30 {
        join(&cleo, &json!(message_id())).await.refused(404, "not_found");
    }
    join(&cleo, &json!(message_id())).await.refused(429, "too_many");
    assert_eq!(cleo.get(&format!("/join/{}", message_id())).await.status, 429);
}

#[tokio::test]
async fn the_page_of_a_link_shows_the_group_and_its_form_joins() {
    let app = TestApp::start().await;
    let ([ada, ben, cleo], group) = group(&app).await;
    let link = make(&ada, &group, json!({})).await;
    let at = path(&link);
    let first = app.visitor().get(&at).await;
    assert_eq!(first.redirect(), format!("/auth?next={}", at.replace('/', "%2F")));
    let shown = cleo.get(&at).await;
    assert_eq!((shown.status, shown.header("referrer-policy")), (200, Some("same-origin")));
    for part in ["Ducks", "2 members", ">ada<", ">ben<", "/api/groups/join"] {
        assert!(shown.text.contains(part), "{part} in {}", shown.text);
    }
    let token = link["token"].as_str().expect("a token");
    let joined = cleo.post_form("/api/groups/join", &at, &[("token", token)]).await;
    assert_eq!(joined.redirect(), format!("/c/{group}"));
    assert!(cleo.get(&at).await.text.contains(&format!("/c/{group}")), "they are in it");
    let panel = ada.get(&format!("/c/{group}?details=1")).await.text;
    assert!(panel.contains(link["url"].as_str().expect("a url")), "{panel}");
    let seen = |text: &str| text.contains(token);
    assert!(seen(&ben.get(&format!("/c/{group}?details=1")).await.text), "everyone adds people");
    ada.in_group(&group, "settings", json!({ "adds": "admins" })).await.ok();
    assert!(!seen(&ben.get(&format!("/c/{group}?details=1")).await.text), "he may let nobody in");
    let refused = cleo.post_form("/api/groups/join", &at, &[("token", "x")]).await;
    assert_eq!(refused.redirect(), at);
}

#[tokio::test]
async fn a_link_lets_somebody_sign_up_only_where_it_is_set_so() {
    for is_set in [false, true] {
        let app = TestApp::with(|config| {
            config.signups.who = Some(Signups::Invite);
            config.signups.group_link_signups = is_set.then_some(Allowed);
        })
        .await;
        let made = Invitation::new(None, 2, 1, now());
        app.store.create_invitation(made.clone()).await.expect("a store");
        let sign_up = async |name: &str, invite: &str| {
            let visitor = app.visitor();
            let fields = json!({ "mode": "signup", "username": name, "password": crate::app::PASSWORD, "invite": invite });
            (visitor.post("/auth", fields).await, visitor)
        };
        let (_, ada) = sign_up("ada", &made.token.to_string()).await;
        let (_, ben) = sign_up("ben", &made.token.to_string()).await;
        let id = |user: Value| user["id"].as_str().unwrap_or_default().to_owned();
        let (ada_id, ben_id) = (id(ada.get("/api/me").await.ok()), id(ben.get("/api/me").await.ok()));
        let request = ada.post("/api/friend-requests/send", json!({ "username": "ben" })).await.ok();
        ben.post("/api/friend-requests/accept", json!({ "request_id": request["request"]["id"] })).await.ok();
        let group = ada.post("/api/groups", json!({ "name": "Ducks", "members": [ben_id] })).await.ok();
        let group = id(group);
        let link = ada.post(&format!("/api/groups/{group}/invites"), json!({ "uses": 1 })).await.ok();
        let at = format!("/auth?mode=signup&next=%2Fjoin%2F{}", link["token"].as_str().unwrap_or_default());
        // Its name in its element: the token beside it is hexadecimal, and may hold these letters.
        let invited = app.visitor().get(&at).await.text;
        assert_eq!(invited.contains("<bdi>ada<"), is_set, "who invites: {invited}");
        let (answer, cleo) = sign_up("cleo", link["url"].as_str().unwrap_or_default()).await;
        if !is_set {
            answer.refused(403, "not_invited");
            continue;
        }
        answer.ok();
        // The one use was hers: she is asked in, and nobody else comes by it.
        let (late, _) = sign_up("dora", link["url"].as_str().unwrap_or_default()).await;
        late.refused(403, "not_invited");
        let asked = cleo.get("/api/groups/invitations").await.ok();
        assert_eq!((&asked[0]["conversation_id"], &asked[0]["by"]["id"]), (&json!(group), &json!(ada_id)));
        cleo.post(&format!("/api/groups/{group}/accept"), json!({})).await.ok();
    }
}
