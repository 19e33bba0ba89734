//! The certificate authority of a cluster: its root certificate, the tokens for joining, and what changes them.
//!
//! What the store holds of it is in `wire::RootCa`. Here are the parts: PEM texts, certificates, keys, roots, tokens; and
//! [`evaluated`], which says what becomes of a root when a cluster's settings change (SwarmKit control API, section 6.1).
//!
//! No certificate is issued to nodes here, and none of another authority is asked for: a root whose key is elsewhere
//! cannot be used, and a rotation, once begun, waits for the one who issues new certificates to all nodes.

mod certificate;
mod evaluation;
mod key;
mod pem;
mod root;
mod token;

pub(crate) use certificate::Certificate;
pub(crate) use evaluation::evaluated;
pub(crate) use root::{Root, new_root};
pub(crate) use token::join_token;
