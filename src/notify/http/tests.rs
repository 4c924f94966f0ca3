//! Real sockets: what a server does to us, and where we do not go.

use std::net::SocketAddr;
use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

fn here() -> Networks {
    "127.0.0.0/8, ::1".parse().unwrap()
}

fn request(url: &str) -> Request {
    Request {
        url: url.to_owned(),
        headers: vec![("x-secret", "tea".to_owned())],
        body: "{\"a\":1}".to_owned(),
    }
}

/// Reads a request to its end.
async fn read(socket: &mut TcpStream) -> String {
    let mut read = Vec::new();
    while !read.ends_with(b"{\"a\":1}") {
        if socket.read_buf(&mut read).await.unwrap() == 0 {
            break;
        }
    }
    String::from_utf8(read).unwrap()
}

/// Sends a request to a server that answers the first connection as `answer` does.
async fn sent<F: Future<Output = ()>>(
    http: Http,
    answer: impl FnOnce(TcpStream) -> F,
) -> (Result<Answer, Error>, Duration) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let server = async {
        let (socket, _) = listener.accept().await.unwrap();
        answer(socket).await;
    };
    let begun = Instant::now();
    let client = async {
        let answer = http.send(request(&url)).await;
        (answer, begun.elapsed())
    };
    // Whoever answers for ever is not waited for.
    tokio::select! {
        biased;
        answer = client => answer,
        () = async { server.await; std::future::pending().await } => unreachable!(),
    }
}

#[tokio::test]
async fn a_request_is_a_post_of_json_and_its_answer_is_read() {
    let (answer, _) = sent(Http::new(here()), async |mut socket| {
        let request = read(&mut socket).await;
        assert!(request.starts_with("POST /hook HTTP/1.1\r\n"), "{request}");
        assert!(
            request.contains("x-secret: tea\r\n") && request.contains("content-type: application/json\r\n")
        );
        assert!(request.contains("user-agent: tripline/") && request.contains("content-length: 7\r\n"));
        let answer = "HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nslow";
        socket.write_all(answer.as_bytes()).await.unwrap();
    })
    .await;
    let answer = answer.unwrap();
    assert_eq!((answer.status, answer.body.as_str()), (429, "slow"));
    assert_eq!(answer.retry_after.as_deref(), Some("7"));
}

#[tokio::test]
async fn an_answer_of_100_mb_is_cut_and_not_waited_for() {
    let (answer, _) = sent(Http::new(here()), async |mut socket| {
        read(&mut socket).await;
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n";
        socket.write_all(head.as_bytes()).await.unwrap();
        // Until the other side hangs up.
        while socket.write_all(&[b'x'; 65_536]).await.is_ok() {}
    })
    .await;
    let answer = answer.unwrap();
    assert_eq!((answer.status, answer.body.len() as u64), (200, MAX_ANSWER));
}

#[tokio::test]
async fn who_never_answers_or_drips_is_given_up_in_time() {
    let patient = || Http::with_timeout(here(), Duration::from_millis(300));
    let (silent, took) = sent(patient(), async |mut socket| {
        read(&mut socket).await;
        std::future::pending().await
    })
    .await;
    assert!(matches!(silent, Err(Error::Unreachable(_))), "{silent:?}");
    assert!(took < Duration::from_secs(5));
    let (dripping, took) = sent(patient(), async |mut socket| {
        read(&mut socket).await;
        socket.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        let mut ticks = tokio::time::interval(Duration::from_millis(20));
        while socket.write_all(b"x").await.is_ok() {
            ticks.tick().await;
        }
    })
    .await;
    assert_eq!(dripping.unwrap().status, 200);
    assert!(took < Duration::from_secs(5));
    let (endless_head, took) = sent(patient(), async |mut socket| {
        read(&mut socket).await;
        socket.write_all(b"HTTP/1.1 200 OK\r\n").await.unwrap();
        while socket
            .write_all(b"x-a: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n")
            .await
            .is_ok()
        {}
    })
    .await;
    assert!(
        matches!(endless_head, Err(Error::Unreachable(_))),
        "{endless_head:?}"
    );
    assert!(took < Duration::from_secs(5));
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_not_followed() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = elsewhere.local_addr().unwrap();
    let (answer, _) = sent(Http::new(here()), async |mut socket| {
        read(&mut socket).await;
        let answer = format!("HTTP/1.1 307 Go\r\nLocation: http://{address}/\r\nContent-Length: 0\r\n\r\n");
        socket.write_all(answer.as_bytes()).await.unwrap();
    })
    .await;
    assert_eq!(answer.unwrap().status, 307);
    assert!(futures_util::FutureExt::now_or_never(elsewhere.accept()).is_none());
}

#[tokio::test]
async fn nothing_is_sent_to_private_addresses_however_they_are_written() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let http = Http::new(Networks::default());
    for host in [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "017700000001",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::]",
        "169.254.169.254",
        "10.0.0.1",
    ] {
        let answer = http.send(request(&format!("http://{host}:{port}/"))).await;
        assert!(matches!(answer, Err(Error::Refused(_))), "{host}: {answer:?}");
    }
    assert!(futures_util::FutureExt::now_or_never(listener.accept()).is_none());
    let refusal = http
        .send(request(&format!("http://localhost:{port}/")))
        .await
        .unwrap_err()
        .to_string();
    assert!(
        refusal.contains("a loopback address; notify.allow_private"),
        "{refusal}"
    );
}

#[tokio::test]
async fn addresses_that_are_none_are_said_so_without_showing_them() {
    let http = Http::new(here());
    for url in [
        "",
        "hooks.example.com/secret",
        "ftp://example.com/secret",
        "file:///secret",
        "https://",
        "http://user:secret@127.0.0.1/",
        "http://exa mple.com/secret",
        "http://127.0.0.1:99999/secret",
    ] {
        let error = http.send(request(url)).await.unwrap_err();
        assert!(!error.to_string().contains("secret"), "{error}");
        assert!(matches!(error, Error::Url(_)), "{url}: {error:?}");
    }
    let mut evil = request("http://127.0.0.1/");
    evil.headers
        .push(("authorization", "Bearer a\r\nx: y".to_owned()));
    assert!(matches!(http.send(evil).await, Err(Error::Url(_))));
}

#[tokio::test]
async fn who_is_not_there_or_speaks_no_tls_is_unreachable() {
    let closed: SocketAddr = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let http = Http::with_timeout(here(), Duration::from_secs(3));
    let nobody = http.send(request(&format!("http://{closed}/"))).await;
    assert!(matches!(nobody, Err(Error::Unreachable(_))), "{nobody:?}");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    let server = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
    };
    let (plain, ()) = tokio::join!(http.send(request(&url)), server);
    assert!(matches!(plain, Err(Error::Unreachable(_))), "{plain:?}");
}
