//! How long keys may serve.

use clap::{Args, Subcommand};
use keywheel_core::model::{Policy, PolicyScope};
use keywheel_wire::RuleView;
use keywheel_wire::render::{effect_view, policy_view, scope_view};

use crate::exit::{Exit, Stop};
use crate::render::{Line, Look};
use crate::session::Session;
use crate::table::Table;

#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// List the rules that are set, the widest first
    List,
    /// Show what is in force for a scope, and which rule decides it
    Show(Scope),
    /// Set the rule for all keys or for one scope; what it leaves open, a wider one decides
    Set(Set),
    /// Take the rule of a scope away
    Clear {
        #[command(flatten)]
        scope: Scope,
        /// Only say what it would do
        #[arg(long)]
        dry_run: bool,
    },
}

/// What a rule is for: all keys, unless one of these is given. The narrowest that fits wins: a key before its account,
/// provider, organisation and environment.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("scope").multiple(false))]
pub struct Scope {
    /// Only for this environment
    #[arg(long, group = "scope")]
    env: Option<String>,
    /// Only for this organisation
    #[arg(long, group = "scope")]
    org: Option<String>,
    /// Only for keys of this provider, by its id
    #[arg(long, group = "scope")]
    provider: Option<String>,
    /// Only for keys of this account: its label, org/label or id
    #[arg(long, group = "scope")]
    account: Option<String>,
    /// Only for this key
    #[arg(long, group = "scope")]
    key: Option<String>,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("rule").required(true).multiple(true))]
pub struct Set {
    #[command(flatten)]
    scope: Scope,
    /// Age in days from which a key is stale
    #[arg(long, value_name = "DAYS", group = "rule")]
    max_age: Option<u32>,
    /// A key is due soon from this share of the maximum age on
    #[arg(long, value_name = "PERCENT", group = "rule")]
    due_soon: Option<u32>,
    /// How long the old key is kept after the new one is in use
    #[arg(long, value_name = "HOURS", group = "rule")]
    overlap: Option<u32>,
    /// How long the old key has to be silent before it is revoked, where its provider tells when it was last used; 0: do not ask
    #[arg(long, value_name = "HOURS", group = "rule")]
    quiet: Option<u32>,
    /// A held key is verified by itself after so many days, unless its provider would count that as a use; 0: never
    #[arg(long, value_name = "DAYS", group = "rule")]
    verify: Option<u32>,
    /// Only say what it would do
    #[arg(long)]
    dry_run: bool,
}

impl PolicyCommand {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        match self {
            PolicyCommand::List => list(session).await,
            PolicyCommand::Show(scope) => show(session, &scope.read(session).await?).await,
            PolicyCommand::Set(set) => set.run(session).await,
            PolicyCommand::Clear { scope, dry_run } => {
                let open = Policy::open(scope.read(session).await?);
                apply(session, &open, *dry_run).await
            }
        }
    }
}

impl Scope {
    async fn read(&self, session: &Session) -> Result<PolicyScope, Stop> {
        let app = &session.app;
        Ok(match self {
            Scope { env: Some(name), .. } => PolicyScope::Environment(app.find_environment(name).await?.id),
            Scope { org: Some(name), .. } => PolicyScope::Org(app.find_org(name).await?.id),
            Scope { provider: Some(id), .. } => {
                app.catalog().require(id)?;
                PolicyScope::Provider(id.clone())
            }
            Scope {
                account: Some(name), ..
            } => PolicyScope::Account(app.find_account(name).await?.id),
            Scope { key: Some(name), .. } => PolicyScope::Key(app.find_key(name).await?.id),
            _ => PolicyScope::All,
        })
    }
}

impl Set {
    async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let scope = self.scope.read(session).await?;
        let policies = session.app.policies().await?;
        let former = policies.into_iter().find(|policy| policy.scope == scope);
        let former = former.unwrap_or_else(|| Policy::open(scope));
        let policy = Policy {
            max_age_days: self.max_age.or(former.max_age_days),
            due_soon_percent: self.due_soon.or(former.due_soon_percent),
            overlap_hours: self.overlap.or(former.overlap_hours),
            quiet_hours: self.quiet.or(former.quiet_hours),
            verify_days: self.verify.or(former.verify_days),
            ..former
        };
        apply(session, &policy, self.dry_run).await
    }
}

/// Says what the change does, and makes it unless it is only tried.
async fn apply(session: &Session, policy: &Policy, dry_run: bool) -> Result<Exit, Stop> {
    let (app, out) = (&session.app, &session.out);
    let effect = app.policy_effect(policy).await?;
    if !dry_run {
        app.set_policy(policy).await?;
    }
    let names = session.names().await?;
    let effect = effect_view(&effect, policy, &names);
    out.value(&effect);
    out.line(effect.sentence.as_str());
    if dry_run {
        out.line("Nothing is set.");
        return Ok(Exit::Done);
    }
    let label = scope_view(&policy.scope, &names).label;
    let rule = policy_view(&app.in_force(&policy.scope).await?, &names);
    out.line(format!("For {label}: {}", rule.sentence));
    Ok(Exit::Done)
}

async fn show(session: &Session, scope: &PolicyScope) -> Result<Exit, Stop> {
    let names = session.names().await?;
    let rule = policy_view(&session.app.in_force(scope).await?, &names);
    session.out.value(&rule);
    let mut table = Table::new(&["SETTING", "VALUE", "FROM"]);
    let rows = [
        ("maximum age", format!("{} d", rule.max_age_days), &rule.max_age_from),
        (
            "due soon from",
            format!("{} %", rule.due_soon_percent),
            &rule.due_soon_from,
        ),
        ("overlap", format!("{} h", rule.overlap_hours), &rule.overlap_from),
        ("quiet", format!("{} h", rule.quiet_hours), &rule.quiet_from),
        ("verify every", format!("{} d", rule.verify_days), &rule.verify_from),
    ];
    for (setting, value, from) in rows {
        table.row(vec![setting.into(), value.into(), from.label.as_str().into()]);
    }
    table.print(&session.out);
    Ok(Exit::Done)
}

async fn list(session: &Session) -> Result<Exit, Stop> {
    let inventory = session.inventory().await?;
    session.out.value(&inventory.rules);
    let mut table = Table::new(&[
        "FOR",
        "MAXIMUM AGE",
        "DUE SOON FROM",
        "OVERLAP",
        "QUIET",
        "VERIFY EVERY",
        "KEYS",
        "STALE",
    ]);
    // What a wider scope decides is printed quietly.
    let shown = |own: Option<u32>, in_force: u32, unit: &str| {
        let look = if own.is_some() { Look::Plain } else { Look::Quiet };
        let from = if own.is_some() { "" } else { " (wider)" };
        Line::new().look(look, format!("{in_force} {unit}{from}"))
    };
    for rule in &inventory.rules {
        let RuleView { scope, in_force, .. } = rule;
        table.row(vec![
            Line::from(scope.label.as_str()),
            shown(rule.max_age_days, in_force.max_age_days, "d"),
            shown(rule.due_soon_percent, in_force.due_soon_percent, "%"),
            shown(rule.overlap_hours, in_force.overlap_hours, "h"),
            shown(rule.quiet_hours, in_force.quiet_hours, "h"),
            shown(rule.verify_days, in_force.verify_days, "d"),
            rule.keys.to_string().into(),
            rule.stale.to_string().into(),
        ]);
    }
    table.print(&session.out);
    Ok(Exit::Done)
}
