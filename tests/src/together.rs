//! Many cases, some at a time.

use std::future::Future;

use tokio::task::JoinSet;

/// So many at a time: half of the time is waiting, for disks, keychains and providers.
const TOGETHER: usize = 4;

/// Carries out every case and hands what became of it to the listener, in the order in which they end.
///
/// # Panics
/// When a case panics.
pub async fn together<T, R, F>(cases: impl IntoIterator<Item = T>, act: impl Fn(T) -> F, mut heard: impl FnMut(R))
where
    R: Send + 'static,
    F: Future<Output = R> + Send + 'static,
{
    let (mut running, mut cases) = (JoinSet::new(), cases.into_iter());
    loop {
        while running.len() < TOGETHER
            && let Some(case) = cases.next()
        {
            running.spawn(act(case));
        }
        match running.join_next().await {
            Some(ended) => heard(ended.expect("no case panics")),
            None => return,
        }
    }
}
