//! A server inside the test's process: an own data directory, a free port and a clock that the test moves.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tripline::app::{self, Running};
use tripline::config::{Config, Secret};

use crate::harness::api::Api;
use crate::harness::{DSN_KEY, EMAIL, PASSWORD, PROJECT, PROJECT_ID, TOKEN};

/// A server, until it is dropped.
pub(crate) struct Server {
    /// Asks it.
    pub(crate) api: Api,
    clock: Arc<Mutex<Timestamp>>,
    running: Option<Running>,
    runtime: Runtime,
    data: TempDir,
}

impl Server {
    /// Starts one with a project, an owner and a token, in the autumn of 2026.
    pub(crate) fn start() -> Self {
        Self::start_with(|_| {})
    }

    /// Starts one with settings of the test's own.
    pub(crate) fn start_with(adjust: impl FnOnce(&mut Config)) -> Self {
        let noon = "2026-11-21T12:00:00Z".parse().unwrap();
        Self::start_on(TempDir::new().unwrap(), Arc::new(Mutex::new(noon)), adjust)
    }

    /// Stops it and starts another one on its data.
    pub(crate) fn restart_with(mut self, adjust: impl FnOnce(&mut Config)) -> Self {
        self.stop();
        let data = std::mem::replace(&mut self.data, TempDir::new().unwrap());
        Self::start_on(data, self.clock.clone(), adjust)
    }

    fn start_on(data: TempDir, clock: Arc<Mutex<Timestamp>>, adjust: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::default();
        config.server.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        config.server.workers = 1;
        config.storage.data = data.path().to_owned();
        config.bootstrap.email = Some(EMAIL.to_owned());
        config.bootstrap.password = Some(Secret::from(PASSWORD.to_owned()));
        config.bootstrap.project = Some(PROJECT.to_owned());
        config.bootstrap.project_id = Some(PROJECT_ID);
        config.bootstrap.dsn_key = Some(DSN_KEY.to_owned());
        config.bootstrap.api_token = Some(Secret::from(TOKEN.to_owned()));
        adjust(&mut config);

        let told = clock.clone();
        let runtime = Runtime::new().unwrap();
        let running = runtime
            .block_on(app::start(config, Arc::new(move || *told.lock().unwrap())))
            .unwrap();
        let api = Api::new(&format!("http://{}", running.address()));
        Self {
            api,
            clock,
            running: Some(running),
            runtime,
            data,
        }
    }

    fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            self.runtime.block_on(running.stop());
        }
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, time: SignedDuration) {
        *self.clock.lock().unwrap() += time;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}
