//! The windows of one program, where it has more than one.

use crate::outside;
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

    /// Titles of its windows that the desktop shows; other programs may have some of the same name.
    pub async fn titles(&self) -> Outcome<Vec<String>> {
        let windows = outside::windows(&self.processes().await?).await?;
        Ok(windows.into_iter().map(|(_, title)| title).collect())
    }

    /// Waits until the desktop shows a window of that title, or none.
    pub async fn until_shown(&self, title: &str, shown: bool) -> Outcome {
        let started = std::time::Instant::now();
        loop {
            let titles = self.titles().await?;
            if titles.iter().any(|it| it == title) == shown {
                return Ok(());
            }
            if started.elapsed() > PATIENCE {
                return Err(format!("{title} is not as wanted among {titles:?}"));
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn shows(&self, page: &str) -> bool {
        let address = self.client.current_url().await;
        address.is_ok_and(|address| address.path().trim_start_matches('/') == page)
    }
}
