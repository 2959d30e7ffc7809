//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

use crate::commands::{
    account, activity, by_person, check, copy, doctor, env, init, key, keychain, org, policy, provider,
};
use crate::commands::{leaked, replaced, resume, revoke, rotate, scan, settings, settle, target, unaccounted, verify};
use crate::exit::{Exit, Stop};
use crate::render::{Line, Look, Out};

const AFTER: &str = "\
Examples:
  keywheel account connect --provider overten --org acme --new-org --label main \\
    --env production --scheme firebase_refresh --field org_id=org_8Qm2 --field web_api_key=AIzaSy…
  keywheel key list --env production
  keywheel rotate acme/production/checkout-api
  keywheel replaced acme/production/checkout-api
  keywheel check --max-age 60

KEY is an id, a name, environment/name or org/environment/name.

Exit codes:
   0  done; for rotate: the new key is there and waits to be put to use
   1  failed                     77  keychain given up while a value was in memory
   2  wrong input or usage       78  the provider does not accept the new key
   3  check: stale keys found;   79  a target does not have the right value
      scan: values found         80  the provider still accepts the old key
  75  not finished, or nothing   81  another process is at it
      was changed: come back     82  the management credential was refused
  76  outcome unknown: resume   130  ended by Ctrl-C";

/// Rotates API keys; values lie in the system's keychain only
#[derive(Debug, Parser)]
#[command(name = "keywheel", version, max_term_width = 100, after_long_help = AFTER, disable_help_subcommand = true)]
pub struct Arguments {
    /// Where Keywheel keeps its database [default: per user]
    ///
    /// On Linux that is $XDG_DATA_HOME/keywheel.
    #[arg(long, value_name = "DIR", global = true)]
    pub data_dir: Option<PathBuf>,
    /// Print JSON: the result on standard output, an error on standard error
    #[arg(long, global = true)]
    pub json: bool,
    /// Tell on standard error what goes on; twice or three times for more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    #[cfg(feature = "fail-points")]
    #[command(flatten)]
    pub cut: crate::fail_points::Cut,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List, add and rename organisations
    #[command(subcommand)]
    Org(org::Org),
    /// List, add and rename environments
    #[command(subcommand)]
    Env(env::Env),
    /// Show and set how long keys may serve
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
    /// Connect, list and remove accounts at providers
    #[command(subcommand)]
    Account(account::Account),
    /// List, show, create and change keys
    #[command(subcommand)]
    Key(key::Key),
    /// List, add and remove the places where keys are used
    #[command(subcommand)]
    Target(target::TargetCommand),
    /// Replace a key: a new one is created, stored and verified; the old one stays for now
    Rotate(rotate::Rotate),
    /// Say that the new key is in use: the old one is revoked and proven dead
    Replaced(replaced::Replaced),
    /// Hand over the value that you created on the provider's page
    Take(by_person::Take),
    /// Say that the key is deleted on the provider's page
    Deleted(by_person::Deleted),
    /// Take a rotation back: the new key is revoked, the old one stays
    Undo(replaced::Undo),
    /// Go on with what was interrupted, or answer its question
    Resume(resume::Resume),
    /// End a rotation by your word about each of its keys
    Settle(settle::Settle),
    /// Ask the provider whether a key works
    Verify(verify::Verify),
    /// Revoke a key now, without a successor
    Revoke(revoke::Revoke),
    /// Put a key on the clipboard for a while
    Copy(copy::Copy),
    /// Print the value of a key
    Reveal(copy::Reveal),
    /// Tell whether keys are too old, for scripts
    Check(check::Check),
    /// Say whose key a leaked value is, and what to do now
    Leaked(leaked::Leaked),
    /// Look for the values of your keys in the files that git tracks
    Scan(scan::Scan),
    /// Show the providers that Keywheel knows
    #[command(subcommand)]
    Provider(provider::Provider),
    /// Show what happened
    Activity(activity::ActivityCommand),
    /// Keys at a provider that nobody accounts for
    #[command(subcommand)]
    Unaccounted(unaccounted::UnaccountedCommand),
    /// Show and change what the window and this command keep to
    #[command(subcommand)]
    Settings(settings::SettingsCommand),
    /// Look for what is wrong or unfinished
    Doctor(doctor::Doctor),
    /// The system's keychain
    #[command(subcommand)]
    Keychain(keychain::KeychainCommand),
    #[command(hide = true)]
    Init(init::Init),
}

/// Reads the command line; what is wrong with it, and help, is printed here.
pub fn read() -> Result<Arguments, Exit> {
    let given: Vec<OsString> = std::env::args_os().collect();
    Arguments::try_parse_from(&given).map_err(|error| {
        if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
            return match error.print() {
                // A reader that has gone has seen enough.
                Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => Exit::Failed,
                _ => Exit::Done,
            };
        }
        refuse(
            &error.render().to_string(),
            given.iter().any(|argument| argument == "--json"),
        );
        Exit::Usage
    })
}

fn refuse(text: &str, json: bool) {
    let out = Out::new(json);
    let text = text.strip_prefix("error: ").unwrap_or(text);
    if json {
        let first = text.lines().next().unwrap_or_default();
        crate::commands::tell(&out, &Stop::usage(first));
        return;
    }
    for (at, line) in text.lines().enumerate() {
        match at {
            0 => out.aside(Line::new().look(Look::Bad, "error: ").text(line)),
            _ => out.aside(line),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Arguments, Command};
    use clap::{CommandFactory, Parser};

    fn parse(line: &str) -> Result<Arguments, clap::Error> {
        Arguments::try_parse_from(line.split_whitespace())
    }

    #[test]
    fn the_definition_of_the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn global_options_stand_anywhere() {
        let after = parse("keywheel key list --json --data-dir /tmp/x").unwrap();
        assert!(after.json && after.data_dir.is_some());
        assert!(parse("keywheel --json key list").unwrap().json);
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        for line in [
            "keywheel rotate k --copy --no-copy",
            "keywheel verify",
            "keywheel verify k --all",
            "keywheel check --max-age 0",
            "keywheel resume k --keep-extra --absent",
            "keywheel resume --absent",
            "keywheel unaccounted settle id",
            "keywheel target add k",
            "keywheel target add k --env-file .env",
            "keywheel target add k --by-hand x --command /bin/true",
            "keywheel policy set",
            "keywheel settings set",
            "keywheel settings set --letters perhaps",
            "keywheel account connect --field refresh_token",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn the_short_help_fits_a_screen_and_names_every_command() {
        let help = Arguments::command().render_help().to_string();
        assert!(help.lines().count() <= 38, "{} lines", help.lines().count());
        for command in Arguments::command()
            .get_subcommands()
            .filter(|command| !command.is_hide_set())
        {
            assert!(
                help.contains(&format!("  {} ", command.get_name())),
                "{}",
                command.get_name()
            );
        }
    }

    #[test]
    fn every_command_and_option_has_a_line_of_help() {
        fn check(command: &clap::Command) {
            for part in command.get_subcommands() {
                assert!(part.get_about().is_some() || part.is_hide_set(), "{}", part.get_name());
                check(part);
            }
            for argument in command.get_arguments() {
                assert!(
                    argument.get_help().is_some() || argument.is_hide_set(),
                    "{}",
                    argument.get_id()
                );
            }
        }
        check(&Arguments::command());
    }

    #[test]
    fn what_only_tests_may_ask_for_exists_in_test_builds_only() {
        for id in ["kill_after_record", "kill_before_record", "leak", "stop_at_end"] {
            let there = Arguments::command()
                .get_arguments()
                .any(|argument| argument.get_id() == id);
            assert_eq!(there, cfg!(feature = "fail-points"), "{id}");
        }
    }

    #[test]
    fn a_secret_has_no_argument() {
        let parsed = parse("keywheel key hold checkout-api").unwrap();
        assert!(matches!(parsed.command, Command::Key(_)));
        assert!(parse("keywheel key hold checkout-api sk_live_x").is_err());
    }
}
