//! The program itself, as its users start it: a process with a data directory that is gone after the test.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};

use tempfile::TempDir;

use super::api::Api;
use super::{DSN_KEY, EMAIL, PASSWORD, PROJECT, PROJECT_ID, TOKEN, eventually};

/// A running program.
pub(crate) struct Program {
    /// Asks it.
    pub(crate) api: Api,
    output: Arc<Mutex<String>>,
    place: Place,
    child: Child,
}

/// Where a program keeps its things, while it runs and between its runs.
#[derive(Clone)]
pub(crate) struct Place {
    path: PathBuf,
    /// Settings of all commands here.
    settings: Vec<(String, String)>,
    /// A command that runs these.
    under: Vec<String>,
    /// Removes it in the end, unless it is to stay.
    _temporary: Option<Arc<TempDir>>,
}

impl Place {
    /// A new one, empty.
    pub(crate) fn new() -> Self {
        let directory = TempDir::new().unwrap();
        let path = directory.path().to_owned();
        Self {
            _temporary: Some(Arc::new(directory)),
            ..Self::at(&path)
        }
    }

    /// A directory that stays, and is made when it is not there.
    pub(crate) fn at(path: &Path) -> Self {
        fs::create_dir_all(path).unwrap();
        Self {
            path: path.canonicalize().unwrap(),
            settings: Vec::new(),
            under: Vec::new(),
            _temporary: None,
        }
    }

    /// The same with a setting, or a variable of the environment, for all commands.
    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with a command that runs the program, such as a tracer.
    pub(crate) fn under(mut self, command: &[&str]) -> Self {
        self.under = command.iter().map(|&word| word.to_owned()).collect();
        self
    }

    /// The data directory.
    pub(crate) fn data(&self) -> PathBuf {
        self.file("data")
    }

    /// A file beside the data directory, where commands run.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// What programs wrote to standard error here, all runs.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.file("log")).unwrap_or_default()
    }

    /// A command of the program that runs here with nothing else configured: on any free port, without surroundings.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut words = self.under.iter().map(PathBuf::from).chain([binary()]);
        let mut command = Command::new(words.next().unwrap());
        command
            .args(words)
            .args(arguments)
            .current_dir(&self.path)
            .stdin(Stdio::null());
        command
            .env("TRIPLINE__STORAGE__DATA", self.data())
            .env("TRIPLINE__SERVER__LISTEN", "127.0.0.1:0")
            // Events are looked for one by one here, and measured as if all of them mattered.
            .env("TRIPLINE__STORAGE__SAMPLE_ABOVE", "0")
            .envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command to its end: exit code, standard output, standard error.
    pub(crate) fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        finish(&mut self.command(arguments))
    }

    /// Runs a command on the data directory, which has to succeed. Answers its output.
    #[track_caller]
    pub(crate) fn maintain(&self, command: &str) -> String {
        let (code, output, error) = self.run(&[command, "--data", self.data().to_str().unwrap()]);
        assert_eq!(code, 0, "{command}: {output}{error}");
        output
    }

    /// Starts the server with a project, an owner and a token, and waits until it is ready.
    pub(crate) fn start(&self) -> Program {
        self.try_start().expect("the program ended")
    }

    /// The same; how it ended when it did instead.
    pub(crate) fn try_start(&self) -> Result<Program, ExitStatus> {
        let owner = [
            ("TRIPLINE__BOOTSTRAP__EMAIL", EMAIL),
            ("TRIPLINE__BOOTSTRAP__PASSWORD", PASSWORD),
        ];
        self.spawn(&owner).ready()
    }

    /// Starts the server with a project, a token and some settings, and waits until it is ready.
    pub(crate) fn start_with(&self, settings: &[(&str, &str)]) -> Program {
        self.spawn(settings).ready().expect("the program ended")
    }

    /// Begins to start the server with a project, a token and some settings.
    pub(crate) fn spawn(&self, settings: &[(&str, &str)]) -> Program {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.file("log"))
            .unwrap();
        let mut child = self
            .command(&["serve"])
            .env("TRIPLINE__BOOTSTRAP__PROJECT", PROJECT)
            .env("TRIPLINE__BOOTSTRAP__PROJECT_ID", PROJECT_ID.to_string())
            .env("TRIPLINE__BOOTSTRAP__DSN_KEY", DSN_KEY)
            .env("TRIPLINE__BOOTSTRAP__API_TOKEN", TOKEN)
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        Program {
            api: Api::new(""),
            output: listen(child.stdout.take().unwrap()),
            place: self.clone(),
            child,
        }
    }
}

impl Program {
    /// Starts one in a new place.
    pub(crate) fn start() -> Self {
        Place::new().start()
    }

    /// Waits until it is ready; answers how it ended when it did instead.
    fn ready(mut self) -> Result<Self, ExitStatus> {
        let url = eventually("the address", || {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some(Err(status));
            }
            let output = self.welcome();
            let line = output.lines().find(|line| line.contains("listens on http"))?;
            line.split_whitespace().last().map(|url| Ok(url.to_owned()))
        })?;
        self.api = Api::new(&url);
        eventually("readiness", || {
            self.api
                .try_ask("GET", "/health/ready", &[], b"")
                .filter(|answer| answer.status == 200)
        });
        Ok(self)
    }

    /// What it has printed so far.
    pub(crate) fn welcome(&self) -> String {
        self.output.lock().unwrap().clone()
    }

    /// The one-time link that it prints while its owner has no password.
    pub(crate) fn sign_in_link(&self) -> String {
        eventually("the sign-in link", || {
            let output = self.welcome();
            output
                .split_whitespace()
                .find(|word| word.contains("/sign-in/link#"))
                .map(str::to_owned)
        })
    }

    /// Where it keeps its things.
    pub(crate) fn place(&self) -> Place {
        self.place.clone()
    }

    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it like a power cut, at once.
    pub(crate) fn kill(mut self) -> Place {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.place.clone()
    }

    /// Ends it like a power cut while others still talk to it.
    pub(crate) fn cut_off(&self) {
        let process = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(process, rustix::process::Signal::KILL).unwrap();
    }

    /// Tells it to end and waits until it has.
    pub(crate) fn stop(mut self) -> (ExitStatus, Place) {
        let process = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(process, rustix::process::Signal::TERM).unwrap();
        let status = eventually("the program to end", || self.child.try_wait().unwrap());
        (status, self.place.clone())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            #[expect(clippy::print_stderr, reason = "the log says why the test failed")]
            {
                eprintln!("--- log of the program\n{}", self.place.log());
            }
        }
    }
}

/// The program under test: the one of `TRIPLINE_BIN`, else the one that cargo built beside this test.
pub(crate) fn binary() -> PathBuf {
    std::env::var_os("TRIPLINE_BIN").map_or_else(
        || Path::new(env!("CARGO_BIN_EXE_tripline")).to_owned(),
        PathBuf::from,
    )
}

/// Runs a command to its end: exit code (-1 when a signal ended it), standard output, standard error.
pub(crate) fn finish(command: &mut Command) -> (i32, String, String) {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code().unwrap_or(-1),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// Gathers what the program prints: a full pipe would stop it.
fn listen(output: ChildStdout) -> Arc<Mutex<String>> {
    let gathered = Arc::new(Mutex::new(String::new()));
    let gathering = gathered.clone();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            gathering.lock().unwrap().push_str(&(line + "\n"));
        }
    });
    gathered
}
