//! Rows of a damaged journal: they are refused as damaged, or read as a rotation of which everything can be asked.

use std::cell::RefCell;
use std::sync::Arc;

use keywheel_core::Code;
use keywheel_core::model::RotationId;
use keywheel_core::rotation::{Event, Journal};
use sqlx::SqliteConnection;

use super::wait;
use crate::{World, went};

/// A rotation that waits for its person, and a way past the rules of its database.
struct Place {
    _world: World,
    journal: Arc<dyn Journal>,
    id: RotationId,
    beside: SqliteConnection,
}

/// Lines: state, code, moment, cursor, inputs, and the plan's text; each further one is a row of the journal, with `|`
/// between event, step, code, moment and word. An empty text is none, a missing one is left as it was.
pub(super) fn try_out(bytes: &[u8]) {
    thread_local! {
        static PLACE: RefCell<Option<Place>> = const { RefCell::new(None) };
    }
    let text = String::from_utf8_lossy(bytes).replace('\0', "");
    PLACE.with(|place| {
        let mut place = place.borrow_mut();
        wait(async {
            if place.is_none() {
                *place = Some(Place::begin().await);
            }
            if let Some(place) = place.as_mut() {
                place.damage(&text).await;
                place.look().await;
            }
        });
    });
}

impl Place {
    async fn begin() -> Place {
        let world = World::calm().used_in_files(1).connected().await;
        let id = went(world.rotate().await).id;
        let mut beside = world.database().await;
        // It has to be written often here, and to outlive nothing.
        for sql in [
            "PRAGMA synchronous = OFF",
            "PRAGMA foreign_keys = OFF",
            "PRAGMA ignore_check_constraints = ON",
            "DROP TRIGGER journal_no_update",
            "DROP TRIGGER journal_no_delete",
            "CREATE TABLE rotations_before AS SELECT * FROM rotations",
        ] {
            sqlx::query(sql).execute(&mut beside).await.expect(sql);
        }
        Place {
            journal: world.journal(),
            _world: world,
            id,
            beside,
        }
    }

    async fn damage(&mut self, text: &str) {
        let mut lines = text.split('\n');
        sqlx::query(
            "UPDATE rotations SET (state, state_code, resume_at, cursor, inputs, plan) =
                 (SELECT state, state_code, resume_at, cursor, inputs, plan FROM rotations_before)",
        )
        .execute(&mut self.beside)
        .await
        .expect("it is as before");
        for column in ["state", "state_code", "resume_at", "cursor", "inputs", "plan"] {
            let Some(value) = lines.next().filter(|value| !value.is_empty()) else {
                continue;
            };
            let sql = match column {
                "resume_at" | "cursor" => format!("UPDATE rotations SET {column} = CAST(? AS INTEGER)"),
                _ => format!("UPDATE rotations SET {column} = ?"),
            };
            sqlx::query(sqlx::AssertSqlSafe(sql))
                .bind(value)
                .execute(&mut self.beside)
                .await
                .expect(column);
        }
        sqlx::query("DELETE FROM journal")
            .execute(&mut self.beside)
            .await
            .expect("it is empty");
        for row in lines.take(16) {
            let mut words = row.split('|').map(|word| (!word.is_empty()).then_some(word));
            let mut word = || words.next().flatten();
            sqlx::query(
                "INSERT INTO journal (rotation_id, at, fence, event, step, code, until, word)
                 VALUES (?, 0, 1, ?, ?, ?, CAST(? AS INTEGER), ?)",
            )
            .bind(self.id.to_string())
            .bind(word().unwrap_or_default())
            .bind(word())
            .bind(word())
            .bind(word())
            .bind(word())
            .execute(&mut self.beside)
            .await
            .expect("a row");
        }
    }

    async fn look(&self) {
        match self.journal.load(self.id).await {
            Ok(rotation) => {
                let (here, plan) = (rotation.position, &rotation.plan);
                let _ = (
                    rotation.needs_person(),
                    here.can_undo(plan),
                    here.has_minted(plan),
                    plan.canonical(),
                );
                for event in rotation
                    .records
                    .iter()
                    .map(|record| record.event)
                    .chain([Event::UndoBegun])
                {
                    if let Ok(next) = here.after(plan, event) {
                        assert!(!here.is_closed(), "{here:?} went on to {next:?}");
                    }
                }
            }
            Err(failure) => assert!(
                matches!(failure.code, Code::StoreDamaged | Code::NotFound),
                "a damaged row is said to be damaged: {failure:?}"
            ),
        }
    }
}
