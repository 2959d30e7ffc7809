//! A simulator written down, and built again.

use super::{Options, Simulator};
use crate::firebase::Firebase;
use crate::issuer::Issuer;
use crate::ledger::{KeyRecord, Ledger};
use crate::overten::Overten;
use crate::snapshot::{KeySnapshot, Snapshot};

impl Simulator {
    /// What it is now. A value that no provider remembers, such as one that a fault undid, is not in it.
    pub fn snapshot(&self) -> Snapshot {
        let (state, now) = (self.state(), self.clock.now());
        let keys = state.ledger.keys.iter().filter_map(|key| {
            let memory = state.issuer.memory(&key.value).or(state.overten.memory(&key.value))?;
            Some(KeySnapshot::of(key, memory, now))
        });
        let standing = state.rules.records().into_iter();
        let standing = standing.filter(|rule| rule.fault.times.is_none_or(|times| rule.fired < times));
        Snapshot {
            now,
            requests: state.ledger.before + state.ledger.requests.len() as u64,
            users: state.firebase.users().to_vec(),
            orgs: state.overten.orgs.clone(),
            accounts: state.issuer.accounts().to_vec(),
            keys: keys.collect(),
            faults: standing.map(|rule| rule.fault).collect(),
        }
    }

    /// One that equals what was written down, without its faults: an honest provider. Its clock and how it behaves
    /// are the caller's; the world of the options is not looked at.
    pub fn restored(snapshot: &Snapshot, options: Options) -> Self {
        let simulator = Self::new(options);
        {
            let mut state = simulator.state();
            state.firebase = Firebase::new(snapshot.users.clone());
            state.overten = Overten::restored(snapshot.orgs.clone(), &snapshot.keys);
            state.issuer = Issuer::restored(snapshot.accounts.clone(), &snapshot.keys);
            state.ledger = Ledger {
                requests: Vec::new(),
                keys: snapshot.keys.iter().map(KeyRecord::from).collect(),
                before: snapshot.requests,
            };
        }
        simulator
    }
}
