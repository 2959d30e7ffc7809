//! The nouns and their rules. No I/O, not serialisable, names nothing else of ours.

mod account;
mod binding;
mod fingerprint;
mod hint;
mod ids;
mod key;
mod name;
mod org;
mod policy;
mod remote_key;
mod seal;
mod secret;
mod settings;
mod status;
mod under_way;
mod verdict;
mod waiver;

pub use account::{Account, Credential};
pub use binding::{Binding, Command, EnvFile, Target};
pub use fingerprint::{Fingerprint, FingerprintKey};
pub use hint::Hint;
pub use ids::{AccountId, BindingId, EnvironmentId, KeyId, OrgId, PolicyId, RotationId, UnaccountedId, VersionId};
pub use key::{About, Key, KeyVersion, Purpose, Receipt, VersionState};
pub use name::{Name, NameProblem};
pub use org::{Environment, Org, Tier};
pub use policy::{Policy, PolicyScope};
pub use remote_key::RemoteKey;
pub use seal::Seal;
pub use secret::Secret;
pub use settings::{Density, LockKeychain, Settings, Theme};
pub use status::Status;
pub use under_way::UnderWay;
pub use verdict::{Answer, Standing, Verdict};
pub use waiver::{Waiver, WaiverKind};
