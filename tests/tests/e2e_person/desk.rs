//! A person with a window, and with the provider's dashboard open beside it.

use regex::Regex;
use serde_json::json;
use std::path::PathBuf;
use tempfile::TempDir;
use tests::provider::Provider;
use tests::window::{Window, pictures};
use tests::{outside, sample};

pub struct Desk {
    open: Option<Window>,
    pub provider: Provider,
    pub dir: PathBuf,
    /// The account's page for its keys at the simulator.
    pub page: String,
    _folder: TempDir,
}

/// A provider, where it names its account in the simulated world, and its page there.
pub struct Place {
    pub id: &'static str,
    pub owner: &'static str,
    pub page: &'static str,
}

pub const ON_PAGE: Place = Place {
    id: "on-page",
    owner: "acme",
    page: "dashboard/api-keys",
};
pub const AUTHENTA: Place = Place {
    id: "authenta",
    owner: "platform@acme.example",
    page: "settings/api-keys",
};
pub const AI_API: Place = Place {
    id: "ai-api",
    owner: "acme",
    page: "api-keys",
};
pub const OPTIVERSE: Place = Place {
    id: "optiverse",
    owner: "maria@acme.example",
    page: "profile/settings",
};

fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("this test has a path");
    let built = test.parent().and_then(|deps| deps.parent());
    built.expect("the test lies below the programs").join(name)
}

impl Desk {
    /// Connects that account in the wizard, which asks for no credential.
    pub async fn connected(place: &Place) -> Desk {
        let provider = Provider::of_world(&program("provider-sim"), sample::NOW, "five")
            .await
            .expect("a simulator");
        let folder = tempfile::tempdir().expect("a folder");
        let dir = folder.path().join("data");
        let now = sample::NOW.parse().expect("a moment");
        sample::mark(&dir, &provider.address, now)
            .await
            .expect("a demo directory");
        let world = provider.world().await.expect("the world");
        let account = sample::list(&world, "accounts")
            .into_iter()
            .find(|one| one["provider"] == place.id && one["name"] == place.owner)
            .expect("the account exists at the provider");
        let at = sample::text(&account["id"]);
        provider
            .account(&at, &json!({ "pace": "off" }))
            .await
            .expect("the simulator's own pace is off");
        let open = Window::open(&program("keywheel-desktop"), &dir, false).await;
        let desk = Desk {
            open: Some(open.expect("a window")),
            provider,
            dir,
            page: format!("/{}/{at}/{}", place.id, place.page),
            _folder: folder,
        };
        desk.connect(place).await;
        desk
    }

    pub fn window(&self) -> &Window {
        self.open.as_ref().expect("the window is open")
    }

    async fn connect(&self, place: &Place) {
        let window = self.window();
        window.click("connect").await.expect("Connect an account");
        window
            .click(&format!("provider-{}", place.id))
            .await
            .expect("the provider is offered");
        self.picture(&format!("{}-0-provider", place.id)).await;
        window.click("wizard-next").await.expect("Continue");
        window.find("no-credential").await.expect("it says that none is needed");
        assert!(
            !window.has(".sheet [data-testid^=take-]").await,
            "no secret is asked for"
        );
        window.fill("field-org-name", "acme").await.expect("the organisation");
        window.fill("field-label", "main").await.expect("the label");
        match place.id {
            "ai-api" => {
                window
                    .fill("field-verify_path", "/v1/models")
                    .await
                    .expect("a free call");
                window
                    .fill("field-base-url", &self.provider.address)
                    .await
                    .expect("its address");
            }
            "optiverse" => window.fill("field-seconds_per_call", "3").await.expect("its pace"),
            _ => {}
        }
        self.picture(&format!("{}-1-access", place.id)).await;
        window.click("connect-submit").await.expect("Connect account");
        let found = window.says("connect-lines", "No credential is needed").await;
        found.expect("what connecting found");
        self.picture(&format!("{}-2-found", place.id)).await;
        window.click("wizard-done").await.expect("Done");
    }

    /// Opens the creation of the first key, up to the person's turn.
    pub async fn begin_key(&self) {
        let window = self.window();
        window.click("new-key").await.expect("New key");
        window.fill("field-name", "site-audit").await.expect("its name");
        self.picture(&format!("{}-3-new-key", self.provider_id())).await;
        window.click("create").await.expect("Continue");
        self.turn("mint", "create").await;
    }

    /// The first key: made on the page, taken from the clipboard.
    pub async fn first_key(&self, fields: &[(&str, &str)]) -> String {
        self.begin_key().await;
        self.picture(&format!("{}-4-create", self.provider_id())).await;
        let value = self.make(fields).await;
        self.take(&value).await;
        self.until("completed").await;
        self.picture(&format!("{}-5-created", self.provider_id())).await;
        self.window().click("leave").await.expect("Done");
        value
    }

    /// Opens the plan of a rotation of that key and returns its text.
    pub async fn plan(&self) -> String {
        let window = self.window();
        tests::journey::to_list(window).await.expect("the keys are listed");
        window.click_css("[data-testid=key-row]").await.expect("the key's row");
        window
            .css("[data-testid=rotate]:not([disabled]):not([aria-disabled=true])")
            .await
            .expect("a key that can be rotated");
        window.click("rotate").await.expect("Rotate");
        // The button is held until the plan is there.
        window
            .css("[data-testid=start]:not([aria-disabled=true])")
            .await
            .expect("its plan");
        window.find("old-key-line").await.expect("what becomes of the old key");
        self.picture(&format!("{}-6-plan", self.provider_id())).await;
        // While the sheet is fading in, its text is nothing.
        window.says("rotation-sheet", "Check").await.expect("the plan's text")
    }

    pub async fn start(&self) {
        self.window().click("start").await.expect("it starts");
    }

    /// Waits until the sheet asks the person for that task at that step, and checks what it says.
    pub async fn turn(&self, step: &str, task: &str) {
        let window = self.window();
        self.until("awaiting_person").await;
        window
            .css(&format!("[data-testid=task][data-kind={task}]"))
            .await
            .unwrap_or_else(|error| panic!("the task {task}: {error}"));
        window
            .until(&format!("step-{step}"), "data-status", "waiting")
            .await
            .expect("the step waits for the person");
        self.picture(&format!("{}-turn-{task}", self.provider_id())).await;
        let page = window.run("return document.querySelector('[data-testid=task-page]').textContent");
        let page = sample::text(&page.await.expect("the page's address"));
        assert!(page.starts_with("https://"), "the address is {page:?}");
        assert!(window.has("[data-testid=open-task-page]").await, "it can be opened");
    }

    pub async fn until(&self, state: &str) {
        let wanted = self.window().until("rotation-sheet", "data-state", state).await;
        if let Err(error) = wanted {
            let shown = self.window().text("rotation-sheet").await.unwrap_or_default();
            self.picture(&format!("{}-unexpected", self.provider_id())).await;
            panic!("{error}\n{shown}");
        }
    }

    /// Fills in the dashboard's form for a new key and reads the value, which is shown once.
    pub async fn make(&self, fields: &[(&str, &str)]) -> String {
        let page = self.provider.form(&self.page, fields).await.expect("a new key's page");
        new_key(&page)
    }

    /// Presses *Regenerate* in the details of the key with that value.
    pub async fn regenerate(&self, value: &str) -> String {
        let id = self.remote(value).await;
        let page = self.provider.form(&format!("{}/{id}/regenerate", self.page), &[]).await;
        new_key(&page.expect("a page with the new value"))
    }

    /// Deletes the key with that value on the page.
    pub async fn delete(&self, value: &str) {
        let id = self.remote(value).await;
        let page = self.provider.form(&format!("{}/{id}/delete", self.page), &[]).await;
        page.expect("the key is deleted on the page");
    }

    async fn remote(&self, value: &str) -> String {
        let record = self.provider.key_of_value(value).await.expect("the ledger");
        sample::text(&record.expect("the provider knows the value")["key_id"])
    }

    /// Copies a value and presses *Take from clipboard*.
    pub async fn take(&self, value: &str) {
        outside::copy(value).await.expect("it is copied");
        self.window().click("take-value").await.expect("Take from clipboard");
    }

    /// What the sheet says went wrong: its code and its words.
    pub async fn refusal(&self) -> (String, String) {
        let note = self.window().css(".sheet [data-testid=error]").await.expect("an error");
        let code = note.attr("data-code").await.expect("an attribute").unwrap_or_default();
        (code, note.text().await.expect("its words"))
    }

    /// Kills the program and opens it again at the rotation that waits.
    pub async fn killed_and_reopened(&mut self) {
        self.window().signal("-KILL").await.expect("it is killed");
        self.window().ended().await.expect("it ends");
        self.open = None;
        let open = Window::open(&program("keywheel-desktop"), &self.dir, false).await;
        self.open = Some(open.expect("it opens again"));
        self.window().click("running").await.expect("one rotation is open");
        self.window().click("rotation-row").await.expect("its row");
    }

    fn provider_id(&self) -> &str {
        self.page.split('/').nth(1).unwrap_or_default()
    }

    /// A picture in both themes, where somebody wants to look: `KEYWHEEL_PICTURES` names the folder.
    pub async fn picture(&self, name: &str) {
        let Some(folder) = pictures() else { return };
        for theme in ["dark", "light"] {
            let set = format!("document.documentElement.dataset.theme = '{theme}'");
            self.window().run(&set).await.expect("the theme");
            let file = folder.join(format!("{name}-{theme}.png"));
            self.window().picture(&file).await.expect("a picture");
        }
    }

    pub async fn close(&self) {
        self.window().close().await.expect("the window closes");
    }
}

fn new_key(page: &str) -> String {
    let shown = Regex::new(r#"id="new-key"[^>]*>([^<]+)<"#).expect("a pattern");
    shown.captures(page).expect("the new value is shown")[1].to_owned()
}
