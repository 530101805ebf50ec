//! What each role may do in a group, over every address of groups and every frame that concerns one, asked by
//! nobody, a stranger, somebody who is invited, a former member, a member, an admin and the owner; and what whoever is
//! blocked makes of them.

use crate::app::{Person, TestApp, Visitor, message_id};
use serde_json::{Value, json};

/// Ada's group with Ben, an admin, and Cleo; Dora was in it, Finn is invited, Eve never was either.
struct World {
    app: TestApp,
    owner: Person,
    admin: Person,
    member: Person,
    former: Person,
    stranger: Person,
    invited: Person,
    group: String,
}

impl World {
    async fn new() -> Self {
        let app = TestApp::without_rates().await;
        let [owner, admin, member] =
            [app.person("ada").await, app.person("ben").await, app.person("cleo").await];
        let [former, stranger] = [app.person("dora").await, app.person("eve").await];
        let invited = app.person("finn").await;
        for contact in [&admin, &member, &former] {
            owner.befriend(contact).await;
        }
        // So that an admin and a member have somebody to let in.
        for one in [&admin, &member] {
            one.befriend(&stranger).await;
        }
        let group = owner.make_group("Ducks", &[&admin, &member, &former]).await;
        owner.in_group(&group, "role", json!({ "member": admin.id, "role": "admin" })).await.ok();
        former.in_group(&group, "leave", json!({})).await.done();
        owner.add(&group, &invited).await.ok();
        Self { app, owner, admin, member, former, stranger, invited, group }
    }
}

/// What is asked, and what a former member or a stranger, somebody who is invited, a member, an admin and the owner
/// are answered.
type Row = (&'static str, fn(&World) -> Value, [u16; 5]);

const ROWS: [Row; 19] = [
    ("rename", |_| json!({ "name": "Swans" }), [404, 404, 403, 200, 200]),
    ("add", |world| json!({ "members": [world.stranger.id] }), [404, 404, 200, 200, 200]),
    ("add", |world| json!({ "username": world.stranger.name }), [404, 404, 200, 200, 200]),
    ("uninvite", |world| json!({ "member": world.invited.id }), [404, 404, 204, 204, 204]),
    ("invites", |_| json!({}), [404, 404, 200, 200, 200]),
    ("invites", |_| json!({ "uses": 0 }), [404, 404, 400, 400, 400]),
    ("invites/revoke", |_| json!({ "token": message_id() }), [404, 404, 404, 404, 404]),
    ("accept", |_| json!({}), [404, 200, 200, 200, 200]),
    ("decline", |_| json!({}), [404, 204, 404, 404, 404]),
    ("remove", |world| json!({ "member": world.member.id }), [404, 404, 403, 200, 200]),
    ("remove", |world| json!({ "member": world.admin.id }), [404, 404, 403, 403, 200]),
    ("remove", |world| json!({ "member": world.owner.id }), [404, 404, 403, 403, 403]),
    ("role", |world| json!({ "member": world.member.id, "role": "admin" }), [404, 404, 403, 403, 200]),
    ("role", |world| json!({ "member": world.owner.id, "role": "member" }), [404, 404, 403, 403, 403]),
    ("owner", |world| json!({ "member": world.member.id }), [404, 404, 403, 403, 200]),
    ("settings", |_| json!({ "adds": "admins" }), [404, 404, 403, 200, 200]),
    ("settings", |_| json!({ "colour": "red" }), [404, 404, 403, 422, 422]),
    ("leave", |_| json!({}), [404, 404, 204, 204, 204]),
    ("delete", |_| json!({}), [404, 404, 403, 403, 204]),
];

#[tokio::test]
async fn each_role_may_do_what_its_table_says() {
    let mut world = World::new().await;
    for (what, body, [outside, invited, member, admin, owner]) in ROWS {
        let others = [(3, invited), (4, member), (5, admin), (6, owner)];
        for (who, status) in [(0, 401), (1, outside), (2, outside)].into_iter().chain(others) {
            let body = body(&world);
            let nobody = world.app.visitor();
            let who: &Visitor = match who {
                0 => &nobody,
                1 => &world.stranger,
                2 => &world.former,
                3 => &world.invited,
                4 => &world.member,
                5 => &world.admin,
                _ => &world.owner,
            };
            let answer = who.post(&format!("/api/groups/{}/{what}", world.group), body.clone()).await;
            assert_eq!(answer.status, status, "{what} {body}: {}", answer.text);
            // What one has done would change what the next may.
            if answer.status < 300 {
                world = World::new().await;
            }
        }
    }
}

#[tokio::test]
async fn where_admins_write_a_member_reads_and_marks_and_nothing_else() {
    let world = World::new().await;
    let World { owner, admin, member, group, .. } = &world;
    let mine = member.write(group, "while I may").await;
    owner.in_group(group, "settings", json!({ "writes": "admins" })).await.ok();
    member.try_write(group, &message_id(), "no more").await.refused(403, "not_allowed");
    admin.write(group, "I may").await;
    let mut socket = member.socket().await;
    for (event, answer) in [
        (
            json!({ "type": "send_private_message", "id": message_id(), "conversation_id": group, "body": "no" }),
            "message_refused",
        ),
        (
            json!({ "type": "edit_message", "conversation_id": group, "id": mine["id"], "body": "no" }),
            "error",
        ),
        (
            json!({ "type": "react", "conversation_id": group, "id": mine["id"], "emoji": "👍", "on": true }),
            "error",
        ),
        (json!({ "type": "typing", "conversation_id": group }), "error"),
    ] {
        socket.say(event).await;
        assert_eq!(socket.hear(answer).await["error"]["code"], "not_allowed");
    }
    socket.say(json!({ "type": "mark_read", "conversation_id": group, "seq": mine["seq"] })).await;
    member.history(group, "").await.ok();
    owner.in_group(group, "settings", json!({ "writes": "everyone" })).await.ok();
    member.write(group, "again").await;
}

#[tokio::test]
async fn who_pins_in_a_group_is_a_setting_of_its_own() {
    let world = World::new().await;
    let World { app, owner, admin, member, former, stranger, group, .. } = &world;
    let said = owner.write(group, "news").await;
    let id = said["id"].as_str().expect("an id");
    let of = |what: &str| format!("/api/conversations/{group}/messages/{id}/{what}");
    let pin = json!({ "type": "pin_message", "conversation_id": group, "id": id, "on": true });
    // Admins write, and everybody pins; then the other way round.
    for (settings, pins) in [
        (json!({ "writes": "admins", "pins": "everyone" }), 200),
        (json!({ "writes": "everyone", "pins": "admins" }), 403),
    ] {
        owner.in_group(group, "settings", settings).await.ok();
        for what in ["pin", "unpin"] {
            app.visitor().post(&of(what), json!({})).await.refused(401, "not_signed_in");
            for outside in [stranger, former] {
                outside.post(&of(what), json!({})).await.refused(404, "not_found");
            }
            assert_eq!(member.post(&of(what), json!({})).await.status, pins, "{what}");
            admin.post(&of(what), json!({})).await.ok();
            owner.post(&of(what), json!({})).await.ok();
        }
        for (who, answer) in [(stranger, "not_found"), (former, "not_found"), (member, "not_allowed")] {
            let mut socket = who.socket().await;
            socket.say(pin.clone()).await;
            match (answer, pins) {
                ("not_allowed", 200) => drop(socket.hear("pins_changed").await),
                _ => assert_eq!(socket.hear("error").await["error"]["code"], answer, "{}", who.name),
            }
        }
        owner.post(&of("unpin"), json!({})).await.ok();
    }
    let list = format!("/api/conversations/{group}/pins");
    owner.post(&of("pin"), json!({})).await.ok();
    app.visitor().get(&list).await.refused(401, "not_signed_in");
    for outside in [stranger, former] {
        outside.get(&list).await.refused(404, "not_found");
    }
    for inside in [member, admin, owner] {
        assert_eq!(inside.get(&list).await.ok()[0]["id"], id);
    }
}

#[tokio::test]
async fn newcomers_hear_of_those_pins_alone_that_they_see() {
    let world = World::new().await;
    let World { owner, admin, member, stranger, group, .. } = &world;
    let early = owner.write(group, "before she came").await;
    admin.add(group, stranger).await.ok();
    let late = owner.write(group, "after it").await;
    let (mut m, mut c) = (member.socket().await, stranger.socket().await);
    let of = |message: &Value, what: &str| {
        let id = message["id"].as_str().expect("an id");
        format!("/api/conversations/{group}/messages/{id}/{what}")
    };
    let pins = async || stranger.get(&format!("/api/conversations/{group}/pins")).await.ok();
    let mut version = 0;
    for (message, hers) in [(&early, json!([])), (&late, json!([late["id"]]))] {
        version = owner.post(&of(message, "pin"), json!({})).await.ok()["version"].as_u64().expect("one");
        let (all, seen) = (m.hear("pins_changed").await, c.hear("pins_changed").await);
        assert_eq!(all["pins"].as_array().and_then(|pins| pins.last()), Some(&message["id"]));
        assert_eq!((&seen["pins"], &seen["version"]), (&hers, &json!(version)));
        assert_eq!(seen["conversation_id"], json!(group));
    }
    let both = json!([early["id"], late["id"]]);
    let listed = member.get("/api/conversations").await.ok();
    let mut listed = listed.as_array().expect("a list").iter();
    let listed = listed.find(|listed| listed["id"] == json!(group)).expect("the group");
    assert_eq!(listed["pins"], both);
    let page = stranger.get(&format!("/c/{group}?pins=1")).await.text;
    assert!(page.contains("after it") && !page.contains("before she came"));
    assert_eq!(pins().await.as_array().map(Vec::len), Some(1));
    // What she did not see she does not pin, and what she sees from now on she is told.
    stranger.post(&of(&early, "unpin"), json!({})).await.refused(404, "not_found");
    owner.in_group(group, "settings", json!({ "history": "shown" })).await.ok();
    let seen = c.hear("pins_changed").await;
    assert_eq!((&seen["pins"], &seen["version"]), (&both, &json!(version + 1)));
    assert_eq!(pins().await.as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn each_member_keeps_what_they_like_of_a_group_and_nobody_else_does() {
    let world = World::new().await;
    let path = format!("/api/conversations/{}/prefs", world.group);
    let change = || json!({ "pinned": true, "mute_for": 3600, "unread": true });
    world.app.visitor().post(&path, change()).await.refused(401, "not_signed_in");
    for who in [&world.stranger, &world.former] {
        who.post(&path, change()).await.refused(404, "not_found");
    }
    world.owner.in_group(&world.group, "settings", json!({ "writes": "admins" })).await.ok();
    for who in [&world.member, &world.admin, &world.owner] {
        who.post(&path, change()).await.done();
        let seen = who.get("/api/conversations").await.ok();
        let group = seen.as_array().and_then(|all| all.iter().find(|one| one["id"] == world.group.as_str()));
        assert_eq!(group.expect("the group")["prefs"]["rev"], 1, "{}", who.name);
    }
}

#[tokio::test]
async fn where_admins_add_people_a_member_does_not() {
    let world = World::new().await;
    let World { owner, admin, member, stranger, group, .. } = &world;
    owner.in_group(group, "settings", json!({ "adds": "admins" })).await.ok();
    member.add(group, stranger).await.refused(403, "not_allowed");
    admin.add(group, stranger).await.ok();
    owner.in_group(group, "settings", json!({ "adds": "nobody" })).await.refused(422, "invalid_setting");
}

#[tokio::test]
async fn newcomers_see_nothing_from_before_unless_the_group_shows_it() {
    let world = World::new().await;
    let World { owner, admin, member, stranger, group, .. } = &world;
    for number in 0..60 {
        owner.write(group, &format!("before she came, {number}")).await;
    }
    let early = owner.write(group, "before she came").await;
    admin.add(group, stranger).await.ok();
    let seen = async || stranger.history(group, "").await.ok()["messages"].clone();
    let kinds = |messages: &Value| -> Vec<String> {
        let all = messages.as_array().expect("a list").iter();
        all.map(|message| message["kind"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(kinds(&seen().await), ["joined"]);
    // More than one page of it, and no page of what is theirs says that there is more.
    let joined = seen().await[0]["seq"].as_u64().expect("a seq");
    let nothing = json!({ "messages": [], "has_more": false });
    assert_eq!(stranger.history(group, &format!("before={joined}&limit=1")).await.ok(), nothing);
    for query in ["limit=1", "after=0&limit=1"] {
        let page = stranger.history(group, query).await.ok();
        assert_eq!(
            (kinds(&page["messages"]), &page["has_more"]),
            (vec!["joined".to_owned()], &json!(false)),
            "{query}"
        );
    }
    assert!(!stranger.get(&format!("/c/{group}")).await.text.contains("before she came"));
    let before = early["seq"].as_u64().expect("a seq");
    assert_eq!(
        kinds(&stranger.history(group, &format!("around={before}")).await.ok()["messages"]),
        ["joined"]
    );
    assert!(!stranger.get(&format!("/c/{group}?at={before}")).await.text.contains("before she came"));
    let one = format!("/api/conversations/{group}/messages/{}", early["id"].as_str().expect("an id"));
    stranger.get(&one).await.refused(404, "not_found");
    // A device that claims to have been here, one that is here, and what is done to what was said before.
    let mut c = stranger.connect().await.expect("a socket");
    let begun = c.resume(json!({ group.as_str(): 1 })).await;
    assert!(!begun.to_string().contains("before she came"), "{begun}");
    let mut m = member.socket().await;
    let edit = json!({ "type": "edit_message", "conversation_id": group, "id": early["id"], "body": "said before she came" });
    let mut o = owner.socket().await;
    o.say(edit).await;
    assert_eq!(m.hear("message_changed").await["message"]["body"], "said before she came");
    c.say(json!({ "type": "find_messages", "conversation_id": group, "ids": [early["id"]] })).await;
    let found = c.hear("messages_found").await["messages"].clone();
    assert_eq!(
        (&found[0]["id"], &found[0]["kind"], &found[0]["seq"]),
        (&early["id"], &json!("hidden"), &json!(0))
    );
    let hidden = c.hear("message_changed").await["message"].clone();
    assert_ne!(hidden["id"], early["id"], "which would tell when it was sent");
    assert_eq!(
        (&hidden["kind"], &hidden["body"], &hidden["seq"]),
        (&json!("hidden"), &json!(""), &early["seq"])
    );
    let again = stranger
        .resume(json!({ group.as_str(): hidden["version"].as_u64().expect("a version") - 1 }))
        .await
        .snapshot;
    assert_eq!(
        (&again["missed"][0]["kind"], &again["missed"][0]["version"]),
        (&json!("hidden"), &hidden["version"])
    );
    for event in [
        json!({ "type": "react", "conversation_id": group, "id": early["id"], "emoji": "👍", "on": true }),
        json!({ "type": "edit_message", "conversation_id": group, "id": early["id"], "body": "no" }),
    ] {
        c.say(event).await;
        assert_eq!(c.hear("error").await["error"]["code"], "not_found");
    }
    owner.in_group(group, "settings", json!({ "history": "shown" })).await.ok();
    let all = seen().await;
    assert!(all.to_string().contains("said before she came"), "{all}");
    owner.in_group(group, "settings", json!({ "history": "hidden" })).await.ok();
    assert_eq!(kinds(&seen().await), ["joined", "settings", "settings"]);
    // Whoever leaves and comes back is a newcomer.
    member.in_group(group, "leave", json!({})).await.done();
    owner.add(group, member).await.ok();
    assert_eq!(kinds(&member.history(group, "").await.ok()["messages"]), ["joined"]);
}

#[tokio::test]
async fn newcomers_find_nothing_from_before_in_what_a_group_holds() {
    const PICTURE: &[u8] = include_bytes!("../corpus/files/placed.jpg");
    let world = World::new().await;
    let World { app, owner, admin, member, former, stranger, invited, group } = &world;
    let send = async |when: &str| {
        let (text, picture) = (format!("{when}.txt"), format!("{when}.jpg"));
        let files = [owner.upload(&text, b"a").await, owner.upload(&picture, PICTURE).await];
        let body = format!("https://example.org/{when}");
        owner.attach(group, &body, &[&files[0], &files[1]]).await.ok()
    };
    send("before").await;
    admin.add(group, stranger).await.ok();
    send("after").await;
    let (kinds, path) = (["media", "files", "links"], format!("/api/conversations/{group}/media"));
    let count = async |who: &Person, kind: &str, before: &str| {
        let found = who.get(&format!("{path}?kind={kind}{before}")).await.ok();
        (found["entries"].as_array().expect("a list").len(), found.to_string().contains("before."))
    };
    for kind in kinds {
        assert_eq!(count(member, kind, "").await, (2, kind != "links"), "{kind}");
        assert_eq!(count(stranger, kind, "").await, (1, false), "{kind}");
        // Also where it is asked for by its place, and as the page draws it.
        for before in ["&before=4", "&before=1.0", "&before=3.0"] {
            assert_eq!(count(stranger, kind, before).await, (0, false), "{kind} {before}");
        }
        let drawn = stranger.get(&format!("/c/{group}?media={kind}")).await.text;
        assert!(drawn.contains("after"), "{kind}");
        for hidden in ["before.txt", "before.jpg", "example.org/before"] {
            assert!(!drawn.contains(hidden), "{kind} {hidden}");
        }
        for outside in [former, invited] {
            outside.get(&format!("{path}?kind={kind}")).await.refused(404, "not_found");
        }
        app.visitor().get(&format!("{path}?kind={kind}")).await.refused(401, "not_signed_in");
    }
    // Whoever is blocked stands in it, as in the history.
    member.post("/api/people/block", json!({ "user_id": owner.id })).await.done();
    assert_eq!(count(member, "media", "").await.0, 2);
    owner.in_group(group, "settings", json!({ "history": "shown" })).await.ok();
    for kind in kinds {
        assert_eq!(count(stranger, kind, "").await.0, 2, "{kind}");
    }
    member.in_group(group, "leave", json!({})).await.done();
    member.get(&path).await.refused(404, "not_found");
}

#[tokio::test]
async fn nobody_can_be_drawn_into_a_group_but_by_a_contact() {
    let world = World::new().await;
    let World { owner, stranger, group, .. } = &world;
    let body = json!({ "name": "Trap", "members": [stranger.id] });
    owner.post("/api/groups", body).await.refused(403, "not_allowed");
    owner.add(group, stranger).await.ok();
    stranger.history(group, "").await.refused(404, "not_found");
    assert_eq!(
        stranger.get("/api/conversations").await.ok().as_array().map(Vec::len),
        Some(2),
        "direct ones"
    );
}

#[tokio::test]
async fn whoever_is_invited_sees_who_asks_and_into_what_and_nothing_else() {
    let world = World::new().await;
    let World { app, owner, member, invited, former, stranger, group, .. } = &world;
    owner.write(group, "between ducks").await;
    let asked = invited.get("/api/groups/invitations").await.ok();
    let keys: Vec<_> = asked[0].as_object().expect("an invitation").keys().cloned().collect();
    assert_eq!(keys, ["by", "conversation_id", "expires_at", "members", "name", "sent_at"]);
    assert_eq!((&asked[0]["by"]["id"], &asked[0]["members"]), (&json!(owner.id), &json!(3)));
    for path in [
        format!("/api/groups/{group}/invites"),
        format!("/api/conversations/{group}/messages"),
        format!("/c/{group}"),
    ] {
        for who in [invited, former, stranger] {
            let answer = who.get(&path).await;
            assert!(answer.status == 404 || path.starts_with("/c/"), "{path} to {}", who.name);
            assert!(!answer.text.contains("between ducks"), "{path} tells {}", who.name);
        }
        assert!(!invited.get(&path).await.text.contains(&member.id), "{path} tells who is in it");
    }
    app.visitor().get("/api/groups/invitations").await.refused(401, "not_signed_in");
    for who in [stranger, former, member] {
        assert_eq!(who.get("/api/groups/invitations").await.ok(), json!([]));
    }
    let mut socket = invited.connect().await.expect("a socket");
    let begun = socket.resume(json!({ group.as_str(): 0 })).await;
    assert_eq!(begun["invitations"], asked);
    assert!(!begun.to_string().contains("between ducks"), "{begun}");
    let seen = member.get(&format!("/api/groups/{group}/invites")).await.ok();
    assert_eq!(seen["invited"][0]["user"], json!({ "id": invited.id, "username": "finn" }));
}

#[tokio::test]
async fn whoever_is_blocked_reads_and_writes_in_shared_groups_and_reaches_nobody_else() {
    let world = World::new().await;
    let World { owner, admin, member, stranger, group, .. } = &world;
    // The owner blocks the admin: in the group both are what they were.
    owner.post("/api/people/block", json!({ "user_id": admin.id })).await.done();
    for (from, to) in [(admin, owner), (owner, admin)] {
        let mut socket = to.socket().await;
        from.write(group, "to all of you").await;
        assert_eq!(socket.hear_bodies(1).await, ["to all of you"]);
    }
    admin.in_group(group, "rename", json!({ "name": "Swans" })).await.ok();
    let direct = owner.get("/api/contacts").await.ok();
    let direct = direct.as_array().expect("a list").iter().find(|one| one["id"] == json!(admin.id)).cloned();
    let direct = direct.expect("a contact")["conversation_id"].as_str().expect("an id").to_owned();
    admin.try_write(&direct, &message_id(), "to you").await.refused(403, "not_allowed");
    for (who, status) in [(owner, 403), (admin, 200)] {
        let (other, friend) = if who.id == owner.id { (admin, member) } else { (owner, stranger) };
        let other_group = who.make_group("Another", &[friend]).await;
        // Whoever is blocked is told that it was done, and nothing comes of it.
        assert_eq!(who.add(&other_group, other).await.status, status, "{}", who.name);
        other.history(&other_group, "").await.refused(404, "not_found");
    }
}
