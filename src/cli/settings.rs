//! Settings as flags: one for each environment variable.

use crate::kit::{
    Config,
    config::{ConfigError, SETTINGS, Setting},
};
use clap::{Arg, ArgMatches, Args, Command, Error, FromArgMatches, parser::ValueSource};
use std::collections::HashMap;

/// What was given, as a flag or in the environment, by the variable's name.
#[derive(Default)]
struct Given(HashMap<&'static str, (String, ValueSource)>);

/// Flags for every setting.
pub struct AllSettings(Given);

/// Flags for the settings that say where the data is; the others count as the environment has
/// them.
pub struct StoreSettings(Given);

impl AllSettings {
    /// The settings. Errors: the first one with a wrong value, by the name that was used.
    pub fn config(&self) -> Result<Config, ConfigError> {
        self.0.config()
    }
}

impl StoreSettings {
    /// As [`AllSettings::config`].
    pub fn config(&self) -> Result<Config, ConfigError> {
        self.0.config()
    }
}

impl Given {
    fn config(&self) -> Result<Config, ConfigError> {
        let get = |name: &str| {
            let given = self.0.get(name).map(|(value, _)| value.clone());
            given.or_else(|| std::env::var(name).ok()).filter(|value| !value.is_empty())
        };
        Config::read(get).map_err(|error| match self.0.get(error.name()) {
            Some((_, ValueSource::CommandLine)) => {
                let flag = SETTINGS.iter().find(|setting| setting.name == error.name()).map(Setting::flag);
                error.under(format!("--{}", flag.unwrap_or_default()))
            }
            _ => error,
        })
    }

    fn read(matches: &ArgMatches) -> Self {
        let given = SETTINGS.iter().filter_map(|setting| {
            // A command has the flags of its own kind only.
            let value = matches.try_get_one::<String>(setting.name).ok()??;
            Some((setting.name, (value.clone(), matches.value_source(setting.name)?)))
        });
        Self(given.collect())
    }
}

fn add_flags(command: Command, wanted: impl Fn(&Setting) -> bool, global: bool) -> Command {
    SETTINGS.iter().filter(|setting| wanted(setting)).fold(command, |command, setting| {
        command.arg(
            Arg::new(setting.name)
                .long(setting.flag())
                .value_name(setting.value)
                .env(setting.name)
                .hide_env_values(true)
                .help(setting.help)
                .help_heading("Settings")
                .global(global),
        )
    })
}

macro_rules! flags {
    ($type:ident, $wanted:expr, $global:expr) => {
        impl FromArgMatches for $type {
            fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
                Ok(Self(Given::read(matches)))
            }

            fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
                *self = Self::from_arg_matches(matches)?;
                Ok(())
            }
        }

        impl Args for $type {
            fn augment_args(command: Command) -> Command {
                add_flags(command, $wanted, $global)
            }

            fn augment_args_for_update(command: Command) -> Command {
                Self::augment_args(command)
            }
        }
    };
}

flags!(AllSettings, |_| true, false);
flags!(StoreSettings, |setting| setting.of_store, true);
