//! Sessions that real SDKs count (`sessions/`), one by one and in sums: the rates are those computed by hand.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::harness::program::{Program, finish};
use crate::harness::repository;
use crate::sdk::installed;

/// What came of ten requests, of which three failed, and five visits: two of Ann's, of which one crashed, one of Bob's
/// with an error, two of Cid's.
fn run(tool: PathBuf, script: &str, needs: &str) -> (Program, Value) {
    installed(&repository(needs));
    let program = Program::start();
    let mut command = Command::new(tool);
    command
        .arg(repository("tests/conformance/sessions").join(script))
        .env("SENTRY_DSN", program.api.dsn())
        .stdin(Stdio::null());
    let (exit, output, error) = finish(&mut command);
    assert_eq!(exit, 0, "{output}{error}");
    program.api.digested();
    let fields = "field=sum(session)&field=count_unique(user)&field=crash_free_rate(session)&field=crash_free_rate(user)";
    let path = format!(
        "/organizations/default/sessions/?statsPeriod=24h&groupBy=release&groupBy=environment&{fields}"
    );
    let told = program.api.get(&path);
    let groups = told["groups"].as_array().unwrap();
    assert_eq!(groups.len(), 1, "{told:#}");
    assert_eq!(
        groups[0]["by"],
        json!({"release": "shop@2.0.0", "environment": "production"})
    );
    let totals = groups[0]["totals"].clone();
    (program, totals)
}

/// How many sessions ended in each way.
fn by_status(program: &Program) -> Vec<(String, u64)> {
    let path = "/organizations/default/sessions/?statsPeriod=24h&groupBy=session.status&field=sum(session)";
    let told = program.api.get(path);
    let groups = told["groups"].as_array().unwrap().iter();
    groups
        .map(|it| {
            let status = it["by"]["session.status"].as_str().unwrap().to_owned();
            (status, it["totals"]["sum(session)"].as_u64().unwrap())
        })
        .filter(|(_, count)| *count > 0)
        .collect()
}

fn counted(list: &[(&str, u64)]) -> Vec<(String, u64)> {
    list.iter()
        .map(|(name, count)| ((*name).to_owned(), *count))
        .collect()
}

/// To Node a request that answers with an error has met one; nothing crashed but one visit.
#[test]
fn sdk_node_sessions() {
    let (program, totals) = run("node".into(), "shop.cjs", "tests/node_modules/@sentry/node");
    assert_eq!(
        by_status(&program),
        counted(&[("healthy", 10), ("errored", 4), ("crashed", 1)])
    );
    assert_eq!(
        (&totals["sum(session)"], &totals["count_unique(user)"]),
        (&json!(15), &json!(3))
    );
    assert_eq!(totals["crash_free_rate(session)"], 1.0 - 1.0 / 15.0);
    assert_eq!(totals["crash_free_rate(user)"], 1.0 - 1.0 / 3.0);
    let release = program
        .api
        .get("/organizations/default/releases/shop@2.0.0/?health=1");
    let health = &release["projects"][0]["healthData"];
    assert_eq!(
        (&health["totalSessions24h"], &health["adoption"]),
        (&json!(15), &json!(100.0))
    );
}

/// To Python a request that nobody caught the error of has crashed.
#[test]
fn sdk_python_sessions() {
    let python = repository(".venv/bin/python");
    let (program, totals) = run(python, "shop.py", ".venv/bin/python");
    assert_eq!(
        by_status(&program),
        counted(&[("healthy", 10), ("errored", 1), ("crashed", 4)])
    );
    assert_eq!(
        (&totals["sum(session)"], &totals["count_unique(user)"]),
        (&json!(15), &json!(3))
    );
    assert_eq!(totals["crash_free_rate(session)"], 1.0 - 4.0 / 15.0);
    assert_eq!(totals["crash_free_rate(user)"], 1.0 - 1.0 / 3.0);
}
