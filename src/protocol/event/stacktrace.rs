//! Stack traces: frames from the outermost call to the innermost.

use serde_json::{Map, Value};

use super::Frame;
use super::read::{Place, RemarkKind, bag, boolean, interface, list, text};

/// Frames that keep their variables and their source.
const DETAILED_FRAMES: usize = 50;

interface! {
    /// The calls that led to a place in the program.
    pub struct Stacktrace {
        /// The calls, outermost first. Of very long ones the first 50 and the last 200 are kept.
        frames: Vec<Frame> = "frames" => list::<_, 50, 200>(Frame::read);
        /// Registers of the processor.
        registers: Map<String, Value> = "registers" => bag::<1, 8192>;
        /// How return addresses are adjusted to calls: `auto`, `all`, `all_but_first` or `none`.
        instruction_addr_adjustment: Option<String> = "instruction_addr_adjustment" => text::<32>;
        /// The language, if frames do not say otherwise.
        lang: Option<String> = "lang" => text::<64>;
        /// Whether a running thread was sampled rather than stopped.
        snapshot: Option<bool> = "snapshot" => boolean;
    }
}

impl Stacktrace {
    /// Reads a stack trace, or a bare list of frames. One without frames is none.
    pub(super) fn read(value: Value, at: &mut Place) -> Option<Self> {
        let value = match value {
            list @ Value::Array(_) => Value::Object(Map::from_iter([("frames".to_owned(), list)])),
            other => other,
        };
        let mut stacktrace = Self::read_members(value, at)?;
        if stacktrace.frames.is_empty() {
            return None;
        }
        stacktrace.slim(at);
        Some(stacktrace)
    }

    /// The frame nearest to the crash that belongs to the program itself, else the nearest of all.
    pub fn crash_frame(&self) -> Option<&Frame> {
        self.frames
            .iter()
            .rev()
            .find(|frame| frame.in_app == Some(true))
            .or(self.frames.last())
    }

    /// Removes variables and source from the middle of a long stack, from frames of libraries first:
    /// nobody reads them there, and they are most of the payload.
    fn slim(&mut self, at: &mut Place) {
        let detailed = self.frames.iter().filter(|frame| frame.has_details()).count();
        let mut surplus = detailed.saturating_sub(DETAILED_FRAMES);
        if surplus == 0 {
            return;
        }
        let edge = DETAILED_FRAMES / 2;
        let middle = edge..self.frames.len() - edge;
        for of_libraries in [true, false] {
            let frames = self.frames[middle.clone()].iter_mut();
            for frame in
                frames.filter(|frame| (frame.in_app != Some(true)) == of_libraries && frame.has_details())
            {
                if surplus == 0 {
                    break;
                }
                frame.remove_details();
                surplus -= 1;
            }
        }
        at.within("frames", |at| {
            at.remark(RemarkKind::Limit, "variables and source of middle frames", None)
        });
    }
}
