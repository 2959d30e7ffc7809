//! One file a noun: its arguments, the use case it calls, what it prints.

pub mod account;
pub mod activity;
pub mod by_person;
pub mod check;
pub mod copy;
pub mod doctor;
pub mod env;
pub mod init;
pub mod key;
pub mod keychain;
pub mod leaked;
mod leaving;
pub mod org;
pub mod policy;
pub mod provider;
pub mod replaced;
pub mod resume;
pub mod revoke;
pub mod rotate;
pub mod scan;
pub mod settings;
pub mod settle;
mod sheet;
pub mod target;
pub mod unaccounted;
pub mod verify;

use std::sync::Arc;

use keywheel_wire::render;

use crate::args::{Arguments, Command};
use crate::exit::{Exit, Stop};
use crate::interrupts::Interrupts;
use crate::render::{Line, Look, Out};
use crate::session::Session;

/// Runs one command to its end and says how it ended.
pub async fn run(arguments: Arguments) -> Exit {
    let out = Arc::new(Out::new(arguments.json));
    let interrupts = Arc::new(Interrupts::default());
    interrupts.listen(Arc::clone(&out));
    trace(arguments.verbose);
    #[cfg(feature = "fail-points")]
    crate::leaks::plant(arguments.cut.leak);
    let exit = match dispatch(&arguments, &out, &interrupts).await {
        Ok(exit) => exit,
        Err(stop) => {
            tell(&out, &stop);
            stop.exit()
        }
    };
    #[cfg(feature = "fail-points")]
    arguments.cut.stop().await;
    // Whatever was done, who reads the output does not know it.
    match out.is_lost() {
        true => exit.max(Exit::Failed),
        false => exit,
    }
}

async fn dispatch(arguments: &Arguments, out: &Arc<Out>, interrupts: &Arc<Interrupts>) -> Result<Exit, Stop> {
    if let Command::Init(init) = &arguments.command {
        return init.run(arguments).await;
    }
    let copies = match &arguments.command {
        Command::Copy(_) => true,
        Command::Rotate(rotate) => rotate.copies(),
        _ => false,
    };
    let session = Session::open(arguments, out, interrupts, copies).await?;
    let ended = command(&arguments.command, &session).await;
    session.close().await;
    ended
}

async fn command(command: &Command, session: &Session) -> Result<Exit, Stop> {
    match command {
        Command::Org(org) => org.run(session).await,
        Command::Env(env) => env.run(session).await,
        Command::Policy(policy) => policy.run(session).await,
        Command::Account(account) => account.run(session).await,
        Command::Key(key) => key.run(session).await,
        Command::Target(target) => target.run(session).await,
        Command::Rotate(rotate) => rotate.run(session).await,
        Command::Take(take) => take.run(session).await,
        Command::Deleted(deleted) => deleted.run(session).await,
        Command::Replaced(replaced) => replaced.run(session).await,
        Command::Undo(undo) => undo.run(session).await,
        Command::Resume(resume) => resume.run(session).await,
        Command::Settle(settle) => settle.run(session).await,
        Command::Verify(verify) => verify.run(session).await,
        Command::Revoke(revoke) => revoke.run(session).await,
        Command::Copy(copy) => copy.run(session).await,
        Command::Reveal(reveal) => reveal.run(session).await,
        Command::Check(check) => check.run(session).await,
        Command::Leaked(leaked) => leaked.run(session).await,
        Command::Scan(scan) => scan.run(session).await,
        Command::Provider(provider) => provider.run(session),
        Command::Activity(activity) => activity.run(session).await,
        Command::Unaccounted(unaccounted) => unaccounted.run(session).await,
        Command::Settings(settings) => settings.run(session).await,
        Command::Doctor(doctor) => doctor.run(session).await,
        Command::Keychain(keychain) => keychain.run(session).await,
        // Runs before a data directory is opened.
        Command::Init(_) => Ok(Exit::Done),
    }
}

/// How a command ends that takes values out of the keychain: it says what is still there.
async fn removed(session: &Session, what: &str) -> Result<Exit, Stop> {
    session.out.line(format!("Removed {what}."));
    still_there(session).await
}

/// Says what is still on its way out of the keychain, or into it.
async fn still_there(session: &Session) -> Result<Exit, Stop> {
    let on_the_way = on_the_way(session).await?;
    for (says, remedy) in &on_the_way {
        session
            .out
            .line(Line::new().look(Look::Warning, format!("{says} {remedy}")));
    }
    Ok(match on_the_way.is_empty() {
        true => Exit::Done,
        false => Exit::Later,
    })
}

/// Values between the database and the keychain: what is to be said of them, and what settles it.
async fn on_the_way(session: &Session) -> Result<Vec<(String, &'static str)>, Stop> {
    let (arriving, leaving) = (session.app.count_arriving().await?, session.app.count_leaving().await?);
    let mut said = Vec::new();
    said.extend((arriving > 0).then(|| (render::arriving(arriving), render::ARRIVING_REMEDY)));
    if leaving > 0 {
        let refused = session.app.has_the_keys().await.err();
        let remedy = refused.map_or(render::LEAVING_REMEDY, |failure| failure.code.remedy());
        said.push((render::leaving(leaving), remedy));
    }
    Ok(said)
}

/// Tells why a command stopped: as text, or as one JSON object.
pub fn tell(out: &Out, stop: &Stop) {
    let Stop::Told { error, .. } = stop else { return };
    if out.json {
        out.error(error);
        return;
    }
    let code = format!("  [{}]", error.code);
    out.aside(
        Line::new()
            .look(Look::Bad, "error: ")
            .text(&error.message)
            .look(Look::Quiet, code),
    );
    if let Some(field) = &error.field {
        out.aside(format!("  at: {field}"));
    }
    for detail in &error.details {
        out.aside(format!("  {detail}"));
    }
    if let Some(at) = &error.retry_at {
        out.aside(format!("  not before {}", crate::words::when(at)));
    }
    out.aside(format!("  {}", error.remedy));
}

fn trace(verbose: u8) {
    let filter = match verbose {
        0 => return,
        1 => "off,keywheel_core=info",
        2 => "off,keywheel_core=debug",
        _ => "trace",
    };
    let layer = tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new(filter))
        .with_writer(std::io::stderr)
        .with_ansi(false);
    // A second listener cannot be there.
    let _ = layer.try_init();
}
