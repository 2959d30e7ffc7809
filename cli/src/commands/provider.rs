//! Providers, as their definitions describe them.

use clap::Subcommand;
use keywheel_wire::render::provider_view;
use keywheel_wire::{FieldView, ProviderView};

use crate::exit::{Exit, Stop};
use crate::render::{Line, Look, Out};
use crate::session::Session;
use crate::table::Table;

#[derive(Debug, Subcommand)]
pub enum Provider {
    /// List all providers
    List,
    /// Show what a provider's API can do and what connecting asks for
    Show {
        /// Its id
        provider: String,
    },
}

impl Provider {
    pub fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let (catalog, out) = (session.app.catalog(), &session.out);
        match self {
            Provider::List => {
                let views: Vec<ProviderView> = catalog.all().map(|definition| provider_view(definition)).collect();
                out.value(&views);
                let mut table = Table::new(&["ID", "NAME", "API", "STRATEGY", "KEYS LOOK LIKE"]);
                for view in &views {
                    table.row(vec![
                        Line::from(view.id.as_str()),
                        view.name.as_str().into(),
                        able(view).into(),
                        view.strategy.as_str().into(),
                        view.key_shape.as_str().into(),
                    ]);
                }
                table.print(out);
            }
            Provider::Show { provider } => {
                let view = provider_view(&*catalog.require(provider)?);
                out.value(&view);
                show(out, &view);
            }
        }
        Ok(Exit::Done)
    }
}

fn able(view: &ProviderView) -> String {
    let can = &view.capabilities;
    let words = [
        (can.list, "list"),
        (can.mint, "create"),
        (can.verify, "verify"),
        (can.revoke, "revoke"),
        (can.signup, "sign up"),
    ];
    let able: Vec<&str> = words.iter().filter(|(can, _)| *can).map(|(_, word)| *word).collect();
    if able.is_empty() {
        "by hand".to_owned()
    } else {
        able.join(", ")
    }
}

fn show(out: &Out, view: &ProviderView) {
    out.line(Line::new().look(Look::Strong, format!("{} ({})", view.name, view.id)));
    out.line(format!("  {}", view.sentence));
    out.line(format!("  API: {}. Keys look like {}.", able(view), view.key_shape));
    for part in &view.parts {
        out.line(format!("    --part {:<18} {}", part.name, part.variable));
    }
    out.line(format!("  {} {}", view.scope_note, view.expiry_note));
    out.line(format!("  Documents: {}", view.docs));
    if let Some(page) = &view.dashboard {
        out.line(format!("  Keys page: {page}"));
    }
    fields(out, "Account", &view.account_fields);
    for scheme in &view.schemes {
        fields(
            out,
            &format!("--scheme {}  ({})", scheme.id, scheme.label),
            &scheme.fields,
        );
        out.line(Line::new().look(Look::Quiet, format!("      {}", scheme.help)));
    }
    if !view.permissions.is_empty() {
        out.line(Line::new().look(Look::Strong, "  --permission"));
    }
    for one in &view.permissions {
        out.line(Line::from(format!("    {:<18}", one.name)).look(Look::Quiet, &one.grants));
    }
    if !view.presets.is_empty() {
        out.line(Line::new().look(Look::Strong, "  --preset"));
    }
    for one in &view.presets {
        out.line(Line::from(format!("    {:<24}", one.name)).look(Look::Quiet, one.permissions.join(", ")));
    }
    if let Some(signup) = &view.signup_fields {
        fields(out, "Sign-up", signup);
    }
    if !view.unconfirmed.is_empty() {
        out.line(Line::new().look(Look::Warning, "  Not confirmed by the provider's documents:"));
        for sentence in &view.unconfirmed {
            out.line(format!("    {sentence}"));
        }
    }
}

fn fields(out: &Out, title: &str, fields: &[FieldView]) {
    out.line(Line::new().look(Look::Strong, format!("  {title}")));
    for field in fields {
        let how = match (field.secret, field.required) {
            (true, _) => "secret: asked for, or standard input",
            (false, true) => "required",
            (false, false) => "optional",
        };
        let mut notes = vec![how.to_owned()];
        if !field.choices.is_empty() {
            notes.push(format!("one of {}", field.choices.join(", ")));
        }
        notes.extend(field.example.iter().map(|example| format!("e.g. {example}")));
        notes.extend(field.help.iter().cloned());
        let line = Line::from(format!("    {:<18}{}", field.name, field.label));
        out.line(line.look(Look::Quiet, format!("  {}", notes.join("; "))));
    }
}
