//! The log: on standard error, as text for people or as JSON.

mod sums;

use crate::{
    cli::CommandResult,
    kit::{Config, config::LogFormat},
};
use sums::Sums;
use tracing::Level;
use tracing_subscriber::{
    EnvFilter, Layer, filter::filter_fn, layer::SubscriberExt, util::SubscriberInitExt,
};

/// Libraries whose finest levels would write down what is nobody's business: frames with messages
/// in them, headers with cookies. `SOTTO_LOG` cannot open them.
const DISCREET: [&str; 8] = [
    "axum_login",
    "h2",
    "hyper",
    "rustls",
    "tokio_tungstenite",
    "tower_sessions",
    "tower_sessions_core",
    "tungstenite",
];

/// The log. What was left out is told when it ends.
pub struct Log(Sums);

/// Starts the log. Errors: `SOTTO_LOG` cannot be understood.
pub fn start(config: &Config) -> CommandResult<Log> {
    let filter =
        EnvFilter::try_new(&config.log).map_err(|error| format!("SOTTO_LOG is {:?}: {error}", config.log))?;
    // A filter of its own: among directives the longest target would win.
    let discreet = filter_fn(|of| {
        let library = of.target().split("::").next().unwrap_or_default();
        *of.level() <= Level::INFO || !DISCREET.contains(&library)
    });
    let text = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let log = tracing_subscriber::registry().with(filter).with(discreet);
    let sums = Sums::new();
    match config.log_format {
        LogFormat::Text => log.with(text.with_filter(sums.clone())).init(),
        LogFormat::Json => log.with(text.json().flatten_event(true).with_filter(sums.clone())).init(),
    }
    Ok(Log(sums))
}

impl Log {
    /// Says from time to time what was left out.
    pub async fn sum_up(&self) {
        let mut every = tokio::time::interval(sums::EVERY);
        loop {
            every.tick().await;
            self.0.tell();
        }
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.0.tell();
    }
}
