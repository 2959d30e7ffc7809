//! The connect form as options, and its one secret.

use std::collections::BTreeMap;

use clap::Args;
use keywheel_core::app::{Connect, OrgChoice};
use keywheel_core::model::Account;
use keywheel_core::provider::Scheme;
use keywheel_core::{Code, Failure};

use crate::exit::Stop;
use crate::secret_input::SecretInput;
use crate::session::Session;

/// What connecting and signing up ask for.
#[derive(Debug, Args)]
pub struct Form {
    /// The provider's id
    #[arg(long, value_name = "ID")]
    provider: String,
    /// Your organisation that the account is for
    #[arg(long, value_name = "ORG")]
    org: String,
    /// Create that organisation in Keywheel
    #[arg(long)]
    new_org: bool,
    /// Your name for the account
    #[arg(long, value_name = "NAME")]
    label: String,
    /// Environment that keys found in the list are put in at first
    #[arg(long, value_name = "ENV")]
    env: String,
    /// How key management is authenticated, where the provider has an API for it; see `keywheel provider show`
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    scheme: String,
    /// A field that is not secret; may be repeated
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = field)]
    fields: Vec<(String, String)>,
    /// Address of its own, where the account has one: https, or http on this machine
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    #[command(flatten)]
    secret: SecretInput,
}

/// What connecting asks for besides.
#[derive(Debug, Args)]
pub struct ConnectForm {
    #[command(flatten)]
    pub form: Form,
    /// Connect it although this very account is connected already
    #[arg(long)]
    pub anyway: bool,
}

/// What replacing a credential asks for; all else stays.
#[derive(Debug, Args)]
pub struct ReplaceForm {
    /// Its label, org/label or id
    pub account: String,
    /// Another way to authenticate [default: as before]
    #[arg(long, value_name = "ID")]
    scheme: Option<String>,
    /// A field that changes; may be repeated
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = field)]
    fields: Vec<(String, String)>,
    #[command(flatten)]
    secret: SecretInput,
    /// Take it although its list lacks all or most of the keys that are known
    #[arg(long)]
    anyway: bool,
}

impl Form {
    /// Reads the form. `signs_up`: the fields of the sign-up form belong to it too.
    pub async fn read(&self, session: &Session, signs_up: bool) -> Result<Connect, Stop> {
        let app = &session.app;
        let definition = app.catalog().require(&self.provider)?;
        let scheme = match definition.scheme(&self.scheme) {
            None if !definition.needs_credential() && self.scheme.is_empty() => None,
            None => {
                let choices: Vec<&str> = definition.schemes().iter().map(Scheme::id).collect();
                return Err(wrong("scheme").detail(format!("there are: {}", choices.join(", "))));
            }
            scheme => scheme,
        };
        let org = match self.new_org {
            true => OrgChoice::New(self.org.clone()),
            false => OrgChoice::Existing(app.find_org(&self.org).await?.id),
        };
        let environment = app.find_environment(&self.env).await?.id;
        let mut known: Vec<&str> = definition.account_fields().iter().map(|field| field.name()).collect();
        if signs_up {
            known.extend(
                definition
                    .signup_fields()
                    .unwrap_or_default()
                    .iter()
                    .map(|field| field.name()),
            );
        }
        let fields = read_fields(&self.fields, scheme, &known)?;
        let pasted = match scheme {
            Some(scheme) => paste(session, scheme, self.secret)?,
            None => BTreeMap::new(),
        };
        Ok(Connect {
            org,
            provider_id: self.provider.clone(),
            label: self.label.clone(),
            scheme: self.scheme.clone(),
            fields,
            pasted,
            base_url: self.base_url.clone(),
            environment,
            anyway: false,
        })
    }
}

impl ReplaceForm {
    pub async fn read(&self, session: &Session, account: &Account) -> Result<Connect, Stop> {
        let app = &session.app;
        let definition = app.definitions().require(account)?;
        let wanted = self.scheme.clone().unwrap_or_else(|| account.scheme.clone());
        let scheme = definition.scheme(&wanted).ok_or_else(|| wrong("scheme"))?;
        let known: Vec<&str> = definition.account_fields().iter().map(|field| field.name()).collect();
        let mut fields = account.fields.clone();
        fields.extend(read_fields(&self.fields, Some(scheme), &known)?);
        // It only says where new accounts put what they find.
        let environment = app.environments().await?.first().map(|environment| environment.id);
        Ok(Connect {
            org: OrgChoice::Existing(account.org_id),
            provider_id: account.provider_id.clone(),
            label: account.label.to_string(),
            pasted: paste(session, scheme, self.secret)?,
            scheme: wanted,
            fields,
            base_url: account.base_url.clone(),
            environment: environment.ok_or_else(|| Failure::new(Code::NotFound).field("environment"))?,
            anyway: self.anyway,
        })
    }
}

fn paste(
    session: &Session,
    scheme: &Scheme,
    secret: SecretInput,
) -> Result<BTreeMap<String, keywheel_core::app::PastedHandle>, Stop> {
    let field = scheme
        .secret_field()
        .ok_or_else(|| Failure::new(Code::DefinitionInvalid))?;
    let handle = secret.read(&session.app, field.name(), field.label())?;
    Ok(BTreeMap::from([(field.name().to_owned(), handle)]))
}

/// Refuses what the form does not have, and above all a secret on the command line.
fn read_fields(
    given: &[(String, String)],
    scheme: Option<&Scheme>,
    known: &[&str],
) -> Result<BTreeMap<String, String>, Stop> {
    let secret = scheme.and_then(Scheme::secret_field);
    let fields_of = || scheme.iter().flat_map(|scheme| scheme.fields());
    let mut fields = BTreeMap::new();
    for (name, value) in given {
        if secret.is_some_and(|field| field.name() == name) {
            let said =
                "a secret is never given as an argument, where others can read it; leave it out and it is asked for";
            return Err(Stop::about(name, said));
        }
        if !known.contains(&name.as_str()) && fields_of().all(|field| field.name() != name) {
            return Err(Stop::about(name, "this form has no such field"));
        }
        if fields.insert(name.clone(), value.clone()).is_some() {
            return Err(Stop::about(name, "this field is given twice"));
        }
    }
    Ok(fields)
}

fn wrong(field: &str) -> Stop {
    Failure::new(Code::InputInvalid).field(field).into()
}

/// Never repeats what was given: it may be a secret that does not belong here.
fn field(text: &str) -> Result<(String, String), &'static str> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("a field is given as NAME=VALUE"),
    }
}
