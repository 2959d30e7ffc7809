//! The windows of one program, where it has more than one.

use crate::window::{LOOK, Outcome, PATIENCE, Window};

impl Window {
    /// From now on drives the window whose page is that file.
    pub async fn turn_to(&self, page: &str) -> Outcome {
        let started = std::time::Instant::now();
        while started.elapsed() < PATIENCE {
            // One that is gone, or whose page is not there yet, is passed over.
            for window in self.client.windows().await.unwrap_or_default() {
                if self.client.switch_to_window(window).await.is_ok() && self.shows(page).await {
                    return Ok(());
                }
            }
            tokio::time::sleep(LOOK).await;
        }
        Err(format!("no window shows {page}"))
    }

    async fn shows(&self, page: &str) -> bool {
        let address = self.client.current_url().await;
        address.is_ok_and(|address| address.path().trim_start_matches('/') == page)
    }
}
