//! What is done to a data directory, or asked of a server, from outside.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use anyhow::Context;

use crate::store::embedded::{self, Options};

/// How long a server may take to say that it is ready.
const TIMEOUT: Duration = Duration::from_secs(5);

/// A check found a fault; the text says which.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unsound(pub(super) String);

/// Checks a data directory that no server uses. Answers what was looked at.
pub fn verify(data: &Path) -> anyhow::Result<String> {
    let report = embedded::verify(data, Options::default())?;
    match report.is_clean() {
        true => Ok(format!("{report}\n")),
        false => Err(Unsound(report.to_string()).into()),
    }
}

/// Makes the index of a data directory anew. Answers from what.
pub fn rebuild(data: &Path) -> anyhow::Result<String> {
    let replayed = embedded::rebuild(data, Options::default())?;
    Ok(format!("{replayed}\n"))
}

/// Gives a data directory back to the version that was there before. Answers which data it has now.
pub fn rollback(data: &Path) -> anyhow::Result<String> {
    let schema = embedded::rollback(data)?;
    Ok(format!(
        "went back: an older version of schema {schema} can start on {} now\n",
        data.display()
    ))
}

/// Copies a data directory into a new one, beside the server that uses it. Answers what was copied.
pub fn backup(data: &Path, target: &Path, earlier: Option<&Path>) -> anyhow::Result<String> {
    let copied = embedded::backup(data, target, earlier, super::system_time())
        .with_context(|| format!("cannot back up {} to {}", data.display(), target.display()))?;
    Ok(format!("{copied}the backup is whole: {}\n", target.display()))
}

/// Makes an empty directory what a backup is a copy of, and checks it. Answers what is in it.
pub fn restore(backup: &Path, data: &Path) -> anyhow::Result<String> {
    let (copied, report) = embedded::restore(backup, data, Options::default())
        .with_context(|| format!("cannot restore {} to {}", backup.display(), data.display()))?;
    match report.is_clean() {
        true => Ok(format!("{copied}{report}\n")),
        false => {
            let text =
                format!("the data is restored as the backup has it, which is not without faults\n{report}");
            Err(Unsound(text).into())
        }
    }
}

/// Asks the server that listens on `address` whether it is ready. Speaks just enough HTTP for that.
pub fn healthcheck(mut address: SocketAddr) -> anyhow::Result<()> {
    // A server that listens everywhere is asked on the loopback address.
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    let answer = ask(address).map_err(|error| Unsound(format!("{address} does not answer: {error}")))?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    match head.split(' ').nth(1) {
        Some("200") => Ok(()),
        status => Err(Unsound(format!("not ready: {} {body}", status.unwrap_or_default())).into()),
    }
}

fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    write!(
        stream,
        "GET /health/ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.take(64 * 1024).read_to_string(&mut answer)?;
    Ok(answer)
}
