//! What the simulator promises, one sentence a test.

mod ai_api;
mod authenta;
mod binary;
mod dashboards;
mod desk;
mod faults;
mod firebase;
mod five;
mod idempotency;
mod lab;
mod ledger;
mod loopback;
mod on_page;
mod optiverse;
mod overten;
mod snapshot;
mod spoilt;
mod strategies;
mod worlds;
