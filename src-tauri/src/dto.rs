//! Requests of the window, read into core's forms.

use keywheel_core::app::{Batch, Connect, Description, ExistingKey, OrgChoice, SignUp};
use keywheel_core::failure::{Code, Failure};
use keywheel_core::model::{
    AccountId, Density, EnvironmentId, KeyId, LockKeychain, OrgId, Policy, PolicyScope, Settings, Theme, WaiverKind,
};
use keywheel_core::rotation::Claim;
use keywheel_wire::{
    BatchRequest, ClaimView, ConnectRequest, DensityView, DescriptionRequest, ImportKeyRequest, LockKeychainView,
    OrgChoice as OrgRequest, RuleRequest, ScopeKindView, SettingsView, SignupRequest, ThemeView, WaiverKindView,
};

use crate::desktop::{handle, parsed};

pub fn connect(request: ConnectRequest) -> Result<Connect, Failure> {
    Ok(Connect {
        org: org(request.org)?,
        provider_id: request.provider_id,
        label: request.label,
        scheme: request.scheme,
        fields: request.fields,
        pasted: request
            .pasted
            .iter()
            .map(|(field, text)| (field.clone(), handle(text)))
            .collect(),
        base_url: request.base_url,
        environment: parsed(EnvironmentId::parse(&request.environment_id), "environment")?,
        anyway: request.anyway,
    })
}

pub fn sign_up(request: SignupRequest) -> Result<SignUp, Failure> {
    let key_name = request.key_name.clone();
    let connect = connect(ConnectRequest {
        org: request.org,
        provider_id: request.provider_id,
        label: request.label,
        scheme: request.scheme,
        fields: request.fields,
        pasted: request.pasted,
        base_url: request.base_url,
        environment_id: request.environment_id,
        anyway: false,
    })?;
    Ok(SignUp { connect, key_name })
}

fn org(choice: OrgRequest) -> Result<OrgChoice, Failure> {
    Ok(match choice {
        OrgRequest::Existing { id } => OrgChoice::Existing(parsed(OrgId::parse(&id), "org")?),
        OrgRequest::New { name } => OrgChoice::New(name),
    })
}

pub fn batch(request: BatchRequest) -> Result<Batch, Failure> {
    Ok(match request {
        BatchRequest::Owner(owner) => Batch::Owner(owner),
        BatchRequest::Keys(ids) => {
            let ids = ids.iter().map(|id| parsed(KeyId::parse(id), "key"));
            Batch::Keys(ids.collect::<Result<_, _>>()?)
        }
    })
}

/// What the person says of a key.
pub fn claim(said: ClaimView) -> Claim {
    match said {
        ClaimView::Works => Claim::Works,
        ClaimView::Gone => Claim::Gone,
        ClaimView::Leave => Claim::Leave,
    }
}

/// Reads the answer to a question.
pub fn answer(word: &str, remote_id: Option<String>) -> Result<keywheel_core::app::Answer, Failure> {
    use keywheel_core::app::Answer;
    match (word, remote_id) {
        ("revoke", Some(remote_id)) => Ok(Answer::Revoke { remote_id }),
        ("revoke", None) => Err(Failure::new(Code::InputMissing).field("remote_id")),
        ("keep", _) => Ok(Answer::Keep),
        ("absent", _) => Ok(Answer::Absent),
        ("leave", _) => Ok(Answer::Leave),
        _ => Err(Failure::new(Code::InputInvalid).field("answer")),
    }
}

pub fn existing_key(request: ImportKeyRequest) -> Result<ExistingKey, Failure> {
    let day = |text: String| {
        text.trim()
            .parse()
            .map_err(|_| Failure::new(Code::InputInvalid).field("created"))
    };
    Ok(ExistingKey {
        account: parsed(AccountId::parse(&request.account_id), "account")?,
        environment: parsed(EnvironmentId::parse(&request.environment_id), "environment")?,
        name: request.name,
        pasted: handle(&request.pasted),
        created: request
            .created
            .filter(|text| !text.trim().is_empty())
            .map(day)
            .transpose()?,
        about: description(request.about),
        anyway: request.anyway,
    })
}

pub fn description(request: DescriptionRequest) -> Description {
    Description {
        owner: request.owner,
        used_for: request.used_for,
        permissions: request.permissions,
        preset: request.preset,
    }
}

/// Reads a rule as it is to be.
pub fn policy(request: RuleRequest) -> Result<Policy, Failure> {
    Ok(Policy {
        scope: scope(request.kind, request.id)?,
        max_age_days: request.max_age_days,
        due_soon_percent: request.due_soon_percent,
        overlap_hours: request.overlap_hours,
        quiet_hours: request.quiet_hours,
        verify_days: request.verify_days,
    })
}

fn scope(kind: ScopeKindView, id: Option<String>) -> Result<PolicyScope, Failure> {
    let id = id.unwrap_or_default();
    Ok(match kind {
        ScopeKindView::All => PolicyScope::All,
        ScopeKindView::Environment => PolicyScope::Environment(parsed(EnvironmentId::parse(&id), "environment")?),
        ScopeKindView::Org => PolicyScope::Org(parsed(OrgId::parse(&id), "org")?),
        ScopeKindView::Provider => PolicyScope::Provider(id),
        ScopeKindView::Account => PolicyScope::Account(parsed(AccountId::parse(&id), "account")?),
        ScopeKindView::Key => PolicyScope::Key(parsed(KeyId::parse(&id), "key")?),
    })
}

pub fn waiver_kind(kind: WaiverKindView) -> WaiverKind {
    match kind {
        WaiverKindView::Snooze => WaiverKind::Snooze,
        WaiverKindView::AcceptRisk => WaiverKind::AcceptRisk,
    }
}

pub fn settings(request: &SettingsView) -> Settings {
    Settings {
        theme: match request.theme {
            ThemeView::System => Theme::System,
            ThemeView::Light => Theme::Light,
            ThemeView::Dark => Theme::Dark,
        },
        density: match request.density {
            DensityView::Compact => Density::Compact,
            DensityView::Comfortable => Density::Comfortable,
        },
        letters: request.letters,
        quick_shortcut: request.quick_shortcut,
        clipboard_seconds: request.clipboard_seconds,
        reveal_seconds: request.reveal_seconds,
        lock_after_seconds: request.lock_after_seconds,
        lock_keychain: match request.lock_keychain {
            LockKeychainView::Never => LockKeychain::Never,
            LockKeychainView::Asked => LockKeychain::Asked,
            LockKeychainView::Always => LockKeychain::Always,
        },
        refresh_minutes: request.refresh_minutes,
        notify: request.notify,
        notify_names: request.notify_names,
        digest_hour: request.digest_hour,
        zoom_percent: request.zoom_percent,
    }
}
