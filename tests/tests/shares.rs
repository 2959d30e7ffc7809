//! Shares of long sweeps: what is left out of one is in another.

use tests::Share;

#[test]
fn the_shares_of_all_turns_are_the_whole_and_none_runs_twice() {
    for of in 1..6 {
        let turns: Vec<Share> = (0..of).map(|turn| Share::of_turn(of, turn)).collect();
        for index in 0..60 {
            assert_eq!(turns.iter().filter(|share| share.has(index)).count(), 1, "{of} {index}");
        }
        let mut seeds: Vec<u64> = turns.iter().flat_map(|share| share.part(1..61)).collect();
        let mut steps: Vec<usize> = turns
            .iter()
            .flat_map(|share| share.from(1).take_while(|n| *n <= 60))
            .collect();
        seeds.sort_unstable();
        steps.sort_unstable();
        assert_eq!(seeds, (1..61).collect::<Vec<u64>>(), "{of}");
        assert_eq!(steps, (1..=60).collect::<Vec<usize>>(), "{of}");
    }
}
