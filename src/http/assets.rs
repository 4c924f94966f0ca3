//! The web app, embedded in the binary: its files, and its page for every address that the app routes itself.
//!
//! Serves nothing from disk and nothing below `/api/`.

use std::sync::LazyLock;

use actix_web::http::{Method, header};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};

use super::error::ApiError;

/// What `build.rs` found or built.
#[derive(RustEmbed)]
#[folder = "$TRIPLINE_WEB"]
struct Web;

const PAGE: &str = "index.html";
/// Where SvelteKit puts the files that have a hash of their content in their names.
const IMMUTABLE: &str = "_app/immutable/";
/// Precompressed variants that the build writes beside a file, best first.
const VARIANTS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// The one style attribute of a page that is written out rather than set by a script: SvelteKit's, of the element that tells screen
/// readers where they are.
const ANNOUNCER: &str = "'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='";

/// The policy of every page; the inline script that starts the app is allowed by its hash.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let page = Web::get(PAGE)
        .map(|file| file.data.into_owned())
        .unwrap_or_default();
    let hashes = script_hashes(&String::from_utf8_lossy(&page));
    format!(
        "default-src 'self'; script-src 'self'{hashes}; style-src 'self' 'unsafe-hashes' {ANNOUNCER}; img-src 'self' data:; \
         frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )
});

/// Answers whatever no other route answers.
pub(super) async fn asset(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let path = request.path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return Err(ApiError::not_found());
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return Err(ApiError::MethodNotAllowed);
    }
    let name = match Web::get(path) {
        Some(_) => path,
        // The page would be a broken answer to a script of a version that is gone.
        None if path.starts_with("_app/") => return Err(ApiError::not_found()),
        None => PAGE,
    };
    Ok(serve(&request, name))
}

/// `/robots.txt`: nothing here is for search engines.
pub(super) async fn robots() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body("User-agent: *\nDisallow: /\n")
}

fn serve(request: &HttpRequest, name: &str) -> HttpResponse {
    let Some(plain) = Web::get(name) else {
        return HttpResponse::NotFound().finish();
    };
    let kind = plain.metadata.mimetype().to_owned();
    let (file, encoding) =
        compressed(name, header_text(request, header::ACCEPT_ENCODING)).unwrap_or((plain, None));
    let tag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..16]));
    let cache = if name.starts_with(IMMUTABLE) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let fresh = header_text(request, header::IF_NONE_MATCH)
        .split(',')
        .any(|known| known.trim() == tag);
    let mut response = if fresh {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response
        .insert_header((header::CACHE_CONTROL, cache))
        .insert_header((header::ETAG, tag))
        .insert_header((header::VARY, "accept-encoding"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY.as_str()))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::REFERRER_POLICY, "same-origin"));
    if fresh {
        return response.finish();
    }
    if let Some(encoding) = encoding {
        response.insert_header((header::CONTENT_ENCODING, encoding));
    }
    response.content_type(kind).body(file.data)
}

/// The file as the build compressed it, in the best way that the client reads.
fn compressed(name: &str, accepted: &str) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let reads = |encoding: &str| {
        accepted.split(',').any(|part| {
            let (coding, weight) = part.split_once(';').unwrap_or((part, ""));
            coding.trim().eq_ignore_ascii_case(encoding) && weight.trim() != "q=0"
        })
    };
    VARIANTS
        .iter()
        .filter(|(encoding, _)| reads(encoding))
        .find_map(|(encoding, suffix)| Some((Web::get(&format!("{name}{suffix}"))?, Some(*encoding))))
}

fn header_text(request: &HttpRequest, name: header::HeaderName) -> &str {
    request
        .headers()
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// ` 'sha256-…'` for each inline script of a page.
fn script_hashes(page: &str) -> String {
    page.split("<script")
        .skip(1)
        .filter_map(|rest| rest.split_once('>'))
        .filter(|(attributes, _)| !attributes.contains("src="))
        .filter_map(|(_, rest)| rest.split_once("</script>"))
        .map(|(script, _)| format!(" 'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(script))))
        .collect()
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn inline_scripts_are_allowed_by_hash() {
        let page = "<script src=\"/a.js\"></script><script>\n</script><p>";
        assert_eq!(
            script_hashes(page),
            " 'sha256-AbpHGcgLb+kRsJGnwFEktk7uzpZOCcBY74+YBdrKVGs='"
        );
    }

    #[actix_web::test]
    async fn unknown_addresses_are_the_app() {
        let request = TestRequest::get()
            .uri("/organizations/default/issues/1")
            .to_http_request();
        let response = asset(request).await.unwrap();
        assert_eq!(response.headers().get(header::CONTENT_TYPE).unwrap(), "text/html");
        assert_eq!(response.headers().get(header::CACHE_CONTROL).unwrap(), "no-cache");
        assert!(
            response
                .headers()
                .get(header::CONTENT_SECURITY_POLICY)
                .unwrap()
                .to_str()
                .unwrap()
                .contains("frame-ancestors 'none'")
        );
        let tag = response.headers().get(header::ETAG).unwrap().clone();
        assert!(!to_bytes(response.into_body()).await.unwrap().is_empty());

        let again = TestRequest::get()
            .uri("/")
            .insert_header((header::IF_NONE_MATCH, tag))
            .to_http_request();
        assert_eq!(asset(again).await.unwrap().status(), 304);
    }

    #[actix_web::test]
    async fn what_the_app_does_not_route_is_missing() {
        for path in ["/api/0/nothing", "/api", "/_app/immutable/gone.js"] {
            let error = asset(TestRequest::get().uri(path).to_http_request())
                .await
                .unwrap_err();
            assert!(matches!(error, ApiError::NotFound(_)), "{path}");
        }
        let error = asset(TestRequest::post().uri("/").to_http_request())
            .await
            .unwrap_err();
        assert!(matches!(error, ApiError::MethodNotAllowed));
    }
}
