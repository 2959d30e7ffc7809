//! A second machine.

use super::Project;

impl Project {
    /// Another machine of the same person, with the same provider, by the same definition.
    pub async fn elsewhere(&self) -> Project {
        let definition = std::fs::read_to_string(self.dir.path().join("providers/lab.toml"));
        let (sim, clock) = (self.sim.clone(), self.clock.clone());
        Project::bare(sim, clock, 8, self.at.clone(), self.first.clone())
            .await
            .joined(&definition.expect("a definition"))
            .await
    }
}
