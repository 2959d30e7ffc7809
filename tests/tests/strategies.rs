//! Every strategy by the API and by a person, judged by what the provider accepts and the keychain holds.

#[path = "strategies/again.rs"]
mod again;
#[path = "strategies/beside.rs"]
mod beside;
#[path = "strategies/by_api.rs"]
mod by_api;
#[path = "strategies/by_person.rs"]
mod by_person;
#[path = "strategies/called_after.rs"]
mod called_after;
#[path = "strategies/clock.rs"]
mod clock;
#[path = "strategies/controlled.rs"]
mod controlled;
#[path = "strategies/crashes.rs"]
mod crashes;
#[path = "strategies/credentials.rs"]
mod credentials;
#[path = "strategies/elsewhere.rs"]
mod elsewhere;
#[path = "strategies/forms.rs"]
mod forms;
#[path = "strategies/identity.rs"]
mod identity;
#[path = "strategies/in_place.rs"]
mod in_place;
#[path = "strategies/late.rs"]
mod late;
#[path = "strategies/listed.rs"]
mod listed;
#[path = "strategies/person.rs"]
mod person;
#[path = "strategies/repeats.rs"]
mod repeats;
#[path = "strategies/same_value.rs"]
mod same_value;
#[path = "strategies/silence.rs"]
mod silence;
#[path = "strategies/slots.rs"]
mod slots;
#[path = "strategies/told.rs"]
mod told;
#[path = "strategies/undone.rs"]
mod undone;
#[path = "strategies/vouched.rs"]
mod vouched;
#[path = "strategies/whose.rs"]
mod whose;
