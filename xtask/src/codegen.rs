//! `cargo xtask codegen [--check]`: Rust from the `.proto` files of `store-objects`.
//!
//! Everything is pure Rust (no `protoc`) and the results are committed, so that a fresh machine
//! builds the workspace with cargo alone. The same input gives the same bytes; `--check` compares
//! and names what is stale instead of writing.
//!
//! It does not generate anything that a build script would have to find: consumers declare the
//! generated files as ordinary modules.

mod json;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use prost_build::Module;
use prost_types::{FileDescriptorProto, FileDescriptorSet};

/// The protobuf package of all messages.
const PACKAGE: &str = "docker.swarmkit.v1";

/// Where the `.proto` files live, by the directory convention of protobuf.
const PROTO_DIR: &str = "store-objects/proto";

/// Messages, their JSON mapping and the descriptors.
const WIRE_DIR: &str = "store-objects/src/wire/generated";

/// gRPC clients and servers.
const STUBS_DIR: &str = "controlapi/src/generated";

/// Fields whose values many messages, or many versions of one, have in common and share in memory: `wire::Shared`.
const SHARED: &[(&str, &str)] = &[
    ("Node", "description"),
    ("Node", "certificate"),
    ("Service", "spec"),
    ("Service", "previous_spec"),
    ("ServiceSpec", "task"),
    ("Task", "spec"),
    ("Task", "service_annotations"),
    ("Task", "endpoint"),
    ("Task", "log_driver"),
    ("NetworkAttachment", "network"),
];

/// Files whose services we serve or call.
const SERVED: &[&str] = &["control.proto", "watch.proto"];

/// Generates all files; with `check`, fails and names those that differ from what is committed.
///
/// # Errors
/// A `.proto` file that does not compile, an I/O error, or stale files under `check`.
pub(crate) fn run(check: bool) -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut stale = Vec::new();
    for (path, content) in generate(&root)? {
        let target = root.join(&path);
        if fs::read(&target).is_ok_and(|committed| committed == content) {
            continue;
        }
        if !check {
            if let Some(directory) = target.parent() {
                fs::create_dir_all(directory)?;
            }
            fs::write(&target, content)
                .with_context(|| format!("failed to write {}", path.display()))?;
            println!("wrote {}", path.display());
        }
        stale.push(path.display().to_string());
    }
    if check && !stale.is_empty() {
        bail!(
            "stale generated files: {}; run `cargo xtask codegen`",
            stale.join(", ")
        );
    }
    Ok(())
}

/// Every generated file: its path below the root, and its content.
fn generate(root: &Path) -> anyhow::Result<Vec<(PathBuf, Vec<u8>)>> {
    let mut compiler = compile(&root.join(PROTO_DIR))?;
    compiler.include_imports(true);
    let descriptors = compiler.include_source_info(true).file_descriptor_set();
    let wire = Path::new(WIRE_DIR);
    let stubs_dir = Path::new(STUBS_DIR);
    Ok(vec![
        (wire.join("messages.rs"), messages(&descriptors)?.into()),
        (
            wire.join("json.rs"),
            json::generate(own_files(&descriptors))?.into(),
        ),
        (
            wire.join("descriptors.binpb"),
            compiler
                .include_source_info(false)
                .encode_file_descriptor_set(),
        ),
        (stubs_dir.join("swarmkit.rs"), stubs(&descriptors)?.into()),
    ])
}

/// The compiled `.proto` files below `include`, in the order of their names.
fn compile(include: &Path) -> anyhow::Result<protox::Compiler> {
    let package = include.join(PACKAGE.replace('.', "/"));
    let mut files = fs::read_dir(&package)
        .and_then(|entries| {
            entries
                .map(|entry| Ok(entry?.path()))
                .collect::<std::io::Result<Vec<_>>>()
        })
        .with_context(|| format!("failed to list {}", package.display()))?;
    files.sort();
    let mut compiler = protox::Compiler::new([include])?;
    compiler.open_files(files)?;
    Ok(compiler)
}

/// The messages and enums of our package, without services.
fn messages(descriptors: &FileDescriptorSet) -> anyhow::Result<String> {
    let mut config = prost_build::Config::new();
    // Ordered maps, so that equal messages have equal bytes.
    config.btree_map(["."]);
    let mut code = rust(&mut config, descriptors, &[])?;
    for (message, field) in SHARED {
        code = share(&code, message, field)?;
    }
    Ok(format!(
        "//! Messages and enums of `{PACKAGE}`.\n//!\n{HEADER}\n{code}"
    ))
}

/// The code with an optional message field in a `Shared`; prost has no setting for that.
fn share(code: &str, message: &str, field: &str) -> anyhow::Result<String> {
    const OPTION: &str = "::core::option::Option<";
    let field_at = |code: &str| {
        let (_, inside) = code.split_once(&format!("pub struct {message} {{"))?;
        let (inside, _) = inside.split_once("\n}")?;
        let (_, value) = inside.split_once(&format!(" pub {field}: {OPTION}"))?;
        let (of, _) = value.split_once(">,")?;
        let start = of.as_ptr().addr() - code.as_ptr().addr();
        Some(start..start + of.len())
    };
    let at = field_at(code)
        .with_context(|| format!("{message} has no field {field} that is an optional message"))?;
    let shared = format!("super::Shared<{}>", &code[at.clone()]);
    let mut code = code.to_owned();
    code.replace_range(at, &shared);
    Ok(code)
}

/// Clients and servers of the services in [`SERVED`]; their messages come from `store-objects`.
fn stubs(descriptors: &FileDescriptorSet) -> anyhow::Result<String> {
    let mut config = prost_build::Config::new();
    config
        .extern_path(format!(".{PACKAGE}"), "::store_objects::wire")
        .service_generator(tonic_prost_build::configure().service_generator());
    let code = rust(&mut config, descriptors, SERVED)?;
    Ok(format!(
        "//! gRPC clients and servers of `{PACKAGE}`.\n//!\n{HEADER}\n{code}"
    ))
}

/// What every generated file says after its first line.
const HEADER: &str =
    "//! Made by `cargo xtask codegen` from the `.proto` files of `store-objects`; do not edit.\n";

/// The files of our package, without those of `google.protobuf`.
fn own_files(descriptors: &FileDescriptorSet) -> impl Iterator<Item = &FileDescriptorProto> {
    descriptors
        .file
        .iter()
        .filter(|file| file.package() == PACKAGE)
}

/// The Rust code of our package as `config` says, with the services of the files in `served`.
///
/// All files are handed over, since the generator looks every referenced message up.
fn rust(
    config: &mut prost_build::Config,
    descriptors: &FileDescriptorSet,
    served: &[&str],
) -> anyhow::Result<String> {
    let requests = descriptors.file.iter().map(|file| {
        let mut file = file.clone();
        if !served.iter().any(|name| file.name().ends_with(name)) {
            file.service.clear();
        }
        (Module::from_protobuf_package_name(file.package()), file)
    });
    config
        .generate(requests.collect())?
        .remove(&Module::from_protobuf_package_name(PACKAGE))
        .with_context(|| format!("the .proto files declare nothing in {PACKAGE}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_shared_in_its_own_message_only() {
        let code = "pub struct A {\n    pub x: ::core::option::Option<X>,\n}\n\
                    pub struct B {\n    pub y: u32,\n    pub x: ::core::option::Option<X>,\n}\n";
        let shared = share(code, "B", "x").unwrap();
        assert_eq!(shared.matches("super::Shared<X>").count(), 1);
        assert!(shared.ends_with("pub x: ::core::option::Option<super::Shared<X>>,\n}\n"));
        assert!(share(code, "A", "y").is_err());
        assert!(share(code, "B", "y").is_err());
    }
}
