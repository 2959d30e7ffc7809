//! Opening an organisation at a provider, with its first key.

use std::collections::BTreeMap;

use super::App;
use super::connect_form::Connect;
use super::places::named;
use crate::failure::{Code, Failure};
use crate::model::{About, RotationId};
use crate::rotation::Act;

/// The filled-in sign-up form: a connect form, and the inputs that the definition asks for.
#[derive(Debug, Clone)]
pub struct SignUp {
    pub connect: Connect,
    pub key_name: String,
}

/// An input of this beginning names a workspace that exists already, e.g. `existing_org_id` for `org_id`.
const EXISTING: &str = "existing_";

impl App {
    /// Proves the credential, stores it, and opens the sign-up; [`App::go_on`] drives it.
    pub async fn sign_up(&self, form: SignUp) -> Result<RotationId, Failure> {
        let SignUp { connect, key_name } = form;
        self.has_the_keys().await?;
        named(&key_name, "key_name")?;
        let inputs = self.signup_inputs(&connect)?;
        let mut read = self.read_form(&connect, None, false).await?;
        for (name, value) in &inputs {
            if let Some(field) = name.strip_prefix(EXISTING) {
                read.account.fields.insert(field.to_owned(), value.clone());
            }
        }
        let (account, _) = self.establish(&connect, read).await?;
        let key = self.named_key(account.id, connect.environment, &key_name)?;
        self.open_creation(Act::SignUp, key, About::default(), inputs).await
    }

    fn signup_inputs(&self, form: &Connect) -> Result<BTreeMap<String, String>, Failure> {
        let definition = self.catalog.require(&form.provider_id)?;
        let fields = definition
            .signup_fields()
            .ok_or_else(|| Failure::new(Code::ProviderNotAble))?;
        let mut inputs = BTreeMap::new();
        for field in fields.iter().filter(|field| field.name() != "key_name") {
            let text = form
                .fields
                .get(field.name())
                .map(|text| text.trim())
                .unwrap_or_default();
            if text.is_empty() {
                if field.required() {
                    return Err(Failure::new(Code::InputMissing).field(field.name()));
                }
            } else if field.accepts(text) {
                inputs.insert(field.name().to_owned(), text.to_owned());
            } else {
                return Err(Failure::new(Code::InputInvalid).field(field.name()));
            }
        }
        for one_of in definition.signup_one_of() {
            let given = one_of.iter().filter(|name| inputs.contains_key(*name)).count();
            let first = one_of.first().map(String::as_str).unwrap_or("name");
            match given {
                1 => {}
                0 => return Err(Failure::new(Code::InputMissing).field(first)),
                _ => return Err(Failure::new(Code::InputInvalid).field(first)),
            }
        }
        Ok(inputs)
    }
}
