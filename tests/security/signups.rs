//! Who may come in.

use crate::app::{Answer, PASSWORD, TestApp, Visitor};
use model::invitation::{Invitation, InvitationToken};
use serde_json::{Value, json};
use sotto::kit::config::{Allowed, Config, Signups};
use store::now;

async fn by_invitation(change: impl FnOnce(&mut Config)) -> TestApp {
    TestApp::with(|config| {
        config.signups.who = Some(Signups::Invite);
        change(config);
    })
    .await
}

/// As whoever runs the server makes one.
async fn invitation(app: &TestApp, uses: u32) -> InvitationToken {
    let invitation = Invitation::new(None, uses, 1, now());
    app.store.create_invitation(invitation.clone()).await.expect("a store");
    invitation.token
}

async fn sign_up(visitor: &Visitor, name: &str, invite: &str) -> Answer {
    let fields = json!({ "mode": "signup", "username": name, "password": PASSWORD, "invite": invite });
    visitor.post("/auth", fields).await
}

/// Somebody who came by an invitation.
async fn invited(app: &TestApp, name: &str) -> Visitor {
    let token = invitation(app, 1).await;
    let visitor = app.visitor();
    sign_up(&visitor, name, &token.to_string()).await.ok();
    visitor
}

#[track_caller]
fn not_invited(answer: &Answer) {
    assert_eq!(answer.refused(403, "not_invited").as_deref(), Some("invite"));
}

#[tokio::test]
async fn without_an_invitation_nobody_signs_up() {
    let app = by_invitation(|_| {}).await;
    not_invited(&app.visitor().sign_up("anna", PASSWORD).await);
    for wrong in ["", " ", "1", &InvitationToken::new().to_string(), "https://example.org/auth?invite="] {
        not_invited(&sign_up(&app.visitor(), "anna", wrong).await);
    }
    // Nothing of names is told to whoever is not invited.
    invited(&app, "anna").await;
    not_invited(&sign_up(&app.visitor(), "Anna", &InvitationToken::new().to_string()).await);
    app.visitor().log_in("anna", PASSWORD).await.ok();
}

#[tokio::test]
async fn an_invitation_lets_in_as_many_as_it_says() {
    let app = by_invitation(|_| {}).await;
    let token = invitation(&app, 2).await.to_string();
    sign_up(&app.visitor(), "anna", &token).await.ok();
    // A name that is taken uses nothing up, and neither does a bad password.
    sign_up(&app.visitor(), "Anna", &token).await.refused(409, "username_taken");
    // As people paste it: the whole link, with what came along.
    let link = format!("  {}/auth?invite={token}\n", app.origin);
    sign_up(&app.visitor(), "ben", &link).await.ok();
    not_invited(&sign_up(&app.visitor(), "carl", &token).await);
}

#[tokio::test]
async fn at_the_same_moment_one_invitation_lets_in_one() {
    let app = by_invitation(|_| {}).await;
    let token = invitation(&app, 1).await.to_string();
    let tries = (0..6).map(|n| {
        let (visitor, token) = (app.visitor(), token.clone());
        async move { sign_up(&visitor, &format!("guest{n}"), &token).await.status }
    });
    let mut outcomes = futures::future::join_all(tries).await;
    outcomes.sort_unstable();
    assert_eq!(outcomes, [200, 403, 403, 403, 403, 403]);
}

#[tokio::test]
async fn an_invitation_ends_and_can_be_taken_back() {
    let app = by_invitation(|_| {}).await;
    let ended = Invitation { expires_at: now(), ..Invitation::new(None, 1, 1, now()) };
    app.store.create_invitation(ended.clone()).await.expect("a store");
    not_invited(&sign_up(&app.visitor(), "anna", &ended.token.to_string()).await);
    let revoked = invitation(&app, 1).await;
    app.store.revoke_invitation(revoked, None).await.expect("a store");
    not_invited(&sign_up(&app.visitor(), "anna", &revoked.to_string()).await);
}

#[tokio::test]
async fn trying_invitations_costs_as_much_as_failed_log_ins() {
    let app = by_invitation(|config| config.limits.login_failures_per_hour = 5).await;
    let good = invitation(&app, 1).await;
    for n in 0..5 {
        let guess = InvitationToken::new();
        // Opening the page with one is a try as well.
        if n % 2 == 0 {
            not_invited(&sign_up(&app.visitor(), "anna", &guess.to_string()).await);
        } else {
            let page = app.visitor().get(&format!("/auth?invite={guess}")).await;
            assert!(page.text.contains("no longer good"), "{}", page.text);
        }
    }
    sign_up(&app.visitor(), "anna", &good.to_string()).await.refused(429, "too_many");
    let page = app.visitor().get(&format!("/auth?invite={good}")).await;
    assert!(page.text.contains("That was too often"), "{}", page.text);
}

#[tokio::test]
async fn a_closed_server_takes_nobody() {
    let app = TestApp::with(|config| config.signups.who = Some(Signups::Closed)).await;
    let token = invitation(&app, 1).await;
    sign_up(&app.visitor(), "anna", &token.to_string()).await.refused(403, "not_invited");
    let page = app.visitor().get("/auth?mode=signup").await.text;
    assert!(page.contains("takes no new accounts") && !page.contains("<form"), "{page}");
    let page = app.visitor().get("/auth").await.text;
    assert!(page.contains("Log in") && !page.contains("Sign up"), "{page}");
}

#[tokio::test]
async fn the_page_says_what_it_needs() {
    let app = by_invitation(|_| {}).await;
    let page = app.visitor().get("/auth?mode=signup").await.text;
    assert!(page.contains("by invitation") && page.contains("name=\"invite\""), "{page}");
    let token = invitation(&app, 1).await.to_string();
    let link = format!("/auth?invite={token}");
    let page = app.visitor().get(&link).await.text;
    assert!(page.contains("You are invited.") && page.contains(&token), "{page}");
    // And it works without scripting, with what was typed and the invitation kept after a refusal.
    let visitor = app.visitor();
    let fields = |name| [("mode", "signup"), ("username", name), ("password", PASSWORD), ("invite", &*token)];
    let refused = visitor.post_form("/auth", &link, &fields("a b")).await;
    assert_eq!(refused.redirect(), link);
    let page = visitor.get(&link).await.text;
    assert!(page.contains("value=\"a b\"") && page.contains("A username consists of"), "{page}");
    // One that was pasted stays where it was pasted.
    let pasting = app.visitor();
    let refused = pasting.post_form("/auth", "/auth?mode=signup", &fields("a b")).await;
    let page = pasting.get(refused.redirect()).await.text;
    assert!(page.contains(&format!("name=\"invite\" type=\"text\" value=\"{token}\"")), "{page}");
    let entered = visitor.post_form("/auth", &link, &fields("anna")).await;
    assert_eq!(visitor.get(entered.redirect()).await.redirect(), "/");
    assert_eq!(visitor.get("/api/me").await.ok()["username"], "anna");
}

fn link_of(made: &Value) -> &str {
    made["url"].as_str().expect("a link")
}

#[tokio::test]
async fn members_invite_where_they_may() {
    let app = by_invitation(|config| config.signups.member_invites = Some(Allowed)).await;
    let (anna, ben) = (invited(&app, "anna").await, invited(&app, "ben").await);
    let made = anna.post("/api/me/invitations/make", json!({ "uses": 3, "days": 2 })).await.ok();
    assert!(link_of(&made).starts_with(&format!("{}/auth?invite=", app.origin)), "{made}");
    assert_eq!((made["uses"].as_u64(), made["used"].as_u64()), (Some(3), Some(0)));
    let carl = app.visitor();
    sign_up(&carl, "carl", link_of(&made)).await.ok();
    let listed = anna.get("/api/me/invitations").await.ok();
    assert_eq!((listed[0]["used"].as_u64(), listed[0]["url"].as_str()), (Some(1), Some(link_of(&made))));
    assert_eq!(ben.get("/api/me/invitations").await.ok(), json!([]));
    // Only whoever made one takes it back.
    let revoke = json!({ "token": made["token"] });
    ben.post("/api/me/invitations/revoke", revoke.clone()).await.refused(404, "not_found");
    let page = app.visitor().get(&format!("/auth?invite={}", made["token"].as_str().expect("a token"))).await;
    assert!(page.text.contains("<bdi>anna<"), "{}", page.text);
    assert_eq!(anna.post("/api/me/invitations/revoke", revoke).await.status, 204);
    not_invited(&sign_up(&app.visitor(), "dora", link_of(&made)).await);
    for (uses, days) in [(0, 1), (11, 1), (1, 0), (1, 31)] {
        let refused = anna.post("/api/me/invitations/make", json!({ "uses": uses, "days": days })).await;
        refused.refused(400, "malformed");
    }
}

#[tokio::test]
async fn nobody_comes_by_an_invitation_of_somebody_who_was_kept_out() {
    let app = by_invitation(|config| config.signups.member_invites = Some(Allowed)).await;
    let anna = invited(&app, "anna").await;
    let made = anna.post("/api/me/invitations/make", json!({ "uses": 3, "days": 7 })).await.ok();
    let id = anna.get("/api/me").await.ok()["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    app.store.set_disabled(id, Some(now())).await.expect("a store");
    not_invited(&sign_up(&app.visitor(), "carl", link_of(&made)).await);
}

#[tokio::test]
async fn members_have_so_many_invitations_and_no_more() {
    let app = by_invitation(|config| config.signups.member_invites = Some(Allowed)).await;
    let anna = invited(&app, "anna").await;
    for _ in 0..20 {
        anna.post("/api/me/invitations/make", json!({ "uses": 1, "days": 7 })).await.ok();
    }
    anna.post("/api/me/invitations/make", json!({ "uses": 1, "days": 7 })).await.refused(403, "not_allowed");
}

#[tokio::test]
async fn members_do_not_invite_where_they_may_not() {
    let app = by_invitation(|_| {}).await;
    let anna = invited(&app, "anna").await;
    anna.post("/api/me/invitations/make", json!({ "uses": 1, "days": 7 })).await.refused(403, "not_allowed");
    assert!(!anna.get("/settings").await.text.contains("Invitations"));
}
