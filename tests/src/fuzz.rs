//! What is tried with bytes that nobody wrote on purpose: each target takes any bytes, and panics where something that
//! must hold does not.
//!
//! The test `corpus` tries those that are kept in `tests/corpus`.

mod answers;
mod journal;

use std::future::Future;

use keywheel_core::provider::Definition;
use keywheel_core::target::dotenv::DotEnv;

/// Takes any bytes.
pub type Target = fn(&[u8]);

/// Every target by the name of its folder in `tests/corpus`.
pub const TARGETS: &[(&str, Target)] = &[
    ("answer", answers::try_out),
    ("definition", definition),
    ("dotenv", dotenv),
    ("journal", journal::try_out),
];

/// A definition file is taken or refused, and refused with a field.
fn definition(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match Definition::parse(text) {
        Ok(definition) => assert!(!definition.id().is_empty(), "it has a name"),
        Err(problem) => assert!(!problem.to_string().is_empty(), "a refusal says why"),
    }
}

/// The first line is a value; the rest is a file, in which it takes the place of the value of `KEY`.
fn dotenv(bytes: &[u8]) {
    let (value, file) = match bytes.iter().position(|byte| *byte == b'\n') {
        Some(at) => (&bytes[..at], &bytes[at + 1..]),
        None => (&b"value"[..], bytes),
    };
    let (Ok(value), Ok(parsed)) = (std::str::from_utf8(value), DotEnv::parse(file)) else {
        return;
    };
    assert_eq!(&*parsed.print(), file, "what is read is printed as it was");
    let (Ok(old), Ok(changed)) = (parsed.get("KEY"), parsed.set("KEY", value)) else {
        return;
    };
    let read = DotEnv::parse(&changed).and_then(|again| again.get("KEY").map(str::to_owned));
    assert_eq!(read.as_deref(), Ok(value), "what is written is read");
    let before = file.iter().zip(changed.iter()).take_while(|(a, b)| a == b).count();
    let after = file
        .iter()
        .rev()
        .zip(changed.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    assert!(before + old.len() + after >= file.len(), "every other byte stays");
    assert_eq!(
        changed.len() + old.len(),
        file.len() + value.len(),
        "every other byte stays"
    );
}

/// Runs what is asynchronous to its end, on a runtime that is kept.
fn wait<T>(work: impl Future<Output = T>) -> T {
    thread_local! {
        static RUNTIME: tokio::runtime::Runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
    }
    RUNTIME.with(|runtime| runtime.block_on(work))
}
