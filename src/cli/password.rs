//! Passwords on their way in: typed without an echo, or through standard input, never an
//! argument, which other users of the machine could read.

use crate::cli::CommandResult;
use model::user::Password;
use std::io::{self, BufRead, IsTerminal};

/// A new password: typed twice at a terminal, or the first line of standard input.
pub fn read_new() -> CommandResult<Password> {
    if !io::stdin().is_terminal() {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line)?;
        let line = line.strip_suffix('\n').unwrap_or(&line);
        return match line.strip_suffix('\r').unwrap_or(line) {
            "" => Err("no password came: type it at the prompt, or pipe it in as one line".into()),
            password => Ok(Password::new(password)),
        };
    }
    let first = rpassword::prompt_password("Password: ")?;
    if rpassword::prompt_password("Again: ")? != first {
        return Err("the two are not the same; nothing was changed".into());
    }
    Ok(Password::new(first))
}
