//! A definition that changes after an account was connected with it: the account goes on by the one that it knows.

use std::path::PathBuf;

use keywheel_core::model::Answer;
use keywheel_core::rotation::{Ending, State};
use keywheel_core::{Code, Failure};
use provider_sim::{GraceFrom, Strategy};
use tests::project::Project;
use tests::went;

const ONE: &str = "/v1/projects/*/keys/*";

struct Changing {
    project: Project,
    file: PathBuf,
    text: String,
}

impl Changing {
    async fn begin() -> Changing {
        let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
        let file = project.dir.path().join("providers").join("lab.toml");
        let text = std::fs::read_to_string(&file).expect("the definition");
        Changing { project, file, text }
    }

    /// Another text from the next start on.
    async fn becomes(&mut self, text: &str) {
        std::fs::write(&self.file, text).expect("it is written");
        self.project.reopen().await;
    }

    fn reached(&self, host: &str) -> bool {
        self.project.sim.requests().iter().any(|one| one.host == host)
    }

    async fn differences(&self) -> Vec<String> {
        let changed = self.project.app().changed_definitions().await.expect("a look");
        changed.into_iter().flat_map(|one| one.differences).collect()
    }

    /// The person accepts what they have looked at.
    async fn accept(&self) -> Result<(), Failure> {
        let app = self.project.app();
        let changed = app.changed_definitions().await.expect("a look").remove(0);
        let other = app.accept_definition(self.project.account, "another").await;
        assert!(other.is_err(), "what was not looked at is not accepted");
        app.accept_definition(self.project.account, &changed.digest).await
    }

    async fn works(&self) -> bool {
        let verdict = self.project.app().verify(self.project.key).await.expect("it is asked");
        verdict.answer == Answer::Live
    }
}

#[tokio::test]
async fn no_value_goes_where_a_changed_definition_leads() {
    let mut world = Changing::begin().await;
    let evil = world.text.replace("api.lab.invalid", "api.evil.example");
    world.becomes(&evil).await;
    assert!(world.works().await, "it is asked where it always was");
    assert!(!world.reached("api.evil.example"));
    let told = world.differences().await;
    assert!(
        told.contains(&r#"hosts: ["api.lab.invalid"] → ["api.evil.example"]"#.to_owned()),
        "{told:?}"
    );

    // Words mean nothing: they are followed, and nothing is asked.
    world
        .becomes(&world.text.replace("name = \"Lab\"", "name = \"Laboratory\""))
        .await;
    assert_eq!(world.differences().await, Vec::<String>::new());

    // A second file of the same id, and none.
    let beside = world.file.with_file_name("aaa.toml");
    std::fs::write(&beside, &evil).expect("it is written");
    world.project.reopen().await;
    assert_eq!(
        world.project.app().catalog_problems().len(),
        2,
        "of two neither is used"
    );
    assert!(world.works().await);
    std::fs::remove_file(&beside).expect("it is removed");
    std::fs::remove_file(&world.file).expect("it is removed");
    world.project.reopen().await;
    assert!(world.works().await, "it goes on without its file");
    assert!(!world.reached("api.evil.example"));

    // A person has looked at it.
    world.becomes(&evil).await;
    world.accept().await.expect("it is accepted");
    assert_eq!(world.differences().await, Vec::<String>::new());
    let _ = world.project.app().verify(world.project.key).await;
    assert!(world.reached("api.evil.example"), "from now on");
}

#[tokio::test]
async fn an_open_rotation_goes_on_as_it_was_planned() {
    let mut world = Changing::begin().await;
    let waiting = went(world.project.rotate().await);
    let elsewhere = world.text.replace("DELETE /projects", "DELETE /all/projects");
    assert_ne!(elsewhere, world.text);
    world.becomes(&elsewhere).await;
    let refused = world.accept().await;
    assert_eq!(refused.err().map(|failure| failure.code), Some(Code::KeyBusy));
    let done = world
        .project
        .app()
        .confirm_replaced(waiting.id)
        .await
        .expect("it goes on");
    assert_eq!(done.position.state, State::Closed(Ending::Completed));
    assert_eq!(world.project.sim.count("DELETE", ONE), 1);
    assert_eq!(world.project.sim.count("DELETE", "/v1/all/**"), 0);
    world.accept().await.expect("nothing is open");
}
