//! What sent an event.

use serde_json::{Map, Value};

use super::read::{Place, bag, interface, list, text};

interface! {
    /// A client library.
    pub struct Sdk {
        /// Its name, such as `sentry.python`.
        name: Option<String> = "name" => text::<128>;
        /// Its version.
        version: Option<String> = "version" => text::<128>;
        /// Which of its parts are switched on.
        integrations: Vec<String> = "integrations" => list::<_, 200, 0>(text::<128>);
        /// The packages it consists of.
        packages: Vec<Package> = "packages" => list::<_, 100, 0>(Package::read);
        /// What it can do.
        features: Vec<String> = "features" => list::<_, 100, 0>(text::<128>);
        /// How it wants to be treated, such as `infer_ip`.
        settings: Map<String, Value> = "settings" => bag::<3, 2048>;
    }
}

impl Sdk {
    pub(super) fn read(value: Value, at: &mut Place) -> Option<Self> {
        Self::read_members(value, at)
    }
}

interface! {
    /// A package of a client library.
    pub struct Package {
        /// Its name, such as `npm:@sentry/node`.
        name: Option<String> = "name" => text::<128>;
        /// Its version.
        version: Option<String> = "version" => text::<128>;
    }
}

impl Package {
    fn read(value: Value, at: &mut Place) -> Option<Self> {
        Self::read_members(value, at)
    }
}
