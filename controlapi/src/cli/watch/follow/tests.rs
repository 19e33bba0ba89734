//! Watches of a server that plays a script: what is asked of it, and what comes of it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use store_objects::wire::watch_message::Event;
use tempfile::TempDir;
use tokio::net::UnixListener;
use tokio_stream::wrappers::UnixListenerStream;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Request, Response};
use tonic_types::ErrorDetails;

use super::*;
use crate::rpc::control_client::ControlClient;
use crate::rpc::watch_client::WatchClient;
use crate::rpc::watch_server::{Watch, WatchServer};

type Step = Result<WatchMessage, Status>;

/// Short enough for a test.
const HASTE: Patience = Patience {
    attempts_max: 3,
    pause: Duration::from_millis(1),
    steady: Duration::from_mins(1),
};

/// Each watch is told the next act of the play, and then ends.
#[derive(Clone, Default)]
struct Play {
    acts: Arc<Mutex<VecDeque<Vec<Step>>>>,
    /// From which version each watch was asked for.
    asked: Arc<Mutex<Vec<Option<u64>>>>,
}

#[tonic::async_trait]
impl Watch for Play {
    type WatchStream = tokio_stream::Iter<std::vec::IntoIter<Step>>;

    async fn watch(
        &self,
        request: Request<WatchRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let from = request
            .into_inner()
            .resume_from
            .map(|version| version.index);
        self.asked.lock().unwrap().push(from);
        match self.acts.lock().unwrap().pop_front() {
            Some(act) => Ok(Response::new(tokio_stream::iter(act))),
            None => Err(Status::out_of_range("the play is over")),
        }
    }
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "it is a step, which may be an error"
)]
fn granted() -> Step {
    Ok(WatchMessage::default())
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "it is a step, which may be an error"
)]
fn change(version: u64) -> Step {
    Ok(WatchMessage {
        events: vec![Event::default()],
        version: Some(Version { index: version }),
    })
}

fn lagged(resume_from: u64) -> Step {
    let facts = [("resume_from".to_owned(), resume_from.to_string())];
    let details = ErrorDetails::with_error_info("WATCH_LAGGED", "statehouse", facts);
    Err(Status::with_error_details(
        Code::Aborted,
        "the watch ended: the client fell behind",
        details,
    ))
}

/// What came of a play.
struct Outcome {
    error: String,
    asked: Vec<Option<u64>>,
    told: Vec<String>,
}

async fn perform(acts: Vec<Vec<Step>>, resume_from: Option<u64>) -> Outcome {
    let play = Play {
        acts: Arc::new(Mutex::new(acts.into())),
        ..Default::default()
    };
    let directory = TempDir::new().unwrap();
    let channel = serve(play.clone(), &directory).await;
    let mut client = Client {
        control: ControlClient::new(channel.clone()),
        watch: WatchClient::new(channel),
    };
    let request = WatchRequest {
        resume_from: resume_from.map(|index| Version { index }),
        ..Default::default()
    };

    let mut told = Vec::new();
    let result = follow(&mut client, request, HASTE, |news| {
        told.push(match news {
            News::Watching => "watching".into(),
            News::Message(message) => format!("version {}", message.version.unwrap().index),
            News::Broken(text) => text,
            News::Resumed => "resumed".into(),
        });
        Ok(())
    });
    let error = result.await.unwrap_err().to_string();
    let asked = play.asked.lock().unwrap().clone();
    Outcome { error, asked, told }
}

async fn serve(play: Play, directory: &TempDir) -> Channel {
    let path = directory.path().join("play.sock");
    let connections = UnixListenerStream::new(UnixListener::bind(&path).unwrap());
    tokio::spawn(
        Server::builder()
            .add_service(WatchServer::new(play))
            .serve_with_incoming(connections),
    );
    let address = format!("unix://{}", path.display());
    Endpoint::from_shared(address)
        .unwrap()
        .connect()
        .await
        .unwrap()
}

#[tokio::test]
async fn a_watch_that_breaks_is_resumed_after_what_was_seen() {
    let acts = vec![
        vec![
            granted(),
            change(4),
            change(5),
            Err(Status::unavailable("shutting down")),
        ],
        vec![granted(), change(6)],
    ];
    let outcome = perform(acts, None).await;
    assert_eq!(outcome.asked, [None, Some(5), Some(6)]);
    assert_eq!(
        outcome.told,
        [
            "watching",
            "version 4",
            "version 5",
            "the watch broke off: shutting down (Unavailable); resuming after version 5 (attempt 1 of 3)",
            "resumed",
            "version 6",
            "the watch broke off: the server ended it (Unavailable); resuming after version 6 (attempt 1 of 3)",
        ]
    );
    assert_eq!(outcome.error, "the play is over (OutOfRange)");
}

#[tokio::test]
async fn a_server_that_drops_a_watch_says_where_to_resume() {
    let outcome = perform(vec![vec![granted(), lagged(9)]], None).await;
    assert_eq!(outcome.asked, [None, Some(9)]);
}

#[tokio::test]
async fn what_cannot_be_promised_is_said() {
    let outcome = perform(vec![vec![granted()]], None).await;
    assert_eq!(outcome.asked, [None, None]);
    assert!(
        outcome.told[1].contains("what changes in between is missed"),
        "{:?}",
        outcome.told
    );
    let outcome = perform(vec![vec![granted()]], Some(3)).await;
    assert_eq!(outcome.asked, [Some(3), Some(3)]);
}

#[tokio::test]
async fn it_gives_up_when_nothing_comes_of_it() {
    let outcome = perform(
        vec![vec![granted()], vec![granted()], vec![], vec![granted()]],
        Some(3),
    )
    .await;
    assert_eq!(outcome.asked.len(), 1 + 3);
    assert_eq!(
        outcome.error,
        "the watch broke off, and 3 attempts to resume it failed: the server ended it (Unavailable)"
    );
}

#[tokio::test]
async fn a_change_is_worth_new_attempts() {
    let idle = || vec![granted()];
    let acts = vec![
        idle(),
        idle(),
        idle(),
        vec![granted(), change(4)],
        idle(),
        idle(),
    ];
    let outcome = perform(acts, Some(3)).await;
    assert_eq!(
        outcome.asked,
        [
            Some(3),
            Some(3),
            Some(3),
            Some(3),
            Some(4),
            Some(4),
            Some(4)
        ]
    );
}

#[tokio::test]
async fn a_watch_that_is_refused_is_not_tried_again() {
    let outcome = perform(vec![], None).await;
    assert_eq!((outcome.asked, outcome.told), (vec![None], vec![]));
    let refused = vec![Err(Status::unavailable("not now"))];
    assert_eq!(
        perform(vec![refused], None).await.error,
        "not now (Unavailable)"
    );
}

#[tokio::test]
async fn history_that_is_gone_ends_it() {
    let acts = vec![
        vec![granted(), change(4), Err(Status::out_of_range("compacted"))],
        vec![granted()],
    ];
    let outcome = perform(acts, None).await;
    assert_eq!(
        (outcome.asked.len(), outcome.error.as_str()),
        (1, "compacted (OutOfRange)")
    );
}
