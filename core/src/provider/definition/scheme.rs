//! Ways to authenticate key management.

use super::field::{Field, FieldKind};
use super::file::{SchemeFile, SignFile};
use super::{DefinitionProblem, Reason, check};
use crate::http::auth::{Carrier, Grant, HeaderScheme, SIGN_IN_HOSTS, SigV4};

/// One way to authenticate key management: its form, and how its token or secret is put to use.
#[derive(Debug, Clone)]
pub struct Scheme {
    id: String,
    label: String,
    help: String,
    fields: Vec<Field>,
    kind: SchemeKind,
    carrier: Carrier,
}

/// How the token of the header comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::provider) enum SchemeKind {
    /// The secret itself is the token.
    Header,
    /// The secret signs, and is not sent.
    Signature,
    /// Firebase gives an ID token for the secret.
    Firebase(Grant),
}

impl Scheme {
    pub fn id(&self) -> &str {
        &self.id
    }

    pub fn label(&self) -> &str {
        &self.label
    }

    /// Where to get it and how long it lasts.
    pub fn help(&self) -> &str {
        &self.help
    }

    /// All inputs of its form; exactly one is secret.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    pub fn secret_field(&self) -> Option<&Field> {
        self.fields.iter().find(|field| field.is_secret())
    }

    /// Whether its secret stops working by itself within hours, so that it fits one visit only.
    pub fn is_short_lived(&self) -> bool {
        self.kind == SchemeKind::Firebase(Grant::IdToken)
    }

    pub(in crate::provider) fn kind(&self) -> SchemeKind {
        self.kind
    }

    pub(in crate::provider) fn carrier(&self) -> &Carrier {
        &self.carrier
    }

    /// `parts`: how many the values of the provider's keys have.
    pub(super) fn read(
        file: SchemeFile,
        hosts: &[String],
        parts: usize,
        at: &str,
    ) -> Result<Scheme, DefinitionProblem> {
        check::word(&file.id, &format!("{at}.id"))?;
        let kind = match file.kind.as_str() {
            "header" => SchemeKind::Header,
            "firebase_refresh" => SchemeKind::Firebase(Grant::RefreshToken),
            "firebase_password" => SchemeKind::Firebase(Grant::Password),
            "firebase_id_token" => SchemeKind::Firebase(Grant::IdToken),
            "sigv4" => SchemeKind::Signature,
            "basic" | "oauth2" => return Err(DefinitionProblem::new(format!("{at}.kind"), Reason::NotYet)),
            _ => return Err(DefinitionProblem::new(format!("{at}.kind"), Reason::UnknownWord)),
        };
        let wrong = |field: &str, reason| DefinitionProblem::new(format!("{at}.{field}"), reason);
        let carrier = match (file.header, file.sign, kind) {
            (None, Some(sign), SchemeKind::Signature) => signature(sign, parts, &format!("{at}.sign"))?,
            (_, None, SchemeKind::Signature) => return Err(wrong("sign", Reason::MissingField)),
            (Some(_), _, SchemeKind::Signature) => return Err(wrong("header", Reason::NotUsedHere)),
            (_, Some(_), _) => return Err(wrong("sign", Reason::NotUsedHere)),
            (Some(header), None, _) => {
                Carrier::Header(check::header(&header, "{credential.token}", &format!("{at}.header"))?)
            }
            (None, None, SchemeKind::Firebase(_)) => Carrier::Header(HeaderScheme::bearer()),
            (None, None, SchemeKind::Header) => return Err(wrong("header", Reason::MissingField)),
        };
        let fields = Field::read_all(file.field, &format!("{at}.field"))?;
        let wrong = |reason| Err(wrong("field", reason));
        if fields.iter().filter(|field| field.is_secret()).count() != 1 {
            return wrong(Reason::NeedsSecret);
        }
        if let SchemeKind::Firebase(grant) = kind {
            let names: Vec<&str> = fields.iter().map(Field::name).collect();
            if !grant.fields().iter().all(|needed| names.contains(needed)) {
                return wrong(Reason::MissingField);
            }
            let secret = fields
                .iter()
                .find(|field| *field.kind() == FieldKind::Secret)
                .map(Field::name);
            if secret != Some(grant.secret_field()) {
                return wrong(Reason::NeedsSecret);
            }
            let calls_out = grant != Grant::IdToken;
            if calls_out
                && !SIGN_IN_HOSTS
                    .iter()
                    .all(|host| hosts.iter().any(|listed| listed == host))
            {
                return Err(DefinitionProblem::new("hosts", Reason::NeedsHost));
            }
        }
        Ok(Scheme {
            label: check::text(file.label, 80, &format!("{at}.label"))?,
            help: check::text(file.help, 600, &format!("{at}.help"))?,
            id: file.id,
            fields,
            kind,
            carrier,
        })
    }
}

/// What signs is a key of the provider itself: an id and a secret.
pub(super) fn signature(file: SignFile, parts: usize, at: &str) -> Result<Carrier, DefinitionProblem> {
    if parts != 2 {
        return Err(DefinitionProblem::new(at, Reason::NeedsParts));
    }
    check::word(&file.service, &format!("{at}.service"))?;
    check::word(&file.region, &format!("{at}.region"))?;
    Ok(Carrier::Signature(SigV4 {
        service: file.service,
        region: file.region,
    }))
}
