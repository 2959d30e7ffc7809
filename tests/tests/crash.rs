//! SIGKILL of the real command at every write of its journal; then somebody comes back and goes on.
//!
//! Run as `cargo xtask headless -- cargo test -p tests --test crash`, with the command built by
//! `cargo build -p keywheel-cli --features fail-points`.

#![cfg(target_os = "linux")]

#[path = "crash/real.rs"]
mod real;
#[path = "crash/sweep.rs"]
mod sweep;
#[path = "crash/verdict.rs"]
mod verdict;

use real::{KEY, Real};
use sweep::{Cut, Phase, Point, answer, kind, lost_answer, row, sweep};

fn run<F: Future<Output = ()>>(work: impl FnOnce() -> F) {
    // One world at a time: they share the session's keychain.
    static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(work());
    runtime.shutdown_background();
}

#[test]
fn a_rotation_cut_after_any_write_ends_with_one_live_key() {
    run(|| sweep(Phase::Rotate, Cut::After, 12));
}

#[test]
fn a_rotation_cut_between_an_effect_and_its_record_ends_with_one_live_key() {
    run(|| sweep(Phase::Rotate, Cut::Before, 12));
}

#[test]
fn a_revocation_cut_after_any_write_ends_with_one_live_key() {
    run(|| sweep(Phase::Replaced, Cut::After, 7));
}

#[test]
fn a_revocation_cut_between_an_effect_and_its_record_ends_with_one_live_key() {
    run(|| sweep(Phase::Replaced, Cut::Before, 7));
}

#[test]
fn an_undo_cut_anywhere_leaves_the_old_key_and_nothing_else() {
    run(|| async {
        sweep(Phase::Undo, Cut::After, 4).await;
        sweep(Phase::Undo, Cut::Before, 4).await;
    });
}

#[test]
fn a_lost_answer_becomes_one_question_and_then_one_live_key() {
    run(|| async {
        verdict::forget().await;
        let before = verdict::items().await;
        let real = Real::connected().await;
        real.sim.inject(lost_answer());
        let said = real.run(&["--json", "rotate", KEY, "--yes"], "").await;
        assert_eq!((said.code, kind(&said).as_str()), (Some(76), "asking"), "{said:?}");
        assert!(real.old_record().is_live(), "the old key is untouched");
        assert_eq!(
            real.sim.live_keys(&real.org.id).len(),
            3,
            "there is one key too many, and it is known"
        );
        assert_eq!(real.run(&["doctor"], "").await.code, Some(75), "the doctor sees it");
        let shown = real.run(&["resume", KEY], "").await;
        assert_eq!(shown.code, Some(76), "nothing runs before the answer: {shown:?}");
        assert!(
            shown.out.contains("--revoke-extra"),
            "the answers are commands: {}",
            shown.out
        );
        let asked = real.run(&["--json", "resume", KEY], "").await;
        assert_eq!(answer(&real, KEY, &asked).await, "awaiting_person");
        real.run(&["replaced", KEY], "").await.ok();
        let wrong = verdict::replaced(&real, &before).await;
        let point = Point {
            name: "Mint unanswered".to_owned(),
            stood: "asking".to_owned(),
            questions: 1,
            resumes: 2,
            wrong,
        };
        row(&point);
        assert!(point.wrong.is_empty(), "{:?}", point.wrong);
    });
}

#[test]
fn a_rotation_without_an_answer_cut_anywhere_asks_at_most_one_question() {
    run(|| async {
        sweep(Phase::Unanswered, Cut::After, 6).await;
        sweep(Phase::Unanswered, Cut::Before, 6).await;
    });
}

#[test]
fn an_answer_cut_anywhere_is_asked_for_at_most_once_more() {
    run(|| async {
        sweep(Phase::Answer, Cut::After, 12).await;
        sweep(Phase::Answer, Cut::Before, 12).await;
    });
}

#[test]
fn a_rotation_of_a_key_in_files_cut_anywhere_leaves_every_file_with_a_key_that_works() {
    run(|| async {
        sweep(Phase::Deploy, Cut::After, 6).await;
        sweep(Phase::Deploy, Cut::Before, 6).await;
    });
}

#[test]
fn files_that_are_put_back_and_cut_anywhere_have_a_key_that_works() {
    run(|| async {
        sweep(Phase::Restore, Cut::After, 8).await;
        sweep(Phase::Restore, Cut::Before, 8).await;
    });
}

#[test]
fn a_new_key_cut_anywhere_is_there_once() {
    run(|| async {
        sweep(Phase::Create, Cut::After, 12).await;
        sweep(Phase::Create, Cut::Before, 12).await;
    });
}
