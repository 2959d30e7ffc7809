//! What all dashboards share: faults, the ledger, and pages that a browser can use without a script.

use std::time::Duration;

use provider_sim::{Fault, Provider, Sent};

use crate::desk::five;
use crate::lab::send;

#[tokio::test]
async fn the_index_links_every_page_of_keys() {
    let desk = five();
    let index = desk.open("/").await;
    assert_eq!(
        (index.status, index.header("content-type")),
        (200, "text/html; charset=utf-8")
    );
    let links: Vec<&str> = index.text.split("<a href=\"").skip(1).collect();
    assert_eq!(links.len(), 7);
    for link in links {
        let page = desk.open(link.split('"').next().unwrap()).await;
        assert_eq!(page.status, 200, "{link}");
        assert!(page.text.contains("class=\"create\"") && !page.text.contains("<script"));
    }
}

#[tokio::test]
async fn pages_that_are_not_there_are_404() {
    let desk = five();
    let org = desk.account(Provider::OnPage).id;
    for page in [
        "/on-page",
        "/optiverse/usr_none/profile/settings",
        &format!("/authenta/{org}/settings/api-keys"),
    ] {
        assert_eq!(desk.open(page).await.status, 404, "{page}");
    }
}

#[tokio::test]
async fn a_value_whose_page_is_lost_was_made_all_the_same() {
    let desk = five();
    let org = desk.account(Provider::OnPage);
    let page = format!("/on-page/{}/dashboard/api-keys", org.id);
    let before = desk.sim.live_keys(&org.id).len();
    desk.sim
        .inject(Fault::drop_connection().on("POST", "/on-page/**").after());
    let url = format!("http://127.0.0.1:4000{page}");
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    send(&desk.sim, "POST", &url, &headers, "name=lost").await.unwrap_err();
    assert_eq!(desk.sim.live_keys(&org.id).len(), before + 1);
    let record = desk.sim.requests().pop().unwrap();
    assert_eq!((record.host.as_str(), record.status), ("127.0.0.1", Sent::Dropped));
    assert_eq!(record.user, Some(org.id.clone()));
    assert_eq!(record.effect.minted.len(), 1);
    desk.sim.inject(Fault::status(503).on("POST", "/on-page/**").before());
    let said = desk.submit(&page, "name=never").await;
    assert_eq!((said.status, desk.sim.live_keys(&org.id).len()), (503, before + 1));
}

#[tokio::test]
async fn lags_hold_for_keys_of_a_dashboard() {
    let desk = five();
    let org = desk.account(Provider::OnPage);
    let page = format!("/on-page/{}/dashboard/api-keys", org.id);
    let minute = Duration::from_secs(60);
    desk.sim.inject(Fault::new_key_refused(minute));
    desk.sim.inject(Fault::list_lag(minute));
    let new = desk.submit(&page, "name=slow").await.new_key();
    let id = desk.sim.key_by_value(&new).unwrap().key_id;
    assert!(!desk.sim.accepts(&new) && !desk.open(&page).await.rows().contains(&id));
    desk.pass(60);
    assert!(desk.sim.accepts(&new) && desk.open(&page).await.rows().contains(&id));
    desk.sim
        .inject(Fault::revoked_key_accepted(minute).on("POST", "**/delete"));
    desk.submit(&format!("{page}/{id}/delete"), "").await;
    assert!(desk.sim.accepts(&new));
    desk.pass(60);
    assert!(!desk.sim.accepts(&new));
}

#[tokio::test]
async fn what_a_person_writes_is_shown_as_text() {
    let desk = five();
    let page = format!("/on-page/{}/dashboard/api-keys", desk.account(Provider::OnPage).id);
    let said = desk.submit(&page, "name=%3Cb%3E%22x%22%3C%2Fb%3E").await;
    assert!(said.text.contains("&lt;b&gt;&quot;x&quot;&lt;/b&gt;") && !said.text.contains("<b>"));
}

#[tokio::test]
async fn a_fault_speaks_the_envelope_of_each_host() {
    let desk = five();
    for (url, status, pointer, code) in [
        (
            "https://api.on-page.ai/v1/credits",
            429,
            "/error/code",
            "RATE_LIMIT_EXCEEDED",
        ),
        (
            "https://platform.authenta.ai/api/v1/jobs",
            401,
            "/code",
            "INVALID_API_KEY",
        ),
        (
            "https://api.example.com/v1/generate",
            429,
            "/error/code",
            "RATE_LIMIT_EXCEEDED",
        ),
        (
            "https://api.optiverse.ai/external-api/v1/list-records",
            500,
            "/error/code",
            "SRV500",
        ),
        ("https://api.lab.invalid/v1/me", 429, "/error/code", "rate_limited"),
    ] {
        desk.sim.inject(Fault::status(status));
        let said = desk.get(url, "").await;
        assert_eq!(
            (said.status, said.json().pointer(pointer)),
            (status, Some(&code.into())),
            "{url}"
        );
    }
}

#[tokio::test]
async fn a_page_may_give_a_new_value_away_in_an_error() {
    let desk = five();
    let org = desk.account(Provider::OnPage);
    let page = format!("/on-page/{}/dashboard/api-keys", org.id);
    desk.sim.inject(Fault::echo_secret(500).after());
    let said = desk.submit(&page, "name=told").await;
    let made = desk.sim.live_keys(&org.id).pop().unwrap();
    assert_eq!((said.status, made.name.as_deref()), (500, Some("told")));
    assert!(said.text.contains(&made.value));
}
