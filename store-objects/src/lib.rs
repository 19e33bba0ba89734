#![doc = include_str!("../README.md")]

pub mod wire;

mod id;

mod id_source;

mod folded_name;

mod label;

mod rule;

mod objects;

mod wire_form;

pub use folded_name::FoldedName;
pub use id::Id;
pub use id_source::IdSource;
pub use label::Label;
pub use objects::{
    Annotated, ById, Orchestration, StoreObject, cluster, config, extension, network, node,
    resource, secret, service, task, volume,
};
pub use rule::RuleViolation;
