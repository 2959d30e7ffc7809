//! What a definition says to people: permissions to choose, names to give, remedies.

use super::file::{AdviceFile, File, PermissionFile, PresetFile};
use super::{Definition, DefinitionProblem, Guide, ProviderStep, Reason, check};

/// Something that a key may be allowed to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    pub name: String,
    pub grants: String,
}

/// Permissions that the provider recommends together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preset {
    pub name: String,
    pub permissions: Vec<String>,
}

/// Whose a key is: with a person it stops working when that person leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoundTo {
    Person,
    Organisation,
}

#[derive(Debug)]
pub(super) struct Guidance {
    permissions: Vec<Permission>,
    presets: Vec<Preset>,
    purposes: Vec<String>,
    key_name: Option<String>,
    bound_to: Option<BoundTo>,
    advice: Vec<Advice>,
    contact: Option<String>,
}

/// A remedy, for a status, for a code, or for both together.
#[derive(Debug)]
struct Advice {
    status: Option<u16>,
    code: Option<String>,
    say: String,
}

const ENVIRONMENT: &str = "{environment}";
const SERVICE: &str = "{service}";

impl Definition {
    /// What a person does for a step that is not the API's, told for the key of that name.
    pub fn guide(&self, step: ProviderStep, key_name: &str) -> Option<Guide> {
        self.step(step)?.guide(key_name)
    }

    /// What keys may be allowed to do, where the provider has permissions.
    pub fn permissions(&self) -> &[Permission] {
        &self.guidance.permissions
    }

    /// Sets of permissions for common uses.
    pub fn presets(&self) -> &[Preset] {
        &self.guidance.presets
    }

    /// What the provider proposes separate keys for.
    pub fn purposes(&self) -> &[String] {
        &self.guidance.purposes
    }

    /// A name to propose for a new key, as written: `{environment}` and `{service}` may stand in it.
    pub fn proposed_name(&self) -> Option<&str> {
        self.guidance.key_name.as_deref()
    }

    /// The name to propose for a new key of that environment and service.
    pub fn proposed_name_for(&self, environment: &str, service: &str) -> Option<String> {
        let name = self.proposed_name()?;
        Some(name.replace(ENVIRONMENT, environment).replace(SERVICE, service))
    }

    /// Whose the keys are, where the provider says so.
    pub fn bound_to(&self) -> Option<BoundTo> {
        self.guidance.bound_to
    }

    /// What to do after such an answer: what is said of status and code together goes before what is said
    /// of the code, and that before what is said of the status.
    pub fn advice(&self, status: Option<u16>, code: Option<&str>) -> Option<&str> {
        let fits = |one: &&Advice| {
            one.status.is_none_or(|wanted| Some(wanted) == status)
                && one.code.as_deref().is_none_or(|wanted| Some(wanted) == code)
        };
        let exactness = |one: &&Advice| (one.code.is_some(), one.status.is_some());
        let advice = self.guidance.advice.iter().rev().filter(fits).max_by_key(exactness);
        advice.map(|one| one.say.as_str())
    }

    /// The address to write to, after a leak or for help.
    pub fn contact(&self) -> Option<&str> {
        self.guidance.contact.as_deref()
    }
}

impl Guidance {
    pub fn read(file: &mut File) -> Result<Guidance, DefinitionProblem> {
        let permissions = permissions(std::mem::take(&mut file.permission))?;
        Ok(Guidance {
            presets: presets(std::mem::take(&mut file.preset), &permissions)?,
            permissions,
            purposes: check::texts(std::mem::take(&mut file.purposes), 120, "purposes")?,
            key_name: match file.key_name.take() {
                Some(name) => Some(check::template(name, 80, &[ENVIRONMENT, SERVICE], "key_name")?),
                None => None,
            },
            bound_to: match file.bound_to.as_deref() {
                Some("person") => Some(BoundTo::Person),
                Some("organisation") => Some(BoundTo::Organisation),
                Some(_) => return Err(DefinitionProblem::new("bound_to", Reason::UnknownWord)),
                None => None,
            },
            advice: advice(std::mem::take(&mut file.advice))?,
            contact: match file.contact.take() {
                Some(address) if !is_address(&address) => {
                    return Err(DefinitionProblem::new("contact", Reason::BadContact));
                }
                address => address,
            },
        })
    }

    /// The error codes that remedies are for.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.advice.iter().filter_map(|one| one.code.as_deref())
    }
}

fn permissions(files: Vec<PermissionFile>) -> Result<Vec<Permission>, DefinitionProblem> {
    let mut permissions: Vec<Permission> = Vec::new();
    for (n, file) in files.into_iter().enumerate() {
        let at = |field: &str| format!("permission[{n}].{field}");
        if permissions.iter().any(|other| other.name == file.name) {
            return Err(DefinitionProblem::new(at("name"), Reason::Duplicate));
        }
        permissions.push(Permission {
            name: check::text(file.name, 60, &at("name"))?,
            grants: check::text(file.grants, 200, &at("grants"))?,
        });
    }
    Ok(permissions)
}

fn presets(files: Vec<PresetFile>, permissions: &[Permission]) -> Result<Vec<Preset>, DefinitionProblem> {
    let each = files.into_iter().enumerate().map(|(n, file)| {
        let at = |field: &str| format!("preset[{n}].{field}");
        let known = |name: &String| permissions.iter().any(|one| one.name == *name);
        if file.permissions.is_empty() {
            return Err(DefinitionProblem::new(at("permissions"), Reason::Empty));
        }
        if !file.permissions.iter().all(known) {
            return Err(DefinitionProblem::new(at("permissions"), Reason::UnknownWord));
        }
        Ok(Preset {
            name: check::text(file.name, 60, &at("name"))?,
            permissions: file.permissions,
        })
    });
    each.collect()
}

fn advice(files: Vec<AdviceFile>) -> Result<Vec<Advice>, DefinitionProblem> {
    let each = files.into_iter().enumerate().map(|(n, file)| {
        let wrong = || DefinitionProblem::new(format!("advice[{n}].on"), Reason::BadStatus);
        let (status, code) = match file.on.split_once(' ') {
            Some((status, code)) => (Some(status), Some(code)),
            None if file.on.starts_with(|c: char| c.is_ascii_digit()) => (Some(file.on.as_str()), None),
            None => (None, Some(file.on.as_str())),
        };
        let status = status.map(|status| status.parse().map_err(|_| wrong())).transpose()?;
        if status.is_some_and(|status| !(200..600).contains(&status)) {
            return Err(wrong());
        }
        if let Some(code) = code {
            check::code(code).map_err(|_| wrong())?;
        }
        Ok(Advice {
            status,
            code: code.map(str::to_owned),
            say: check::text(file.say, 300, &format!("advice[{n}].say"))?,
        })
    });
    each.collect()
}

/// Enough of an e-mail address to write to it, and nothing that a mail program could take for more.
fn is_address(text: &str) -> bool {
    let plain = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "._+-".contains(c));
    let parts = text.split_once('@');
    text.len() <= 120 && parts.is_some_and(|(user, host)| plain(user) && plain(host) && host.contains('.'))
}
