//! Settings as flags: one for each environment variable.

use crate::kit::{
    Config,
    config::{ConfigError, is_of_store, name_of, settings},
};
use clap::{
    Arg, ArgMatches, Args, Command, Error, FromArgMatches, builder::StringValueParser, parser::ValueSource,
};
use std::collections::HashMap;

/// What was given, as a flag or in the environment, by the variable's name.
#[derive(Default)]
struct Given(HashMap<String, (String, ValueSource)>);

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
                let settings = settings();
                let flag = settings.get_arguments().find(|setting| name_of(setting) == error.name());
                error.under(format!("--{}", flag.and_then(Arg::get_long).unwrap_or_default()))
            }
            _ => error,
        })
    }

    fn read(matches: &ArgMatches) -> Self {
        let settings = settings();
        let given = settings.get_arguments().filter_map(|setting| {
            let id = setting.get_id().as_str();
            // A command has the flags of its own kind only.
            let value = matches.try_get_one::<String>(id).ok()??;
            let source = matches.value_source(id).filter(|source| *source != ValueSource::DefaultValue)?;
            Some((name_of(setting).to_owned(), (value.clone(), source)))
        });
        Self(given.collect())
    }
}

/// Adds a flag for each setting that is wanted, as text: what it may be, [`Config::read`] says, which
/// knows all sources and takes an empty variable for none.
fn add_flags(command: Command, wanted: impl Fn(&Arg) -> bool, global: bool) -> Command {
    settings().get_arguments().filter(|setting| wanted(setting)).fold(command, |command, setting| {
        let text = setting.clone().value_parser(StringValueParser::new());
        command.arg(text.hide_env_values(true).global(global))
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
flags!(StoreSettings, is_of_store, true);
