//! Who is meant by a name.

use crate::http::error::ApiError;
use crate::model::{Assignee, User, UserId};

/// The one team, by its id and by its slug.
const TEAMS: [&str; 2] = ["1", "everyone"];

/// Who is meant by `name`, the value of `field`; nobody by an empty one.
pub(in crate::http::api) fn assignee(
    name: &str,
    field: &str,
    me: &User,
    people: &[User],
) -> Result<Option<Assignee>, ApiError> {
    let name = name.trim();
    let unknown = || ApiError::bad_request(format!("{field}: there is nobody called \"{name}\"."));
    if name.is_empty() {
        return Ok(None);
    }
    if let Some(team) = name.strip_prefix("team:").or_else(|| name.strip_prefix('#')) {
        return match TEAMS.contains(&team) {
            true => Ok(Some(Assignee::Team)),
            false => Err(ApiError::bad_request(format!(
                "{field}: there is no team \"{team}\"."
            ))),
        };
    }
    let person = match name.strip_prefix("user:") {
        Some(id) => {
            let id: u64 = id.parse().map_err(|_| unknown())?;
            people.iter().find(|it| it.id == UserId(id))
        }
        None if name == "me" => Some(me),
        // The name to sign in with is the e-mail address; a bare number is what old clients send.
        None => people
            .iter()
            .find(|it| it.email.eq_ignore_ascii_case(name) || it.id.0.to_string() == name),
    };
    Ok(Some(Assignee::User(person.ok_or_else(unknown)?.id)))
}
