//! What exists at the providers before the first request: users, organisations, keys.

mod accounts;
mod demo;
mod five;
mod seed_key;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use seed_key::{Grant, SeedKey};

use crate::account::Account;
use crate::material::Material;

/// The Firebase project of Overten's users, under an invented name.
const PROJECT: &str = "overten-app";

/// Everything that exists when the simulator starts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct World {
    /// Firebase users.
    pub users: Vec<User>,
    /// Overten organisations.
    pub orgs: Vec<Org>,
    /// Keys of all providers.
    pub keys: Vec<SeedKey>,
    /// Accounts at the other providers.
    #[serde(default)]
    pub accounts: Vec<Account>,
    #[serde(skip, default = "Material::random")]
    pub(crate) material: Material,
}

/// A Firebase user who signs in to Overten.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct User {
    /// Firebase's `localId`.
    pub uid: String,
    /// E-mail address for the password sign-in.
    pub email: String,
    /// Password.
    pub password: String,
    /// Long-lived refresh token.
    pub refresh_token: String,
    /// Web API key of the Firebase project; one project serves all users of a provider.
    pub web_api_key: String,
    /// Firebase project.
    pub project_id: String,
    /// Error message with which Firebase refuses this user, such as `USER_DISABLED`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
}

/// An Overten organisation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Org {
    /// `org_id`.
    pub id: String,
    /// Name.
    pub name: String,
    /// `free`, `pro` or `enterprise`.
    pub tier: String,
    /// Who belongs to it.
    pub members: Vec<Member>,
    /// Primary webhook secret, which `/verify` returns.
    pub webhook_secret: String,
    /// How its key list looks.
    #[serde(default)]
    pub list: ListStyle,
    /// Whether every call for it is refused with 403 (Overten, /errors).
    #[serde(default)]
    pub suspended: bool,
}

/// A user's place in an organisation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Member {
    /// Firebase user.
    pub uid: String,
    /// Role.
    pub role: Role,
}

/// What a member may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// May do everything.
    Owner,
    /// May do everything but close the organisation.
    Admin,
    /// May use keys, not manage them (unconfirmed).
    Member,
}

impl Role {
    /// Whether this role manages keys (Overten, signup: "owner or admin").
    pub fn manages(self) -> bool {
        matches!(self, Self::Owner | Self::Admin)
    }
}

/// The shape of a key list, which Overten's documents leave open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListStyle {
    /// What the entries are in.
    pub container: Container,
    /// Whether an entry reports `created_at`.
    pub created_at: bool,
    /// Whether it shows each entry twice, in no order.
    #[serde(default)]
    pub repeats: bool,
}

impl Default for ListStyle {
    fn default() -> Self {
        Self {
            container: Container::Keys,
            created_at: true,
            repeats: false,
        }
    }
}

/// What the entries of a key list are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Container {
    /// `[…]`
    Bare,
    /// `{"keys":[…]}`
    Keys,
    /// `{"api_keys":[…]}`
    ApiKeys,
}

impl World {
    /// Nothing at all.
    pub fn empty() -> Self {
        Self {
            users: Vec::new(),
            orgs: Vec::new(),
            keys: Vec::new(),
            accounts: Vec::new(),
            material: Material::world(),
        }
    }

    /// An account or more at each of the five documented providers; the same on every run.
    pub fn five(now: Timestamp) -> Self {
        five::world(now)
    }

    /// A project for each strategy of the invented provider; the same on every run.
    pub fn lab(now: Timestamp) -> Self {
        five::lab(now)
    }

    /// Three organisations with 40 live service keys of mixed age; the same on every run.
    pub fn demo(now: Timestamp) -> Self {
        demo::world(now)
    }

    /// Adds a user with credentials of the right shape.
    pub fn add_user(&mut self, email: &str) -> User {
        let web_api_key = match self.users.first() {
            Some(user) => user.web_api_key.clone(),
            None => self.material.web_api_key(),
        };
        let user = User {
            uid: self.material.uid(),
            email: email.to_owned(),
            password: self.material.pick(crate::material::ALPHANUMERIC, 20),
            refresh_token: self.material.refresh_token(),
            web_api_key,
            project_id: PROJECT.to_owned(),
            refusal: None,
        };
        self.users.push(user.clone());
        user
    }

    /// Adds an organisation that `owner` owns.
    pub fn add_org(&mut self, name: &str, owner: &User) -> Org {
        let org = Org {
            id: self.material.id("org"),
            name: name.to_owned(),
            tier: "pro".to_owned(),
            members: vec![Member {
                uid: owner.uid.clone(),
                role: Role::Owner,
            }],
            webhook_secret: self.material.webhook_secret(),
            list: ListStyle::default(),
            suspended: false,
        };
        self.orgs.push(org.clone());
        org
    }

    /// Adds a user to an organisation.
    pub fn add_member(&mut self, org: &Org, user: &User, role: Role) {
        for known in self.orgs.iter_mut().filter(|known| known.id == org.id) {
            known.members.push(Member {
                uid: user.uid.clone(),
                role,
            });
        }
    }

    /// Chooses how an organisation's key list looks.
    pub fn set_list(&mut self, org: &Org, list: ListStyle) {
        for known in self.orgs.iter_mut().filter(|known| known.id == org.id) {
            known.list = list;
        }
    }

    /// Adds a live key, minted at `created_at`.
    pub fn add_key(&mut self, org: &Org, name: &str, environment: &str, created_at: Timestamp) -> SeedKey {
        let key = SeedKey {
            key_id: self.material.id("key"),
            org_id: org.id.clone(),
            value: self.material.overten_secret(),
            created_at,
            revoked_at: None,
            suggested_name: Some(name.to_owned()),
            environment: Some(environment.to_owned()),
            grant: Grant::default(),
        };
        self.keys.push(key.clone());
        key
    }
}

impl Material {
    fn world() -> Self {
        Self::seeded("world", 0)
    }
}
