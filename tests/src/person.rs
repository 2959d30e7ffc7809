//! The person at the machine: presses *Resume*, says when a key is replaced, looks at the provider's page.

use jiff::SignedDuration;
use keywheel_core::app::Answer;
use keywheel_core::model::RotationId;
use keywheel_core::rotation::{Ending, Rotation, State};

use crate::world::{Stopped, World};

/// How an act ended, seen by the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was never opened: nothing has happened.
    Nothing,
    Closed(Ending),
    /// Still open after the person's patience.
    Open(State),
}

/// What happened on the way to it.
#[derive(Debug, Clone, Copy)]
pub struct Settled {
    pub outcome: Outcome,
    pub questions: u32,
    pub mints: u32,
    pub took: SignedDuration,
}

/// How long a person waits for an end.
pub const PATIENCE: SignedDuration = SignedDuration::from_mins(30);

impl World {
    /// Goes on and answers until there is an end; a process that was stopped is started anew.
    pub async fn finish(&mut self) -> Settled {
        let (begun, mut questions) = (self.now(), 0);
        let Some(first) = self.rotation().await else {
            return Settled {
                outcome: Outcome::Nothing,
                questions,
                mints: 0,
                took: SignedDuration::ZERO,
            };
        };
        let id = first.id;
        let mut before = None;
        loop {
            let rotation = self.app().rotation(id).await.expect("a rotation");
            let took = self.now().duration_since(begun);
            let settled = |outcome| Settled {
                outcome,
                questions,
                mints: rotation.mints,
                took,
            };
            match rotation.position.state {
                State::Closed(ending) => return settled(Outcome::Closed(ending)),
                state if took > PATIENCE => return settled(Outcome::Open(state)),
                State::Asking => questions += 1,
                _ => {}
            }
            if before.replace(rotation.position) == Some(rotation.position) {
                // It is where it was: the person comes back in a minute.
                self.advance(1);
            }
            if self.press(&rotation).await == Err(Stopped) {
                self.reopen().await;
            }
        }
    }

    /// What the person does where the rotation stands. A failure is looked at and tried again.
    async fn press(&self, rotation: &Rotation) -> Result<(), Stopped> {
        let (app, id) = (self.app(), rotation.id);
        let done = match rotation.position.state {
            State::AwaitingPerson => self.live(async move { app.confirm_replaced(id).await.map(drop) }).await,
            State::Asking => {
                let answer = self.look(id).await;
                self.live(async move { app.answer(id, answer).await.map(drop) }).await
            }
            State::AwaitingTime { until, .. } => {
                let left = until.duration_since(self.now());
                self.clock.advance(left.max(SignedDuration::ZERO));
                self.live(async move { app.tick().await.map(drop) }).await
            }
            _ => self.live(async move { app.go_on(id).await.map(drop) }).await,
        };
        if let Err(failure) = done? {
            assert!(
                !failure.remedy().is_empty(),
                "whatever fails, the person is told what to do"
            );
        }
        Ok(())
    }

    /// Answers by the provider's own page: a candidate that carries our name is ours, any other is not.
    pub async fn look(&self, id: RotationId) -> Answer {
        let ledger = self.sim.ledger();
        let names = self.app().rotation(id).await.expect("a rotation").mint_name;
        let entries = self.unaccounted().await;
        let ours = |remote_id: &&String| {
            let mut keys = ledger.keys.iter().filter(|key| key.key_id == **remote_id);
            keys.any(|key| key.is_live() && key.name == names)
        };
        let candidates: Vec<String> = entries.into_iter().flatten().collect();
        match candidates.iter().find(ours) {
            Some(remote_id) => Answer::Revoke {
                remote_id: remote_id.clone(),
            },
            None if candidates.is_empty() => Answer::Absent,
            None => Answer::Keep,
        }
    }

    /// Revokes a key on the provider's own page.
    pub async fn revoke_at_provider(&self, key_id: &str) {
        assert_eq!(self.at_provider("DELETE", &format!("/{key_id}"), "").await, 204);
    }

    /// Makes a key on the provider's own page, as anybody may who has access to the organisation.
    pub async fn create_at_provider(&self, name: &str) {
        let body = serde_json::json!({ "name": name }).to_string();
        assert_eq!(self.at_provider("POST", "", &body).await, 201);
    }

    async fn at_provider(&self, method: &str, path: &str, body: &str) -> u16 {
        let token = self.sim.id_token(&self.user.email).expect("a user");
        let request = http::Request::builder()
            .method(method)
            .uri(format!("/api/v1/organizations/{}/api-keys{path}", self.org.id))
            .header("host", "backend.overtenai.com")
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(axum::body::Body::from(body.to_owned()))
            .expect("a request");
        let answer = self.sim.call(request).await.expect("an answer");
        answer.status().as_u16()
    }
}
