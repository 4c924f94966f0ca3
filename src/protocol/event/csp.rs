//! Violations of a content security policy, in the words of an event.

use serde_json::Value;

use super::read::{Place, integer, interface, text};

interface! {
    /// What a browser refused to load or run.
    pub struct Csp {
        /// The directive that was violated, such as `script-src-elem`.
        effective_directive: Option<String> = "effective_directive" => text::<256>;
        /// The directive as older browsers report it, with its values.
        violated_directive: Option<String> = "violated_directive" => text::<1024>;
        /// What was blocked: a URL, `inline`, `eval`, `data` or `blob`.
        blocked_uri: Option<String> = "blocked_uri" => text::<2048>;
        /// The page.
        document_uri: Option<String> = "document_uri" => text::<2048>;
        /// Where the visitor of the page came from.
        referrer: Option<String> = "referrer" => text::<2048>;
        /// The whole policy.
        original_policy: Option<String> = "original_policy" => text::<8192>;
        /// `enforce` or `report`.
        disposition: Option<String> = "disposition" => text::<32>;
        /// The status with which the page was answered.
        status_code: Option<u64> = "status_code" => integer;
        /// The script that did it.
        source_file: Option<String> = "source_file" => text::<2048>;
        /// The line in it.
        line_number: Option<u64> = "line_number" => integer;
        /// The column in it.
        column_number: Option<u64> = "column_number" => integer;
        /// The start of the inline script.
        script_sample: Option<String> = "script_sample" => text::<256>;
    }
}

impl Csp {
    pub(super) fn read(value: Value, at: &mut Place) -> Option<Self> {
        Self::read_members(value, at)
    }

    /// The name of the directive, without its values.
    pub fn directive(&self) -> &str {
        let directive = self
            .effective_directive
            .as_deref()
            .or(self.violated_directive.as_deref());
        directive
            .and_then(|directive| directive.split_whitespace().next())
            .unwrap_or_default()
    }
}
