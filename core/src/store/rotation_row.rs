//! The row of a rotation, beside its journal.

use super::bulk;
use super::failures::damaged;
use super::row::row;
use super::time::from_ms;
use crate::failure::{Code, Failure};
use crate::rotation::{DriverIdentity, Plan, Position, Said, State};

row! {
    #[derive(serde::Deserialize)]
    pub(super) struct Row {
        pub plan: String,
        pub inputs: String,
        pub cursor: u32,
        pub state: String,
        pub state_code: Option<String>,
        pub resume_at: Option<i64>,
        pub mint_name: Option<String>,
        pub mints: u32,
        pub opened_at: i64,
        pub closed_at: Option<i64>,
        pub driver: Option<String>,
        pub driver_who: Option<String>,
        pub driver_since: Option<i64>,
        #[serde(deserialize_with = "bulk::flag")]
        pub behind: bool,
        pub said_status: Option<u16>,
        pub said_code: Option<String>,
        pub fence: i64,
    }
}

impl Row {
    pub fn plan(&self) -> Result<Plan, Failure> {
        let text: String = serde_json::from_str(&self.plan).map_err(|_| damaged("rotations.plan"))?;
        Plan::read(&text).ok_or_else(|| damaged("rotations.plan"))
    }

    pub fn position(&self) -> Result<Position, Failure> {
        let code = self.state_code.as_deref().and_then(Code::parse);
        let state = State::read(&self.state, code, self.resume_at.map(from_ms));
        Ok(Position {
            cursor: self.cursor as usize,
            state: state.ok_or_else(|| damaged("rotations.state"))?,
        })
    }

    pub fn driver(&self) -> Option<DriverIdentity> {
        Some(DriverIdentity {
            instance: self.driver.clone()?,
            who: self.driver_who.clone()?,
            since: from_ms(self.driver_since?),
        })
    }

    pub fn said(&self) -> Option<Said> {
        self.said_status.map(|status| Said {
            status,
            code: self.said_code.clone(),
        })
    }
}

/// Declares the columns once, for a statement of their own and for one that reads more.
macro_rules! columns {
    ($columns:literal) => {
        /// In the order of the fields of [`Row`].
        pub(super) const COLUMNS: &str = $columns;
        pub(super) const SELECT: &str = concat!("SELECT ", $columns, " FROM rotations WHERE id = ?");
    };
}

columns! {
    "plan, inputs, cursor, state, \
     state_code, resume_at, mint_name, mints, opened_at, closed_at, driver, driver_who, driver_since, behind, \
     said_status, said_code, fence"
}
