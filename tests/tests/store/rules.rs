//! Named constraints and what they mean to a person.

use keywheel_core::Code;
use keywheel_core::app::{Connect, OrgChoice};
use keywheel_core::model::{Policy, PolicyScope};
use keywheel_core::store::DB_FILE;
use keywheel_core::vault::VaultState;
use sqlx::AssertSqlSafe;
use tests::{World, went};

use super::{refused, said};

#[tokio::test]
async fn migrations_run_once_however_often_it_is_opened() {
    let mut world = World::calm().connected().await;
    let facts = [
        "SELECT id FROM data_dir",
        "SELECT group_concat(version || hex(checksum)) FROM _sqlx_migrations",
        "SELECT group_concat(name) FROM environments",
        "SELECT group_concat(sql) FROM sqlite_schema",
    ];
    let mut before = Vec::new();
    for sql in facts {
        before.push(world.column(sql).await);
    }
    for _ in 0..3 {
        world.reopen().await;
    }
    let second = world.another().await.expect("a second process opens it too");
    for (sql, before) in facts.iter().zip(before) {
        assert_eq!(world.column(sql).await, before, "{sql}");
    }
    assert!(second.integrity().await.expect("it is checked"));
    second.close().await;
}

#[tokio::test]
async fn folder_and_file_are_for_the_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::calm().opened().await;
    let mode = |path: &std::path::Path| std::fs::metadata(path).expect("it exists").permissions().mode() & 0o777;
    assert_eq!(mode(world.dir.path()), 0o700);
    assert_eq!(mode(&world.dir.path().join(DB_FILE)), 0o600);
}

#[tokio::test]
async fn a_name_that_is_taken_is_refused_by_the_field_it_was_typed_into() {
    let world = World::calm().connected().await;
    let app = world.app();
    let taken = |field: &str| (Code::InputDuplicateName, Some(field.to_owned()));

    let globex = app.add_org("Globex").await.expect("a new name");
    assert_eq!(said(app.add_org("globex").await), taken("name"), "letters count alike");
    assert_eq!(said(app.rename_org(globex.id, "ACME").await), taken("name"));

    let preview = app.add_environment("preview").await.expect("a new name");
    assert_eq!(said(app.add_environment("Production").await), taken("name"));
    assert_eq!(said(app.rename_environment(preview.id, "staging").await), taken("name"));

    let other = world.key_of(&world.bystander.key_id).await.expect("it is listed");
    assert_eq!(said(app.rename_key(other, "Payments").await), taken("name"));
    app.move_key(other, preview.id).await.expect("another place");
    app.rename_key(other, "payments").await.expect("the name is free there");
    let production = world.production().await;
    assert_eq!(said(app.move_key(other, production).await), taken("environment"));
    let created = app
        .new_key(
            world.the_account(),
            production,
            "payments",
            &keywheel_core::app::Description::default(),
        )
        .await;
    assert_eq!(said(created), taken("name"));

    let again = Connect {
        anyway: true,
        ..world.connect_form().await
    };
    assert_eq!(said(app.connect(again).await), taken("org"), "Acme exists already");
    let acme = app.find_org("Acme").await.expect("it exists").id;
    let again = Connect {
        org: OrgChoice::Existing(acme),
        anyway: true,
        ..world.connect_form().await
    };
    assert_eq!(said(app.connect(again).await), taken("label"));
}

#[tokio::test]
async fn what_a_refused_form_had_stored_is_taken_back() {
    let world = World::calm().connected().await;
    let before = world.vault.refs();
    let again = Connect {
        anyway: true,
        ..world.connect_form().await
    };
    assert!(world.app().connect(again).await.is_err());
    assert_eq!(world.vault.refs(), before, "no value without a row");
}

#[tokio::test]
async fn a_key_has_one_open_rotation() {
    let world = World::calm().connected().await;
    let (app, key) = (world.app(), world.the_key());
    let shown = app.propose_rotation(key, VaultState::Ready).await.expect("a proposal");
    app.start_rotation(key, &shown.hash, VaultState::Ready)
        .await
        .expect("it opens");
    let second = app.start_rotation(key, &shown.hash, VaultState::Ready).await;
    assert!(matches!(said(second).0, Code::KeyBusy | Code::RotationOpen));
}

#[tokio::test]
async fn the_journal_only_grows() {
    let world = World::calm().connected().await;
    went(world.create("reports").await);
    let mut connection = world.database().await;
    for sql in [
        "UPDATE journal SET event = 'applied'",
        "UPDATE journal SET at = 0 WHERE seq = 1",
        "DELETE FROM journal",
        "DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)",
    ] {
        let refused = sqlx::query(AssertSqlSafe(sql))
            .execute(&mut connection)
            .await
            .expect_err(sql);
        let reason = refused.as_database_error().map(|error| error.message().to_owned());
        assert_eq!(reason.as_deref(), Some("journal_append_only"), "{sql}");
    }
}

#[tokio::test]
async fn readings_of_clocks_only_grow_and_begin_anew_with_each_mint() {
    let world = World::calm().overlapping(1).connected().await;
    let waiting = went(world.rotate().await);
    world.app().confirm_replaced(waiting.id).await.expect("it goes on");
    let readings = async || world.journal().readings(waiting.id).await.expect("they are read");
    let [first] = &readings().await[..] else {
        panic!("one reading begins the wait");
    };
    assert_eq!(first.provider_at, Some(world.now()), "the provider was asked");
    let mut connection = world.database().await;
    for sql in ["UPDATE readings SET up_ms = 0", "DELETE FROM readings"] {
        let refused = sqlx::query(AssertSqlSafe(sql))
            .execute(&mut connection)
            .await
            .expect_err(sql);
        assert!(refused.to_string().contains("readings_append_only"), "{sql}: {refused}");
    }
    let minted_again = "INSERT INTO journal (rotation_id, at, fence, event, step)
                        SELECT rotation_id, at, fence, 'intended', 'mint' FROM journal ORDER BY seq DESC LIMIT 1";
    sqlx::query(minted_again).execute(&mut connection).await.expect("a row");
    assert!(readings().await.is_empty(), "they were of another mint");
}

#[tokio::test]
async fn a_policy_of_a_database_of_before_keeps_its_settings_and_may_get_a_quiet_time() {
    let mut world = World::calm().overlapping(5).connected().await;
    world.shut().await;
    let mut connection = world.database().await;
    let former = include_str!("../../../core/migrations/0009_staleness.sql");
    let (table, _) = former
        .split_once("INSERT INTO scoped_policies")
        .expect("the table of before");
    for sql in [
        table,
        "INSERT INTO scoped_policies SELECT id, environment_id, org_id, provider_id, account_id, key_id, max_age_days,
         due_soon_percent, overlap_hours FROM policies",
        "DROP TABLE policies",
        "ALTER TABLE scoped_policies RENAME TO policies",
        "DROP TABLE readings",
        "DELETE FROM _sqlx_migrations WHERE version IN (11, 14)",
    ] {
        let done = sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await;
        done.expect(sql);
    }
    drop(connection);
    world.reopen().await;
    let app = world.app();
    let [kept] = &app.policies().await.expect("policies")[..] else {
        panic!("one policy was set");
    };
    assert_eq!(
        (kept.overlap_hours, kept.quiet_hours, kept.verify_days),
        (Some(5), None, None)
    );
    let quiet = Policy {
        quiet_hours: Some(24),
        verify_days: Some(1),
        ..Policy::open(PolicyScope::Key(world.the_key()))
    };
    app.set_policy(&quiet).await.expect("a rule of its own");
    let found = app.in_force(&quiet.scope).await.expect("what is in force");
    assert_eq!((found.overlap_hours.value, found.quiet_hours.value), (5, 24));
    assert_eq!((found.quiet_hours.from, found.verify_days.value), (quiet.scope, 1));
}

#[tokio::test]
async fn the_tables_refuse_what_no_code_should_write() {
    let world = World::calm().connected().await;
    let mut connection = world.database().await;
    for (sql, rule) in [
        ("UPDATE key_versions SET state = 'alive'", "key_versions_state"),
        (
            "UPDATE key_versions SET held = 1, fingerprint = NULL",
            "key_versions_held_has_fingerprint",
        ),
        ("UPDATE key_versions SET receipt = 'sure'", "key_versions_receipt"),
        ("UPDATE keys SET purpose = 'any'", "keys_purpose"),
        ("UPDATE environments SET tier = 'prod'", "environments_tier"),
        ("UPDATE accounts SET fields = 'no json'", "accounts_fields_json"),
        ("UPDATE data_dir SET one = 2", "data_dir_one_row"),
        (
            "UPDATE data_dir SET demo_clock_offset_ms = 1",
            "data_dir_offset_only_in_demo",
        ),
    ] {
        let refused = sqlx::query(AssertSqlSafe(sql))
            .execute(&mut connection)
            .await
            .expect_err(sql);
        let reason = refused.to_string();
        assert!(reason.contains(rule), "{sql}: {reason}");
    }
}

#[tokio::test]
async fn a_database_of_a_newer_keywheel_is_left_alone() {
    let mut world = World::calm().connected().await;
    world.shut().await;
    let mut connection = world.database().await;
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 VALUES (9999, 'of tomorrow', 1, x'00', 0)";
    sqlx::query(newer).execute(&mut connection).await.expect("a row");
    drop(connection);
    assert_eq!(refused(&world).await, Code::StoreNewer);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_write_at_once_and_nothing_is_lost() {
    let world = World::calm().connected().await;
    let other = std::sync::Arc::new(world.another().await.expect("a second process"));
    let before = world.app().orgs().await.expect("a list").len();
    let mut writers = tokio::task::JoinSet::new();
    for (who, app) in [
        ("window", world.app()),
        ("cli", other.clone()),
        ("tray", world.app()),
        ("script", other.clone()),
    ] {
        writers.spawn(async move {
            for n in 0..40 {
                app.add_org(&format!("{who} {n}"))
                    .await
                    .unwrap_or_else(|failure| panic!("{who} {n}: {failure:?}"));
            }
        });
    }
    while let Some(done) = writers.join_next().await {
        done.expect("no writer is refused");
    }
    assert_eq!(other.orgs().await.expect("a list").len(), before + 160);
    assert!(other.integrity().await.expect("it is checked"));
    other.close().await;
}
