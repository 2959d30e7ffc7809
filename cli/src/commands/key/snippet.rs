//! How a program uses a key, in the words of a shell or a language.

use clap::{Args, ValueEnum};
use keywheel_core::app::Means;
use keywheel_wire::SnippetsView;
use keywheel_wire::render::{is_variable, snippets_view, variable_for};

use crate::exit::{Exit, Stop};
use crate::session::Session;
use crate::words::full_name;

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    Sh,
    Cmd,
    Powershell,
    Curl,
    Javascript,
    Python,
}

#[derive(Debug, Args)]
pub struct Snippet {
    /// An id, a name, environment/name or org/environment/name
    key: String,
    /// The shell that sets the variable, or the language that uses it
    #[arg(long = "for", value_name = "FORM", value_enum)]
    form: Form,
    /// Name of the environment variable [default: made from the key's name]
    #[arg(long, value_name = "NAME")]
    var: Option<String>,
}

impl Snippet {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let key = session.key(&self.key).await?;
        let call = session.app.call(key.id).await?;
        if self.var.is_some() && matches!(call.means, Means::Signature { .. }) {
            return Err(Stop::about(
                "var",
                "programs look for this provider's keys in variables of given names",
            ));
        }
        let variable = self.var.clone().unwrap_or_else(|| variable_for(key.name.as_str()));
        if !is_variable(&variable) {
            return Err(Stop::about(
                "var",
                "a variable has letters, digits and _, and begins with no digit",
            ));
        }
        let names = session.names().await?;
        let org = names.org(session.account_of(&key).await?.org_id);
        let full = full_name(&org, &names.environment(key.environment_id), key.name.as_str());
        let view = snippets_view(&call, &full, &variable);
        session.out.value(&view);
        for line in self.of(&view).lines() {
            session.out.line(line);
        }
        Ok(Exit::Done)
    }

    fn of<'a>(&self, view: &'a SnippetsView) -> &'a str {
        match self.form {
            Form::Sh => &view.sh,
            Form::Cmd => &view.cmd,
            Form::Powershell => &view.powershell,
            Form::Curl => &view.curl,
            Form::Javascript => &view.javascript,
            Form::Python => &view.python,
        }
    }
}
