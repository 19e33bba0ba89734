//! Writes the table that protobuf's JSON mapping of `store-objects` is driven by.
//!
//! It says which field has which names and which form; how a form is read and written stands in
//! `store-objects/src/wire/json.rs`, by hand. An own generator, because `pbjson` refuses enum
//! numbers that it does not know, and a store must give back what a newer peer put in.

use std::fmt::Write as _;

use anyhow::{bail, ensure};
use heck::{ToSnakeCase, ToUpperCamelCase};
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto, MessageOptions,
};

use super::{HEADER, PACKAGE};

/// The JSON mapping of all messages and enums in `files`.
///
/// # Errors
/// When a field is of a sort for which there is no form yet.
pub(super) fn generate<'a>(
    files: impl Iterator<Item = &'a FileDescriptorProto>,
) -> anyhow::Result<String> {
    let mut table = Table::default();
    for file in files {
        for message in &file.message_type {
            table.message(&[], message)?;
        }
        for enumeration in &file.enum_type {
            table.enumeration(&[], enumeration);
        }
    }
    let mut out = format!(
        "//! Names and forms of fields in JSON, for `{PACKAGE}`.\n//!\n{HEADER}\n\
         use serde::de::MapAccess;\nuse serde::ser::SerializeMap;\n\n\
         use crate::wire::json::*;\nuse crate::wire::*;\n"
    );
    for (macro_name, paths) in [
        ("messages", &table.messages),
        ("enumerations", &table.enums),
    ] {
        let _ = write!(out, "\n{macro_name}! {{\n");
        for path in paths {
            let _ = writeln!(out, "    {path},");
        }
        out.push_str("}\n");
    }
    out.push_str(&table.impls);
    Ok(out)
}

/// What has been written so far.
#[derive(Default)]
struct Table {
    messages: Vec<String>,
    enums: Vec<String>,
    impls: String,
}

impl Table {
    fn enumeration(&mut self, parents: &[&str], enumeration: &EnumDescriptorProto) {
        self.enums.push(rust_path(parents, enumeration.name()));
    }

    fn message(&mut self, parents: &[&str], message: &DescriptorProto) -> anyhow::Result<()> {
        let mut nested = parents.to_vec();
        nested.push(message.name());
        let path = rust_path(parents, message.name());
        let fields = message
            .field
            .iter()
            .map(|field| Field::new(&nested, message, field))
            .collect::<anyhow::Result<Vec<_>>>()?;
        self.impls.push_str(&implementation(
            &format!("{PACKAGE}.{}", nested.join(".")),
            &path,
            &fields,
        ));
        self.messages.push(path);
        for child in &message.nested_type {
            if !is_map_entry(child) {
                self.message(&nested, child)?;
            }
        }
        for child in &message.enum_type {
            self.enumeration(&nested, child);
        }
        Ok(())
    }
}

/// One field, or one branch of a oneof.
struct Field {
    json: String,
    proto: String,
    form: String,
    place: Place,
}

enum Place {
    /// A field of the struct.
    Member(String),
    /// A variant of the enum in a field of the struct.
    Branch { member: String, variant: String },
}

impl Field {
    fn new(
        path: &[&str],
        message: &DescriptorProto,
        field: &FieldDescriptorProto,
    ) -> anyhow::Result<Self> {
        ensure!(
            !field.proto3_optional(),
            "{}.{}: `optional` has no form in JSON yet",
            path.join("."),
            field.name()
        );
        let bare = form(message, field)?;
        let (form, place) = if let Some(oneof) = field.oneof_index {
            let oneof = message.oneof_decl[usize::try_from(oneof)?].name();
            let variant = format!(
                "{}::{}",
                rust_path(path, oneof),
                field.name().to_upper_camel_case()
            );
            (
                bare,
                Place::Branch {
                    member: member(oneof),
                    variant,
                },
            )
        } else {
            let form = match (field.label(), field.r#type()) {
                (Label::Repeated, _) if bare.starts_with("Map<") => bare,
                (Label::Repeated, _) => format!("List<{bare}>"),
                (_, Type::Message) => format!("Maybe<{bare}>"),
                _ => bare,
            };
            (form, Place::Member(member(field.name())))
        };
        Ok(Self {
            json: field.json_name().to_owned(),
            proto: field.name().to_owned(),
            form,
            place,
        })
    }
}

/// The form of one value of a field.
fn form(message: &DescriptorProto, field: &FieldDescriptorProto) -> anyhow::Result<String> {
    Ok(match field.r#type() {
        Type::String | Type::Bool => "Plain".to_owned(),
        Type::Int32 | Type::Uint32 => "Number".to_owned(),
        Type::Int64 | Type::Uint64 => "Wide".to_owned(),
        Type::Float => "Float".to_owned(),
        Type::Bytes => "Base64".to_owned(),
        Type::Enum => format!("Named<{}>", type_path(field.type_name())),
        Type::Message => match field.type_name() {
            ".google.protobuf.Timestamp" => "Time".to_owned(),
            ".google.protobuf.Duration" => "Span".to_owned(),
            ".google.protobuf.Any" => "Typed".to_owned(),
            ".google.protobuf.BoolValue" => "Plain".to_owned(),
            ".google.protobuf.Int64Value" => "Wide".to_owned(),
            name if name.starts_with(".google.") => bail!("{name} has no form in JSON yet"),
            name => {
                let entry = message.nested_type.iter().find(|nested| {
                    is_map_entry(nested) && name.ends_with(&format!(".{}", nested.name()))
                });
                match entry {
                    Some(entry) => format!("Map<{}>", form(entry, &entry.field[1])?),
                    None => "Plain".to_owned(),
                }
            }
        },
        other => bail!("{other:?} has no form in JSON yet"),
    })
}

/// The `impl` block of one message.
fn implementation(name: &str, path: &str, fields: &[Field]) -> String {
    let mut names = String::new();
    let mut write = String::new();
    let mut read = String::new();
    for (
        at,
        Field {
            json,
            proto,
            form,
            place,
        },
    ) in fields.iter().enumerate()
    {
        let _ = writeln!(names, "        (\"{json}\", \"{proto}\"),");
        let _ = match place {
            Place::Member(member) => {
                let _ = writeln!(
                    write,
                    "        out.put::<{form}, _>(\"{json}\", &self.{member})?;"
                );
                writeln!(
                    read,
                    "            {at} => self.{member} = value.take::<{form}, _>()?,"
                )
            }
            Place::Branch { member, variant } => {
                let _ = writeln!(
                    write,
                    "        if let Some({variant}(branch)) = &self.{member} {{\n            \
                     out.set::<{form}, _>(\"{json}\", branch)?;\n        }}"
                );
                writeln!(
                    read,
                    "            {at} => value.branch::<{form}, _, _>(&mut self.{member}, {variant})?,"
                )
            }
        };
    }
    format!(
        "\nimpl Message for {path} {{\n    \
         const NAME: &str = \"{name}\";\n    \
         const FIELDS: &[(&str, &str)] = &[\n{names}    ];\n\n    \
         fn write<M: SerializeMap>(&self, out: &mut Writer<M>) -> Result<(), M::Error> {{\n{write}        Ok(())\n    }}\n\n    \
         fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, value: Value<'_, A>) -> Result<(), A::Error> {{\n        \
         match field {{\n{read}            _ => value.unknown()?,\n        }}\n        Ok(())\n    }}\n}}\n"
    )
}

fn is_map_entry(message: &DescriptorProto) -> bool {
    message
        .options
        .as_ref()
        .is_some_and(MessageOptions::map_entry)
}

/// The Rust path of a type of our package, given by its full protobuf name.
fn type_path(full_name: &str) -> String {
    let name = full_name
        .trim_start_matches('.')
        .trim_start_matches(PACKAGE)
        .trim_start_matches('.');
    let mut parts: Vec<_> = name.split('.').collect();
    let last = parts.pop().unwrap_or_default();
    rust_path(&parts, last)
}

/// The Rust path that `prost` gives to a type: its parents are modules.
fn rust_path(parents: &[&str], name: &str) -> String {
    let mut path = String::new();
    for parent in parents {
        let _ = write!(path, "{}::", parent.to_snake_case());
    }
    path + &name.to_upper_camel_case()
}

/// The name that `prost` gives to a struct's field.
fn member(name: &str) -> String {
    let name = name.to_snake_case();
    if name == "type" {
        format!("r#{name}")
    } else {
        name
    }
}
