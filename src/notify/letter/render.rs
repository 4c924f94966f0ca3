//! From a template and what it shows to text. Templates are compiled in; those of HTML escape whatever they are given.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;

/// A folder of templates: one mail.
pub(super) struct Template {
    /// One line.
    pub(super) subject: &'static str,
    /// Plain text.
    pub(super) text: &'static str,
    /// HTML.
    pub(super) html: &'static str,
}

/// What stands in every HTML mail, around what it says.
const FRAME: &str = include_str!("../templates/frame.html");

/// A mail: subject, text, HTML.
pub(super) struct Rendered {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

/// Fills in a template.
pub(super) fn render(template: &Template, shown: impl Serialize) -> Result<Rendered, super::Error> {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    templates.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()?,
    );
    templates.set_auto_escape_callback(|name| match name {
        "subject.txt" | "body.txt" => AutoEscape::None,
        _ => AutoEscape::Html,
    });
    templates.add_template("frame.html", FRAME)?;
    templates.add_template("subject.txt", template.subject)?;
    templates.add_template("body.txt", template.text)?;
    templates.add_template("body.html", template.html)?;
    let shown = Value::from(Serde(shown));
    let fill = |name: &str| templates.get_template(name)?.render(shown.clone());
    Ok(Rendered {
        subject: fill("subject.txt")?.trim().to_owned(),
        text: fill("body.txt")?,
        html: fill("body.html")?,
    })
}
