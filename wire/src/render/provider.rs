//! Definitions as forms, and what connecting found.

use keywheel_core::app::{Connected, Pasted};
use keywheel_core::provider::{
    BoundTo, Definition, Field, Part, Performer, Permission, ProviderStep, Scheme, Strategy,
};

use crate::{
    CapabilitiesView, ConnectLineView, ConnectView, FieldView, PartView, PastedView, PermissionView, PresetView,
    ProviderView, SchemeView, StepActorView,
};

pub fn provider_view(definition: &Definition) -> ProviderView {
    ProviderView {
        id: definition.id().to_owned(),
        name: definition.name().to_owned(),
        monogram: definition.monogram().to_owned(),
        docs: definition.docs().to_owned(),
        dashboard: definition.key_page().map(str::to_owned),
        capabilities: capabilities_view(definition),
        strategy: definition.strategy().as_str().to_owned(),
        sentence: sentence(definition).to_owned(),
        scope_note: definition.scope_note().to_owned(),
        expiry_note: definition.expiry_note().to_owned(),
        key_shape: definition.key_shape().to_owned(),
        parts: definition.parts().iter().map(part_view).collect(),
        account_fields: definition.account_fields().iter().map(field_view).collect(),
        schemes: definition.schemes().iter().map(scheme_view).collect(),
        needs_credential: definition.needs_credential(),
        own_address: definition.base_url().is_none(),
        permissions: definition.permissions().iter().map(permission_view).collect(),
        presets: presets(definition),
        personal: definition.bound_to() == Some(BoundTo::Person),
        pace: definition.pace().and_then(|pace| pace.note),
        contact: definition.contact().map(str::to_owned),
        key_name: definition.proposed_name().map(str::to_owned),
        signup_fields: definition
            .signup_fields()
            .map(|fields| fields.iter().map(field_view).collect()),
        unconfirmed: definition.unconfirmed().to_vec(),
    }
}

/// What relates the old and the new key, by the API or by the person.
fn sentence(definition: &Definition) -> &'static str {
    let by_person = |step| definition.performer(step) == Some(Performer::Person);
    match definition.strategy() {
        Strategy::Overlap if by_person(ProviderStep::Mint) => {
            "You create a second key on the provider's page. The old key works until you delete it there."
        }
        Strategy::Roll if by_person(ProviderStep::Roll) => {
            "You replace the key on the provider's page. The old value stops working at once."
        }
        Strategy::ReplaceFirst if by_person(ProviderStep::Mint) => {
            "Only one key can exist. You delete the old one on the provider's page, then create the new one there."
        }
        strategy => strategy.sentence(),
    }
}

fn part_view(part: &Part) -> PartView {
    PartView {
        name: part.name().to_owned(),
        variable: part.variable().to_owned(),
    }
}

fn permission_view(permission: &Permission) -> PermissionView {
    PermissionView {
        name: permission.name.clone(),
        grants: permission.grants.clone(),
    }
}

fn presets(definition: &Definition) -> Vec<PresetView> {
    let mut presets: Vec<PresetView> = definition
        .presets()
        .iter()
        .map(|preset| PresetView {
            name: preset.name.clone(),
            permissions: preset.permissions.clone(),
        })
        .collect();
    presets.sort_by_key(|preset| preset.permissions.len());
    presets
}

pub(super) fn capabilities_view(definition: &Definition) -> CapabilitiesView {
    let able = definition.capabilities();
    let by = |step| {
        definition.performer(step).map(|performer| match performer {
            Performer::Api => StepActorView::Api,
            Performer::Person => StepActorView::Person,
        })
    };
    CapabilitiesView {
        mint_by: by(ProviderStep::Mint),
        roll_by: by(ProviderStep::Roll),
        revoke_by: by(ProviderStep::Revoke),
        list: able.list,
        mint: able.mint,
        verify: able.verify,
        revoke: able.revoke,
        reports_last_use: able.reports_last_use,
        signup: able.signup,
    }
}

fn scheme_view(scheme: &Scheme) -> SchemeView {
    SchemeView {
        id: scheme.id().to_owned(),
        label: scheme.label().to_owned(),
        help: scheme.help().to_owned(),
        fields: scheme.fields().iter().map(field_view).collect(),
    }
}

fn field_view(field: &Field) -> FieldView {
    FieldView {
        name: field.name().to_owned(),
        label: field.label().to_owned(),
        secret: field.is_secret(),
        required: field.required(),
        help: field.help().map(str::to_owned),
        example: field.example().map(str::to_owned),
        choices: field.choices().to_vec(),
    }
}

pub fn pasted_view(pasted: &Pasted) -> PastedView {
    PastedView {
        handle: pasted.handle.as_str().to_owned(),
        hint: pasted.hint.to_string(),
        length: u32::try_from(pasted.length).unwrap_or(u32::MAX),
    }
}

pub fn connect_view(connected: &Connected, definition: &Definition) -> ConnectView {
    let lines = if definition.needs_credential() {
        proven(connected, definition)
    } else {
        by_hand(connected, definition)
    };
    ConnectView {
        account_id: connected.account.id.to_string(),
        lines,
        found_key_ids: connected.found.iter().flatten().map(ToString::to_string).collect(),
    }
}

fn line(ok: bool, message: impl Into<String>) -> ConnectLineView {
    ConnectLineView {
        ok,
        message: message.into(),
    }
}

/// What was found with the credential. What it may change shows only when it does; before that, only what its provider is
/// able to do can be said.
fn proven(connected: &Connected, definition: &Definition) -> Vec<ConnectLineView> {
    let able = definition.capabilities();
    let provider = definition.name();
    let does = |able: bool, what: &str| match able {
        true => line(
            true,
            format!("{provider} {what} keys by its API, for credentials that may."),
        ),
        false => line(false, format!("{provider} {what} no keys by its API.")),
    };
    let mut lines = vec![
        line(
            true,
            match connected.accepted.expires_at {
                _ if !connected.accepted.asked => {
                    "Credential stored; no call can be made that tells whether it works.".to_owned()
                }
                Some(at) => format!("Credential accepted; it runs out at {at}."),
                None => "Credential accepted.".to_owned(),
            },
        ),
        match &connected.found {
            Ok(_) if !able.list => line(false, "Cannot list keys."),
            Ok(found) if found.is_empty() => line(true, "Keys listed: no new ones."),
            Ok(found) => line(true, format!("Keys listed: {} new.", found.len())),
            Err(failure) => line(
                false,
                format!("Keys could not be listed: {}. {}", failure.message(), failure.remedy()),
            ),
        },
        does(able.mint, "creates"),
        does(able.revoke, "revokes"),
    ];
    if connected.former {
        let kept = "The former credential is kept until this one has created or revoked a key in what is known to be the same account; `keywheel key restore` brings it back.";
        lines.push(line(true, kept));
    }
    lines
}

/// Where a person manages the keys, nothing was asked for and nothing was tried.
fn by_hand(connected: &Connected, definition: &Definition) -> Vec<ConnectLineView> {
    let provider = definition.name();
    let does = match definition.strategy() {
        Strategy::Roll | Strategy::RollWithGrace | Strategy::TwoSlot => "create, replace and delete",
        Strategy::Overlap | Strategy::ReplaceFirst => "create and delete",
    };
    let verifies = definition.verifies(&connected.account.fields);
    vec![
        line(true, "No credential is needed."),
        line(
            true,
            format!("You {does} keys on {provider}'s page; Keywheel waits for you there, and stores each new key."),
        ),
        match verifies {
            true => line(true, "Can tell whether a key works."),
            false => line(false, "Cannot tell whether a key works: no call for it is known."),
        },
        line(false, "Cannot list keys."),
    ]
}
