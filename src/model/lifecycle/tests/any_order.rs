//! Whatever the order in which things arrive, the issue ends in the same state, for the same reason.

use proptest::prelude::*;

use super::*;

const RELEASES: [Option<&str>; 12] = [
    None,
    Some("shop@1.0.0"),
    Some("shop@1.1.0-rc.1"),
    Some("shop@1.1.0"),
    Some("shop@1.1.0+7"),
    Some("shop@999.9.9"),
    Some("shop@f00d"),
    Some("shop@beef"),
    Some("ios@1.0"),
    Some("ios@2.0"),
    Some("1.2.0"),
    Some("nightly"),
];
const ENVIRONMENTS: [Option<&str>; 3] = [None, Some("production"), Some("staging")];
const COMMIT: &str = "4f3c2b1";

fn an_event() -> impl Strategy<Value = Event> {
    let release = prop::sample::select(&RELEASES[..]);
    let environment = prop::sample::select(&ENVIRONMENTS[..]);
    (release, environment, 0_i64..100, 0_u64..4).prop_map(|(release, environment, second, client)| Event {
        release,
        environment,
        second,
        client,
    })
}

fn a_release() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&RELEASES[1..]).prop_map(|release| release.unwrap_or("1.2.0"))
}

fn a_decision() -> impl Strategy<Value = Happening> {
    let limit =
        || (1_u64..5, prop::option::of(1_u32..3)).prop_map(|(count, minutes)| Limit { count, minutes });
    let kind = prop_oneof![
        Just(ResolvedIn::Now),
        Just(ResolvedIn::CurrentRelease),
        Just(ResolvedIn::NextRelease),
        Just(ResolvedIn::Commit(COMMIT.into())),
        a_release().prop_map(|version| ResolvedIn::Release(version.into())),
    ];
    let until = prop_oneof![
        Just(Until::Forever),
        Just(Until::Escalating),
        limit().prop_map(Until::Events),
        limit().prop_map(Until::Users),
    ];
    let environment = prop::sample::select(&ENVIRONMENTS[..]);
    prop_oneof![
        4 => (kind, environment, 0_i64..100)
            .prop_map(|(kind, environment, second)| resolve(kind, environment, second)),
        2 => (until, 0_i64..100).prop_map(|(until, second)| archive(until, second)),
        1 => (0_i64..100).prop_map(unresolve),
    ]
}

fn a_happening() -> impl Strategy<Value = Happening> {
    let environment = prop::sample::select(vec!["production", "staging"]);
    prop_oneof![
        8 => an_event().prop_map(Happening::Event),
        4 => an_event().prop_map(Happening::Elsewhere),
        2 => (a_release(), environment, 0_i64..100)
            .prop_map(|(version, environment, second)| Happening::Deploy(version, environment, second)),
        1 => a_release().prop_map(|version| Happening::Commit(COMMIT, version)),
        2 => a_decision(),
    ]
}

/// The same in another order; what people decided stays in the order in which they did.
fn shuffled(happenings: &[Happening], order: &[u32]) -> Vec<Happening> {
    let is_decision = |it: &&Happening| matches!(it, Happening::Decide(_));
    let mut shuffled: Vec<_> = happenings.iter().zip(order.iter().cycle()).collect();
    shuffled.sort_by_key(|(_, key)| **key);
    let mut decisions = happenings.iter().filter(is_decision);
    let told = shuffled.into_iter().filter_map(|(it, _)| {
        if is_decision(&it) {
            decisions.next()
        } else {
            Some(it)
        }
    });
    told.cloned().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn the_same_things_lead_to_the_same_state(
        happenings in prop::collection::vec(a_happening(), 1..40),
        order in prop::collection::vec(any::<u32>(), 40),
    ) {
        let other = shuffled(&happenings, &order);
        let (one, other) = (World::told(&happenings), World::told(&other));
        prop_assert_eq!(one.state(at(9_999)), other.state(at(9_999)));
    }
}
