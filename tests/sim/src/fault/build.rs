//! Faults said in one line: `Fault::drop_connection().on("POST", "/api/v1/signup").after()`.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use super::{Fault, FaultKind, Malformed, Moment, RetryAfter};

impl Fault {
    /// A fault of this kind for the next request of any sort.
    pub fn new(kind: FaultKind) -> Self {
        Self {
            method: None,
            host: None,
            path: super::any_path(),
            nth: super::first(),
            times: super::once(),
            at: None,
            kind,
        }
    }

    /// Another status in the provider's envelope.
    pub fn status(status: u16) -> Self {
        Self::new(FaultKind::Status {
            status,
            code: None,
            body: None,
            retry_after: None,
            headers: BTreeMap::new(),
        })
    }

    /// A real pause.
    pub fn delay(span: Duration) -> Self {
        Self::new(FaultKind::Delay { ms: millis(span) })
    }

    /// A pause until all faults are forgotten.
    pub fn hold() -> Self {
        Self::new(FaultKind::Hold)
    }

    /// A connection closed without an answer.
    pub fn drop_connection() -> Self {
        Self::new(FaultKind::Drop)
    }

    /// A connection closed after `bytes` of the body.
    pub fn cut_body(bytes: usize) -> Self {
        Self::new(FaultKind::CutBody { bytes })
    }

    /// No answer, ever.
    pub fn hang() -> Self {
        Self::new(FaultKind::Hang)
    }

    /// A wrong body.
    pub fn malformed(body: Malformed) -> Self {
        Self::new(FaultKind::Malformed { body })
    }

    /// Success that did nothing.
    pub fn no_effect() -> Self {
        Self::new(FaultKind::NoEffect)
    }

    /// The effect twice.
    pub fn duplicate() -> Self {
        Self::new(FaultKind::Duplicate)
    }

    /// A list that follows late.
    pub fn list_lag(span: Duration) -> Self {
        Self::new(FaultKind::ListLag { ms: millis(span) })
    }

    /// A new key that is not known everywhere yet.
    pub fn new_key_refused(span: Duration) -> Self {
        Self::new(FaultKind::NewKeyRefused { ms: millis(span) })
    }

    /// A revoked key that is still accepted somewhere.
    pub fn revoked_key_accepted(span: Duration) -> Self {
        Self::new(FaultKind::RevokedKeyAccepted { ms: millis(span) })
    }

    /// An answer under a `Date` so many seconds ahead.
    pub fn dated(ahead: i64) -> Self {
        Self::new(FaultKind::Dated { ahead })
    }

    /// An error that repeats secrets.
    pub fn echo_secret(status: u16) -> Self {
        Self::new(FaultKind::EchoSecret { status })
    }

    /// Waits for this method (`*` for any) and path pattern.
    pub fn on(mut self, method: &str, path: &str) -> Self {
        self.method = Some(method.to_owned());
        self.path = path.to_owned();
        self
    }

    /// Waits for this host.
    pub fn host(mut self, host: &str) -> Self {
        self.host = Some(host.to_owned());
        self
    }

    /// Strikes before the effect.
    pub fn before(mut self) -> Self {
        self.at = Some(Moment::Before);
        self
    }

    /// Strikes after the effect.
    pub fn after(mut self) -> Self {
        self.at = Some(Moment::After);
        self
    }

    /// Fires first on the `nth` matching request, from 1.
    pub fn nth(mut self, nth: u32) -> Self {
        self.nth = nth;
        self
    }

    /// Fires so many times.
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Fires from then on.
    pub fn always(mut self) -> Self {
        self.times = None;
        self
    }

    /// Sets `Retry-After` of a status.
    pub fn retry_after(mut self, wait: RetryAfter) -> Self {
        if let FaultKind::Status { retry_after, .. } = &mut self.kind {
            *retry_after = Some(wait);
        }
        self
    }

    /// Sets the error code of a status.
    pub fn code(mut self, named: &str) -> Self {
        if let FaultKind::Status { code, .. } = &mut self.kind {
            *code = Some(named.to_owned());
        }
        self
    }

    /// Sets the whole body of a status.
    pub fn body(mut self, whole: Value) -> Self {
        if let FaultKind::Status { body, .. } = &mut self.kind {
            *body = Some(whole);
        }
        self
    }

    /// Adds a header to a status.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let FaultKind::Status { headers, .. } = &mut self.kind {
            headers.insert(name.to_owned(), value.to_owned());
        }
        self
    }

    /// The side of the effect on which it strikes.
    pub fn moment(&self) -> Moment {
        self.at.unwrap_or(match self.kind {
            FaultKind::CutBody { .. } | FaultKind::Malformed { .. } | FaultKind::Dated { .. } => Moment::After,
            _ => Moment::Before,
        })
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
