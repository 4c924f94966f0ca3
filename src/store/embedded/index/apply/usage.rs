//! What was accepted of projects and keys, in the windows of limits.

use crate::model::quota::{Charge, Usage};
use crate::protocol::ids::{ProjectId, PublicKey};
use crate::store::Result;
use crate::store::embedded::index::keys::{Key, Table};
use crate::store::embedded::index::overlay::Overlay;

/// Adds what was accepted, unless its project is gone.
pub(super) fn charge(charges: &[Charge], overlay: &mut Overlay<'_>) -> Result<()> {
    for charge in charges {
        if !overlay.has(&Key::of(Table::Project).number(charge.project.0))? {
            continue;
        }
        for key in [usage_key(charge.project), key_of(charge.project, charge.key)] {
            let mut usage: Usage = overlay.get(&key)?.unwrap_or_default();
            usage.add(charge.time, &charge.amounts);
            overlay.put(key, &usage)?;
        }
    }
    Ok(())
}

/// The row of a project as a whole, and the beginning of those of its keys.
pub(super) fn usage_key(project: ProjectId) -> Key {
    Key::of(Table::Usage).number(project.0)
}

/// The row of a key.
pub(super) fn key_of(project: ProjectId, key: PublicKey) -> Key {
    usage_key(project).bytes(key.as_bytes())
}
