//! Decoding tasks so that they share what they have in common.
//!
//! The spec, the service's annotations, the networks and the rest of what a service gives to its tasks come from pools:
//! a task that is read from the log or from a saved state has them in memory once with all its like, as it has where an
//! orchestrator makes it.

use prost::encoding::{DecodeContext, decode_key};
use prost::{DecodeError, Message};

use crate::wire::pool::{Pool, take_form};
use crate::wire::{Annotations, Driver, Endpoint, Network, NetworkAttachment, Task, TaskSpec};

/// The numbers of the fields that are shared.
const SPEC: u32 = 3;
const SERVICE_ANNOTATIONS: u32 = 8;
const NETWORKS: u32 = 11;
const ENDPOINT: u32 = 12;
const LOG_DRIVER: u32 = 13;
/// In an attachment.
const NETWORK: u32 = 1;

static SPECS: Pool<TaskSpec> = Pool::new();
static ANNOTATIONS: Pool<Annotations> = Pool::new();
static NETWORKS_KNOWN: Pool<Network> = Pool::new();
static ENDPOINTS: Pool<Endpoint> = Pool::new();
static DRIVERS: Pool<Driver> = Pool::new();

/// Returns the task that the bytes encode.
///
/// # Errors
/// When they encode none.
pub(super) fn decode(mut bytes: &[u8]) -> Result<Task, DecodeError> {
    let mut task = Task::default();
    let bytes = &mut bytes;
    while !bytes.is_empty() {
        let (field, wire_type) = decode_key(bytes)?;
        match field {
            SPEC => SPECS.merge(&mut task.spec, wire_type, bytes)?,
            SERVICE_ANNOTATIONS => {
                ANNOTATIONS.merge(&mut task.service_annotations, wire_type, bytes)?;
            }
            ENDPOINT => ENDPOINTS.merge(&mut task.endpoint, wire_type, bytes)?,
            LOG_DRIVER => DRIVERS.merge(&mut task.log_driver, wire_type, bytes)?,
            NETWORKS if let Some(form) = take_form(wire_type, bytes) => {
                task.networks.push(attachment(form)?);
            }
            _ => task.merge_field(field, wire_type, bytes, DecodeContext::default())?,
        }
    }
    task.networks.shrink_to_fit();
    Ok(task)
}

fn attachment(mut bytes: &[u8]) -> Result<NetworkAttachment, DecodeError> {
    let mut attachment = NetworkAttachment::default();
    let bytes = &mut bytes;
    while !bytes.is_empty() {
        let (field, wire_type) = decode_key(bytes)?;
        if field == NETWORK {
            NETWORKS_KNOWN.merge(&mut attachment.network, wire_type, bytes)?;
        } else {
            attachment.merge_field(field, wire_type, bytes, DecodeContext::default())?;
        }
    }
    attachment.addresses.shrink_to_fit();
    attachment.aliases.shrink_to_fit();
    Ok(attachment)
}
