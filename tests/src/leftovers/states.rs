//! Every state that is kept: its provider, the acts that lead there, where the command rests then, and what that is.

mod begun;
mod ended;
mod faults;
mod other_acts;
mod overlap;
mod person;
mod replace_first;
mod rolls;
mod stuck;
mod targets;

use super::act::Act;
use super::setup::Setup;

/// One state and the way into it.
#[derive(Clone)]
pub struct Leftover {
    /// `strategy-by-state`; the folder's name.
    pub name: &'static str,
    pub setup: Setup,
    pub acts: Vec<Act>,
    /// State and step in which the newest rotation has to stand then.
    pub rests: &'static str,
    /// What the state is, for whoever reads the course.
    pub says: &'static str,
}

/// The usual first commands.
const ROTATE: Act = Act::Run("rotate KEY --yes");
const REPLACED: Act = Act::Run("replaced KEY");
const UNDO: Act = Act::Run("undo KEY");
const TAKE: Act = Act::Run("take KEY");
const DELETED: Act = Act::Run("deleted KEY");
const RESUME: Act = Act::Run("resume KEY");

/// All of them.
pub fn all() -> Vec<Leftover> {
    [
        begun::all(),
        overlap::all(),
        rolls::all(),
        replace_first::all(),
        person::all(),
        targets::all(),
        other_acts::all(),
        ended::all(),
        stuck::all(),
    ]
    .concat()
}

fn leftover(name: &'static str, setup: Setup, acts: &[Act], rests: &'static str, says: &'static str) -> Leftover {
    Leftover {
        name,
        setup,
        acts: acts.to_vec(),
        rests,
        says,
    }
}
