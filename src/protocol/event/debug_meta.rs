//! Debug information: the images that were loaded, by which source code is found.

use serde_json::{Map, Value};

use super::read::{Place, address, bag, integer, interface, list, text};

interface! {
    /// What is needed to find source code.
    pub struct DebugMeta {
        /// Programs, libraries and bundles that were loaded.
        images: Vec<DebugImage> = "images" => list::<_, 1000, 0>(DebugImage::read);
        /// The system the images belong to.
        sdk_info: Map<String, Value> = "sdk_info" => bag::<2, 1024>;
    }
}

impl DebugMeta {
    pub(super) fn read(value: Value, at: &mut Place) -> Option<Self> {
        Self::read_members(value, at)
    }
}

interface! {
    /// A program, library or bundle.
    pub struct DebugImage {
        /// The format, such as `elf`, `macho` or `sourcemap`.
        ty: Option<String> = "type" => text::<64>;
        /// Which build it is; names the file with the debug information.
        debug_id: Option<String> = "debug_id" | "id" | "uuid" => text::<128>;
        /// The file with the debug information.
        debug_file: Option<String> = "debug_file" => text::<1024>;
        /// Which build the code is.
        code_id: Option<String> = "code_id" => text::<128>;
        /// The file with the code; for a source map, the path or URL that frames refer to.
        code_file: Option<String> = "code_file" | "name" => text::<1024>;
        /// Where it is loaded.
        image_addr: Option<String> = "image_addr" => address;
        /// How large it is in memory, in bytes.
        image_size: Option<u64> = "image_size" => integer;
        /// Where it wants to be loaded.
        image_vmaddr: Option<String> = "image_vmaddr" => address;
        /// The processor it is for.
        arch: Option<String> = "arch" => text::<64>;
    }
}

impl DebugImage {
    fn read(value: Value, at: &mut Place) -> Option<Self> {
        Self::read_members(value, at)
    }
}
