//! Asks whether a key's value is accepted.

use super::{Executor, ONE, call, outcome};
use crate::http::Response;
use crate::model::{Answer, Secret};
use crate::provider::Workspace;
use crate::provider::definition::{Act, Matcher};
use crate::provider::template::Values;

/// What the provider said, without a word of it.
pub(super) struct Asked {
    pub answer: Answer,
    pub status: Option<u16>,
    pub code: Option<String>,
}

impl Asked {
    fn undetermined(status: Option<u16>, code: Option<String>) -> Asked {
        Asked {
            answer: Answer::Undetermined,
            status,
            code,
        }
    }
}

impl Executor {
    /// Calls with the value, in each header that the provider may read. The value is dead only where no
    /// header was accepted and at least one was refused as the definition says a dead key is.
    pub(super) async fn ask(&self, at: &Workspace, secret: &Secret) -> Asked {
        let Some(verify) = at.definition.operation(Act::Verify) else {
            return Asked::undetermined(None, None);
        };
        let values = Values {
            account: Some(&at.fields),
            ..Values::default()
        };
        let mut last = Asked::undetermined(None, None);
        for header in at.definition.key_headers() {
            let Ok(mut request) = call::request(at, verify, values, ONE) else {
                return Asked::undetermined(None, None);
            };
            let Some((name, value)) = header.carry(secret) else {
                return Asked::undetermined(None, None);
            };
            request.headers.insert(name, value);
            let Ok(answer) = self.transport.send(request, call::sending(verify)).await else {
                return Asked::undetermined(None, None);
            };
            let status = answer.status;
            let code = outcome::error_code(&at.definition, &answer);
            let fits = |list: &[Matcher]| list.iter().any(|one| one.fits(status, code.as_deref()));
            if fits(&verify.success) {
                // A captive portal says 200 as well, but not in JSON.
                let live = is_answer_of_an_api(&answer);
                return match live {
                    true => Asked {
                        answer: Answer::Live,
                        status: Some(status),
                        code,
                    },
                    false => Asked::undetermined(Some(status), None),
                };
            }
            let dead = fits(&verify.dead);
            if dead || last.answer != Answer::Dead {
                let answer = if dead { Answer::Dead } else { Answer::Undetermined };
                last = Asked {
                    answer,
                    status: Some(status),
                    code,
                };
                if status != 401 {
                    return last;
                }
            } else if status != 401 {
                return Asked::undetermined(Some(status), code);
            }
        }
        last
    }
}

fn is_answer_of_an_api(answer: &Response) -> bool {
    answer.status == 204 || answer.json().is_some()
}
