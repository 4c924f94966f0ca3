//! Where a sign-in comes from, as far as nobody can choose it freely: guessing is slowed down by it.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::net::IpAddr;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};

use crate::config::Networks;

/// The address of the peer or, when that is one of our proxies, the one that the proxy saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin(pub Option<IpAddr>);

impl FromRequest for Origin {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let peer = request.peer_addr().map(|peer| peer.ip());
        let proxies = request.app_data::<Data<Networks>>();
        let is_proxy = |peer: &IpAddr| proxies.is_some_and(|proxies| proxies.contain(*peer));
        let seen = peer.filter(is_proxy).and_then(|_| last_forwarded(request));
        ready(Ok(Self(seen.or(peer))))
    }
}

/// The last entry is the one that the nearest proxy added; those before it are what the client said.
fn last_forwarded(request: &HttpRequest) -> Option<IpAddr> {
    let header = request
        .headers()
        .get_all("x-forwarded-for")
        .last()?
        .to_str()
        .ok()?;
    header.rsplit(',').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[actix_web::test]
    async fn only_our_proxies_are_believed() {
        let proxies: Networks = serde_json::from_str(r#"["127.0.0.0/8", "::1", "10.1.0.0/16"]"#).unwrap();
        for (peer, forwarded, origin) in [
            ("203.0.113.7:1", "198.51.100.1", "203.0.113.7"),
            ("127.0.0.1:1", "198.51.100.1", "198.51.100.1"),
            ("10.1.2.3:1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
            ("10.1.2.3:1", "rubbish", "10.1.2.3"),
            ("10.2.2.3:1", "198.51.100.1", "10.2.2.3"),
            ("[::1]:1", "198.51.100.1", "198.51.100.1"),
            ("[::ffff:127.0.0.1]:1", "198.51.100.1", "198.51.100.1"),
            ("[fd00::1]:1", "198.51.100.1", "fd00::1"),
        ] {
            let request = TestRequest::default()
                .app_data(Data::new(proxies.clone()))
                .peer_addr(peer.parse().unwrap())
                .insert_header(("x-forwarded-for", forwarded))
                .to_http_request();
            let found = Origin::extract(&request).await.unwrap();
            assert_eq!(found, Origin(Some(origin.parse().unwrap())), "{peer} {forwarded}");
        }
    }
}
