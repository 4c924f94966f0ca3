//! Frames: one call on a stack.

use serde_json::{Map, Value};

use super::read::{Place, address, any, bag, boolean, cut, integer, interface, list, text};

interface! {
    /// One call on a stack.
    pub struct Frame {
        /// The file, relative to something; derived from `abs_path` when absent.
        filename: Option<String> = "filename" => text::<256>;
        /// The file with its whole path, or a URL.
        abs_path: Option<String> = "abs_path" => text::<1024>;
        /// The function, shortened for reading.
        function: Option<String> = "function" => text::<256>;
        /// The function as the compiler has it.
        raw_function: Option<String> = "raw_function" => text::<1024>;
        /// The symbol in the object file.
        symbol: Option<String> = "symbol" => text::<1024>;
        /// The module, class or namespace.
        module: Option<String> = "module" => text::<256>;
        /// The library or package.
        package: Option<String> = "package" => text::<256>;
        /// The line, counted from 1.
        lineno: Option<u64> = "lineno" => integer;
        /// The column, counted from 1.
        colno: Option<u64> = "colno" => integer;
        /// The platform, if it differs from that of the event.
        platform: Option<String> = "platform" => text::<64>;
        /// The line of source.
        context_line: Option<String> = "context_line" => text::<1024>;
        /// The lines of source before it.
        pre_context: Vec<String> = "pre_context" => list::<_, 0, 20>(source_line);
        /// The lines of source after it.
        post_context: Vec<String> = "post_context" => list::<_, 20, 0>(source_line);
        /// Whether it belongs to the program itself; absent when the client did not say.
        in_app: Option<bool> = "in_app" => boolean;
        /// Local variables.
        vars: Map<String, Value> = "vars" => bag::<5, 8192>;
        /// The address of the instruction.
        instruction_addr: Option<String> = "instruction_addr" => address;
        /// The address of the loaded image.
        image_addr: Option<String> = "image_addr" => address;
        /// The address of the symbol.
        symbol_addr: Option<String> = "symbol_addr" => address;
        /// What addresses are relative to.
        addr_mode: Option<String> = "addr_mode" => text::<64>;
        /// Whether the stack continues elsewhere below this frame.
        stack_start: Option<bool> = "stack_start" => boolean;
        /// The lock that the thread waits for.
        lock: Map<String, Value> = "lock" => bag::<2, 1024>;
        /// How sure the unwinder was.
        trust: Option<String> = "trust" => text::<64>;
        /// The language.
        lang: Option<String> = "lang" => text::<64>;
        /// What symbolication found out.
        data: Option<Value> = "data" => any::<3, 4096>;
    }
}

impl Frame {
    /// Reads a frame, and fills file name and path in from each other.
    pub(super) fn read(value: Value, at: &mut Place) -> Option<Self> {
        let mut frame = Self::read_members(value, at)?;
        frame.function = frame
            .function
            .filter(|function| function != "?" && !function.is_empty());
        frame.filename = frame.filename.filter(|filename| !filename.is_empty());
        if frame.abs_path.is_none() {
            frame.abs_path = frame.filename.clone();
        }
        let file = frame.filename.take().or_else(|| frame.abs_path.clone());
        let file = file.map(|file| url_path(&file).unwrap_or(file));
        frame.filename = file.map(|file| at.within("filename", |at| cut(file, 256, at)));
        Some(frame)
    }

    /// Whether there are variables or source.
    pub(super) fn has_details(&self) -> bool {
        !self.vars.is_empty()
            || self.context_line.is_some()
            || !self.pre_context.is_empty()
            || !self.post_context.is_empty()
    }

    /// Forgets variables and source.
    pub(super) fn remove_details(&mut self) {
        self.vars.clear();
        self.context_line = None;
        self.pre_context.clear();
        self.post_context.clear();
    }
}

/// The path of a URL without query and fragment.
fn url_path(file: &str) -> Option<String> {
    let rest = file
        .strip_prefix("http://")
        .or_else(|| file.strip_prefix("https://"))?;
    let path = rest.split_once('/').map_or("", |(_host, path)| path);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    Some(format!("/{path}"))
}

fn source_line(value: Value, at: &mut Place) -> Option<String> {
    text::<1024>(value, at)
}
