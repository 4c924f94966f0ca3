//! One rule: what has to be true of a frame, its neighbours and its exception, and what follows.

/// The languages between which rules distinguish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::grouping) enum Family {
    /// Compiled to machine code.
    Native,
    /// Browsers and Node.
    JavaScript,
    /// Everything else.
    Other,
}

impl Family {
    /// All of them, by number.
    pub(super) const ALL: [Self; 3] = [Self::Native, Self::JavaScript, Self::Other];

    /// The family of a platform.
    pub(in crate::grouping) fn of(platform: &str) -> Self {
        match platform {
            "objc" | "cocoa" | "swift" | "native" | "c" | "cpp" | "rust" => Self::Native,
            "javascript" | "node" => Self::JavaScript,
            _ => Self::Other,
        }
    }

    /// The bit by which sets of families are made.
    pub(super) const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// Which text of a frame a pattern looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Field {
    Function,
    Module,
    Package,
    Path,
}

impl Field {
    pub(super) const ALL: [Self; 4] = [Self::Function, Self::Module, Self::Package, Self::Path];
}

/// What is asked of a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Question {
    /// Whether a pattern matches, by its number.
    Pattern(usize),
    /// Whether it is of this category.
    Category(String),
    /// Whether it is the program's own.
    InApp(bool),
}

/// A question about a frame and the answer that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FrameMatcher {
    pub(super) question: Question,
    pub(super) is_negated: bool,
}

/// Which text of an exception a pattern looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ExceptionField {
    Type,
    Value,
    Mechanism,
}

/// A question about an exception.
#[derive(Debug)]
pub(super) struct ExceptionMatcher {
    pub(super) field: ExceptionField,
    pub(super) glob: super::glob::Glob,
    pub(super) is_negated: bool,
}

/// Which frames an action is about, seen from the frame that matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Range {
    /// That frame.
    Itself,
    /// All that it led to, towards the crash.
    Above,
    /// All that led to it.
    Below,
}

/// What follows when a rule matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Action {
    /// Says whether frames are the program's own.
    InApp(Range, bool),
    /// Says whether frames count.
    Group(Range, bool),
    /// Gives the frame a category.
    Category(String),
    /// At most so many frames count, nearest to the crash; 0 is no limit.
    MaxFrames(usize),
    /// With fewer frames the stack does not count.
    MinFrames(usize),
}

impl Action {
    /// Whether it belongs to the first round.
    pub(super) fn classifies(&self) -> bool {
        matches!(self, Self::InApp(..) | Self::Category(_))
    }
}

/// A line.
#[derive(Debug)]
pub(super) struct Rule {
    /// As it was written.
    pub(super) text: String,
    /// Bits of the families that it is about.
    pub(super) families: u8,
    pub(super) exception: Vec<ExceptionMatcher>,
    pub(super) frame: Vec<FrameMatcher>,
    pub(super) caller: Vec<FrameMatcher>,
    pub(super) callee: Vec<FrameMatcher>,
    pub(super) actions: Vec<Action>,
}

impl Rule {
    /// A pattern that has to match for the rule to match, if there is one.
    pub(super) fn anchor(&self) -> Option<usize> {
        self.frame.iter().find_map(|matcher| match matcher.question {
            Question::Pattern(number) if !matcher.is_negated => Some(number),
            _ => None,
        })
    }

    /// A category that the frame has to have for the rule to match, if there is one.
    pub(super) fn category(&self) -> Option<&str> {
        self.frame.iter().find_map(|matcher| match &matcher.question {
            Question::Category(name) if !matcher.is_negated => Some(name.as_str()),
            _ => None,
        })
    }
}
