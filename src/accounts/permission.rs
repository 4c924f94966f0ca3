//! What each role permits, as one table. Pure.

use crate::model::Role;

/// Something that not everybody may do. Reading and triage need none of these: every member may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Make, change and delete projects and their keys.
    ManageProjects,
    /// Make, change, try and delete alert rules and destinations, and send again what was given up.
    ManageAlerts,
    /// See, invite, change and remove members.
    ManageMembers,
    /// Do so to owners, and make owners.
    ManageOwners,
    /// See how the installation fares, and who changed it.
    Oversee,
}

/// Whether `role` permits it.
pub fn allows(role: Role, permission: Permission) -> bool {
    match permission {
        Permission::ManageProjects
        | Permission::ManageAlerts
        | Permission::ManageMembers
        | Permission::Oversee => role >= Role::Admin,
        Permission::ManageOwners => role >= Role::Owner,
    }
}

/// The role's name on the API.
pub fn role_name(role: Role) -> &'static str {
    match role {
        Role::Owner => "owner",
        Role::Admin => "admin",
        Role::Member => "member",
    }
}

/// The role with this name.
pub fn parse_role(name: &str) -> Option<Role> {
    [Role::Owner, Role::Admin, Role::Member]
        .into_iter()
        .find(|role| role_name(*role) == name)
}

/// What the role permits in Sentry's scope names, for clients that look before they ask.
pub fn scopes(role: Role) -> Vec<&'static str> {
    let mut scopes = vec![
        "org:read",
        "project:read",
        "team:read",
        "event:read",
        "event:write",
        "event:admin",
        "project:releases",
        "org:ci",
        "alerts:read",
    ];
    if allows(role, Permission::ManageProjects) {
        scopes.extend(["project:write", "project:admin"]);
    }
    if allows(role, Permission::ManageAlerts) {
        scopes.push("alerts:write");
    }
    if allows(role, Permission::ManageMembers) {
        scopes.extend(["member:read", "member:write", "member:admin", "org:write"]);
    }
    if allows(role, Permission::ManageOwners) {
        scopes.push("org:admin");
    }
    scopes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_do_what_the_table_says() {
        use Permission::{ManageAlerts, ManageMembers, ManageOwners, ManageProjects, Oversee};
        for (permission, member, admin, owner) in [
            (ManageProjects, false, true, true),
            (ManageAlerts, false, true, true),
            (ManageMembers, false, true, true),
            (Oversee, false, true, true),
            (ManageOwners, false, false, true),
        ] {
            assert_eq!(allows(Role::Member, permission), member, "{permission:?}");
            assert_eq!(allows(Role::Admin, permission), admin, "{permission:?}");
            assert_eq!(allows(Role::Owner, permission), owner, "{permission:?}");
        }
    }

    #[test]
    fn a_role_is_read_as_it_is_written() {
        for role in [Role::Owner, Role::Admin, Role::Member] {
            assert_eq!(parse_role(role_name(role)), Some(role));
        }
        assert_eq!(parse_role("root"), None);
    }
}
