//! Accounts: one workspace at one provider, with the credential that manages its keys.

mod form;
mod list;

use clap::{Args, Subcommand};
use keywheel_core::app::{Connect, SignUp};
use keywheel_core::model;
use keywheel_wire::render::{self, connect_view};

use self::form::{ConnectForm, Form, ReplaceForm};
use super::sheet;
use crate::ask::confirm;
use crate::exit::{Exit, Stop};
use crate::render::{Line, Look};
use crate::session::Session;
use crate::words::quoted;

const CONNECT_HELP: &str = "\
The one secret of the scheme is asked for without echo, or read from standard input:
  keywheel account connect --provider overten --org acme --new-org --label main --env production \\
    --scheme firebase_refresh --field org_id=org_8Qm2 --field web_api_key=AIzaSy… < token.txt

`keywheel provider show overten` lists the schemes and their fields.";

const SIGN_UP_HELP: &str = "\
Opens an organisation at the provider, or enables its API on an existing one, and stores the first key:
  keywheel account sign-up --provider overten --org acme --label main --env production \\
    --scheme firebase_refresh --field web_api_key=AIzaSy… --field org_name='Acme Corp' --field tier=pro
  … --field existing_org_id=org_8Qm2 instead of org_name for one that exists";

#[derive(Debug, Subcommand)]
pub enum Account {
    /// Connect an account; its credential is proven before it is stored
    #[command(after_long_help = CONNECT_HELP)]
    Connect(ConnectForm),
    /// Open an organisation at the provider, with its first key
    #[command(after_long_help = SIGN_UP_HELP)]
    SignUp(SignUpForm),
    /// List all accounts
    List,
    /// Read the key lists of all accounts, or of one
    Refresh {
        /// Its label, org/label or id
        account: Option<String>,
    },
    /// Give an account another management credential
    ReplaceCredential(ReplaceForm),
    /// Show how its provider's definition has changed since it was connected, and accept that
    Definition {
        /// Its label, org/label or id
        account: String,
        /// Go by the present definition from now on; the word that names it is shown with what changed
        #[arg(long, value_name = "WORD")]
        accept: Option<String>,
    },
    /// Take an account out of Keywheel; at the provider nothing changes
    Remove {
        /// Its label, org/label or id
        account: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, Args)]
pub struct SignUpForm {
    #[command(flatten)]
    form: Form,
    /// Name of the first key
    #[arg(long, value_name = "NAME", default_value = "default")]
    key_name: String,
}

impl Account {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        match self {
            Account::Connect(form) => connect(session, form).await,
            Account::SignUp(form) => sign_up(session, form).await,
            Account::List => list::print(session, None).await,
            Account::Refresh { account } => refresh(session, account.as_deref()).await,
            Account::ReplaceCredential(form) => replace(session, form).await,
            Account::Definition { account, accept } => definition(session, account, accept.as_deref()).await,
            Account::Remove { account, yes } => remove(session, account, *yes).await,
        }
    }
}

async fn connect(session: &Session, form: &ConnectForm) -> Result<Exit, Stop> {
    let connect = form.form.read(session, false).await?;
    let anyway = form.anyway;
    let connected = session.app.connect(Connect { anyway, ..connect }).await?;
    told(session, &connected)
}

async fn replace(session: &Session, form: &ReplaceForm) -> Result<Exit, Stop> {
    let account = session.app.find_account(&form.account).await?;
    let connect = form.read(session, &account).await?;
    let connected = session.app.replace_credential(account.id, connect).await?;
    told(session, &connected)
}

fn told(session: &Session, connected: &keywheel_core::app::Connected) -> Result<Exit, Stop> {
    let definition = session.app.definitions().require(&connected.account)?;
    let view = connect_view(connected, &definition);
    session.out.value(&view);
    session.out.line(format!(
        "Connected {} ({}).",
        connected.account.label,
        definition.name()
    ));
    for line in &view.lines {
        let (look, mark) = if line.ok {
            (Look::Good, "✓")
        } else {
            (Look::Bad, "✗")
        };
        session
            .out
            .line(Line::new().look(look, format!("  {mark} ")).text(&line.message));
    }
    Ok(connected.found.as_ref().err().map_or(Exit::Done, Exit::of_failure))
}

async fn sign_up(session: &Session, form: &SignUpForm) -> Result<Exit, Stop> {
    let connect = form.form.read(session, true).await?;
    let opened = session
        .app
        .sign_up(SignUp {
            connect,
            key_name: form.key_name.clone(),
        })
        .await?;
    let rotation = session.driving(session.app.go_on(opened)).await?;
    sheet::ended(session, &rotation).await
}

async fn refresh(session: &Session, account: Option<&str>) -> Result<Exit, Stop> {
    let only: Option<model::Account> = match account {
        Some(account) => Some(session.app.find_account(account).await?),
        None => None,
    };
    let id = only.as_ref().map(|account| account.id);
    session.app.refresh(id).await?;
    list::print(session, id).await
}

/// Until it is accepted, no value goes anywhere by the present definition.
async fn definition(session: &Session, account: &str, accept: Option<&str>) -> Result<Exit, Stop> {
    let account = session.app.find_account(account).await?;
    let changed = session.app.changed_definitions().await?;
    let Some(changed) = changed.into_iter().find(|one| one.account.id == account.id) else {
        let says = match session.app.definitions().present_is_there(&account.provider_id) {
            true => format!("{} goes by its provider's present definition.", account.label),
            false => format!(
                "There is no definition of {} now that could be read; {} goes by the former one.",
                account.provider_id, account.label
            ),
        };
        session.out.line(says);
        return Ok(Exit::Done);
    };
    if let Some(digest) = accept {
        session.app.accept_definition(account.id, digest).await?;
        let says = format!("{} goes by the present definition from now on.", account.label);
        session.out.line(says);
        return Ok(Exit::Done);
    }
    session.out.value(&changed.differences);
    session.out.line(render::definition_changed(&changed));
    for difference in &changed.differences {
        session
            .out
            .line(Line::new().look(Look::Warning, format!("  {difference}")));
    }
    let label = quoted(account.label.as_str());
    session.out.line(format!(
        "Accept it: keywheel account definition {label} --accept {}",
        changed.digest
    ));
    Ok(Exit::Later)
}

async fn remove(session: &Session, account: &str, yes: bool) -> Result<Exit, Stop> {
    let account = session.app.find_account(account).await?;
    let question = format!(
        "Remove {} from Keywheel? Its credential and all its held values leave the keychain; nothing is revoked.",
        account.label
    );
    confirm(&session.out, &question, yes)?;
    session.app.remove_account(account.id).await?;
    super::removed(session, account.label.as_str()).await
}
