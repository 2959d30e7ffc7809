//! Definitions as forms, and what connecting found.

use keywheel_core::app::{Connected, Pasted};
use keywheel_core::provider::{BoundTo, Capabilities, Definition, Field, Scheme};

use crate::{
    CapabilitiesView, ConnectLineView, ConnectView, FieldView, PastedView, PermissionView, PresetView, ProviderView,
    SchemeView,
};

pub fn provider_view(definition: &Definition) -> ProviderView {
    ProviderView {
        id: definition.id().to_owned(),
        name: definition.name().to_owned(),
        monogram: definition.monogram().to_owned(),
        docs: definition.docs().to_owned(),
        dashboard: definition.key_page().map(str::to_owned),
        capabilities: capabilities_view(definition.capabilities()),
        strategy: definition.strategy().as_str().to_owned(),
        sentence: definition.strategy().sentence().to_owned(),
        scope_note: definition.scope_note().to_owned(),
        expiry_note: definition.expiry_note().to_owned(),
        key_shape: definition.key_shape().to_owned(),
        account_fields: definition.account_fields().iter().map(field_view).collect(),
        schemes: definition.schemes().iter().map(scheme_view).collect(),
        permissions: definition
            .permissions()
            .iter()
            .map(|one| PermissionView {
                name: one.name.clone(),
                grants: one.grants.clone(),
            })
            .collect(),
        presets: definition
            .presets()
            .iter()
            .map(|one| PresetView {
                name: one.name.clone(),
                permissions: one.permissions.clone(),
            })
            .collect(),
        personal: definition.bound_to() == Some(BoundTo::Person),
        signup_fields: definition
            .signup_fields()
            .map(|fields| fields.iter().map(field_view).collect()),
        unconfirmed: definition.unconfirmed().to_vec(),
    }
}

pub(super) fn capabilities_view(able: Capabilities) -> CapabilitiesView {
    CapabilitiesView {
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
    let able = definition.capabilities();
    if !definition.needs_credential() {
        return ConnectView {
            account_id: connected.account.id.to_string(),
            lines: vec![ConnectLineView {
                ok: true,
                message: "Keys are managed on the provider's page; add those that exist.".to_owned(),
            }],
            found_key_ids: Vec::new(),
        };
    }
    let mut lines = vec![ConnectLineView {
        ok: true,
        message: match connected.accepted.expires_at {
            Some(at) => format!("Credential accepted; it runs out at {at}."),
            None => "Credential accepted.".to_owned(),
        },
    }];
    lines.push(match &connected.found {
        Ok(found) if found.is_empty() => ConnectLineView {
            ok: true,
            message: "Keys listed: no new ones.".to_owned(),
        },
        Ok(found) => ConnectLineView {
            ok: true,
            message: format!("Keys listed: {} new.", found.len()),
        },
        Err(failure) => {
            let message = format!("Keys could not be listed: {}. {}", failure.message(), failure.remedy());
            ConnectLineView { ok: false, message }
        }
    });
    let can = |can: bool, what: &str| ConnectLineView {
        ok: can,
        message: format!("{} {what} keys.", if can { "Can" } else { "Cannot" }),
    };
    lines.push(can(able.mint, "create"));
    lines.push(can(able.revoke, "revoke"));
    ConnectView {
        account_id: connected.account.id.to_string(),
        lines,
        found_key_ids: connected.found.iter().flatten().map(ToString::to_string).collect(),
    }
}
