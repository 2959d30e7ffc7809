//! A rotation with all that it is about, read by one statement: it is read anew before each step.

use super::failures::damaged;
use super::rotation_row::{self, Row};
use super::time::from_ms;
use super::{Store, about, accounts, bulk, keys, records, repeats, versions};
use crate::failure::{Code, Failure};
use crate::model::RotationId;
use crate::rotation::{Record, Rotation, Subject};

/// In the order of [`columns`].
#[derive(serde::Deserialize)]
struct Loaded {
    row: Row,
    repeatable: repeats::Columns,
    records: Vec<RecordRow>,
    key: keys::Named,
    about: about::Columns,
    account: accounts::Row,
    old: Option<versions::Row>,
    new: Option<versions::Row>,
}

#[derive(serde::Deserialize)]
struct RecordRow {
    seq: i64,
    at: i64,
    event: String,
    step: Option<String>,
    code: Option<String>,
    until: Option<i64>,
    word: Option<String>,
}

impl RecordRow {
    fn read(self) -> Result<Record, Failure> {
        let (step, code) = (self.step.as_deref(), self.code.as_deref());
        let event = records::read(&self.event, step, code, self.until, self.word.as_deref());
        Ok(Record {
            seq: self.seq,
            at: from_ms(self.at),
            event: event.ok_or_else(|| damaged("journal.event"))?,
        })
    }
}

/// Of `rotations r`.
fn columns() -> String {
    let of = |columns: &str, from: &str| format!("json((SELECT json_array({columns}) FROM {from}))");
    [
        format!("json_array({})", rotation_row::COLUMNS),
        format!("json_array({})", repeats::COLUMNS),
        "json((SELECT json_group_array(json_array(seq, at, event, step, code, until, word))
               FROM journal WHERE rotation_id = r.id))"
            .to_owned(),
        of(keys::NAMED, "keys WHERE id = r.key_id"),
        of(about::COLUMNS, "keys WHERE id = r.key_id"),
        of(accounts::COLUMNS, "accounts WHERE id = r.account_id"),
        of(versions::COLUMNS, "key_versions WHERE id = r.old_version_id"),
        of(versions::COLUMNS, "key_versions WHERE id = r.new_version_id"),
    ]
    .join(", ")
}

impl Store {
    /// Reads it as it stands.
    pub(super) async fn loaded(&self, id: RotationId) -> Result<Rotation, Failure> {
        let argument = bulk::argument(id.to_string());
        let found: Vec<Loaded> = bulk::read(&self.readers, &columns(), "rotations r WHERE r.id = ?", argument).await?;
        let found = found.into_iter().next();
        let Loaded {
            row,
            repeatable,
            records,
            key,
            about,
            account,
            old,
            new,
        } = found.ok_or_else(|| Failure::new(Code::NotFound).field("rotation"))?;
        let mut records: Vec<Record> = records.into_iter().map(RecordRow::read).collect::<Result<_, _>>()?;
        records.sort_by_key(|record| record.seq);
        let plan = row.plan()?;
        let mut bindings = Vec::with_capacity(plan.bindings.len());
        for binding in &plan.bindings {
            bindings.push(self.binding(*binding).await?);
        }
        let subject = Subject {
            bindings,
            key: key.read()?,
            about: about.about()?,
            account: self.of_record(account).await?,
            old: old.map(versions::Row::read).transpose()?,
            new: new.map(versions::Row::read).transpose()?,
        };
        Ok(Rotation {
            id,
            plan,
            position: row.position()?,
            subject,
            driver: row.driver().filter(|driver| self.drives(id, driver)),
            said: row.said(),
            inputs: serde_json::from_str(&row.inputs).map_err(|_| damaged("rotations.inputs"))?,
            mint_name: row.mint_name,
            repeatable: repeatable.read(),
            mints: row.mints,
            opened_at: from_ms(row.opened_at),
            closed_at: row.closed_at.map(from_ms),
            behind: row.behind,
            records,
        })
    }
}
