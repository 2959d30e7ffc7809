//! One world: a person, a slot, and what ought to be true of it between two rotations.

use sqlx::Row as _;
use tests::places::Place;
use tests::real::{Home, Kind, Page, Slot, Verdict, judge};

use crate::row::Row;

/// What the slot is called.
pub const NAME: &str = "checkout-api";

pub struct Bench {
    pub home: Home,
    pub row: Row,
    /// What the provider calls the account.
    pub account: String,
    /// The value that serves.
    pub serves: String,
    /// Values that live beside it.
    pub beside: Vec<String>,
    /// So many values are held.
    pub held: usize,
    /// Files that hold the slot's value.
    pub places: Vec<Place>,
    /// Where a person makes and deletes keys.
    pub page: Option<Page>,
}

impl Bench {
    /// What ought to be true of a slot of that name; more than this where it was replaced or was not.
    fn slot(&self, name: &str) -> Slot {
        Slot {
            name: name.to_owned(),
            account: self.account.clone(),
            beside: self.beside.clone(),
            spare: usize::from(self.row == Row::TwoSlot),
            held: self.held,
            unnamed: self.row.is_by_person(),
            ends_by_plan: !self.row.revokes_last(),
            ..Slot::default()
        }
    }

    /// The verdict after the slot's key was replaced.
    pub async fn replaced(&mut self) -> Verdict {
        let old = Some(self.serves.clone());
        let mut verdict = judge(&self.home, &Slot { old, ..self.slot(NAME) }).await;
        let kept = !self.row.has_grace() || !self.was_deleted();
        verdict
            .found
            .unless(kept, Kind::Early, "the old key was revoked within its grace");
        if let Some(serves) = &verdict.serves {
            self.serves.clone_from(serves);
        }
        verdict
    }

    /// The verdict after all was taken back, or never begun.
    pub async fn as_before(&self) -> Verdict {
        let serves = Some(self.serves.clone());
        judge(
            &self.home,
            &Slot {
                serves,
                ..self.slot(NAME)
            },
        )
        .await
    }

    /// The verdict after a key of that name was added; from now on it is one of those beside the slot.
    pub async fn added(&mut self, name: &str) -> Verdict {
        self.beside.push(self.serves.clone());
        self.held += 1;
        let verdict = judge(&self.home, &self.slot(name)).await;
        self.beside.pop();
        self.beside.extend(verdict.serves.clone());
        verdict
    }

    /// Whether the value that served when this rotation began still works.
    pub fn old_works(&self) -> bool {
        self.home.sim.accepts(&self.serves)
    }

    /// Whether a call ended the value that served, and not the roll that replaced it.
    fn was_deleted(&self) -> bool {
        let record = self.home.sim.key_by_value(&self.serves);
        let ended = record.and_then(|record| record.revoked_by_request);
        let requests = self.home.sim.requests();
        requests
            .iter()
            .any(|one| Some(one.n) == ended && one.method == "DELETE")
    }

    /// Whether every program that reads a file has a key that works.
    pub fn files_work(&self) -> bool {
        let works = |place: &Place| place.value().is_some_and(|value| self.home.sim.accepts(&value));
        self.places.iter().all(works)
    }

    /// The id of the newest rotation.
    pub async fn newest(&self) -> Option<String> {
        let sql = "SELECT id FROM rotations ORDER BY opened_at DESC, id DESC LIMIT 1";
        let id = sqlx::query_scalar(sql);
        id.fetch_optional(&mut self.home.database().await).await.unwrap()
    }

    /// Whether there is a newer one than that.
    pub async fn is_begun(&self, before: &Option<String>) -> bool {
        self.newest().await != *before
    }

    /// Where the newest rotation stands, in the database's own words, and for which mint.
    pub async fn stands(&self) -> (String, i64) {
        let sql = "SELECT r.mints, concat_ws(' · ', r.state,
                (SELECT concat_ws(' · ', event, step) FROM journal j WHERE j.rotation_id = r.id ORDER BY seq DESC LIMIT 1))
             FROM rotations r ORDER BY r.opened_at DESC LIMIT 1";
        let row = sqlx::query(sql).fetch_optional(&mut self.home.database().await).await;
        row.unwrap()
            .map_or_else(|| ("no rotation".to_owned(), 0), |row| (row.get(1), row.get(0)))
    }
}
