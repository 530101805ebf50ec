//! `Leptos.toml`, which the binary carries, says what `Cargo.toml` has cargo-leptos build.

use toml::Table;

fn project(text: &str) -> Table {
    let file: Table = text.parse().expect("TOML");
    let projects = file["workspace"]["metadata"]["leptos"].as_array().expect("a list");
    assert_eq!(projects.len(), 1);
    projects[0].as_table().expect("a table").clone()
}

#[test]
fn leptos_toml_is_in_step_with_cargo_toml() {
    let built = project(include_str!("../../Cargo.toml"));
    let served = project(include_str!("../../Leptos.toml"));
    // cargo-leptos calls the output like the project, unless it is told otherwise.
    assert_eq!(served["output-name"], *built.get("output-name").unwrap_or(&built["name"]));
    for key in ["site-root", "site-pkg-dir", "reload-port"] {
        assert_eq!(served[key], built[key], "{key}");
    }
    assert_eq!(served.len(), 4, "another key needs a row here: {served:?}");
}

#[test]
fn the_usual_address_is_the_same_everywhere() {
    let built = project(include_str!("../../Cargo.toml"));
    let config = sotto::kit::Config::read(|_| None).expect("the usual settings");
    assert_eq!(built["site-addr"].as_str(), Some(config.addr.to_string().as_str()));
}
