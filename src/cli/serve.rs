//! `sotto serve`.

use crate::{
    cli::{CommandResult, data, invite, log, print, to_its_end},
    kit::{
        AppState, Config,
        site::{self, Site},
    },
    web::{self, tls::Tls},
};
use leptos::config::{LeptosOptions, get_config_from_str};
use std::{io, path::Path};
use tokio::{
    runtime::Builder,
    signal::unix::{SignalKind, signal},
};

pub const EXAMPLES: &str = "\
Examples:
  sotto serve --data /srv/sotto
  sotto serve --tls self-signed           HTTPS on https://127.0.0.1:3000
  sotto serve --addr 0.0.0.0:443 --origin https://chat.example.org \\
    --tls-cert fullchain.pem --tls-key privkey.pem
  sotto serve --addr 0.0.0.0:3000 --origin https://chat.example.org \\
    --plain-http allowed --trusted-proxies 10.0.0.2     behind a proxy";

/// Serves until Ctrl+C or SIGTERM. Errors: it could not start.
pub fn serve(mut config: Config) -> CommandResult {
    let log = log::start(&config)?;
    to_its_end(Builder::new_multi_thread(), async {
        let options = page_options(&config)?;
        let site = site(&options)?;
        let listener = web::bind(config.addr).await?;
        // Port 0 stands for any that is free.
        config.addr = listener.local_addr()?;
        let _lock = data::lock(&config)?;
        let store = data::open_or_make(&config).await?;
        // From here on it ends cleanly, also before anybody has read that it runs.
        let stop = stop_signal()?;
        let tls = Tls::open(&config)?;
        let url = config.url();
        let greeting = invite::greeting(&config, &*store).await?;
        let bytes = data::bytes(&config).await?;
        let app = AppState::new(options, store, bytes, config).with_site(site);
        let metrics = match app.config.metrics {
            Some(addr) => Some(web::bind_metrics(addr).await?),
            None => None,
        };
        print(format!("Sotto is running at {url}"))?;
        if let Some(listener) = metrics {
            print(format!("Metrics are at http://{}/metrics", listener.local_addr()?))?;
            tokio::spawn(web::serve_metrics(listener, app.clone()));
        }
        print(greeting)?;
        tokio::select! {
            () = web::serve(listener, tls, app, stop) => {}
            () = log.sum_up() => {}
        }
        Ok(())
    })
}

/// How the page was built, as `Leptos.toml` and `LEPTOS_*` variables describe it.
fn page_options(config: &Config) -> CommandResult<LeptosOptions> {
    let mut options = get_config_from_str(include_str!("../../Leptos.toml"))?;
    options.site_addr = config.addr;
    Ok(options)
}

/// The page's files: those that the program carries, unless it is told of a folder.
fn site(options: &LeptosOptions) -> CommandResult<Site> {
    if std::env::var_os("LEPTOS_SITE_ROOT").is_none()
        && let Some(carried) = Site::carried(options)?
    {
        return Ok(carried);
    }
    let folder = Path::new(options.site_root.as_ref()).join(options.site_pkg_dir.as_ref());
    if !folder.is_dir() {
        return Err(format!(
            "the page's files are not in {}: start sotto in the folder that it was built in, or set \
             LEPTOS_SITE_ROOT, or build a program that carries them ('make build').",
            folder.display()
        )
        .into());
    }
    Ok(Site::in_folder(options))
}

/// `sotto bundle`: a copy of this program that carries the page.
pub fn bundle(folder: &Path, output: Option<&Path>) -> CommandResult {
    let program = std::env::current_exe()?;
    let output = output.unwrap_or(&program);
    site::bundle(folder, output)
        .map_err(|error| format!("{} cannot be put into {}: {error}", folder.display(), output.display()))?;
    Ok(())
}

/// Completes on Ctrl+C or SIGTERM, from the call on.
fn stop_signal() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping");
    })
}
