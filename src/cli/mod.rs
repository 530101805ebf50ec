//! The command line: `sotto` serves.

use crate::{
    store::{Store, embedded::EmbeddedStore, mongo::MongoStore},
    web::{self, AppState, Config},
};
use leptos::config::{LeptosOptions, get_config_from_str};
use std::{error::Error, io::Write, process::ExitCode, sync::Arc};
use tracing_subscriber::EnvFilter;

/// Runs the program. A failure to start is one sentence on standard error and exit code 1.
pub fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "sotto: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> Result<(), Box<dyn Error>> {
    // Only of this folder: one further up belongs to something else.
    match dotenvy::from_path(".env") {
        Err(error) if !error.not_found() => {
            return Err(format!("the file .env cannot be read: {error}").into());
        }
        _ => {}
    }
    let mut config = Config::from_env()?;
    let filter =
        EnvFilter::try_new(&config.log).map_err(|error| format!("SOTTO_LOG is {:?}: {error}", config.log))?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let options = page_options(&config)?;
        let listener = web::bind(config.addr).await?;
        // Port 0 stands for any that is free.
        config.addr = listener.local_addr()?;
        let store: Arc<dyn Store> = match &config.mongo {
            Some(mongo) => Arc::new(MongoStore::open(&mongo.uri, &mongo.database).await?),
            None => Arc::new(EmbeddedStore::open(&config.data)?),
        };
        let _ = writeln!(std::io::stdout(), "Sotto is running at {}", config.url());
        web::serve(listener, AppState::new(options, store, config), stop_signal()).await;
        Ok(())
    })
}

/// The page's files, as `Leptos.toml` and `LEPTOS_*` variables describe them.
fn page_options(config: &Config) -> Result<LeptosOptions, Box<dyn Error>> {
    let mut options = get_config_from_str(include_str!("../../Leptos.toml"))?;
    options.site_addr = config.addr;
    let folder = std::path::Path::new(options.site_root.as_ref()).join(options.site_pkg_dir.as_ref());
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
