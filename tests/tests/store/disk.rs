//! Files that are damaged, full or not to be written.

use std::sync::Arc;

use keywheel_core::Code;
use keywheel_core::rotation::{Ending, State};
use keywheel_core::store::DB_FILE;
use tests::{Mishap, Moment, Outcome, Port, World, code, mounts, went};

use super::refused;

#[tokio::test]
async fn a_damaged_file_is_said_to_be_damaged_and_is_left_as_it_is() {
    let mut world = World::calm().connected().await;
    world.shut().await;
    let file = world.dir.path().join(DB_FILE);
    let whole = std::fs::read(&file).expect("a database");
    let half = whole.len() / 2;
    let mut torn_page = whole.clone();
    torn_page[half..half + 4096].fill(0xa5);
    let mut torn_schema = whole.clone();
    torn_schema[100..400].fill(0xa5);
    for (what, bytes) in [
        (
            "another file",
            b"This is a letter and no database, and it is longer than a header.".repeat(40),
        ),
        ("one page overwritten", torn_page),
        ("the schema overwritten", torn_schema),
        ("half of it", whole[..half].to_vec()),
    ] {
        std::fs::write(&file, &bytes).expect("it is written");
        assert_eq!(refused(&world).await, Code::StoreDamaged, "{what}");
        assert_eq!(std::fs::read(&file).expect("it is there"), bytes, "{what}");
    }
    std::fs::write(&file, &whole).expect("the backup");
    world.reopen().await;
    assert!(world.app().integrity().await.expect("it is checked"));
}

#[tokio::test]
async fn what_a_read_only_place_holds_is_said_to_be_read_only() {
    if !mounts::inside("disk::what_a_read_only_place_holds_is_said_to_be_read_only") {
        return;
    }
    let place = tempfile::tempdir().expect("a directory");
    mounts::tiny(place.path(), 4096);
    let mut world = World::calm().in_directory(place.path()).connected().await;
    world.shut().await;
    mounts::read_only(place.path());
    assert_eq!(
        refused(&world).await,
        Code::StoreReadOnly,
        "a database that was made before"
    );
}

#[tokio::test]
async fn a_place_too_small_for_the_database_is_full() {
    if !mounts::inside("disk::a_place_too_small_for_the_database_is_full") {
        return;
    }
    for kib in [8, 32, 64] {
        let place = tempfile::tempdir().expect("a directory");
        mounts::tiny(place.path(), kib);
        let world = World::calm().in_directory(place.path());
        assert_eq!(refused(&world).await, Code::StoreFull, "{kib} KiB");
    }
}

#[tokio::test]
async fn on_a_full_disk_nothing_is_sent() {
    if !mounts::inside("disk::on_a_full_disk_nothing_is_sent") {
        return;
    }
    let place = tempfile::tempdir().expect("a directory");
    mounts::tiny(place.path(), 2048);
    let world = World::calm().in_directory(place.path()).connected().await;
    let (filler, before) = (place.path().join("filler"), world.sim.requests().len());
    mounts::fill(&filler);
    assert_eq!(code(world.rotate().await), Code::StoreFull);
    assert_eq!(world.sim.requests().len(), before);
    std::fs::remove_file(&filler).expect("space again");
    assert_eq!(went(world.rotate().await).position.state, State::AwaitingPerson);
}

#[tokio::test]
async fn a_disk_that_fills_up_at_any_crossing_loses_no_key() {
    if !mounts::inside("disk::a_disk_that_fills_up_at_any_crossing_loses_no_key") {
        return;
    }
    let place = tempfile::tempdir().expect("a directory");
    mounts::tiny(place.path(), 2048);
    let filler = place.path().join("filler");
    let mut rehearsal = World::calm().in_directory(place.path()).connected().await;
    went(rehearsal.rotate().await);
    rehearsal.finish().await;
    let crossings = rehearsal.tape.crossings();
    rehearsal.shut().await;
    drop(rehearsal);
    for crossing in crossings.iter().filter(|crossing| crossing.port != Port::Clipboard) {
        let full = filler.clone();
        let fills = Mishap::Meanwhile(Arc::new(move || mounts::fill(&full)));
        let world = World::with(crossing.n, Moment::After, fills).in_directory(place.path());
        let mut world = world.connected().await;
        // The act, and all that follows on a full disk, may fail; then somebody makes room.
        let _ = world.rotate().await;
        if let Some(rotation) = world.rotation().await.filter(|rotation| !rotation.position.is_closed()) {
            let _ = world.app().confirm_replaced(rotation.id).await;
        }
        let _ = std::fs::remove_file(&filler);
        world.reopen().await;
        let settled = world.finish().await;
        assert_eq!(settled.outcome, Outcome::Closed(Ending::Completed), "{}", crossing.what);
        world.app().tick().await.expect("nothing is in the way any more");
        assert_eq!(world.violations().await, Vec::<String>::new(), "{}", crossing.what);
        assert_eq!(
            world.loose_ends(settled.outcome).await,
            Vec::<String>::new(),
            "{}",
            crossing.what
        );
        let _ = std::fs::remove_file(&filler);
        world.shut().await;
    }
}
