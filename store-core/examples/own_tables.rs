//! Your own tables on one page: a kind of object, its indexes, a store, a query, a change.
//!
//! `cargo run -p store-core --example own_tables`

use std::error::Error;

use proposer::Loopback;
use store_core::{DecodeError, Index, Indexes, Meta, Object, Query, Read, Schema, Store, schema};

#[derive(Clone, Debug)]
struct Route {
    path: String,
    meta: Meta,
    service: String,
}

/// All routes of a service.
const BY_SERVICE: Index<Route, str> =
    Index::non_unique("service", |route, keys| keys.push(&route.service));

impl Object for Route {
    type Key = String;
    const TABLE: &'static str = "route";

    fn key(&self) -> &String {
        &self.path
    }

    fn meta(&self) -> Meta {
        self.meta
    }

    fn set_meta(&mut self, meta: Meta) {
        self.meta = meta;
    }

    fn indexes(list: &mut Indexes<Self>) {
        list.add(BY_SERVICE);
    }

    // For the log and the saved state; take the format that you like.
    fn encode(&self, out: &mut Vec<u8>) {
        self.meta.encode(out);
        out.extend(format!("{} {}", self.path, self.service).bytes());
    }

    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let (meta, text) = Meta::decode(bytes)?;
        let (path, service) = std::str::from_utf8(text)?
            .split_once(' ')
            .ok_or("not a route")?;
        Ok(Self {
            meta,
            ..route(path, service)
        })
    }
}

fn route(path: &str, service: &str) -> Route {
    Route {
        path: path.to_owned(),
        meta: Meta::default(),
        service: service.to_owned(),
    }
}

#[derive(Debug)]
struct Routing;

schema! {
    /// One object of any kind: here, there is one.
    pub enum AnyObject for Routing { Route }
}

impl Schema for Routing {
    type Any = AnyObject;
}

fn main() -> Result<(), Box<dyn Error>> {
    let store = Store::<Routing, _>::open(Loopback::new())?;
    store.update(|tx| {
        for (path, service) in [("/", "shop"), ("/cart", "shop"), ("/login", "accounts")] {
            tx.create(route(path, service))?;
        }
        Ok::<_, store_core::CreateError>(())
    })?;

    // What is found stays what it was, whatever happens meanwhile.
    let before = store.view();
    store.update(|tx| tx.delete::<Route>(&"/cart".to_owned()))?;
    assert_eq!(before.find(BY_SERVICE.eq("shop")).count(), 2);

    for route in store.view().find(Query::<Route>::key_prefix("/")) {
        println!(
            "{:8} {} (version {})",
            route.path, route.service, route.meta.version
        );
    }
    Ok(())
}
