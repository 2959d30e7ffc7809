//! Values that a person hands over, and the time that they let pass.

use keywheel_core::app::{Description, ExistingKey};
use keywheel_core::model::{KeyId, RotationId};
use keywheel_core::rotation::{Rotation, State};

use super::Project;
use crate::acts::Done;

impl Project {
    /// Has a value that a person has held as a key of the account, whatever a call with it says.
    pub async fn hold(&self, environment: &str, name: &str, value: &str) -> KeyId {
        let app = self.app();
        let environment = app.find_environment(environment).await.expect("an environment");
        let form = ExistingKey {
            account: self.account,
            environment: environment.id,
            name: name.to_owned(),
            pasted: app.paste("key", value.to_owned()).expect("a value").handle,
            created: None,
            about: Description::default(),
            anyway: true,
        };
        app.add_key(form).await.expect("it is taken")
    }

    /// Hands over the value that the person copied.
    pub async fn take(&self, id: RotationId, value: &str) -> Done<Rotation> {
        let app = self.app();
        let handle = app.paste("key", value.to_owned()).expect("a value").handle;
        self.live(async move { app.take_new_value(id, &handle, false).await })
            .await
    }

    /// Goes on as long as it waits for a moment, so many times at most.
    pub async fn on(&self, mut rotation: Rotation, turns: usize) -> Rotation {
        for _ in 0..turns {
            if let State::AwaitingTime { .. } = rotation.position.state {
                rotation = self.until_due().await;
            }
        }
        rotation
    }
}
