//! A value that comes in: by a prompt that shows nothing, or by standard input.
//!
//! Deliberately absent: arguments and environment variables, which other processes can read.

use std::io::{IsTerminal, Read};

use keywheel_core::app::PastedHandle;
use keywheel_core::{App, Code, Failure};
use zeroize::Zeroizing;

use crate::exit::Stop;

/// More than any keychain holds.
const MAX_BYTES: u64 = 64 * 1024;

/// How a value is given.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct SecretInput {
    /// Read the secret from standard input even if that is a terminal
    #[arg(long)]
    secret_stdin: bool,
}

impl SecretInput {
    /// Reads one value and keeps it for the use case that takes it. `label` is shown in the prompt.
    pub fn read(self, app: &App, field: &str, label: &str) -> Result<PastedHandle, Stop> {
        let text = if self.secret_stdin || !std::io::stdin().is_terminal() {
            from_stdin(field)?
        } else {
            crate::echo::remember();
            rpassword::prompt_password(format!("{} (is not shown): ", crate::render::escape(label)))
                .map_err(|_| Stop::about(field, "there is no terminal to ask on; use --secret-stdin"))?
        };
        if text.trim().is_empty() {
            return Err(Failure::new(Code::InputMissing).field(field).into());
        }
        #[cfg(feature = "fail-points")]
        crate::leaks::let_out(app, text.trim());
        Ok(app.paste_for(field, text)?.handle)
    }
}

fn from_stdin(field: &str) -> Result<String, Stop> {
    // Of full size at once, so that no growing leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_BYTES as usize + 1));
    let read = std::io::stdin().lock().take(MAX_BYTES + 1).read_to_end(&mut bytes);
    let unreadable = |what: &str| Stop::about(field, format!("standard input {what}"));
    read.map_err(|_| unreadable("cannot be read"))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(unreadable("is too long for a secret"));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| unreadable("is not text"))?;
    Ok(text.to_owned())
}
