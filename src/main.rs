//! The command line. Exit code 0 is success, 1 a check that found a fault, 2 what the caller has to put right.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};
use tripline::config::{self, Config};
use tripline::{app, telemetry};

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// A self-hosted error tracker that speaks the Sentry protocol.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server (this is what happens without a command, too).
    Serve(Serve),
    /// Print all settings with their defaults.
    Config,
    /// Check every frame and row of a data directory that no server uses.
    Verify(Offline),
    /// Make the index of a data directory anew from its segments.
    Rebuild(Offline),
    /// Copy the data directory into a new one, while the server runs or not.
    Backup(Backup),
    /// Make an empty data directory what a backup is a copy of, and check it.
    Restore {
        /// The backup.
        backup: PathBuf,
        #[command(flatten)]
        into: Offline,
    },
    /// Give a data directory back to the older version that was there before, while no server uses it.
    Rollback(Offline),
    /// Read events, one a line of JSON, and print how each is grouped.
    Group {
        /// Print the component tree, for people.
        #[arg(long)]
        explain: bool,
    },
    /// Ask the running server whether it is ready.
    Healthcheck(Serve),
    /// Judge releases.
    #[command(subcommand)]
    Release(app::ReleaseCommand),
}

#[derive(Args)]
struct Serve {
    /// Read this file instead of ./tripline.toml.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Keep everything in this directory.
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// Listen on this address and port.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
}

#[derive(Args)]
struct Offline {
    /// The data directory.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
}

#[derive(Args)]
struct Backup {
    /// The directory of the backup, which is not there yet.
    target: PathBuf,
    /// An earlier backup on the same file system: what has not changed since then is shared with it.
    #[arg(long, value_name = "BACKUP")]
    since: Option<PathBuf>,
    /// Read this file instead of ./tripline.toml.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The data directory, if it is not that of the settings.
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command.unwrap_or(Command::Serve(cli.serve)) {
        Command::Serve(flags) => flags.config().and_then(serve),
        Command::Config => say(config::EXAMPLE),
        Command::Verify(Offline { data }) => app::verify(&data).and_then(|report| say(&report)),
        Command::Rebuild(Offline { data }) => app::rebuild(&data).and_then(|report| say(&report)),
        Command::Backup(it) => it.run(),
        Command::Rollback(Offline { data }) => app::rollback(&data).and_then(|report| say(&report)),
        Command::Restore { backup, into } => {
            app::restore(&backup, &into.data).and_then(|report| say(&report))
        }
        Command::Group { explain: false } => app::group_stdin(app::Answer::Line),
        Command::Group { explain: true } => app::group_stdin(app::Answer::Tree),
        Command::Release(app::ReleaseCommand::Check(it)) => app::release_check(&it, say),
        Command::Healthcheck(flags) => flags.config().and_then(|it| app::healthcheck(it.server.listen)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "tripline: {error:#}");
            ExitCode::from(if error.is::<app::Unsound>() { 1 } else { 2 })
        }
    }
}

impl Serve {
    fn config(self) -> anyhow::Result<Config> {
        let listen = self.listen.map(|address| address.to_string());
        let flags = [("storage.data", self.data), ("server.listen", listen)];
        Ok(Config::load(self.config.as_deref(), flags)?)
    }
}

impl Backup {
    fn run(self) -> anyhow::Result<()> {
        let config = Config::load(self.config.as_deref(), [("storage.data", self.data)])?;
        app::backup(&config.storage.data, &self.target, self.since.as_deref()).and_then(|report| say(&report))
    }
}

#[tokio::main]
async fn serve(config: Config) -> anyhow::Result<()> {
    app::spare_memory();
    app::answer_first();
    telemetry::start_log(&config.log)?;
    let mut running = app::start(config, Arc::new(app::system_time)).await?;
    say(&running.welcome.to_string())?;
    let told = running.until_told().await;
    running.stop().await;
    told
}

fn say(text: &str) -> anyhow::Result<()> {
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}
