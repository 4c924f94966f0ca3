//! The OpenAPI 3.1 document of the API, made from the table of URLs.

use std::collections::BTreeMap;

use actix_web::http::Method;
use utoipa::openapi::path::{HttpMethod, PathItem, Paths};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, Info, OpenApi, OpenApiBuilder, SecurityRequirement, ServerBuilder};

use super::table;
use crate::http::extract::SESSION_COOKIE;

/// The document, complete.
pub fn document() -> OpenApi {
    let mut paths = Paths::new();
    let mut schemas = BTreeMap::new();
    for row in table::rows() {
        let (method, path) = (documented(&row.method), row.path.clone());
        let documentation = row.documentation();
        let item = PathItem::new(method, documentation.operation);
        match paths.paths.get_mut(&path) {
            Some(there) => there.merge_operations(item),
            None => drop(paths.paths.insert(path, item)),
        }
        schemas.extend(documentation.schemas);
    }
    let components = ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .security_scheme(
            "token",
            SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
        )
        .security_scheme(
            "session",
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(SESSION_COOKIE))),
        )
        .build();
    let none: [&str; 0] = [];
    OpenApiBuilder::new()
        .info(Info::new("Tripline", env!("CARGO_PKG_VERSION")))
        .servers(Some([ServerBuilder::new().url("/api/0").build()]))
        .paths(paths)
        .components(Some(components))
        .security(Some([
            SecurityRequirement::new("token", none),
            SecurityRequirement::new("session", none),
        ]))
        .build()
}

fn documented(method: &Method) -> HttpMethod {
    match *method {
        Method::POST => HttpMethod::Post,
        Method::PUT => HttpMethod::Put,
        Method::DELETE => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/web/openapi.json");

    /// The web app's types are generated from the file. `BLESS=1 cargo test --lib openapi` writes it anew.
    #[test]
    fn the_kept_document_is_the_one_that_is_served() {
        let served = document().to_pretty_json().unwrap() + "\n";
        if option_env!("BLESS").is_some() {
            std::fs::write(KEPT, &served).unwrap();
        }
        assert!(
            std::fs::read_to_string(KEPT).unwrap() == served,
            "run BLESS=1 cargo test --lib openapi"
        );
    }
}
