//! `sotto invite`, and what a server says of sign-ups when it starts.

use super::program::{Ended, Place};
use crate::app::{PASSWORD, Visitor};
use serde_json::{Value, json};

const PUBLIC: &str = "https://chat.example.org";

async fn sign_up(addr: std::net::SocketAddr, name: &str, invite: &str) -> u16 {
    let fields = json!({ "mode": "signup", "username": name, "password": PASSWORD, "invite": invite });
    Visitor::new(addr, PUBLIC).post("/auth", fields).await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_of_a_public_server_invites_whoever_runs_it() {
    let place = Place::new();
    let (mut server, _) = place.serve_behind_proxy(PUBLIC);
    let said = server.second_line();
    let link = said.trim().strip_prefix("Make the first account with this invitation: ").expect(&said);
    assert!(link.starts_with(&format!("{PUBLIC}/auth?invite=")), "{said}");
    server.stop();
    // The same one, as long as nobody has used it.
    let (mut server, addr) = place.serve_behind_proxy(PUBLIC);
    assert_eq!(server.second_line(), said);
    assert_eq!(sign_up(addr, "anna", "").await, 403);
    assert_eq!(sign_up(addr, "anna", link).await, 200);
    assert_eq!(sign_up(addr, "ben", link).await, 403);
    server.stop();
    let (mut server, _) = place.serve_behind_proxy(PUBLIC);
    assert_eq!(server.second_line().trim(), "New accounts are by invitation: 'sotto invite' makes one");
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_of_this_machine_alone_is_open() {
    let place = Place::new();
    let mut server = place.serve();
    assert!(server.second_line().contains("Whoever reaches it can sign up"));
    server.visitor().sign_up("anna", PASSWORD).await.ok();
    server.stop();
}

#[test]
fn a_closed_server_without_accounts_says_how_to_make_one() {
    let place = Place::new();
    let mut server = place.serve_with(&["--signups", "closed"], &[]);
    assert!(server.second_line().contains("sotto user add"));
    server.stop();
    let mut command = place.command(&["invite"]);
    let refusal = Ended::of(command.env("SOTTO_SIGNUPS", "closed")).failed();
    assert!(refusal.contains("SOTTO_SIGNUPS is closed"), "{refusal}");
}

#[tokio::test(flavor = "multi_thread")]
async fn invitations_are_made_listed_and_taken_back_while_the_server_runs() {
    let place = Place::new();
    let (server, addr) = place.serve_behind_proxy(PUBLIC);
    let invite = |arguments: &[&str]| {
        let arguments: Vec<_> = std::iter::once("invite").chain(arguments.iter().copied()).collect();
        let mut command = place.command(&arguments);
        Ended::of(command.env("SOTTO_ORIGIN", PUBLIC)).ok()
    };
    let link = invite(&["--uses", "2", "--days", "3"]);
    assert_eq!(sign_up(addr, "anna", &link).await, 200);
    let table = invite(&["list"]);
    assert!(table.contains(&format!("{}  -   1 of 2  20", link.trim())), "{table}");
    let listed: Value = serde_json::from_str(&invite(&["list", "--json"])).expect("JSON");
    assert!(listed.as_array().is_some_and(|all| all.iter().any(|one| one["url"] == link.trim())), "{listed}");
    assert_eq!(invite(&["revoke", link.trim()]), "The invitation was taken back.\n");
    assert_eq!(sign_up(addr, "ben", &link).await, 403);
    assert!(!invite(&["list"]).contains(link.trim()));
    server.stop();
    let refusal = place.run(&["invite", "revoke", link.trim()]).failed();
    assert_eq!(refusal, "there is no such invitation");
    assert_eq!(place.run(&["invite", "--uses", "0"]).code, Some(2));
}
