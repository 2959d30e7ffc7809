//! No value is ever in a file: not in the database, not in its journal, in no encoding.

use std::path::Path;
use std::sync::{Arc, Mutex};

use keywheel_core::rotation::{Ending, State};
use tests::{Mishap, Moment, Port, World, went};

/// Every form in which a value could lie in a file.
fn forms(secret: &str) -> Vec<Vec<u8>> {
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![secret.to_owned(), hex.to_uppercase(), hex];
    for alphabet in [
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
    ] {
        // What stands before it decides how it is cut into threes.
        forms.extend((0..3).map(|skipped| base64(&secret.as_bytes()[skipped..], alphabet)));
    }
    let utf16: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
    forms.into_iter().map(String::into_bytes).chain([utf16]).collect()
}

/// Base64 of the whole threes.
fn base64(bytes: &[u8], alphabet: &[u8; 64]) -> String {
    let mut text = String::new();
    for three in bytes.chunks_exact(3) {
        let word = three.iter().fold(0u32, |word, byte| (word << 8) | u32::from(*byte));
        text.extend(
            (0..4)
                .rev()
                .map(|at| char::from(alphabet[((word >> (at * 6)) & 63) as usize])),
        );
    }
    text
}

/// The middle of a form: long enough to be no chance, without the ends that a hint may show.
fn middle(form: &[u8]) -> &[u8] {
    &form[form.len() / 3..form.len() - form.len() / 4]
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    let first = wanted[0];
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|byte| *byte == first) {
        if bytes[from + at..].starts_with(wanted) {
            return true;
        }
        from += at + 1;
    }
    false
}

/// Files of a folder that hold one of the values.
fn leaks(dir: &Path, secrets: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(leaks(&path, secrets));
            continue;
        }
        // A rollback journal may be gone by now.
        let Ok(bytes) = std::fs::read(&path) else { continue };
        for (n, secret) in secrets.iter().enumerate() {
            if forms(secret).iter().any(|form| contains(&bytes, middle(form))) {
                found.push(format!("secret {n} in {}", path.display()));
            }
        }
    }
    found
}

/// All values of the world, those included that only the provider's ledger knows.
fn secrets(world: &World) -> Vec<String> {
    let mut secrets: Vec<String> = world.sim.ledger().keys.into_iter().map(|key| key.value).collect();
    secrets.extend([
        world.user.refresh_token.clone(),
        world.user.password.clone(),
        world.org.webhook_secret.clone(),
    ]);
    secrets
}

#[tokio::test]
async fn a_whole_rotation_leaves_no_value_in_any_file_at_any_moment() {
    let mut rehearsal = World::calm().connected().await;
    went(rehearsal.rotate().await);
    rehearsal.finish().await;
    let (crossings, secrets) = (rehearsal.tape.crossings(), secrets(&rehearsal));
    let world = World::calm();
    let found = Arc::new(Mutex::new(Vec::new()));
    let mut world = world;
    let looks = Arc::new(Mutex::new(0));
    for crossing in crossings.iter().filter(|crossing| crossing.port == Port::Journal) {
        let (dir, secrets) = (world.dir.path().to_owned(), secrets.clone());
        let (found, looks) = (found.clone(), looks.clone());
        let look = Mishap::Meanwhile(Arc::new(move || {
            found.lock().expect("a list").extend(leaks(&dir, &secrets));
            *looks.lock().expect("a number") += 1;
        }));
        world = world.and(crossing.n, Moment::After, look);
    }
    let mut world = world.connected().await;
    went(world.rotate().await);
    let settled = world.finish().await;
    assert_eq!(settled.outcome, tests::Outcome::Closed(Ending::Completed));
    assert_eq!(self::secrets(&world), secrets, "the same run, so the same values");
    assert!(*looks.lock().expect("a number") > 15);
    assert_eq!(*found.lock().expect("a list"), Vec::<String>::new());
    world.shut().await;
    assert_eq!(leaks(world.dir.path(), &secrets), Vec::<String>::new());
}

#[tokio::test]
async fn an_undo_and_an_emergency_revocation_leave_no_value_either() {
    let mut world = World::calm().connected().await;
    let waiting = went(world.rotate().await);
    world
        .app()
        .undo(waiting.id, &Default::default())
        .await
        .expect("it can be undone");
    let closed = went(world.revoke().await);
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
    world.shut().await;
    assert_eq!(leaks(world.dir.path(), &secrets(&world)), Vec::<String>::new());
}

#[test]
fn a_value_is_found_in_each_encoding() {
    let dir = tempfile::tempdir().expect("a directory");
    let secret = "sk_live_0123456789abcdefghijABCDEFGH".to_owned();
    let forms = forms(&secret);
    assert_eq!(forms.len(), 10);
    for form in forms {
        let mut bytes = b"before ".repeat(50);
        bytes.extend(&form);
        bytes.extend(b" after".repeat(50));
        std::fs::write(dir.path().join("file"), bytes).expect("a file");
        assert_eq!(leaks(dir.path(), std::slice::from_ref(&secret)).len(), 1, "{form:?}");
    }
    std::fs::write(dir.path().join("file"), b"sk_live_\xe2\x80\xa6EFGH").expect("a file");
    assert_eq!(leaks(dir.path(), &[secret]), Vec::<String>::new(), "a hint is no value");
}
