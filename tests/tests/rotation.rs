//! Rotations and their siblings as a person sees them, judged by ledger, keychain and database.

#[path = "rotation/bounds.rs"]
mod bounds;
#[path = "rotation/claims.rs"]
mod claims;
#[path = "rotation/course.rs"]
mod course;
#[path = "rotation/doubted.rs"]
mod doubted;
#[path = "rotation/keychain.rs"]
mod keychain;
#[path = "rotation/lag.rs"]
mod lag;
#[path = "rotation/lies.rs"]
mod lies;
#[path = "rotation/meanwhile.rs"]
mod meanwhile;
#[path = "rotation/model.rs"]
mod model;
#[path = "rotation/rests.rs"]
mod rests;
#[path = "rotation/running.rs"]
mod running;
#[path = "rotation/serves.rs"]
mod serves;
#[path = "rotation/siblings.rs"]
mod siblings;
#[path = "rotation/signups.rs"]
mod signups;
#[path = "rotation/states.rs"]
mod states;
#[path = "rotation/targets.rs"]
mod targets;
#[path = "rotation/unaccounted.rs"]
mod unaccounted;
#[path = "rotation/undo.rs"]
mod undo;
#[path = "rotation/untrue.rs"]
mod untrue;

use keywheel_core::rotation::{Rotation, State, StepKind};
use tests::{Outcome, World};

/// Everything that must hold does, and nothing is left over.
async fn assert_clean(world: &World, rotation: &Rotation) {
    assert_eq!(world.violations().await, Vec::<String>::new());
    if rotation.position.is_closed() {
        let State::Closed(ending) = rotation.position.state else {
            unreachable!()
        };
        assert_eq!(world.loose_ends(Outcome::Closed(ending)).await, Vec::<String>::new());
    }
}

fn step(rotation: &Rotation) -> Option<StepKind> {
    rotation.position.step(&rotation.plan)
}

/// Path of Overten's key list, with `*` for one key.
fn keys_path(world: &World) -> String {
    format!("/api/v1/organizations/{}/api-keys", world.org.id)
}

fn mints(world: &World) -> usize {
    world.sim.count("POST", &keys_path(world))
}

fn revocations(world: &World) -> usize {
    world.sim.count("DELETE", &format!("{}/*", keys_path(world)))
}
