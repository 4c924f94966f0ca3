//! Whether the server works, for machines: liveness, readiness, metrics. Open to everybody who reaches the port.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, Responder};
use metrics_exporter_prometheus::PrometheusHandle;
use serde::Serialize;

use super::error::ApiError;
use super::extract::Now;
use crate::store::Store;

/// An accepted envelope should be digested within seconds; after this many something is stuck.
const MAX_BACKLOG_SECONDS: i64 = 600;

#[derive(Serialize)]
struct Ready {
    status: &'static str,
    /// Accepted requests that wait to be digested.
    backlog: u64,
    /// How long the oldest of them waits.
    backlog_seconds: i64,
}

/// `/health/live`: the process answers.
pub(super) async fn live() -> impl Responder {
    Json(serde_json::json!({"status": "ok"}))
}

/// `/health/ready`: what is sent now would be kept, and what was sent is being digested.
pub(super) async fn ready(store: Data<Store>, now: Now) -> Result<impl Responder, ApiError> {
    store.stats.writable().await?;
    let backlog = store.journal.backlog();
    let backlog_seconds = age(backlog.oldest, now.0);
    if backlog_seconds > MAX_BACKLOG_SECONDS {
        return Err(ApiError::Unavailable(format!(
            "an envelope waits to be digested for {backlog_seconds} s"
        )));
    }
    Ok(Json(Ready {
        status: "ok",
        backlog: backlog.entries,
        backlog_seconds,
    }))
}

/// `/metrics`, as Prometheus reads it.
pub(super) async fn metrics(
    handle: Data<PrometheusHandle>,
    store: Data<Store>,
    now: Now,
) -> Result<HttpResponse, ApiError> {
    let backlog = store.journal.backlog();
    metrics::gauge!("tripline_journal_entries").set(backlog.entries as f64);
    metrics::gauge!("tripline_journal_bytes").set(backlog.bytes as f64);
    metrics::gauge!("tripline_journal_oldest_seconds").set(age(backlog.oldest, now.0) as f64);
    metrics::gauge!("tripline_dead_letters").set(store.stats.dead_letters().await? as f64);
    let searchable = store.issues.searchable().await?;
    metrics::gauge!("tripline_search_documents").set(searchable.documents as f64);
    metrics::gauge!("tripline_search_behind_bytes").set(searchable.behind as f64);
    if let Some(bytes) = resident_bytes() {
        metrics::gauge!("process_resident_memory_bytes").set(bytes as f64);
    }
    Ok(HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4")
        .body(handle.render()))
}

/// Seconds since then; 0 without a time.
pub(super) fn age(since: Option<jiff::Timestamp>, now: jiff::Timestamp) -> i64 {
    since.map_or(0, |since| {
        now.as_second().saturating_sub(since.as_second()).max(0)
    })
}

/// What Linux says about our memory; nothing on other systems.
pub(super) fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
