//! Why a definition is refused.

use std::fmt;

/// One problem: where, and why. Holds no text of the definition beyond the field's path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionProblem {
    /// Path of the field: `mint.applied`, `scheme[1].id`.
    pub field: String,
    pub reason: Reason,
}

impl DefinitionProblem {
    pub(in crate::provider) fn new(field: impl Into<String>, reason: Reason) -> Self {
        DefinitionProblem {
            field: field.into(),
            reason,
        }
    }
}

impl fmt::Display for DefinitionProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.reason.as_str())
    }
}

macro_rules! reasons {
    ($( $variant:ident = $words:literal; )*) => {
        /// A reason, as a lower-case fragment.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Reason { $( #[doc = $words] $variant, )* }

        impl Reason {
            pub fn as_str(self) -> &'static str {
                match self { $( Reason::$variant => $words, )* }
            }
        }
    };
}

reasons! {
    Unreadable = "the file cannot be read";
    TooLarge = "this is longer than allowed";
    NotToml = "this is not TOML";
    UnknownField = "there is no such field";
    MissingField = "a field is missing";
    WrongType = "this is of the wrong type";
    UnknownSchema = "only schema 1 is known";
    Empty = "this is empty";
    BadText = "control characters are not allowed";
    BadWord = "only a-z, 0-9, - and _ are allowed, beginning with a letter";
    BadDate = "this is not a date like 2026-11-21";
    UnknownWord = "this word is not known here";
    NotYet = "Keywheel cannot do this yet";
    Duplicate = "this is declared twice";
    BuiltInId = "this id belongs to a built-in definition";
    NameTaken = "another provider has this name, or one that looks like it";
    NotHttps = "only https addresses are allowed";
    HostIsNumber = "a numeric address is not allowed";
    HostNotExact = "a host is one exact DNS name, in lower case, without port or wildcard";
    HostIsLocal = "this name belongs to a machine or a local network";
    HostNotListed = "this host is not in hosts";
    AddressTooRich = "an address has no user, port, query or fragment";
    BadPattern = "this is not a regular expression that is allowed";
    NotAnchored = "a pattern begins with ^ and ends with $";
    BadRequest = "a request is METHOD /path";
    BadMethod = "this method is not allowed here";
    BadTemplate = "a placeholder is not closed or not known";
    UnknownValue = "this placeholder has no value here";
    SecretOutsideHeader = "a secret may stand in a header only";
    BadHeader = "this header may not be set";
    BadPointer = "this is not a JSON Pointer (RFC 6901)";
    BadStatus = "a status is 200 to 599, alone or with an error code";
    NoSuccess = "no answer is declared a success";
    AmbiguousStatus = "one status stands for two outcomes";
    NotUsedHere = "this field has no meaning here";
    NeedsScheme = "an operation with management auth needs a scheme";
    NeedsKeyHeader = "an operation with key auth needs auth.key";
    NeedsList = "this way to reconcile needs a list operation";
    NeedsHost = "the hosts that this scheme calls must be in hosts";
    NeedsId = "the request must name {key.remote_id}";
    NeedsStrategy = "only another strategy has this";
    NeedsTwo = "there are exactly two, with different names";
    NeedsRevoke = "this needs a list and a revoke operation";
    BadVariable = "a variable has A-Z, 0-9 and _, and begins with a letter";
    NeedsIdFirst = "the first part is an id, every other one is secret";
    NeedsParts = "this names each part of the value once";
    BadContact = "this is not an e-mail address";
    OutOfRange = "this number is not allowed here";
    NeedsSecret = "exactly one field of a scheme is secret";
}
