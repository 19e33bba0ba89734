//! A store is watched for objects of its own schema.

use store_core::Watch;
use store_objects::Orchestration;

fn main() {
    let _ = Watch::<Orchestration>::table::<String>();
}
