//! The filled-in connect form, read against the account's definition.

use std::collections::BTreeMap;

use super::App;
use super::pasted::PastedHandle;
use super::places::named;
use crate::failure::{Code, Failure};
use crate::http;
use crate::model::{Account, EnvironmentId, OrgId};
use crate::provider::{Field, Scheme};

/// An organisation that exists, or a new one by name.
#[derive(Debug, Clone)]
pub enum OrgChoice {
    Existing(OrgId),
    New(String),
}

/// The filled-in connect form.
#[derive(Debug, Clone)]
pub struct Connect {
    pub org: OrgChoice,
    pub provider_id: String,
    pub label: String,
    /// How key management is authenticated; empty where the provider has no API for it.
    pub scheme: String,
    /// Non-secret fields by name.
    pub fields: BTreeMap<String, String>,
    /// Secret fields by name.
    pub pasted: BTreeMap<String, PastedHandle>,
    pub base_url: Option<String>,
    /// Where keys found in the list are put at first.
    pub environment: EnvironmentId,
    /// The person has looked: the credential takes the former one's place although its list lacks the keys, or the account is
    /// connected although it is already.
    pub anyway: bool,
}

/// A form that was read: everything in it has the right shape.
pub(super) struct ReadForm {
    pub account: Account,
    /// The management credential and the field it came in, where the provider has an API for managing keys.
    pub secret: Option<(PastedHandle, String)>,
}

impl App {
    /// Reads the form against the definition; names the first field that is wrong. `placed`: the fields
    /// that find the workspace are needed too.
    pub(super) async fn read_form(
        &self,
        form: &Connect,
        former: Option<&Account>,
        placed: bool,
    ) -> Result<ReadForm, Failure> {
        let definition = match former {
            Some(former) => self.definitions.require(former)?,
            None => self.catalog.require(&form.provider_id)?,
        };
        let scheme = match definition.scheme(&form.scheme) {
            None if !definition.needs_credential() && form.scheme.is_empty() => None,
            None => return Err(Failure::new(Code::InputInvalid).field("scheme")),
            scheme => scheme,
        };
        let label = named(&form.label, "label")?;
        let mut fields = BTreeMap::new();
        for field in definition.account_fields().iter().filter(|_| placed) {
            read_field(field, form, &mut fields)?;
        }
        for field in scheme.iter().flat_map(|scheme| scheme.fields()) {
            if !field.is_secret() {
                read_field(field, form, &mut fields)?;
            }
        }
        let secret = match scheme {
            Some(scheme) => Some(pasted_secret(scheme, form)?),
            None => None,
        };
        let base_url = match form.base_url.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => Some(base_url(text)?),
            // Without a call there is nowhere to send it.
            None if definition.base_url().is_none()
                && (definition.needs_credential() || definition.verifies(&fields)) =>
            {
                return Err(Failure::new(Code::InputMissing).field("base_url"));
            }
            None => None,
        };
        let (org_id, id) = match (former, &form.org) {
            (Some(former), _) => (former.org_id, former.id),
            (None, OrgChoice::Existing(id)) => (*id, self.account_id()),
            // Known only once the credential is proven and the organisation is made.
            (None, OrgChoice::New(name)) => {
                named(name, "org")?;
                let (ms, random) = self.id_parts();
                (OrgId::new(ms, random), self.account_id())
            }
        };
        let account = Account {
            id,
            org_id,
            provider_id: form.provider_id.clone(),
            label,
            fields,
            scheme: form.scheme.clone(),
            base_url,
            management_key_id: former.and_then(|former| former.management_key_id),
            definition: match former {
                Some(former) => former.definition.clone(),
                None => self.catalog.digest(&form.provider_id).map(str::to_owned),
            },
        };
        Ok(ReadForm { account, secret })
    }
}

fn pasted_secret(scheme: &Scheme, form: &Connect) -> Result<(PastedHandle, String), Failure> {
    let field = scheme
        .secret_field()
        .ok_or_else(|| Failure::new(Code::DefinitionInvalid))?
        .name();
    match form.pasted.get(field) {
        Some(handle) => Ok((handle.clone(), field.to_owned())),
        None => Err(Failure::new(Code::InputMissing).field(field)),
    }
}

fn read_field(field: &Field, form: &Connect, into: &mut BTreeMap<String, String>) -> Result<(), Failure> {
    let text = form
        .fields
        .get(field.name())
        .map(|text| text.trim())
        .unwrap_or_default();
    if text.is_empty() {
        return match field.required() {
            true => Err(Failure::new(Code::InputMissing).field(field.name())),
            false => Ok(()),
        };
    }
    if !field.accepts(text) {
        return Err(Failure::new(Code::InputInvalid).field(field.name()));
    }
    into.insert(field.name().to_owned(), text.to_owned());
    Ok(())
}

/// An address of the account's own: https, or plain http on this machine.
fn base_url(text: &str) -> Result<String, Failure> {
    match url::Url::parse(text) {
        Ok(url) if (url.scheme() == "https" || http::is_loopback(&url)) && url.password().is_none() => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        Ok(_) => Err(Failure::new(Code::InputNotHttps).field("base_url")),
        Err(_) => Err(Failure::new(Code::InputInvalid).field("base_url")),
    }
}
