//! A value that was seen where it should not be: whose it is, and what to do now.

use clap::Args;
use keywheel_wire::render::identified_view;
use keywheel_wire::{IdentifiedView, LeakedKeyView};

use crate::exit::{Exit, Stop};
use crate::render::{Line, Look, Out};
use crate::secret_input::SecretInput;
use crate::session::Session;

const HELP: &str = "\
The value is asked for without echo, or read from standard input. It is compared and forgotten: nothing is sent, and
nothing is kept.";

#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub struct Leaked {
    #[command(flatten)]
    value: SecretInput,
}

impl Leaked {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let (app, out) = (&session.app, &session.out);
        let pasted = self.value.read(app, "key", "Leaked value")?;
        let found = app.identify(&pasted, session.keychain().await).await?;
        let view = identified_view(&found, &session.names().await?, app.clock().now());
        out.value(&view);
        text(out, &view);
        Ok(Exit::Done)
    }
}

fn text(out: &Out, view: &IdentifiedView) {
    out.line(Line::new().look(Look::Strong, format!("{}  {}", view.hint, view.message)));
    for key in &view.keys {
        out.line("");
        ours(out, key);
    }
    if !view.candidates.is_empty() {
        out.line("");
        out.line(Line::new().look(Look::Quiet, "By its form it may be"));
    }
    for one in &view.candidates {
        out.line(Line::from(format!("  {}", one.name)).look(Look::Quiet, format!("  {}", one.kind)));
        // What to do with a key of ours has been said.
        if view.keys.is_empty() {
            let facts = [&one.leak_note, &one.contact, &one.page];
            for fact in facts.into_iter().flatten() {
                out.line(format!("    {fact}"));
            }
        }
    }
}

fn ours(out: &Out, key: &LeakedKeyView) {
    let look = if key.ended { Look::Plain } else { Look::Bad };
    out.line(Line::new().look(look, &key.message));
    for (at, step) in key.steps.iter().enumerate() {
        out.line(format!("  {}. {}", at + 1, step.sentence));
        if let Some(command) = &step.command {
            out.line(Line::new().look(Look::Strong, format!("     {command}")));
        }
    }
    if let Some(reach) = &key.reach {
        out.line(Line::new().look(Look::Quiet, "  It may do: ").text(reach));
    }
    if let Some(note) = &key.leak_note {
        out.line(
            Line::new()
                .look(Look::Quiet, format!("  {}: ", key.provider_name))
                .text(note),
        );
    }
    if let Some(report) = &key.report {
        out.line("");
        out.line(Line::new().look(Look::Quiet, "  To send yourself; Keywheel sends nothing:"));
        out.line(format!("  To: {}", report.to));
        out.line(format!("  Subject: {}", report.subject));
        out.line("");
        for line in report.body.lines() {
            out.line(format!("  {line}"));
        }
    }
}
