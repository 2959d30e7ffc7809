//! Which keys a person copies: those they will want again.

use super::App;
use crate::failure::Failure;
use crate::model::KeyId;

/// So many of the newest events are looked through.
const WITHIN: u32 = 5000;
/// So many stand in front because they were copied last, however rarely.
const LAST: usize = 5;

impl App {
    /// Keys that were copied: first the last few, then the others by how often. Removed keys may be among them.
    pub async fn copied_keys(&self) -> Result<Vec<KeyId>, Failure> {
        Ok(by_habit(self.store.copied(WITHIN).await?))
    }
}

/// Of keys with how often each was copied, the last copied first.
fn by_habit(mut copied: Vec<(KeyId, u32)>) -> Vec<KeyId> {
    let last = LAST.min(copied.len());
    copied[last..].sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    copied.into_iter().map(|(key, _)| key).collect()
}

#[cfg(test)]
mod tests {
    use super::by_habit;
    use crate::model::KeyId;

    #[test]
    fn the_last_few_come_first_and_then_the_most_often_copied() {
        let key = |n| KeyId::new(n, [0; 10]);
        let copied = [(1, 1), (2, 9), (3, 1), (4, 1), (5, 1), (6, 2), (7, 8), (8, 2)];
        let order = by_habit(copied.map(|(n, times)| (key(n), times)).to_vec());
        assert_eq!(order, [1, 2, 3, 4, 5, 7, 6, 8].map(key));
        assert_eq!(by_habit(vec![(key(2), 1), (key(1), 3)]), [2, 1].map(key));
    }
}
