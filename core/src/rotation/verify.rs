//! The new key is shown to work, by a call with it.

use std::time::Duration;

use super::drive::{Driver, Next, new_version};
use super::journal::{Change, Fence, Rotation};
use super::plan::StepKind;
use super::state::Event;
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{Answer, Standing, Verdict, VersionId};
use crate::vault::VaultRef;

/// How long a refusal of a new key may be propagation.
const PROPAGATION: Duration = Duration::from_secs(600);

impl Driver {
    pub(super) async fn verify_new(&self, fence: Fence, rotation: &Rotation) -> Result<Next, Failure> {
        let kind = StepKind::VerifyNew;
        let version = new_version(rotation)?;
        self.record(fence, Event::Intended(kind), vec![]).await?;
        let verdict = match self.asked(rotation, version).await {
            Ok(Some(verdict)) => verdict,
            Ok(None) => {
                self.record(fence, Event::NotApplied(kind, Code::KeychainMissing), vec![])
                    .await?;
                return Ok(Next::Go);
            }
            Err(failure) => {
                self.undetermined(fence, rotation, kind, &failure, vec![]).await?;
                return Ok(Next::Go);
            }
        };
        let unsaid = unsaid(&verdict);
        let answer = match in_place(Guard::VerifiedLive) {
            true => verdict.answer,
            false => Answer::Live,
        };
        // A call that waits for its turn was not made, and says nothing.
        let waits = verdict.status.is_none() && verdict.retry_at.is_some();
        let mut changes = Vec::new();
        if !waits {
            changes.push(Change::Verdict { version, verdict });
        }
        match answer {
            Answer::Live => {
                // Without a predecessor it serves from now on; else only when the person has replaced it.
                if rotation.subject.old.is_none() {
                    changes.push(Change::Promoted { new: version });
                }
                self.record(fence, Event::Applied(kind), changes).await?;
            }
            // What a person pasted may be a slip of theirs: they look at it before anything is waited for.
            Answer::Dead if !rotation.plan.sends(StepKind::Mint) => {
                self.record(fence, Event::NotApplied(kind, Code::KeyNotAccepted), changes)
                    .await?
            }
            // A refusal right after the mint may be propagation; ten minutes are long enough for that.
            Answer::Dead if self.tries_for(rotation, kind, PROPAGATION) && in_place(Guard::Propagation) => {
                self.park(fence, kind, rotation, Code::KeyNotAccepted, changes).await?;
            }
            Answer::Dead => {
                self.record(fence, Event::NotApplied(kind, Code::KeyNotAccepted), changes)
                    .await?
            }
            Answer::Undetermined => self.undetermined(fence, rotation, kind, &unsaid, changes).await?,
        }
        Ok(Next::Go)
    }

    /// Calls with the value of a version; `None` where the keychain does not hold it.
    pub(super) async fn asked(&self, rotation: &Rotation, version: VersionId) -> Result<Option<Verdict>, Failure> {
        let Some(secret) = self.effects.vault.get(&VaultRef::version(version)).await? else {
            return Ok(None);
        };
        let workspace = self.effects.workspaces.using(&rotation.subject.account).await?;
        Ok(Some(self.effects.provider.verify(&workspace, &secret).await))
    }
}

/// Why an answer decides nothing yet, and when asking again makes sense.
pub(super) fn unsaid(verdict: &Verdict) -> Failure {
    let code = match (verdict.standing, verdict.retry_at) {
        (Some(Standing::RateLimited), _) | (_, Some(_)) => Code::ProviderRateLimited,
        _ => Code::ProviderUndetermined,
    };
    let failure = Failure::new(code);
    match verdict.retry_at {
        Some(at) => failure.retry_at(at),
        None => failure,
    }
}
