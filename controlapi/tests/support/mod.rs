//! A real server in a directory of its own, and clients of it.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test uses its own part of this"
)]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use controlapi::rpc::control_client::ControlClient;
use controlapi::rpc::watch_client::WatchClient;
use rustix::process::{Pid, Signal, kill_process};
use store_objects::wire::service_spec::Mode;
use store_objects::wire::task_spec::Runtime;
use store_objects::wire::{
    Annotations, ContainerSpec, CreateServiceRequest, ReplicatedService, ServiceSpec, Shared,
    TaskSpec,
};
use tonic::transport::{Channel, Endpoint};
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;

/// How long anything may take before a test gives up: far more than it takes on a slow machine.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// A running server; killed when it is dropped.
pub struct Stated {
    child: Child,
    socket: PathBuf,
}

impl Stated {
    /// Starts a server whose state and socket are in `directory`, and returns once it listens.
    pub fn start(directory: &Path) -> Self {
        let socket = socket_in(directory);
        let command = command(&directory.join("state"), &socket);
        Self::start_by(command, socket)
    }

    /// Starts a server by a command, and returns once it listens.
    pub fn start_by(mut command: Command, socket: PathBuf) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .expect("stated starts");
        let stdout = child.stdout.take().expect("its stdout is piped");
        let (sender, greeting) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines() {
                // When the test has its line, nobody listens any longer.
                let _ = sender.send(line.expect("it prints text"));
            }
        });
        loop {
            match greeting.recv_timeout(PATIENCE) {
                Ok(line) if line.starts_with("try: ") => return Self { child, socket },
                Ok(_) => {}
                Err(error) => panic!(
                    "stated did not greet: {error}; it ended with {:?}",
                    child.try_wait()
                ),
            }
        }
    }

    /// Returns the path of its socket.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Connects, on a connection of its own.
    pub async fn channel(&self) -> Channel {
        let address = format!("unix://{}", self.socket.display());
        Endpoint::from_shared(address)
            .expect("it is an address")
            .connect()
            .await
            .expect("it listens")
    }

    pub async fn control(&self) -> ControlClient<Channel> {
        ControlClient::new(self.channel().await).max_decoding_message_size(usize::MAX)
    }

    pub async fn watch(&self) -> WatchClient<Channel> {
        WatchClient::new(self.channel().await)
    }

    /// Kills it: it does not hear of its end.
    pub fn kill(&self) {
        self.signal(Signal::KILL);
    }

    /// Asks it to end.
    pub fn ask_to_end(&self) {
        self.signal(Signal::TERM);
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("it runs");
    }

    /// Waits until it has ended.
    pub fn ended(mut self) -> ExitStatus {
        self.child.wait().expect("it can be waited for")
    }

    /// Returns its standard error, if that is piped.
    pub fn stderr(&mut self) -> ChildStderr {
        self.child.stderr.take().expect("it is piped")
    }
}

impl Drop for Stated {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the path of the socket of a server whose socket is in `directory`.
pub fn socket_in(directory: &Path) -> PathBuf {
    directory.join("stated.sock")
}

/// Runs a server that is expected not to begin, and returns what it said.
pub fn run(state_dir: &Path, socket: &Path) -> Output {
    command(state_dir, socket).output().expect("stated starts")
}

pub fn command(state_dir: &Path, socket: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stated"));
    command
        .arg("--state-dir")
        .arg(state_dir)
        .arg("--listen")
        .arg(format!("unix://{}", socket.display()));
    command.env_remove("RUST_LOG").args(["--log", "warn"]);
    command
}

/// Returns the services that a server says it serves.
pub async fn reflected_services(server: &Stated) -> Vec<String> {
    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let mut client = ServerReflectionClient::new(server.channel().await);
    let answers = client
        .server_reflection_info(tokio_stream::once(request))
        .await
        .expect("it reflects");
    let answer = answers
        .into_inner()
        .message()
        .await
        .expect("it answers")
        .expect("once");
    match answer.message_response {
        Some(MessageResponse::ListServicesResponse(list)) => list
            .service
            .into_iter()
            .map(|service| service.name)
            .collect(),
        other => panic!("{other:?} is not a list of services"),
    }
}

/// A small service.
pub fn service(name: &str) -> ServiceSpec {
    ServiceSpec {
        annotations: Some(Annotations {
            name: name.to_owned(),
            ..Annotations::default()
        }),
        task: Some(Shared::new(TaskSpec {
            runtime: Some(Runtime::Container(ContainerSpec {
                image: "nginx:1.25".to_owned(),
                ..ContainerSpec::default()
            })),
            ..TaskSpec::default()
        })),
        mode: Some(replicated(1)),
        ..ServiceSpec::default()
    }
}

pub fn replicated(replicas: u64) -> Mode {
    Mode::Replicated(ReplicatedService { replicas })
}

pub fn create(name: &str) -> CreateServiceRequest {
    CreateServiceRequest {
        spec: Some(service(name)),
    }
}
