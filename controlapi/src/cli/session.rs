//! One command's run: the server it talks to and how it prints.

use std::io::Write;

use super::connect::Client;
use super::edit::Edited;
use super::error::Error;
use super::kind::{Kind, View, known_as};
use super::output::{self, Format};

/// What a command works with.
pub(super) struct Session<'a> {
    pub(super) client: Client,
    pub(super) format: Format,
    pub(super) view: View,
    pub(super) out: &'a mut dyn Write,
    pub(super) err: &'a mut dyn Write,
}

impl Session<'_> {
    /// Prints text as it is, at once.
    pub(super) fn print(&mut self, text: &str) -> Result<(), Error> {
        self.out.write_all(text.as_bytes())?;
        Ok(self.out.flush()?)
    }

    /// Tells the person something that is not part of the result.
    pub(super) fn note(&mut self, text: &str) -> Result<(), Error> {
        Ok(writeln!(self.err, "{text}")?)
    }

    /// Prints a list.
    pub(super) async fn print_list<K: Kind>(&mut self, objects: &[K]) -> Result<(), Error> {
        let text = match self.format {
            Format::Table | Format::Wide => K::table(&mut self.client, objects, self.view)
                .await?
                .render(self.view.headers),
            Format::Json => output::json(objects)?,
            Format::Yaml => output::yaml(objects)?,
            Format::Name => objects.iter().map(name_line).collect(),
        };
        self.print(&text)
    }

    /// Prints the one object that a change was about: its id in a table, all of it in JSON or YAML.
    pub(super) fn print_one<K: Kind>(&mut self, object: &K) -> Result<(), Error> {
        let text = match self.format {
            Format::Table | Format::Wide => format!("{}\n", object.id()),
            Format::Json => output::json(object)?,
            Format::Yaml => output::yaml(object)?,
            Format::Name => name_line(object),
        };
        self.print(&text)
    }

    /// Prints the object that was to be changed, and tells if it was not.
    pub(super) fn print_edited<K: Kind>(&mut self, edited: Edited<K>) -> Result<(), Error> {
        let object = match edited {
            Edited::Changed(object) => object,
            Edited::Unchanged(object) => {
                self.note(&format!(
                    "{} {}: no changes detected",
                    K::NOUN,
                    known_as(&object)
                ))?;
                object
            }
        };
        self.print_one(&object)
    }
}

/// Returns what an object is known as, as a line.
fn name_line(object: &impl Kind) -> String {
    output::printable(&known_as(object)) + "\n"
}
