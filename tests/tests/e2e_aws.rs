//! Access keys rotated at moto, which plays AWS IAM and checks each signature: a server that nobody here wrote. The
//! witness is boto3, which asks moto for its list and calls with each key.
//!
//! `cargo xtask setup` installs both. Run as `cargo xtask headless -- cargo test -p tests --test e2e_aws`.

#![cfg(target_os = "linux")]

#[path = "e2e_aws/cloud.rs"]
mod cloud;
#[path = "e2e_aws/course.rs"]
mod course;
#[path = "e2e_aws/desk.rs"]
mod desk;
#[path = "e2e_aws/lost.rs"]
mod lost;
#[path = "e2e_aws/refused.rs"]
mod refused;
#[path = "e2e_aws/sweep.rs"]
mod sweep;
