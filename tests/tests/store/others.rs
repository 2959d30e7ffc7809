//! What is another user's, or was made to look like a demo by somebody who may write the file.

use std::path::Path;

use keywheel_core::Code;
use keywheel_core::store::Store;
use provider_sim::{GraceFrom, Strategy};
use sqlx::AssertSqlSafe;
use tests::project::Project;

#[tokio::test]
async fn the_folder_of_another_user_is_left_alone() {
    let dir = tempfile::tempdir().expect("a folder");
    // Who is not root meets a folder of root's.
    let theirs = match std::os::unix::fs::chown(dir.path(), Some(12_345), None) {
        Ok(()) => dir.path(),
        Err(_) => Path::new("/"),
    };
    let refused = Store::open(theirs, "test").await.err();
    assert_eq!(refused.map(|failure| failure.code), Some(Code::StoreOthers));
    assert!(!theirs.join("keywheel.db").exists(), "nothing was made there");
}

/// Whoever may write the row may write all of it: as if no value had ever come, too.
#[tokio::test]
async fn a_row_alone_makes_no_demo() {
    for more in ["", ", keychain_backend = NULL, fingerprint_check = NULL"] {
        let mut project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
        let mut database = project.database().await;
        let row = format!("UPDATE data_dir SET demo_simulator = 'http://127.0.0.1:9'{more}");
        let marked = sqlx::query(AssertSqlSafe(row)).execute(&mut database).await;
        marked.expect("it is written");
        drop(database);
        let asked = project.sim.ledger().requests.len();
        project.reopen().await;
        let app = project.app();
        let refused = |failure: Option<keywheel_core::Failure>| failure.map(|failure| failure.code);
        let listed = app.refresh(Some(project.account)).await.err();
        assert_eq!(refused(listed), Some(Code::StoreNotDemo), "{more}");
        let authenticated = app.authenticate(project.account).await.err();
        assert_eq!(refused(authenticated), Some(Code::StoreNotDemo), "{more}");
        let verified = app.verify(project.key).await.err();
        assert_eq!(refused(verified), Some(Code::StoreNotDemo), "{more}");
        assert_eq!(
            refused(app.recognises().await.err()),
            Some(Code::StoreNotDemo),
            "{more}"
        );
        assert_eq!(project.sim.ledger().requests.len(), asked, "nothing was sent");
    }
}
