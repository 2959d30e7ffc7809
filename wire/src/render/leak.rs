//! What a leaked value is, and what to do now, in words.

use jiff::Timestamp;
use keywheel_core::app::{Identified, Ours, Remedy};
use keywheel_core::model::{Account, Purpose, UnaccountedId};
use keywheel_core::provider::{BoundTo, Candidate, Definition};

use super::names::Names;
use crate::{CandidateProviderView, IdentifiedView, LeakActView, LeakReportView, LeakStepView, LeakedKeyView};

/// `now` is when the leak was noticed.
pub fn identified_view(found: &Identified, names: &Names, now: Timestamp) -> IdentifiedView {
    let keys: Vec<LeakedKeyView> = found.ours.iter().map(|ours| leaked_view(ours, names, now)).collect();
    let unproven = |ours: &Ours| matches!(ours.remedy, Remedy::Unproven { .. });
    let certain = || found.ours.iter().filter(|ours| ours.certain);
    let serving = certain().filter(|ours| ours.remedy != Remedy::Ended && !unproven(ours));
    let (serving, doubtful) = (serving.count(), certain().filter(|ours| unproven(ours)).count());
    let whose = match found.candidates.first() {
        Some(first) => format!("It looks like a key of {}", first.name()),
        None => "It looks like no provider's key that Keywheel knows".to_owned(),
    };
    let message = match (serving, keys.len()) {
        (0, 0) => format!("{whose}, and it is none of yours here."),
        (0, _) if keys.iter().all(|key| key.ended) => "It was a value of yours and has ended.".to_owned(),
        (0, _) if doubtful > 0 => format!(
            "It was the value of {}. Nothing proves that it has ended: it may work.",
            keys.first().map(|key| key.name.as_str()).unwrap_or_default()
        ),
        (0, _) => format!("{whose}; a key of yours begins like it."),
        (1, _) => format!(
            "It is {}.",
            keys.first().map(|key| key.name.as_str()).unwrap_or_default()
        ),
        (more, _) => format!("It is the value of {more} keys of yours."),
    };
    IdentifiedView {
        hint: found.hint.to_string(),
        length: u32::try_from(found.length).unwrap_or(u32::MAX),
        message,
        candidates: found.candidates.iter().map(candidate_view).collect(),
        keys,
    }
}

fn candidate_view(candidate: &Candidate) -> CandidateProviderView {
    let definition = candidate.definition();
    CandidateProviderView {
        name: candidate.name().to_owned(),
        provider_id: definition.map(|one| one.id().to_owned()),
        kind: match definition.map(|one| (one.bound_to(), one.key_shape())) {
            Some((Some(BoundTo::Person), shape)) => format!("A person's API key, {shape}"),
            Some((Some(BoundTo::Organisation), shape)) => format!("An organisation's API key, {shape}"),
            Some((None, shape)) => format!("An API key, {shape}"),
            None => "A key by its form; Keywheel has no definition for it".to_owned(),
        },
        leak_note: definition.and_then(|one| one.leak_note()).map(str::to_owned),
        contact: definition.and_then(|one| one.contact()).map(str::to_owned),
        page: definition.map(|one| one.key_page().unwrap_or(one.docs()).to_owned()),
    }
}

fn leaked_view(ours: &Ours, names: &Names, now: Timestamp) -> LeakedKeyView {
    let key = &ours.facts.row.key;
    let account = ours.account.as_ref();
    let definition = account.and_then(|account| names.definition(account));
    let org = account.map_or_else(|| "removed".to_owned(), |account| names.org(account.org_id));
    let name = format!("{org}/{}/{}", names.environment(key.environment_id), key.name);
    let ended = ours.remedy == Remedy::Ended;
    let since = ours
        .version
        .ended_at
        .map(|at| format!(" since {at}"))
        .unwrap_or_default();
    let unproven = matches!(ours.remedy, Remedy::Unproven { .. });
    let message = match (ended, ours.certain) {
        (false, true) if unproven => format!("A former value of {name}, said to have ended{since}. It may work."),
        (false, false) if unproven => {
            format!("It begins like a former value of {name}, said to have ended{since}. It may work.")
        }
        (true, true) => format!("A former value of {name}, ended{since}."),
        (true, false) => format!("It begins like a former value of {name}, ended{since}."),
        (false, true) => format!("This is the value of {name}."),
        (false, false) => format!("It begins like {name}, whose value Keywheel does not hold."),
    };
    let page = definition
        .as_ref()
        .map(|one| one.key_page().unwrap_or(one.docs()).to_owned());
    let report = account
        .zip(definition.as_deref())
        .and_then(|(account, definition)| report(ours, account, definition, now));
    LeakedKeyView {
        key_id: key.id.to_string(),
        version_id: ours.version.id.to_string(),
        provider_name: account.map(|account| names.provider(account)).unwrap_or_default(),
        certain: ours.certain,
        ended,
        message,
        steps: steps(
            ours,
            &name,
            page.as_deref(),
            report.as_ref().map(|report| report.to.as_str()),
        ),
        reach: definition.as_ref().map(|one| one.scope_note().to_owned()),
        leak_note: definition.as_ref().and_then(|one| one.leak_note()).map(str::to_owned),
        contact: definition.as_ref().and_then(|one| one.contact()).map(str::to_owned),
        report,
        name,
    }
}

/// The fastest safe way first; what stands still is said.
fn steps(ours: &Ours, name: &str, page: Option<&str>, report_to: Option<&str>) -> Vec<LeakStepView> {
    let key = ours.facts.row.key.id.to_string();
    let key = if is_plain(name) { name } else { key.as_str() };
    let begin = |sentence: &str, act: LeakActView| LeakStepView {
        sentence: sentence.to_owned(),
        act: Some(act),
        command: Some(match act {
            LeakActView::Rotate => format!("keywheel rotate {key}"),
            LeakActView::RevokeFirst => format!("keywheel rotate {key} --revoke-first"),
            LeakActView::Revoke => format!("keywheel revoke {key}"),
            LeakActView::Resume => format!("keywheel resume {key}"),
        }),
    };
    let end = LeakStepView {
        command: Some(format!("keywheel replaced --now {key}")),
        ..say("Put the new key to use, then end the leaked one without an overlap.")
    };
    let send = report_to.map(|to| say(&format!("Then send the report below to {to}.")));
    let steps = match ours.remedy {
        Remedy::Ended => vec![say("Nothing is left to replace; look through what it was used for.")],
        Remedy::Unproven { back, lists, alone } => unproven(ours, (back, lists, alone), key, page),
        Remedy::UnderWay => vec![begin(
            "A rotation of it is under way: finish that first.",
            LeakActView::Resume,
        )],
        Remedy::RevokeFirst => vec![begin(
            "Revoke it at once; its successor comes right after. Everything that uses it stops until it has the new key.",
            LeakActView::RevokeFirst,
        )],
        Remedy::Overlap { revocable } => {
            let create = begin(
                "Create its successor now; nothing stands still meanwhile.",
                LeakActView::Rotate,
            );
            let revoke = begin(
                "If it is being misused now, revoke it first: everything that uses it stops until it has the new key.",
                LeakActView::RevokeFirst,
            );
            [create, end.clone()]
                .into_iter()
                .chain(revocable.then_some(revoke))
                .collect()
        }
        Remedy::AtOnce => vec![begin(
            "Replace it now: the leaked value ends with that, and what uses it stops until it has the new one.",
            LeakActView::Rotate,
        )],
        Remedy::Outlives { by, revocable } => {
            let hours = by.as_secs().div_ceil(3600);
            let lives = format!("A replacement leaves the leaked value alive for {hours} h.");
            match revocable {
                true => vec![
                    begin(
                        &format!("{lives} Revoke it at once: what uses it stops until it has a new key."),
                        LeakActView::Revoke,
                    ),
                    begin("Where it may live that long, replace it instead.", LeakActView::Rotate),
                ],
                false => vec![begin(
                    &format!("{lives} Nothing ends it sooner; begin now."),
                    LeakActView::Rotate,
                )],
            }
        }
        Remedy::OnThePage if ours.facts.row.key.purpose == Purpose::Management && ours.account.is_some() => {
            vec![LeakStepView {
                command: Some("keywheel account replace-credential ACCOUNT".to_owned()),
                ..say(
                    "It manages the keys of an account. Withdraw it at the provider, then give the account another credential.",
                )
            }]
        }
        Remedy::OnThePage => {
            let place = page.map_or_else(String::new, |page| format!(": {page}"));
            vec![say(&format!("End it on the provider's own page{place}."))]
        }
    };
    let instead = (ours.remedy == Remedy::RevokeFirst).then(|| {
        begin(
            "If that outage is worse than the leak, create its successor first; the leaked key works until you say that it is replaced.",
            LeakActView::Rotate,
        )
    });
    steps.into_iter().chain(send).chain(instead).collect()
}

fn say(sentence: &str) -> LeakStepView {
    LeakStepView {
        sentence: sentence.to_owned(),
        act: None,
        command: None,
    }
}

/// Whether a shell takes it as it stands.
fn is_plain(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_./-".contains(c);
    name.chars().all(plain) && !name.starts_with('-')
}

/// What ends a value of which nothing shows that it has ended.
fn unproven(
    ours: &Ours,
    (back, lists, alone): (Option<UnaccountedId>, bool, bool),
    key: &str,
    page: Option<&str>,
) -> Vec<LeakStepView> {
    let run = |sentence: &str, command: String| LeakStepView {
        command: Some(command),
        ..say(sentence)
    };
    let mut steps = Vec::new();
    match (back, &ours.account) {
        (Some(entry), _) => steps.push(run(
            "Its provider lists it again: revoke it.",
            format!("keywheel unaccounted settle {entry} --revoke"),
        )),
        (None, Some(account)) if lists => {
            let label = account.label.to_string();
            let account = if is_plain(&label) {
                label
            } else {
                account.id.to_string()
            };
            steps.push(run(
                "Read the list: if it shows the key, it can be revoked from there.",
                format!("keywheel account refresh {account}"),
            ));
        }
        _ => {}
    }
    let service = ours.facts.row.key.purpose == Purpose::Service;
    if back.is_none() && alone && service && ours.account.is_some() {
        steps.push(run(
            "Put it back in its place if a call with it is accepted, and revoke it from there.",
            format!("keywheel key restore {key} && keywheel revoke {key}"),
        ));
    }
    let place = page.map_or_else(String::new, |page| format!(": {page}"));
    steps.push(say(&match steps.is_empty() {
        true => format!("Look on the provider's own page whether it is there, and end it{place}."),
        false => format!("Or look on the provider's own page, and end it there{place}."),
    }));
    steps
}

/// Only where the provider says that it looks into leaks at its address.
fn report(ours: &Ours, account: &Account, definition: &Definition, now: Timestamp) -> Option<LeakReportView> {
    let to = definition.contact()?;
    if !definition.leak_note()?.contains(to) || ours.facts.row.key.purpose != Purpose::Service {
        return None;
    }
    let version = &ours.version;
    let unknown = || "not known".to_owned();
    let shown = version
        .prefix
        .clone()
        .or_else(|| version.hint.as_ref().map(ToString::to_string));
    let (born, at_least) = version.born();
    let begins = match at_least {
        true => format!("{born} or earlier"),
        false => born.to_string(),
    };
    let ends = match version.ended_at {
        Some(_) if ours.remedy != Remedy::Ended => format!("{now}, and on until it is shown to have ended"),
        Some(at) => format!("{at}, when it was ended"),
        None => format!("{now}, and on until it is revoked"),
    };
    let mut facts = vec![format!("Key prefix: {}", shown.unwrap_or_else(unknown))];
    if let Some(id) = &version.remote_id {
        facts.push(format!("Key id: {id}"));
    }
    for field in definition.account_fields() {
        let value = account.fields.get(field.name()).cloned().unwrap_or_else(unknown);
        facts.push(format!("{}: {value}", field.label()));
    }
    facts.push(format!("Window of time: {begins} to {ends}"));
    facts.push(format!("Leak noticed: {now}"));
    Some(LeakReportView {
        to: to.to_owned(),
        subject: format!("Leaked {} API key: please audit its use", definition.name()),
        body: format!(
            "Hello,\n\nan API key of our organisation was exposed. Please look through its use and tell us of calls \
             that may not be ours.\n\n{}\n\nTimes are in UTC. The key itself is not in this letter.\n",
            facts.join("\n")
        ),
    })
}
