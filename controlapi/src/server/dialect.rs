//! Errors of the transport, said as the servers of this API have always said them.
//!
//! Clients match on codes and texts. What the gRPC library answers by itself, before a handler is reached, differs from
//! what SwarmKit's answers in three cases (SwarmKit control API, section 1.1): a request that is too large, one that
//! cannot be decoded, and a method that does not exist. Nothing else is touched.

use std::pin::Pin;
use std::task::{Context, Poll};

use tonic::codegen::http::{HeaderMap, HeaderValue, Request, Response, Uri};
use tonic::{Code, Status};
use tower::{Layer, Service};

/// The largest request that is taken, in bytes: what SwarmKit takes.
pub const REQUEST_BYTES_MAX: usize = 4 << 20;

/// Puts [`Dialect`] around a service.
#[derive(Clone, Copy, Debug)]
pub(super) struct DialectLayer;

impl<S> Layer<S> for DialectLayer {
    type Service = Dialect<S>;

    fn layer(&self, inner: S) -> Dialect<S> {
        Dialect { inner }
    }
}

/// A service whose transport errors are translated.
#[derive(Clone, Debug)]
pub(super) struct Dialect<S> {
    inner: S,
}

impl<S, B, R> Service<Request<B>> for Dialect<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Future: Send + 'static,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let uri = request.uri().clone();
        let response = self.inner.call(request);
        Box::pin(async move {
            let mut response = response.await?;
            translate(&uri, response.headers_mut());
            Ok(response)
        })
    }
}

/// Replaces the status in the headers of a response that has no other content.
fn translate(uri: &Uri, headers: &mut HeaderMap) {
    let Some(status) = Status::from_header_map(headers) else {
        return;
    };
    let Some((code, text)) = translated(uri.path(), status.code(), status.message()) else {
        return;
    };
    headers.insert(Status::GRPC_STATUS, HeaderValue::from(i32::from(code)));
    headers.remove(Status::GRPC_MESSAGE);
    // A text that no header can carry is left out; the code says enough.
    let _ = Status::new(code, text).add_header(headers);
}

/// Returns code and text of SwarmKit for a status that the gRPC library made.
fn translated(path: &str, code: Code, message: &str) -> Option<(Code, String)> {
    match code {
        Code::OutOfRange => {
            let size = message.strip_prefix("Error, decoded message length too large: found ")?;
            let (size, _) = size.split_once(' ')?;
            let max = REQUEST_BYTES_MAX;
            Some((
                Code::ResourceExhausted,
                format!("grpc: received message larger than max ({size} vs. {max})"),
            ))
        }
        Code::Internal => {
            let what = message.strip_prefix("failed to decode Protobuf message: ")?;
            Some((
                Code::Internal,
                format!("grpc: error unmarshalling request: {what}"),
            ))
        }
        Code::Unimplemented if message.is_empty() => {
            let (service, method) = path.strip_prefix('/')?.split_once('/')?;
            Some((
                code,
                format!("unknown method {method} for service {service}"),
            ))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers_after(path: &'static str, status: &Status) -> Status {
        let mut headers = HeaderMap::new();
        status.add_header(&mut headers).unwrap();
        translate(&Uri::from_static(path), &mut headers);
        Status::from_header_map(&headers).unwrap()
    }

    #[test]
    fn the_librarys_own_errors_are_translated() {
        let large = "Error, decoded message length too large: found 5242911 bytes, the limit is: 4194304 bytes";
        for (given, code, text) in [
            (
                Status::out_of_range(large),
                Code::ResourceExhausted,
                "grpc: received message larger than max (5242911 vs. 4194304)",
            ),
            (
                Status::internal("failed to decode Protobuf message: invalid wire type"),
                Code::Internal,
                "grpc: error unmarshalling request: invalid wire type",
            ),
            (
                Status::unimplemented(""),
                Code::Unimplemented,
                "unknown method Fly for service a.Bird",
            ),
        ] {
            let said = headers_after("/a.Bird/Fly", &given);
            assert_eq!((said.code(), said.message()), (code, text));
        }
    }

    #[test]
    fn a_handlers_errors_are_left_alone() {
        for given in [
            Status::out_of_range("history is gone"),
            Status::internal("broken"),
            Status::unimplemented("renaming services is not supported"),
            Status::not_found("service ünknown not found"),
        ] {
            let said = headers_after("/a.Bird/Fly", &given);
            assert_eq!(
                (said.code(), said.message()),
                (given.code(), given.message())
            );
        }
    }

    #[test]
    fn an_answer_without_a_status_is_left_alone() {
        let mut headers = HeaderMap::new();
        translate(&Uri::from_static("/a.Bird/Fly"), &mut headers);
        assert!(headers.is_empty());
    }
}
