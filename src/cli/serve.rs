//! `sotto serve`.

use super::{Outcome, print, store};
use crate::web::{self, AppState, Config};
use leptos::config::{LeptosOptions, get_config_from_str};
use std::path::Path;
use tracing_subscriber::EnvFilter;

pub const EXAMPLES: &str = "\
Examples:
  sotto serve --data /srv/sotto
  sotto serve --addr 0.0.0.0:3000 --origin https://chat.example.org";

/// Serves until Ctrl+C or SIGTERM. Errors: it could not start.
pub fn serve(mut config: Config) -> Outcome {
    start_log(&config)?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let options = page_options(&config)?;
        let listener = web::bind(config.addr).await?;
        // Port 0 stands for any that is free.
        config.addr = listener.local_addr()?;
        let store = store::open_or_make(&config).await?;
        print(format!("Sotto is running at {}", config.url()))?;
        web::serve(listener, AppState::new(options, store, config), stop_signal()).await;
        Ok(())
    })
}

fn start_log(config: &Config) -> Outcome {
    let filter =
        EnvFilter::try_new(&config.log).map_err(|error| format!("SOTTO_LOG is {:?}: {error}", config.log))?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    Ok(())
}

/// The page's files, as `Leptos.toml` and `LEPTOS_*` variables describe them.
fn page_options(config: &Config) -> Outcome<LeptosOptions> {
    let mut options = get_config_from_str(include_str!("../../Leptos.toml"))?;
    options.site_addr = config.addr;
    let folder = Path::new(options.site_root.as_ref()).join(options.site_pkg_dir.as_ref());
    let hashes = std::env::current_exe()?.with_file_name(options.hash_file.as_ref());
    if options.hash_files && !hashes.is_file() {
        return Err(format!(
            "{} is missing: it lies beside the program that was built and names the page's files.",
            hashes.display()
        )
        .into());
    }
    if !folder.is_dir() {
        return Err(format!(
            "the page's files are not in {}: start sotto in the folder that it was built in, or set \
             LEPTOS_SITE_ROOT.",
            folder.display()
        )
        .into());
    }
    Ok(options)
}

/// Completes on Ctrl+C or SIGTERM.
async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate => {}
    }
    tracing::info!("stopping");
}
