//! Bytes that were found or written for the fuzz targets are tried again: `tests/corpus`, one folder a target.

use std::path::Path;

use tests::fuzz::TARGETS;

#[test]
fn everything_that_is_kept_holds() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for (name, target) in TARGETS {
        let files = std::fs::read_dir(corpus.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut tried = 0;
        for file in files {
            target(&std::fs::read(file.unwrap().path()).unwrap());
            tried += 1;
        }
        assert!(tried > 2, "{name}: only {tried} are kept");
        target(b"");
    }
}
