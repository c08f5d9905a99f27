//! One step of a chore: a command, or a check of ours, with its name, its time and whether it held.

use std::ffi::OsStr;
use std::fmt;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// A command line that can be run, and printed so that a person can repeat it.
#[derive(Clone, Debug)]
pub struct Call {
    program: String,
    args: Vec<String>,
    env: Vec<(&'static str, String)>,
}

impl Call {
    /// A program and its arguments, as one would write them with blanks between.
    #[must_use]
    pub fn new(program: &str, args: &[&str]) -> Self {
        Self { program: program.into(), args: args.iter().map(ToString::to_string).collect(), env: Vec::new() }
    }

    /// `cargo` with arguments: the very cargo that runs us, when it says so.
    #[must_use]
    pub fn cargo(args: &[&str]) -> Self {
        Self::new("cargo", args)
    }

    /// With one more argument.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<String>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// With a variable of the environment set.
    #[must_use]
    pub fn env(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.env.push((name, value.into()));
        self
    }

    fn command(&self, root: &Path) -> Command {
        let program = match self.program.as_str() {
            "cargo" => std::env::var_os("CARGO").map_or_else(|| "cargo".into(), PathBuf::from),
            // A path with a folder in it is meant from the root, wherever we were started.
            path if path.contains('/') => root.join(path),
            name => name.into(),
        };
        let mut command = Command::new(program);
        command.args(&self.args).envs(self.env.iter().map(|(name, value)| (name, value))).current_dir(root);
        // Cargo set these for us, not for what we start.
        for name in ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_PKG_NAME", "CARGO_PKG_VERSION"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs it, what it prints going straight to the terminal. `true` when it exited with 0.
    pub fn holds(&self, root: &Path) -> Result<bool> {
        let status = self.command(root).stdin(Stdio::null()).status();
        Ok(status.with_context(|| format!("could not start `{}`", self.program))?.success())
    }

    /// Runs it silently and gives what it wrote to stdout, when it exited with 0.
    #[must_use]
    pub fn answer(&self, root: &Path) -> Option<String> {
        let output = self.command(root).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Runs it like [`Call::holds`], and also gives back every line that it printed.
    pub fn overheard(&self, root: &Path) -> Result<(bool, Vec<String>)> {
        let mut command = self.command(root);
        if std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
            command.env("CARGO_TERM_COLOR", "always");
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("could not start `{}`", self.program))?;
        let out = child.stdout.take().map(|pipe| thread::spawn(move || pass_on(pipe, std::io::stdout())));
        let err = child.stderr.take().map(|pipe| thread::spawn(move || pass_on(pipe, std::io::stderr())));
        let mut lines = Vec::new();
        for listener in [out, err].into_iter().flatten() {
            lines.extend(listener.join().unwrap_or_default());
        }
        Ok((child.wait().context("the command was lost")?.success(), lines))
    }
}

/// Copies a pipe to the terminal line by line, and keeps the lines.
fn pass_on(pipe: impl Read, mut terminal: impl Write) -> Vec<String> {
    let mut lines = Vec::new();
    for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        // Nobody reads on: the run goes on, and its exit code still tells.
        let _closed = writeln!(terminal, "{line}");
        lines.push(line);
    }
    lines
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.env {
            write!(f, "{name}={} ", quoted(value))?;
        }
        write!(f, "{}", quoted(&self.program))?;
        self.args.iter().try_for_each(|arg| write!(f, " {}", quoted(arg)))
    }
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Whether a program can be found on the `PATH`.
#[must_use]
pub fn on_path(program: &str) -> bool {
    let Some(path) = std::env::var_os("PATH") else { return false };
    std::env::split_paths(&path).any(|folder| folder.join(OsStr::new(program)).is_file())
}

/// Seconds as people read them: `0.4 s`, `12 s`, `3 min 05 s`.
#[must_use]
pub fn spoken(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

/// Measures what a piece of work takes.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_printed_as_a_shell_would_take_it() {
        let call = Call::cargo(&["doc", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings").arg("it's");
        assert_eq!(call.to_string(), r"RUSTDOCFLAGS='-D warnings' cargo doc --no-deps 'it'\''s'");
    }

    #[test]
    fn a_call_that_fails_does_not_hold_and_one_that_cannot_start_is_an_error() {
        let here = Path::new(".");
        assert!(Call::new("true", &[]).holds(here).unwrap());
        assert!(!Call::new("false", &[]).holds(here).unwrap());
        assert!(Call::new("no-such-program-of-levee", &[]).holds(here).is_err());
    }

    #[test]
    fn what_was_overheard_is_what_was_printed_on_both_streams() {
        let call = Call::new("sh", &["-c", "echo one; echo two >&2; exit 3"]);
        assert_eq!(call.overheard(Path::new(".")).unwrap(), (false, vec!["one".to_owned(), "two".to_owned()]));
    }

    #[test]
    fn times_are_spoken() {
        let spoken_ms = |ms| spoken(Duration::from_millis(ms));
        assert_eq!([spoken_ms(420), spoken_ms(12_900), spoken_ms(185_000)], ["0.4 s", "12 s", "3 min 05 s"]);
    }
}
