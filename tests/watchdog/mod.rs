//! A program that a test has started and that never ends would keep all tests from ending.

use std::{
    process::{Child, Command},
    sync::mpsc::{self, RecvTimeoutError, Sender},
    time::Duration,
};

/// Longer than whatever a test waits for, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(180);

/// Kills a program after three minutes, and says what its threads were waiting for: whoever waits for its end or
/// its output goes on then, and fails. Drop it once the program has done what is waited for.
#[must_use]
pub struct Watchdog(#[expect(dead_code, reason = "the thread hears when it is dropped")] Sender<()>);

impl Watchdog {
    pub fn over(child: &Child) -> Self {
        let (watched, is_over) = mpsc::channel();
        let id = child.id().to_string();
        std::thread::spawn(move || {
            if is_over.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                eprintln!("a program that a test waits for hangs; its threads:\n{}", threads(&id));
                let _ = Command::new("kill").args(["-s", "KILL", &id]).status();
            }
        });
        Self(watched)
    }
}

/// The name of each thread, and what it does in the kernel; nothing where the system has no `/proc`.
fn threads(id: &str) -> String {
    let Ok(tasks) = std::fs::read_dir(format!("/proc/{id}/task")) else { return String::new() };
    let said = |task: &std::fs::DirEntry, file: &str| {
        std::fs::read_to_string(task.path().join(file)).unwrap_or_default().trim().to_owned()
    };
    let tasks = tasks.filter_map(Result::ok);
    let lines = tasks.map(|task| {
        format!("  {} {} {}\n", said(&task, "comm"), said(&task, "wchan"), said(&task, "syscall"))
    });
    lines.collect()
}
