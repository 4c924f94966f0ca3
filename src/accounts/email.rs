//! E-mail addresses as names to sign in with. Whether one can receive mail is not checked.

use super::{Error, Result};
use crate::model::person::email_address;

/// The address as it is kept: trimmed and in lower case.
pub(super) fn normalize(text: &str) -> Result<String> {
    email_address(text).ok_or(Error::Invalid("This is not an e-mail address."))
}
