//! The account of a hub's user.

use tests::machine::{Machine, Said};

use crate::hub::ADMIN;

pub async fn begin() -> Machine {
    Machine::begin(&[ADMIN]).await
}

/// Connects a user's account under the user's own name.
pub async fn connect(machine: &Machine, address: &str, user: &str, admin: &str) -> Said {
    let (user_field, scope) = (format!("user={user}"), "scope=inherit");
    let form = [
        "account",
        "connect",
        "--provider",
        "jupyterhub",
        "--org",
        "lab",
        "--env",
        "production",
    ];
    let account = ["--scheme", "token", "--label", user, "--base-url", address];
    let fields = ["--field", &user_field, "--field", scope];
    machine.run(&[&form[..], &account, &fields].concat(), admin).await
}
