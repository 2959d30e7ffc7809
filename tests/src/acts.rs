//! What a person starts, driven until it ends, waits or is stopped.

use std::collections::BTreeMap;

use keywheel_core::app::{Connect, OrgChoice, SignUp};
use keywheel_core::failure::{Code, Failure};
use keywheel_core::model::RotationId;
use keywheel_core::rotation::{Rotation, TakeBack};
use keywheel_core::vault::VaultState;

use crate::world::{Stopped, World};

/// What came of an act.
pub type Done<T> = Result<Result<T, Failure>, Stopped>;

impl World {
    /// One press on *Rotate key*.
    pub async fn rotate(&self) -> Done<Rotation> {
        let (app, key) = (self.app(), self.the_key());
        self.live(async move {
            let proposal = app.propose_rotation(key, VaultState::Ready).await?;
            let id = app.start_rotation(key, &proposal.hash, VaultState::Ready).await?;
            app.go_on(id).await
        })
        .await
    }

    pub async fn create(&self, name: &str) -> Done<Rotation> {
        let (app, account, environment) = (self.app(), self.the_account(), self.production().await);
        let name = name.to_owned();
        self.live(async move {
            let id = app
                .new_key(account, environment, &name, &keywheel_core::app::Description::default())
                .await?;
            app.go_on(id).await
        })
        .await
    }

    /// The sign-up form, with a new organisation or with one that exists.
    pub async fn sign_up_form(&self, field: &str, value: &str) -> SignUp {
        let connect = Connect {
            org: OrgChoice::New("Beta".to_owned()),
            label: "beta".to_owned(),
            fields: BTreeMap::from([
                ("web_api_key".to_owned(), self.user.web_api_key.clone()),
                (field.to_owned(), value.to_owned()),
            ]),
            ..self.connect_form().await
        };
        let key_name = "first".to_owned();
        SignUp { connect, key_name }
    }

    /// The emergency revocation of the key.
    pub async fn revoke(&self) -> Done<Rotation> {
        let (app, key) = (self.app(), self.the_key());
        self.live(async move {
            let proposal = app.propose_revoke(key, VaultState::Ready).await?;
            let id = app.start_revoke(key, &proposal.hash, VaultState::Ready).await?;
            app.go_on(id).await
        })
        .await
    }

    /// The one rotation that was opened, if any.
    pub async fn rotation(&self) -> Option<Rotation> {
        let ids: Vec<String> = self
            .column("SELECT id FROM rotations ORDER BY opened_at DESC, rowid DESC LIMIT 1")
            .await;
        let id = RotationId::parse(ids.first()?).expect("an id");
        Some(self.app().rotation(id).await.expect("a rotation"))
    }
}

/// Unwraps an act that nothing stopped and that went well.
pub fn went<T>(done: Done<T>) -> T {
    done.expect("nothing stops it")
        .unwrap_or_else(|failure| panic!("it goes well, but {failure:?}"))
}

/// Unwraps the code of an act that nothing stopped and that failed.
pub fn code<T>(done: Done<T>) -> Code {
    done.expect("nothing stops it").err().expect("it fails").code
}

/// The order of a person who knows that the new key is in use, and takes it back all the same.
pub fn from_use(rotation: &Rotation) -> TakeBack {
    TakeBack {
        in_use: Some(rotation.subject.key.name.to_string()),
        anyway: false,
    }
}
