//! The address of a client, as far as proxies tell. Not for decisions about access: anybody can send a header.

use std::net::IpAddr;

use actix_web::HttpRequest;

/// The first address of `X-Forwarded-For`, else `X-Real-IP`, else the peer.
pub fn client_ip(request: &HttpRequest) -> Option<IpAddr> {
    let header = |name: &str| {
        request
            .headers()
            .get(name)?
            .to_str()
            .ok()?
            .split(',')
            .next()?
            .trim()
            .parse()
            .ok()
    };
    header("x-forwarded-for")
        .or_else(|| header("x-real-ip"))
        .or_else(|| request.peer_addr().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn proxies_are_believed_and_rubbish_is_not() {
        let peer = "10.0.0.1:1".parse().unwrap();
        let from = |name, value| {
            TestRequest::default()
                .peer_addr(peer)
                .insert_header((name, value))
                .to_http_request()
        };
        let ip = |text: &str| Some(text.parse::<IpAddr>().unwrap());
        assert_eq!(
            client_ip(&from("x-forwarded-for", "203.0.113.7, 10.0.0.2")),
            ip("203.0.113.7")
        );
        assert_eq!(client_ip(&from("x-real-ip", "2001:db8::1")), ip("2001:db8::1"));
        assert_eq!(client_ip(&from("x-forwarded-for", "unknown")), ip("10.0.0.1"));
    }
}
