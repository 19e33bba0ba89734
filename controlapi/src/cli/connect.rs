//! The connection to the server: where it is, and how long to wait for it.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use tonic::transport::{Channel, Endpoint};

use super::error::Error;
use crate::place::{self, SocketAddress};
use crate::rpc::control_client::ControlClient;
use crate::rpc::watch_client::WatchClient;

/// Most bytes of an answer. Lists have no pages in this API, so the usual 4 MiB would end at some ten thousand tasks.
const ANSWER_BYTES_MAX: usize = 1 << 30;

/// Where the server is, and how long it may take.
#[derive(Debug, clap::Args)]
pub(super) struct Server {
    /// The server's socket; by default where `stated` listens by default.
    #[arg(long, global = true, help_heading = "Global options", env = "STATE_HOST", value_name = "unix:///PATH", value_parser = SocketAddress::parse)]
    host: Option<SocketAddress>,

    /// Give up on an answer after this time; a watch may take for ever.
    #[arg(long, global = true, help_heading = "Global options", value_name = "TIME", default_value = "30s", value_parser = super::time::parse)]
    timeout: Duration,
}

/// The two services of one server.
#[derive(Clone, Debug)]
pub(super) struct Client {
    pub(super) control: ControlClient<Channel>,
    pub(super) watch: WatchClient<Channel>,
}

impl Server {
    /// Returns a connection.
    pub(super) async fn connect(&self) -> Result<Client, Error> {
        let address = match &self.host {
            Some(address) => address.clone(),
            None => place::socket()?,
        };
        let unreachable = |error: tonic::transport::Error| Error::Unreachable {
            socket: address.path().into(),
            source: io_error(&error).unwrap_or_else(|| io::Error::other(error)),
        };
        let channel = Endpoint::from_shared(address.to_string())
            .map_err(unreachable)?
            .timeout(self.timeout)
            .connect_timeout(self.timeout)
            .connect()
            .await
            .map_err(unreachable)?;
        Ok(Client {
            control: ControlClient::new(channel.clone())
                .max_decoding_message_size(ANSWER_BYTES_MAX),
            watch: WatchClient::new(channel).max_decoding_message_size(ANSWER_BYTES_MAX),
        })
    }
}

/// Returns what the system said, deep inside of an error of the transport.
fn io_error(error: &tonic::transport::Error) -> Option<io::Error> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            // The original cannot be taken out; kind and text are all that matters.
            return Some(match error.raw_os_error() {
                Some(code) => io::Error::from_raw_os_error(code),
                None => io::Error::new(error.kind(), error.to_string()),
            });
        }
        cause = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_socket_that_is_not_there_is_told_with_its_path() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("none.sock");
        let server = Server {
            host: Some(path.clone().into()),
            timeout: Duration::from_secs(5),
        };
        match server.connect().await.unwrap_err() {
            Error::Unreachable { socket, source } => {
                assert_eq!(socket, path);
                assert_eq!(source.kind(), io::ErrorKind::NotFound);
            }
            error => panic!("{error}"),
        }
    }
}
