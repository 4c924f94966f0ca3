//! A rule is tried on the past for only so long.

use std::time::Duration;

use super::{START, World};
use crate::alerts::backtest::Backtest;
use crate::model::TimeRange;
use crate::model::alert::{AlertRule, RuleId, When};
use crate::model::timeline::{DAY, at};
use crate::protocol::ids::ProjectId;

#[tokio::test]
async fn what_takes_too_long_ends_and_says_where() {
    let world = World::new(Vec::new()).await;
    let backtest = Backtest::new(world.store.clone());
    let rule = AlertRule {
        when: vec![When::Silence { minutes: 60 }],
        ..AlertRule::first(RuleId(9), ProjectId(1), at(START))
    };
    let range = TimeRange {
        start: at(START - DAY),
        end: at(START),
    };
    let tried = backtest.over(rule.clone(), range, None).await.unwrap();
    assert_eq!(tried.until, None);
    let tried = backtest.over(rule, range, Some(Duration::ZERO)).await.unwrap();
    assert_eq!(tried.until, Some(at(START - DAY + 60)));
}
