//! The end of the wizard that connects an account.

use std::time::{Duration, Instant};

use crate::window::{Outcome, Window};

/// Longest wait for it to close.
const PATIENCE: Duration = Duration::from_secs(40);

/// Presses *Done* until the wizard has closed: a press may meet the step while it is being drawn.
pub async fn finish(window: &Window) -> Outcome {
    window.click("wizard-done").await?;
    let started = Instant::now();
    while window.has("[data-testid=wizard-done]").await {
        if started.elapsed() > PATIENCE {
            return Err("the wizard stays".to_owned());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        // It may close between the look and the press.
        window
            .run("document.querySelector('[data-testid=wizard-done]')?.click()")
            .await?;
    }
    Ok(())
}
