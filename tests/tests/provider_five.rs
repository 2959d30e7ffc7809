//! The providers whose keys a person manages: every answer that their documents show, word for word, against
//! their definitions; what the executor sends; and the simulator.
//!
//! The answers are written down from the documents, not made from the definitions.

#[path = "provider_five/answers.rs"]
mod answers;
#[path = "provider_five/guides.rs"]
mod guides;
#[path = "provider_five/own.rs"]
mod own;
#[path = "provider_five/pages.rs"]
mod pages;
#[path = "provider_five/recognise.rs"]
mod recognise;
#[path = "provider_five/rolls.rs"]
mod rolls;
#[path = "provider_five/simulated.rs"]
mod simulated;
