//! Sessions without a keychain.

use keywheel_core::failure::Code;
use keywheel_core::vault::{Vault, VaultState};

use crate::calls::all_fail_with;
use crate::session::{Start, in_session};

#[test]
fn without_a_bus_there_is_no_service() {
    in_session(
        "absent::without_a_bus_there_is_no_service",
        Start::NoBus,
        async |session| {
            all_fail_with(&session.keychain(), VaultState::NoService).await;
        },
    );
}

#[test]
fn a_bus_without_a_keychain_is_no_service() {
    in_session(
        "absent::a_bus_without_a_keychain_is_no_service",
        Start::NoDaemon,
        async |session| {
            all_fail_with(&session.keychain(), VaultState::NoService).await;
            assert_eq!(
                session.keychain().unlock().await.unwrap_err().code,
                Code::KeychainNoService
            );
            assert_eq!(
                session.keychain().backend().await.unwrap_err().code,
                Code::KeychainNoService
            );
        },
    );
}

#[test]
fn a_keychain_without_a_default_collection_says_so() {
    in_session(
        "absent::a_keychain_without_a_default_collection_says_so",
        Start::NoKeyring,
        async |session| {
            all_fail_with(&session.keychain(), VaultState::NoDefaultCollection).await;
            assert_eq!(
                session.keychain().unlock().await.unwrap_err().code,
                Code::KeychainNoDefault
            );
            assert!(!session.prompted());
        },
    );
}
