//! Authenta's permissions, quotas and dashboard.

use provider_sim::{Provider, Quota};

use crate::desk::{Desk, five};
use crate::lab::Said;

const JOBS: &str = "https://platform.authenta.ai/api/v1/jobs";
const MEDIA: &str = "https://platform.authenta.ai/api/media";

fn value(desk: &Desk, name: &str) -> String {
    desk.key(&desk.account(Provider::Authenta), name).value
}

fn refused(said: &Said) -> (u16, String) {
    assert_eq!(said.json()["statusCode"], said.status, "{}", said.text);
    (said.status, said.field("code"))
}

#[tokio::test]
async fn reading_is_free_of_credits_and_under_both_names() {
    let desk = five();
    for url in [JOBS, MEDIA] {
        assert_eq!(desk.get(url, &value(&desk, "Backend-Server-Key")).await.status, 200);
    }
    assert_eq!(desk.account(Provider::Authenta).billed, 0);
    assert_eq!(
        desk.call("POST", JOBS, &value(&desk, "Upload-Only-Key"), "{}")
            .await
            .status,
        201
    );
    assert_eq!(desk.account(Provider::Authenta).billed, 1);
}

#[tokio::test]
async fn a_key_does_only_what_it_may() {
    let desk = five();
    let one = format!("{JOBS}/job_1");
    for (method, url, key, status) in [
        ("GET", JOBS, "Upload-Only-Key", 403),
        ("DELETE", &one, "Video-Pipeline-Key", 403),
        ("DELETE", &one, "Backend-Server-Key", 404),
        ("POST", JOBS, "Video-Pipeline-Key", 201),
    ] {
        let said = desk.call(method, url, &value(&desk, key), "{}").await;
        assert_eq!(said.status, status, "{method} {key}");
        if status == 403 {
            assert_eq!(refused(&said).1, "FORBIDDEN");
            assert_eq!(said.field("message"), "Forbidden (You are not authorized)");
        }
    }
    for wrong in ["", "api_00000000000000000000000000000000"] {
        assert_eq!(
            refused(&desk.get(JOBS, wrong).await),
            (401, "INVALID_API_KEY".to_owned())
        );
    }
    desk.sim.suspend(&desk.account(Provider::Authenta).id, true);
    let said = desk.get(JOBS, &value(&desk, "Backend-Server-Key")).await;
    assert_eq!(refused(&said), (403, "FORBIDDEN".to_owned()));
}

#[tokio::test]
async fn a_used_up_quota_is_no_dead_key() {
    let desk = five();
    let user = desk.account(Provider::Authenta);
    let key = desk.key(&user, "Backend-Server-Key");
    desk.sim.use_up(&user.id, &[Quota::Query]);
    let said = desk.get(JOBS, &key.value).await;
    assert_eq!(refused(&said), (429, "QUOTA_EXCEEDED".to_owned()));
    assert_eq!(
        desk.call("POST", JOBS, &key.value, "{}").await.status,
        201,
        "another quota"
    );
    desk.sim.use_up(&user.id, &[Quota::Credits]);
    assert_eq!(desk.get(JOBS, &key.value).await.status, 200);
    assert_eq!(desk.call("POST", JOBS, &key.value, "{}").await.status, 429);
    desk.sim.use_up(&user.id, &[]);
    desk.sim.use_up_key(&key.key_id, true);
    assert_eq!(desk.get(JOBS, &key.value).await.status, 429);
    assert_eq!(
        desk.get(JOBS, &value(&desk, "Video-Pipeline-Key")).await.status,
        200,
        "its sibling works"
    );
}

#[tokio::test]
async fn regenerating_ends_the_old_value_and_keeps_the_rest() {
    let desk = five();
    let user = desk.account(Provider::Authenta);
    let old = desk.key(&user, "Backend-Server-Key");
    desk.get(JOBS, &old.value).await;
    let page = format!("/authenta/{}/settings/api-keys", user.id);
    let details = desk.open(&format!("{page}/{}", old.key_id)).await;
    let said = desk.submit(&format!("{page}/{}/regenerate", old.key_id), "").await;
    let new = said.new_key();
    assert!(new.starts_with("api_") && new != old.value);
    assert_eq!(desk.get(JOBS, &old.value).await.status, 401);
    let after = desk.open(&format!("{page}/{}", old.key_id)).await;
    assert_eq!(
        after.text, details.text,
        "name, permissions, date and usage are the same"
    );
    assert!(after.text.contains("<td class=\"usage\">1</td>"), "{}", after.text);
    assert_eq!(desk.get(JOBS, &new).await.status, 200);
    let [first, second] = [&old.value, &new].map(|value| desk.sim.key_by_value(value).unwrap());
    assert_eq!(first.key_id, second.key_id);
    assert!(!first.is_live() && second.is_live());
    assert_eq!((first.calls, first.refused_calls, second.calls), (1, 1, 1));
}

#[tokio::test]
async fn revoking_is_confirmed_and_leaves_the_history() {
    let desk = five();
    let user = desk.account(Provider::Authenta);
    let key = desk.key(&user, "Video-Pipeline-Key");
    let page = format!("/authenta/{}/settings/api-keys", user.id);
    let asked = desk.submit(&format!("{page}/{}/revoke", key.key_id), "").await;
    assert!(asked.text.contains("Confirm"));
    assert_eq!(desk.get(JOBS, &key.value).await.status, 200, "asking does nothing");
    let done = desk
        .submit(&format!("{page}/{}/revoke", key.key_id), "confirm=yes")
        .await;
    assert_eq!(done.status, 200);
    assert!(done.rows().contains(&key.key_id), "its usage stays");
    assert_eq!(desk.get(JOBS, &key.value).await.status, 401);
    let again = desk.submit(&format!("{page}/{}/regenerate", key.key_id), "").await;
    assert_eq!((again.status, again.new_key()), (404, String::new()));
}

#[tokio::test]
async fn creating_asks_for_a_name_and_permissions() {
    let desk = five();
    let user = desk.account(Provider::Authenta);
    let page = format!("/authenta/{}/settings/api-keys", user.id);
    for wrong in ["name=", "name=a&permission=Everything"] {
        let said = desk.submit(&page, wrong).await;
        assert_eq!((said.status, said.new_key()), (400, String::new()), "{wrong}");
    }
    let new = desk
        .submit(&page, "name=Mobile-App-Key&permission=Read")
        .await
        .new_key();
    assert_eq!(desk.get(JOBS, &new).await.status, 200);
    assert_eq!(desk.call("POST", JOBS, &new, "{}").await.status, 403);
    assert!(!desk.open(&page).await.text.contains(&new));
}
