//! Asks whether a key's value is accepted.

use jiff::Timestamp;

use super::{Executor, ONE, call, outcome, read};
use crate::http::Response;
use crate::model::{Answer, Secret, Standing};
use crate::provider::Workspace;
use crate::provider::definition::{Act, Definition, Matcher, Operation, Said};
use crate::provider::template::Values;

/// What the provider said, without a word of it.
pub(super) struct Asked {
    pub answer: Answer,
    pub standing: Option<Standing>,
    pub status: Option<u16>,
    pub code: Option<String>,
    pub expires_at: Option<Timestamp>,
    pub told_at: Option<Timestamp>,
    pub retry_at: Option<Timestamp>,
}

impl Asked {
    fn nothing() -> Asked {
        Asked {
            answer: Answer::Undetermined,
            standing: None,
            status: None,
            code: None,
            expires_at: None,
            told_at: None,
            retry_at: None,
        }
    }
}

impl Executor {
    /// Calls with the value, in each header that the provider may read. The value is dead only where no
    /// header was accepted and at least one was refused as the definition says a dead key is.
    pub(super) async fn ask(&self, at: &Workspace, secret: &Secret) -> Asked {
        let verify = at.definition.operation(Act::Verify);
        let Some(verify) = verify.filter(|_| at.definition.verifies(&at.fields)) else {
            return Asked::nothing();
        };
        let values = Values {
            account: Some(&at.fields),
            ..Values::default()
        };
        let mut last = Asked::nothing();
        for carrier in at.definition.key_carriers() {
            let Ok(mut request) = call::request(at, verify, values, None, ONE) else {
                return Asked::nothing();
            };
            if carrier.carry(&mut request, secret, self.clock.now()).is_err() {
                return Asked::nothing();
            }
            let Ok(answer) = self.transport.send(request, call::sending(verify)).await else {
                return Asked::nothing();
            };
            let status = answer.status;
            let asked = judge(&at.definition, verify, &answer, self.clock.now());
            // Only a 401 may be meant for the header instead of the key.
            match asked.answer {
                Answer::Live => return asked,
                Answer::Dead => last = asked,
                Answer::Undetermined if status != 401 || last.answer != Answer::Dead => last = asked,
                Answer::Undetermined => {}
            }
            if status != 401 {
                return last;
            }
        }
        last
    }
}

/// What one answer says. An exact matcher goes before a status alone; two that disagree say nothing.
fn judge(definition: &Definition, verify: &Operation, answer: &Response, now: Timestamp) -> Asked {
    let body = answer.read(definition.answers());
    let code = outcome::error_code(definition, answer.status, body.as_ref());
    let said = Said {
        status: answer.status,
        code: code.as_deref(),
        body: body.as_ref(),
    };
    let all = [
        (Answer::Live, None, &verify.success),
        (Answer::Dead, None, &verify.dead),
    ];
    let standings = verify.standings.iter();
    let all = all
        .into_iter()
        .chain(standings.map(|(standing, list)| (standing.answer(), Some(*standing), list)));
    let fitting = |exact: bool| {
        let fits = |list: &Vec<Matcher>| list.iter().any(|one| one.is_exact() == exact && one.fits(said));
        let mut found = all.clone().filter(move |(_, _, list)| fits(list));
        found.next().map(|first| match found.next() {
            Some(_) => (Answer::Undetermined, None),
            None => (first.0, first.1),
        })
    };
    let (judged, standing) = match fitting(true).or_else(|| fitting(false)) {
        // A captive portal says 200 as well, but in HTML.
        Some((Answer::Live, _)) if answer.status != 204 && body.is_none() => (Answer::Undetermined, None),
        Some(found) => found,
        None if answer.status == 429 => (Answer::Undetermined, Some(Standing::RateLimited)),
        None => (Answer::Undetermined, None),
    };
    Asked {
        answer: judged,
        standing,
        status: Some(answer.status),
        // An answer that tells nothing of the key does not tell its end either.
        expires_at: body
            .as_ref()
            .filter(|_| judged != Answer::Undetermined)
            .and_then(|body| read::end(verify, body)),
        code,
        told_at: answer.told_at(),
        retry_at: (judged != Answer::Dead && answer.status >= 400)
            .then(|| answer.retry_at(now))
            .flatten(),
    }
}
