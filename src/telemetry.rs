//! What the program says about itself: log lines and metrics. Neither tokens, passwords nor payloads pass here.

use std::io::{self, IsTerminal};
use std::sync::LazyLock;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};
use crate::http;

/// Seconds; from a cached read to a request that is about to be given up.
const LATENCIES: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0,
];

/// Seconds; from an alert at once to one that waited for its destination.
const ALERT_LATENCIES: [f64; 12] = [
    0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0, 600.0, 3_600.0,
];

/// Starts the log on standard error: text on a terminal and JSON otherwise, unless the settings choose.
///
/// Fails when `log.level` cannot be read.
pub fn start_log(log: &Log) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(format!("{},{}", http::LOG_DIRECTIVE, log.level)).map_err(|error| {
        anyhow::anyhow!("log.level: expected error, warn, info, debug, trace or directives ({error})")
    })?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr);
    let terminal = io::stderr().is_terminal();
    match log.format {
        LogFormat::Text => lines.with_ansi(terminal).init(),
        LogFormat::Auto if terminal => lines.init(),
        LogFormat::Auto | LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).init(),
    }
    Ok(())
}

/// Where metrics gather, for `/metrics`. One a process, however many servers run in it.
pub fn metrics() -> PrometheusHandle {
    static METRICS: LazyLock<PrometheusHandle> = LazyLock::new(|| {
        let builder = PrometheusBuilder::new()
            .set_buckets(&LATENCIES)
            .expect("there are buckets")
            .set_buckets_for_metric(
                Matcher::Full("tripline_alert_latency_seconds".to_owned()),
                &ALERT_LATENCIES,
            )
            .expect("there are buckets")
            .set_buckets_for_metric(
                Matcher::Full("tripline_delivery_seconds".to_owned()),
                &ALERT_LATENCIES,
            )
            .expect("there are buckets");
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder).expect("nobody else sets a recorder");
        describe();
        handle
    });
    METRICS.clone()
}

fn describe() {
    metrics::describe_counter!("tripline_http_requests_total", "Requests by route and status.");
    metrics::describe_histogram!(
        "tripline_http_request_seconds",
        "Time from a request's head to its answer."
    );
    metrics::describe_gauge!(
        "tripline_journal_entries",
        "Accepted requests that wait to be digested."
    );
    metrics::describe_gauge!("tripline_journal_bytes", "Bytes that they take on disk.");
    metrics::describe_gauge!("tripline_journal_oldest_seconds", "Age of the oldest of them.");
    metrics::describe_gauge!(
        "tripline_dead_letters",
        "Requests that could not be digested and were set aside."
    );
    metrics::describe_gauge!(
        "tripline_search_documents",
        "Documents in the index of what events say."
    );
    metrics::describe_gauge!(
        "tripline_search_behind_bytes",
        "Bytes of segments that are not in it yet."
    );
    metrics::describe_counter!(
        "tripline_digested_entries_total",
        "Accepted requests that were digested."
    );
    metrics::describe_counter!(
        "tripline_outcomes_total",
        "Items by category, outcome and reason."
    );
    metrics::describe_histogram!(
        "tripline_alert_step_seconds",
        "Time to judge what happened since the last step, and the minute if one is over."
    );
    metrics::describe_counter!(
        "tripline_deliveries_total",
        "Tries to tell somebody, by channel and result."
    );
    metrics::describe_histogram!(
        "tripline_alert_latency_seconds",
        "Time from receiving the first thing that an alert is about to its message being taken, what it waited on purpose included."
    );
    metrics::describe_histogram!(
        "tripline_delivery_seconds",
        "Time from an alert's message being due to its being taken."
    );
    metrics::describe_gauge!("tripline_storage_bytes", "Bytes on disk by what they are for.");
    metrics::describe_gauge!(
        "tripline_storage_limit_bytes",
        "Bytes on disk at which nothing is accepted any more."
    );
    metrics::describe_gauge!(
        "tripline_storage_days_until_full",
        "Days until then at the rate of the last seven; infinite when it does not grow so far."
    );
    metrics::describe_counter!(
        "tripline_evicted_payloads_total",
        "Payloads that are no longer kept."
    );
    metrics::describe_counter!(
        "tripline_swept_bytes_total",
        "Bytes of payloads and attachments that were given back."
    );
    metrics::describe_gauge!("process_resident_memory_bytes", "Memory in use.");
}
