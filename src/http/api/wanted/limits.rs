//! Rate limits and quotas as they are asked for.

use super::Faults;
use crate::http::api::ask::{Quota, RateLimit};
use crate::http::error::ApiError;
use crate::model::ProjectLimits;
use crate::model::quota::{Limit, Window};
use crate::protocol::category::DataCategory;

/// The limits that these quotas ask for, or all that is wrong with them.
pub(in crate::http::api) fn limits(asked: Vec<Quota>) -> Result<Vec<Limit>, ApiError> {
    let mut faults = Faults::default();
    if asked.len() > ProjectLimits::MAX {
        faults.add("quotas", &format!("are at most {}", ProjectLimits::MAX));
    }
    let mut limits = Vec::new();
    for (at, quota) in asked.iter().enumerate() {
        let window = Window::ALL
            .into_iter()
            .find(|window| window.name() == quota.window);
        if window.is_none() {
            faults.add(&format!("quotas[{at}].window"), "is minute, hour, day or month");
        }
        let mut categories = Vec::new();
        for name in &quota.categories {
            match name.parse() {
                Ok(DataCategory::Internal | DataCategory::Unknown) | Err(_) => faults.add(
                    &format!("quotas[{at}].categories"),
                    "are data categories such as error, attachment or session",
                ),
                Ok(category) if categories.contains(&category) => {}
                Ok(category) => categories.push(category),
            }
        }
        limits.extend(window.map(|window| Limit {
            categories,
            window,
            count: quota.count,
        }));
    }
    faults.end("quotas")?;
    Ok(limits)
}

/// These limits with another one on items of any kind, or with none.
pub(in crate::http::api) fn with_rate_limit(
    mut limits: Vec<Limit>,
    asked: Option<RateLimit>,
) -> Result<Vec<Limit>, ApiError> {
    limits.retain(|limit| !limit.categories.is_empty());
    if let Some(asked) = asked {
        let window = Window::ALL
            .into_iter()
            .find(|window| window.seconds() == asked.window);
        let window = window.ok_or_else(|| {
            ApiError::bad_request("rateLimit.window is 60, 3600, 86400 or 2592000 (a month of the calendar).")
        })?;
        limits.push(Limit {
            categories: Vec::new(),
            window,
            count: asked.count,
        });
    }
    Ok(limits)
}
