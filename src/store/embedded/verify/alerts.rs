//! Alerts: what leads to a row leads somewhere, and every message is on the lists that its state puts it on.

use super::{Report, read_all, table};
use crate::model::alert::firing::Cause;
use crate::model::alert::{
    AlertRule, Delivery, DeliveryId, DeliveryState, Destination, Fared, Firing, FiringId, Happening,
    HappeningId, Preferences,
};
use crate::store::Result;
use crate::store::embedded::index::alerts::{
    Concern, dead_key, delivery_key, due_key, firing_key, happened_key, happening_key,
};
use crate::store::embedded::index::keys::{Key, Table};
use crate::store::embedded::index::pulse::PulseRow;
use crate::store::embedded::index::rows::Meta;
use crate::store::embedded::index::tree::Tree;

/// Checks all of it.
pub(super) fn check(tree: &Tree, meta: &Meta, report: &mut Report) -> Result<()> {
    check_happenings(tree, meta, report)?;
    check_firings(tree, meta, report)?;
    check_deliveries(tree, meta, report)?;
    read_all::<PulseRow>(tree, Table::Pulse, report);
    read_all::<String>(tree, Table::AlertMemory, report);
    read_all::<AlertRule>(tree, Table::AlertRule, report);
    read_all::<Destination>(tree, Table::Destination, report);
    read_all::<Fared>(tree, Table::Fared, report);
    read_all::<Preferences>(tree, Table::Preferences, report);
    Ok(())
}

fn check_happenings(tree: &Tree, meta: &Meta, report: &mut Report) -> Result<()> {
    for row in table::<Happening>(tree, Table::Happening) {
        let Some((_, happening)) = report.check(row) else {
            continue;
        };
        let id = happening.id.0;
        let of_project = happened_key(happening.project, happening.time).number(id);
        if !has(tree, of_project)? || id > meta.last_happening {
            report.fault(format!("happening {id} is not in its project"));
        }
    }
    lead_somewhere(tree, Table::Happened, report, |id| happening_key(HappeningId(id)))
}

fn check_firings(tree: &Tree, meta: &Meta, report: &mut Report) -> Result<()> {
    for row in table::<Firing>(tree, Table::Firing) {
        let Some((_, firing)) = report.check(row) else {
            continue;
        };
        let id = firing.id.0;
        for concern in [Concern::Rule(firing.rule), Concern::Project(firing.project)] {
            if !has(tree, concern.key().number(id))? || id > meta.last_firing {
                report.fault(format!("firing {id} is not found by {concern:?}"));
            }
        }
    }
    for row in table::<Cause>(tree, Table::Cause) {
        if let Some((key, _)) = report.check(row)
            && let Some((id, _)) = key.get(1..).and_then(|key| key.split_first_chunk())
            && !has(tree, firing_key(FiringId(u64::from_be_bytes(*id))))?
        {
            report.fault("a cause has no firing".into());
        }
    }
    lead_somewhere(tree, Table::Concern, report, |id| firing_key(FiringId(id)))
}

fn check_deliveries(tree: &Tree, meta: &Meta, report: &mut Report) -> Result<()> {
    let mut listed = 0;
    for row in table::<Delivery>(tree, Table::Delivery) {
        let Some((_, delivery)) = report.check(row) else {
            continue;
        };
        let list = match delivery.state {
            DeliveryState::Waiting { next } => due_key(&delivery, next),
            _ if delivery.is_undelivered() => dead_key(delivery.id),
            _ => continue,
        };
        listed += 1;
        if !has(tree, list)? || delivery.id.0 > meta.last_delivery {
            report.fault(format!("delivery {} is not on its list", delivery.id.0));
        }
    }
    let due = tree.scan(&Key::of(Table::Due)).count();
    let dead = tree.scan(&Key::of(Table::DeadDelivery)).count();
    if due + dead != listed {
        report.fault(format!(
            "{listed} deliveries are due or dead, but {} are listed",
            due + dead
        ));
    }
    lead_somewhere(tree, Table::FiringDelivery, report, |id| {
        delivery_key(DeliveryId(id))
    })
}

/// Every key of a table ends with the number of a row that is there.
fn lead_somewhere(tree: &Tree, from: Table, report: &mut Report, to: impl Fn(u64) -> Key) -> Result<()> {
    for row in tree.scan(&Key::of(from)) {
        let (key, _) = row?;
        let number = key.last_chunk().map_or(0, |number| u64::from_be_bytes(*number));
        if !has(tree, to(number))? {
            report.fault(format!("a row of {from:?} leads to {number}, which is not there"));
        }
    }
    Ok(())
}

fn has(tree: &Tree, key: Key) -> Result<bool> {
    tree.has(key)
}
