//! Why events are one issue.

use super::issue_name;
use crate::grouping::{self, Variant};
use crate::http::api::shape::{Component, GroupingDifference, GroupingInfo, GroupingVariant, NearMiss};
use crate::model::Project;
use crate::regroup::{Explanation, Near, summary};

pub(in crate::http::api) fn grouping_info(explanation: &Explanation, project: &Project) -> GroupingInfo {
    let record = &explanation.look.record;
    let grouping = explanation.grouping();
    let recorded: Vec<String> = record.hashes.iter().map(ToString::to_string).collect();
    let led = explanation.led.map(|hash| hash.to_string());
    GroupingInfo {
        event_id: record.id.to_string(),
        group_id: explanation.issue.0.to_string(),
        config: grouping.config.as_str(),
        recorded_config: record.grouping.clone(),
        summary: summary(&grouping),
        is_outdated: explanation.is_outdated(),
        variants: grouping
            .variants
            .into_iter()
            .map(|it| variant(it, &recorded, led.as_deref()))
            .collect(),
        nearest: explanation
            .nearest
            .iter()
            .map(|it| near_miss(it, project))
            .collect(),
        compared: explanation.compared.as_ref().map(|it| near_miss(it, project)),
        rule: grouping.rule,
        title: grouping.title,
        recorded,
        led,
    }
}

fn near_miss(near: &Near, project: &Project) -> NearMiss {
    let differences = near.comparison.differences.iter();
    NearMiss {
        issue: issue_name(&near.issue, project),
        title: near.issue.seen.title.clone(),
        culprit: near.issue.seen.culprit.clone(),
        event_id: near.event.to_string(),
        total: near.comparison.total,
        differences: differences
            .map(|it| GroupingDifference {
                part: it.part.clone(),
                here: it.left.clone(),
                there: it.right.clone(),
            })
            .collect(),
    }
}

fn variant(variant: Variant<'_>, recorded: &[String], led: Option<&str>) -> GroupingVariant {
    let hash = variant.hash.to_string();
    GroupingVariant {
        name: variant.name.as_str(),
        is_recorded: recorded.contains(&hash),
        has_led: led == Some(&hash),
        hash,
        component: component(&variant.component),
    }
}

fn component(part: &grouping::Component<'_>) -> Component {
    Component {
        id: part.id,
        contributes: part.contributes,
        place: part.place,
        hint: part.hint.as_deref().map(Into::into),
        value: part.value.as_deref().map(Into::into),
        parts: part.parts().iter().map(component).collect(),
    }
}
