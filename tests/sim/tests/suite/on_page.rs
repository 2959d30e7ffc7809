//! On-Page's credits, limits and dashboard.

use provider_sim::{Envelope, Provider, Quota};

use crate::desk::{Desk, five};

const CREDITS: &str = "https://api.on-page.ai/v1/credits";

fn value(desk: &Desk, name: &str) -> String {
    desk.key(&desk.account(Provider::OnPage), name).value
}

#[tokio::test]
async fn a_key_that_may_read_credits_gets_the_balance() {
    let desk = five();
    let said = desk.get(CREDITS, &value(&desk, "usage-report")).await;
    assert_eq!((said.status, said.json()["balance"].as_u64()), (200, Some(1000)));
    let org = desk.account(Provider::OnPage);
    desk.sim.use_up(&org.id, &[Quota::Credits]);
    let said = desk.get(CREDITS, &value(&desk, "usage-report")).await;
    assert_eq!((said.status, said.json()["balance"].as_u64()), (200, Some(0)));
}

#[tokio::test]
async fn invalid_and_missing_keys_are_refused_with_one_code() {
    let desk = five();
    let of_another = desk.key(&desk.account(Provider::Optiverse), "records-sync").value;
    for wrong in ["", "op_live_00000000000000000000000000000000", &of_another] {
        let said = desk.get(CREDITS, wrong).await;
        assert_eq!((said.status, said.code().as_str()), (401, "INVALID_API_KEY"), "{wrong}");
        assert_eq!(
            said.header("x-ratelimit-limit"),
            "",
            "only authenticated answers have it"
        );
    }
}

#[tokio::test]
async fn a_suspended_organisation_and_a_missing_permission_are_both_403() {
    let desk = five();
    let said = desk.get(CREDITS, &value(&desk, "classifier")).await;
    assert_eq!(said.status, 403);
    assert_ne!(said.code(), "ORGANIZATION_SUSPENDED");
    desk.sim.suspend(&desk.account(Provider::OnPage).id, true);
    let said = desk.get(CREDITS, &value(&desk, "usage-report")).await;
    assert_eq!((said.status, said.code().as_str()), (403, "ORGANIZATION_SUSPENDED"));
    let globex = desk.key(&desk.named("globex"), "crawler").value;
    assert_eq!(desk.get(CREDITS, &globex).await.status, 200, "another organisation");
}

#[tokio::test]
async fn a_key_reads_120_times_a_minute_and_an_organisation_360_times() {
    let desk = five();
    let (report, audit) = (value(&desk, "usage-report"), value(&desk, "site-audit"));
    for left in (0..120).rev() {
        let said = desk.get(CREDITS, &report).await;
        assert_eq!(said.status, 200);
        assert_eq!(
            (said.header("x-ratelimit-limit"), said.header("retry-after")),
            ("120", "")
        );
        assert_eq!(said.header("x-ratelimit-remaining"), left.to_string());
    }
    let said = desk.get(CREDITS, &report).await;
    assert_eq!((said.status, said.header("retry-after")), (429, "60"));
    assert_eq!(said.header("x-ratelimit-reset"), "1795269960");
    assert_eq!(desk.get(CREDITS, &audit).await.status, 200, "each key has its own");
    for _ in 122..360 {
        desk.get(CREDITS, &value(&desk, "classifier")).await;
    }
    let said = desk.get(CREDITS, &audit).await;
    assert_eq!((said.status, said.header("x-ratelimit-limit")), (429, "360"));
    desk.pass(60);
    assert_eq!(desk.get(CREDITS, &report).await.status, 200);
}

#[tokio::test]
async fn the_form_of_its_errors_can_be_chosen() {
    let desk = five();
    for (envelope, pointer) in [
        (Envelope::Nested, "/error/code"),
        (Envelope::Flat, "/code"),
        (Envelope::Named, "/error"),
    ] {
        desk.sim.set_envelope(Provider::OnPage, envelope);
        let body = desk.get(CREDITS, "wrong").await.json();
        assert_eq!(body.pointer(pointer).unwrap(), "INVALID_API_KEY", "{envelope:?}");
    }
}

#[tokio::test]
async fn the_dashboard_makes_several_keys_shows_each_once_and_deletes_them() {
    let desk = five();
    let org = desk.account(Provider::OnPage);
    let page = format!("/on-page/{}/dashboard/api-keys", org.id);
    let before = desk.open(&page).await.rows();
    let form = "name=ci&permission=jobs%3Aread&permission=credits%3Aread";
    let said = desk.submit(&page, form).await;
    let made = said.new_key();
    assert!(made.starts_with("op_live_"), "{made}");
    assert_eq!(desk.get(CREDITS, &made).await.status, 200);
    let second = desk.submit(&page, form).await.new_key();
    let listed = desk.open(&page).await;
    assert_eq!(listed.rows().len(), before.len() + 2);
    assert!(
        !listed.text.contains(&made) && !listed.text.contains(&second),
        "shown once"
    );
    let key = desk.sim.key_by_value(&made).unwrap();
    assert_eq!(key.grant.permissions, ["jobs:read", "credits:read"]);
    assert_eq!(
        desk.submit(&format!("{page}/{}/delete", key.key_id), "").await.status,
        200
    );
    assert_eq!(desk.get(CREDITS, &made).await.code(), "INVALID_API_KEY");
    assert_eq!(desk.get(CREDITS, &second).await.status, 200, "the other one lives on");
    let again = desk.submit(&format!("{page}/{}/delete", key.key_id), "").await;
    assert_eq!(again.status, 404);
}
