//! The control API against the recorded answers of SwarmKit.
//!
//! `fixtures/control-api-cases.tsv` holds requests that were put to SwarmKit, each on a fresh store with the fixtures
//! that it names, and what SwarmKit answered; its header says how to read it. Every row whose RPC is served runs here,
//! and must give the same code, the same text (ours may go on after `; `) and the same result. Where we differ on
//! purpose, the table in `cases/differences.rs` says so and why; a difference that is none any longer fails.

mod cases;

use cases::{Case, Cluster, differences, read};
use tonic::Code;

/// RPCs whose rows do not run, with the reason; a row that could run fails.
const NOT_YET: &[(&str, &[&str])] = &[("it comes in a later release", &["UpdateCluster"])];

fn is_not_yet(rpc: &str) -> bool {
    NOT_YET.iter().any(|(_, rpcs)| rpcs.contains(&rpc))
}

#[tokio::test]
async fn every_row_that_can_run_is_answered_as_swarmkit_does() {
    let (fixtures, cases) = read();
    let (mut ran, mut waiting, mut failures) = (0, 0, Vec::new());
    let mut differences = differences::Tally::new();
    for case in &cases {
        let mut cluster = Cluster::new();
        if is_not_yet(&case.rpc) {
            waiting += 1;
            let status = cluster
                .call(&case.rpc, "{}")
                .await
                .expect_err("it is not served");
            assert_eq!(
                status.code(),
                Code::Unimplemented,
                "{} is served now: let its rows run",
                case.rpc
            );
            assert!(
                status
                    .message()
                    .starts_with(&format!("{} is not served", case.rpc)),
                "{}",
                status.message()
            );
            continue;
        }
        if let Some(fixture) = cluster.set_up(&fixtures, &case.setup).await {
            waiting += 1;
            assert!(
                is_not_yet(&fixture),
                "{fixture} is served now, but a fixture with it is left out"
            );
            continue;
        }
        ran += 1;
        if let Err(what) = check(&cluster, case, &mut differences).await {
            failures.push(format!(
                "line {}: {} {} {}\n    {what}",
                case.line,
                case.rpc,
                case.setup.join(" "),
                case.request
            ));
        }
    }
    println!(
        "{ran} rows of {} ran, {waiting} wait for their RPC or fixture",
        cases.len()
    );
    assert!(
        failures.is_empty(),
        "{} rows differ:\n{}",
        failures.len(),
        failures.join("\n")
    );
    differences.all_met();
    assert_eq!(ran + waiting, cases.len());
}

async fn check(
    cluster: &Cluster,
    case: &Case,
    differences: &mut differences::Tally,
) -> Result<(), String> {
    let request = cluster.fill(&case.request);
    let answer = cluster.call(&case.rpc, &request).await;
    let (code, text) = match &answer {
        Ok(_) => (Code::Ok, ""),
        Err(status) => (status.code(), status.message()),
    };
    let expected = cluster.fill(&case.message);
    let intended = differences.meet(case, &expected);
    let (expected_code, expected_text) = intended.unwrap_or((case.code, expected));
    if code != expected_code {
        return Err(format!(
            "{code:?} {text:?}, not {expected_code:?} {expected_text:?}"
        ));
    }
    match answer {
        Err(_) if cases::is_said(&expected_text, text) => Ok(()),
        Err(_) => Err(format!("{text:?}, not {expected_text:?}")),
        Ok(response) => cases::compare(&case.rpc, &cluster.fill(&case.result), response),
    }
}
