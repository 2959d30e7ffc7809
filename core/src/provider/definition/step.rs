//! What is done to a key at the provider, and by whom.

use url::Url;

use super::file::OperationFile;
use super::operation::Known;
use super::{Act, DefinitionProblem, Operation, Reason, Strategy, address, check};

/// What changes a key at the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProviderStep {
    Mint,
    Roll,
    Revoke,
}

/// Who does a step at the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Performer {
    /// The provider's API, asked by Keywheel.
    Api,
    /// A person on the provider's page, whom Keywheel guides.
    Person,
}

/// What a person does for a step: the page to open, and one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guide {
    pub page: String,
    pub say: String,
}

/// A step as a definition has it.
#[derive(Debug)]
pub(in crate::provider) enum Step {
    Api(Box<Operation>),
    Person(Instruction),
}

/// The page, and the sentence with a place for the key's name.
#[derive(Debug)]
pub(in crate::provider) struct Instruction {
    page: Url,
    say: String,
}

/// Where the name of the key stands in a sentence.
const NAME: &str = "{name}";

impl Step {
    pub fn performer(&self) -> Performer {
        match self {
            Step::Api(_) => Performer::Api,
            Step::Person(_) => Performer::Person,
        }
    }

    pub fn operation(&self) -> Option<&Operation> {
        match self {
            Step::Api(operation) => Some(operation),
            Step::Person(_) => None,
        }
    }

    pub fn guide(&self, key_name: &str) -> Option<Guide> {
        match self {
            Step::Api(_) => None,
            Step::Person(told) => Some(Guide {
                page: told.page.to_string(),
                say: told.say.replace(NAME, key_name),
            }),
        }
    }

    pub(super) fn read(file: OperationFile, act: Act, known: Known<'_>) -> Result<Step, DefinitionProblem> {
        if file.page.is_none() && file.say.is_none() {
            return Ok(Step::Api(Box::new(Operation::read(file, act, known)?)));
        }
        let at = |field: &str| format!("{}.{field}", act.as_str());
        let wrong = |field: &str, reason| DefinitionProblem::new(at(field), reason);
        if let Some(field) = file.of_a_request() {
            return Err(wrong(field, Reason::NotUsedHere));
        }
        let page = match file.page {
            Some(toml::Value::String(page)) => address::page(&page, &at("page"))?,
            Some(_) => return Err(wrong("page", Reason::WrongType)),
            None => return Err(wrong("page", Reason::MissingField)),
        };
        let say = file.say.ok_or_else(|| wrong("say", Reason::MissingField))?;
        let say = check::template(say, 300, &[NAME], &at("say"))?;
        Ok(Step::Person(Instruction { page, say }))
    }
}

impl OperationFile {
    /// The first field that only a request has.
    fn of_a_request(&self) -> Option<&'static str> {
        let given = [
            ("request", !self.request.is_empty()),
            ("base_url", self.base_url.is_some()),
            ("auth", !self.auth.is_empty()),
            ("body", self.body.is_some()),
            ("form", self.form.is_some()),
            ("ok", !self.ok.is_empty()),
            ("applied", !self.applied.is_empty()),
            ("live", !self.live.is_empty()),
            ("dead", !self.dead.is_empty()),
            ("restricted", !self.restricted.is_empty()),
            ("suspended", !self.suspended.is_empty()),
            ("exhausted", !self.exhausted.is_empty()),
            ("expired", !self.expired.is_empty()),
            ("limited", !self.limited.is_empty()),
            ("refused", !self.refused.is_empty()),
            ("absent", !self.absent.is_empty()),
            ("429_is_safe", self.safe_429.is_some()),
            ("idempotency", self.idempotency.is_some()),
            ("items", !self.items.is_empty()),
            ("secret", !self.secret.is_empty()),
            ("parts", !self.parts.is_empty()),
            ("remote_id", !self.remote_id.is_empty()),
            ("name", !self.name.is_empty()),
            ("prefix", !self.prefix.is_empty()),
            ("created_at", !self.created_at.is_empty()),
            ("expires_at", !self.expires_at.is_empty()),
            ("last_used_at", !self.last_used_at.is_empty()),
            ("switched_off", self.switched_off.is_some()),
            ("field", !self.field.is_empty()),
            ("one_of", !self.one_of.is_empty()),
            ("fields", !self.fields.is_empty()),
            ("others", !self.others.is_empty()),
        ];
        given.into_iter().find_map(|(field, given)| given.then_some(field))
    }
}

/// Refuses a strategy without its steps, and a step that the strategy has no use for.
pub(super) fn combination(strategy: Strategy, mint: bool, roll: bool, revoke: bool) -> Result<(), DefinitionProblem> {
    let rolls = match strategy {
        Strategy::Overlap | Strategy::ReplaceFirst => false,
        Strategy::Roll | Strategy::RollWithGrace | Strategy::TwoSlot => true,
    };
    for (field, there, needed) in [
        ("mint", mint, !rolls),
        ("revoke", revoke, !rolls),
        ("roll", roll, rolls),
    ] {
        if needed && !there {
            return Err(DefinitionProblem::new(field, Reason::MissingField));
        }
    }
    if roll && !rolls {
        return Err(DefinitionProblem::new("roll", Reason::NeedsStrategy));
    }
    Ok(())
}
