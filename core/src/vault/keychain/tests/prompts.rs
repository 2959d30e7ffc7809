//! What unlocking does with a prompt.

use std::sync::Arc;

use super::fake::Fake;
use super::{hasty, keychain};
use crate::failure::{Code, Failure};
use crate::vault::{Vault, VaultState};

#[tokio::test]
async fn a_prompt_nobody_answers_ends_at_the_hard_deadline() {
    let fake = Arc::new(Fake::default());
    let keychain = keychain(&fake);
    fake.set_state(VaultState::Locked);
    fake.answer_prompt(None);
    assert_eq!(
        hasty(&keychain).unlock().await.unwrap_err(),
        Failure::new(Code::KeychainTooLong)
    );
    fake.answer_prompt(Some(VaultState::Dismissed));
    assert_eq!(
        keychain.unlock().await.unwrap_err(),
        Failure::new(Code::KeychainDismissed)
    );
    fake.answer_prompt(Some(VaultState::Ready));
    keychain.unlock().await.unwrap();
    assert_eq!(keychain.state().await, VaultState::Ready);
}

#[tokio::test]
async fn locking_makes_no_prompt_and_only_unlocking_ends_it() {
    let fake = Arc::new(Fake::default());
    let keychain = keychain(&fake);
    keychain.lock().await.unwrap();
    assert_eq!((keychain.state().await, fake.prompts()), (VaultState::Locked, 0));
    fake.answer_prompt(Some(VaultState::Ready));
    keychain.unlock().await.unwrap();
    assert_eq!((keychain.state().await, fake.prompts()), (VaultState::Ready, 1));
}

#[tokio::test]
async fn two_who_ask_to_unlock_make_one_prompt() {
    let fake = Arc::new(Fake::default());
    let keychain = keychain(&fake);
    fake.set_state(VaultState::Locked);
    let (one, other) = tokio::join!(keychain.unlock(), keychain.unlock());
    one.and(other).unwrap();
    assert_eq!(fake.prompts(), 1);
}
