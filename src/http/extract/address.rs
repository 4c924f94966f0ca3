//! Where a sign-in comes from, as far as nobody can choose it freely: guessing is slowed down by it.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::net::IpAddr;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

/// The address of the peer or, when that is a proxy beside us, the one that the proxy saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin(pub Option<IpAddr>);

impl FromRequest for Origin {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let peer = request.peer_addr().map(|peer| peer.ip());
        let seen = peer.filter(is_near).and_then(|_| last_forwarded(request));
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

fn is_near(address: &IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[actix_web::test]
    async fn only_a_proxy_beside_us_is_believed() {
        for (peer, forwarded, origin) in [
            ("203.0.113.7:1", "198.51.100.1", "203.0.113.7"),
            ("127.0.0.1:1", "198.51.100.1", "198.51.100.1"),
            ("10.1.2.3:1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
            ("10.1.2.3:1", "rubbish", "10.1.2.3"),
        ] {
            let request = TestRequest::default()
                .peer_addr(peer.parse().unwrap())
                .insert_header(("x-forwarded-for", forwarded))
                .to_http_request();
            let found = Origin::extract(&request).await.unwrap();
            assert_eq!(found, Origin(Some(origin.parse().unwrap())), "{peer} {forwarded}");
        }
    }
}
