//! Settings as flags, in the environment and in `.env`.

use super::program::{Ended, Place};
use sotto::kit::config::{name_of, settings};

#[test]
fn help_says_what_every_setting_is_and_shows_examples() {
    let place = Place::new();
    for arguments in [&["--help"][..], &["serve", "--help"]] {
        let help = place.run(arguments).ok();
        // Wherever the lines break.
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        for setting in settings().get_arguments() {
            let (name, flag) = (name_of(setting), setting.get_long().expect("a flag"));
            assert_eq!(format!("SOTTO_{}", flag.replace('-', "_").to_uppercase()), name);
            assert!(help.contains(&format!("--{flag} ")), "{name}");
            assert!(help.contains(&format!("[env: {name}")), "{name}");
        }
    }
    for arguments in [&["--help"][..], &["serve", "--help"], &["user", "--help"], &["completions", "--help"]]
    {
        assert!(place.run(arguments).ok().contains("Examples:\n  "), "{arguments:?}");
    }
}

#[test]
fn the_readme_lists_every_setting() {
    let readme = include_str!("../../README.md");
    for setting in settings().get_arguments() {
        let name = name_of(setting);
        let in_table = |line: &&str| line.starts_with("| `") && line.contains(&format!("`{name}`"));
        let line = readme.lines().find(in_table).unwrap_or_else(|| panic!("{name} is not in the table"));
        let usual = setting.get_default_values().first().and_then(|usual| usual.to_str());
        if let Some(usual) = usual.filter(|usual| !usual.is_empty()) {
            assert!(line.contains(&format!("| `{usual}` |")), "{name} is {usual} if it is not set: {line}");
        }
    }
}

#[test]
fn a_flag_wins_over_the_environment_and_that_over_the_file() {
    let place = Place::new();
    let refused = |arguments: &[&str], variable: Option<&str>| {
        let mut command = place.command(arguments);
        command.envs(variable.map(|value| ("SOTTO_ADDR", value)));
        Ended::of(&mut command).failed()
    };
    std::fs::write(place.path().join(".env"), "SOTTO_ADDR=file\n").expect("a file");
    assert!(refused(&[], None).starts_with("SOTTO_ADDR is \"file\": expected"));
    assert!(refused(&[], Some("env")).starts_with("SOTTO_ADDR is \"env\": expected"));
    for arguments in [&["--addr", "flag"][..], &["serve", "--addr", "flag"]] {
        let refusal = refused(arguments, Some("env"));
        assert!(refusal.starts_with("--addr is \"flag\": expected an IP address"), "{refusal}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let place = Place::new();
    std::fs::write(place.path().join(".env"), "SOTTO_ADDR = '\n").expect("a file");
    assert!(place.run(&["user", "list"]).failed().starts_with("the file .env cannot be read"));
}

#[test]
fn no_part_of_a_file_is_replaced_or_shown() {
    let place = Place::new();
    let file = place.path().join(".env");
    std::fs::write(&file, "HOME=/root\nSOTTO_ADDR=pa$HOME#${HOME}\n").expect("a file");
    let refusal = place.run(&[]).failed();
    assert!(refusal.starts_with("SOTTO_ADDR is \"pa$HOME#${HOME}\": expected"), "{refusal}");
    for unreadable in ["mongodb://anna:hunter2@host", "A='hunter2", "hunter 2=hunter2"] {
        std::fs::write(&file, format!("# mine\n{unreadable}\n")).expect("a file");
        let refusal = place.run(&["user", "list"]).failed();
        assert!(refusal.starts_with("the file .env cannot be read: line 2 "), "{refusal}");
        assert!(!refusal.contains("hunter"), "{refusal}");
    }
}

#[test]
fn what_is_no_command_is_refused_with_code_2() {
    let place = Place::new();
    for arguments in [&["sever"][..], &["--adr", "x"], &["user"], &["user", "add"], &["user", "list", "x"]] {
        assert_eq!(place.run(arguments).code, Some(2), "{arguments:?}");
    }
}

#[test]
fn completions_know_the_commands() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = place.run(&["completions", shell]).ok();
        for word in ["serve", "passwd", "trusted-proxies"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
}
