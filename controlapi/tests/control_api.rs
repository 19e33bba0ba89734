//! The control API against the recorded answers of SwarmKit.
//!
//! `fixtures/control-api-cases.tsv` holds requests that were put to SwarmKit, each on a fresh store with the fixtures
//! that it names, and what SwarmKit answered; its header says how to read it. Every row runs here, and must give the
//! same code, the same text (ours may go on after `; `) and the same result. Where we differ on purpose, the table in
//! `cases/differences.rs` says so and why; a difference that is none any longer fails.

mod cases;

use cases::{Case, Cluster, differences, read};
use tonic::Code;

#[tokio::test]
async fn every_row_is_answered_as_swarmkit_does() {
    let (fixtures, cases) = read();
    let mut failures = Vec::new();
    let mut differences = differences::Tally::new();
    for case in &cases {
        let mut cluster = Cluster::new();
        cluster.set_up(&fixtures, &case.setup).await;
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
    println!("{} rows ran", cases.len());
    assert!(
        failures.is_empty(),
        "{} rows differ:\n{}",
        failures.len(),
        failures.join("\n")
    );
    differences.all_met();
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
