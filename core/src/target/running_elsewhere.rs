//! Where no group of processes is ended by one call: a command ends with whoever waits for it, and leaves no lock behind.

use std::io;
use std::marker::PhantomData;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::process::{Child, Command};

use crate::failure::Failure;

pub(super) static OURS: Running = Running::new();

pub(super) struct Running(AtomicBool);

pub(super) struct Group<'r>(PhantomData<&'r Running>);

pub(super) struct Turn;

impl Running {
    pub(super) const fn new() -> Running {
        Running(AtomicBool::new(false))
    }

    pub(super) fn is_leaving(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    pub(super) fn start(&self, command: &mut Command, _: Option<&Turn>) -> Option<io::Result<(Child, Group<'_>)>> {
        match self.is_leaving() {
            true => None,
            false => Some(command.spawn().map(|child| (child, Group(PhantomData)))),
        }
    }

    pub(super) fn end(&self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl Turn {
    pub(super) fn take(_: &Path, _: &[String]) -> Result<Turn, Failure> {
        Ok(Turn)
    }

    pub(super) fn over(self) {}
}

pub(super) fn rests(_: &Path, _: &[String]) -> Result<(), Failure> {
    Ok(())
}
