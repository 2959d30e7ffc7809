//! What the simulator promises, one sentence a test.

mod binary;
mod faults;
mod firebase;
mod lab;
mod ledger;
mod loopback;
mod overten;
mod spoilt;
mod worlds;
