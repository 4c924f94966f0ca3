//! Globs: `*`, `**` and `?`, for texts and for paths.
//!
//! All globs of a list are matched at once by one automaton with a bit a state: a letter of the text takes the same
//! time whatever the globs and the text are, and nothing grows. Regular expressions cannot say that: those that people
//! put into 64 KiB of rules can be busy for minutes over one event.

/// How a glob reads its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Reading {
    /// As it is; `*` stands for anything.
    Text,
    /// Without regard to the case of ASCII letters.
    Folded,
    /// Without regard to case and the kind of slash; only `**` crosses a slash. A path that does not start with a
    /// slash is also read as if it did.
    Path,
}

/// One glob.
#[derive(Debug)]
pub(crate) enum Glob {
    /// A text without any wildcards, the commonest kind by far.
    Plain(String, Reading),
    /// Any other, and all that are about paths.
    Pattern(Globs),
}

impl Glob {
    /// Compiles a glob.
    pub(crate) fn new(glob: &str, reading: Reading) -> Self {
        match reading == Reading::Path || glob.contains(['*', '?']) {
            true => Self::Pattern(Globs::new(&[glob], reading)),
            false => Self::Plain(glob.to_owned(), reading),
        }
    }

    /// Whether it matches the whole of a text.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        match self {
            Self::Plain(plain, Reading::Folded) => plain.eq_ignore_ascii_case(text),
            Self::Plain(plain, _) => plain == text,
            Self::Pattern(pattern) => pattern.matches(text).next().is_some(),
        }
    }
}

/// Many globs that are matched at once, in one pass over the text.
///
/// Each has a state before its first letter and one after every letter. In a set of states a state is a bit, and the
/// next state the next bit.
#[derive(Debug)]
pub(crate) struct Globs {
    reading: Reading,
    /// How many words a set of states has.
    words: usize,
    /// The kind of every byte: bytes that no glob tells apart are of one kind.
    kinds: Box<[u8; 256]>,
    /// For every kind, the set of states that it leads from to the next.
    steps: Vec<u64>,
    /// The states that any byte but a slash may leave as they are: those at a star.
    stays: Vec<u64>,
    /// Those of them that a slash may leave as they are.
    stays_at_slash: Vec<u64>,
    first: Vec<u64>,
    /// The last state of each glob.
    last: Vec<usize>,
}

impl Globs {
    /// Compiles globs.
    pub(super) fn new(globs: &[&str], reading: Reading) -> Self {
        let states: usize = globs.iter().map(|glob| glob.len() + 1).sum();
        let words = states.div_ceil(64);
        let (kinds, count) = kinds(globs, reading);
        let mut compiled = Self {
            reading,
            words,
            kinds,
            steps: vec![0; count * words],
            stays: vec![0; words],
            stays_at_slash: vec![0; words],
            first: vec![0; words],
            last: Vec::with_capacity(globs.len()),
        };
        let mut state = 0;
        for glob in globs {
            set(&mut compiled.first, state);
            state = compiled.add(glob.as_bytes(), state);
            compiled.last.push(state);
            state += 1;
        }
        compiled
    }

    /// Adds the states of a glob after its first one, and answers which is its last.
    fn add(&mut self, glob: &[u8], first: usize) -> usize {
        let is_path = self.reading == Reading::Path;
        let mut state = first;
        for (at, byte) in glob.iter().enumerate() {
            let is_star = |at: Option<usize>| at.and_then(|at| glob.get(at)) == Some(&b'*');
            if *byte == b'*' {
                set(&mut self.stays, state);
                if !is_path || is_star(at.checked_sub(1)) || is_star(Some(at + 1)) {
                    set(&mut self.stays_at_slash, state);
                }
                continue;
            }
            let (kind, slash) = (self.kind(*byte), self.kind(b'/'));
            let fits = |other: usize| match byte {
                b'?' => !is_path || other != slash,
                _ => other == kind,
            };
            let steps = self.steps.chunks_mut(self.words).enumerate();
            steps
                .filter(|(kind, _)| fits(*kind))
                .for_each(|(_, steps)| set(steps, state));
            state += 1;
        }
        state
    }

    /// The indexes of the globs that match the whole of a text.
    pub(super) fn matches(&self, text: &str) -> impl Iterator<Item = usize> {
        let mut states = self.first.clone();
        if self.reading == Reading::Path && !text.starts_with(['/', '\\']) {
            self.read(b'/', &mut states);
            states
                .iter_mut()
                .zip(&self.first)
                .for_each(|(state, first)| *state |= first);
        }
        text.bytes().for_each(|byte| self.read(byte, &mut states));
        let last = self.last.iter().enumerate();
        last.filter(move |(_, state)| states[*state / 64] & 1 << (*state % 64) != 0)
            .map(|(index, _)| index)
    }

    fn read(&self, byte: u8, states: &mut [u64]) {
        let kind = self.kind(byte);
        let steps = &self.steps[kind * self.words..];
        let stays = match kind == self.kind(b'/') {
            true => &self.stays_at_slash,
            false => &self.stays,
        };
        let mut carry = 0;
        for ((state, step), stay) in states.iter_mut().zip(steps).zip(stays) {
            let stepped = *state & step;
            *state = stepped << 1 | carry | *state & stay;
            carry = stepped >> 63;
        }
    }

    fn kind(&self, byte: u8) -> usize {
        usize::from(self.kinds[usize::from(byte)])
    }
}

/// The kinds of bytes that globs tell apart, and how many there are.
fn kinds(globs: &[&str], reading: Reading) -> (Box<[u8; 256]>, usize) {
    let same = |byte: u8| match (reading, byte) {
        (Reading::Text, _) => byte,
        (Reading::Path, b'\\') => b'/',
        _ => byte.to_ascii_lowercase(),
    };
    let mut known: Vec<u8> = globs
        .iter()
        .flat_map(|glob| glob.bytes())
        .chain([b'/'])
        .map(same)
        .collect();
    known.sort_unstable();
    known.dedup();
    let mut kinds = Box::new([0; 256]);
    for (byte, kind) in (0..=u8::MAX).zip(kinds.iter_mut()) {
        // The first kind is that of all other bytes. No text has so many different bytes that they run out.
        let place = known.binary_search(&same(byte)).map_or(0, |place| place + 1);
        *kind = u8::try_from(place).unwrap_or_default();
    }
    (kinds, known.len() + 1)
}

fn set(states: &mut [u64], state: usize) {
    states[state / 64] |= 1 << (state % 64);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fits(glob: &str, reading: Reading, text: &str) -> bool {
        let is_match = Glob::new(glob, reading).is_match(text);
        let long = "x".repeat(70);
        let found: Vec<usize> = Globs::new(&[&long, glob, ""], reading).matches(text).collect();
        assert_eq!(found.contains(&1), is_match, "{glob}");
        is_match
    }

    #[test]
    fn stars_stand_for_anything() {
        for (glob, text) in [
            ("tea::*", "tea::brew"),
            ("*::{{closure}}", "tea::brew::{{closure}}"),
            ("?A0x*", "fA0x12"),
            ("größe*", "größer\n"),
            ("a+b", "a+b"),
            ("a*b*c", "a/bb/bc"),
            ("*", ""),
            ("", ""),
        ] {
            assert!(fits(glob, Reading::Text, text), "{glob}");
        }
        assert!(!fits("tea", Reading::Text, "teapot"));
        assert!(!fits("pot", Reading::Text, "teapot"));
        assert!(!fits("Tea", Reading::Text, "tea"));
        assert!(!fits("te?", Reading::Text, "te"));
        assert!(fits("No TEA*", Reading::Folded, "no tea for 7"));
        assert!(fits("No TEA", Reading::Folded, "no tea"));
    }

    #[test]
    fn only_two_stars_cross_a_slash() {
        assert!(fits("**/Vendor/**", Reading::Path, "C:\\app\\VENDOR\\x.php"));
        assert!(fits("/app/*.py", Reading::Path, "/app/x.py"));
        assert!(fits("/app/*.py", Reading::Path, "app/x.py"));
        assert!(fits("app\\x.py", Reading::Path, "app/x.py"));
        assert!(!fits("/app/*.py", Reading::Path, "/app/y/x.py"));
        assert!(!fits("/app?x.py", Reading::Path, "/app/x.py"));
        assert!(!fits("app/x.py", Reading::Path, "/app/x.py"));
    }

    proptest! {
        #[test]
        fn globs_match_as_regular_expressions_do(globs in prop::collection::vec("[abB/*?ö\\\\]{0,9}", 1..9), text in "[abB/ö\\\\]{0,9}") {
            let all: Vec<&str> = globs.iter().map(String::as_str).collect();
            for reading in [Reading::Text, Reading::Folded, Reading::Path] {
                let found: Vec<usize> = Globs::new(&all, reading).matches(&text).collect();
                let expected = (0..all.len()).filter(|&at| is_expected(all[at], reading, &text));
                prop_assert_eq!(found, expected.collect::<Vec<_>>());
            }
        }
    }

    /// The same by the book.
    fn is_expected(glob: &str, reading: Reading, text: &str) -> bool {
        let (any, one) = match reading {
            Reading::Path => ("[^/]*", "[^/]"),
            _ => (".*", "."),
        };
        let plain = |text: &str| match reading {
            Reading::Path => text.to_ascii_lowercase().replace('\\', "/"),
            Reading::Folded => text.to_ascii_lowercase(),
            Reading::Text => text.to_owned(),
        };
        let bytes = |text: &str| -> String { text.bytes().map(|byte| format!(r"\x{byte:02x}")).collect() };
        let mut pattern = regex::escape(&plain(glob))
            .replace(r"\?", one)
            .replace('ö', &bytes("ö"));
        for (stars, meaning) in [(r"(\\\*){2,}", "(?:.*)"), (r"\\\*", any)] {
            pattern = regex::Regex::new(stars)
                .unwrap()
                .replace_all(&pattern, meaning)
                .into_owned();
        }
        let pattern = regex::bytes::RegexBuilder::new(&format!("^(?:{pattern})$"))
            .unicode(false)
            .build()
            .unwrap();
        let text = plain(text);
        pattern.is_match(text.as_bytes())
            || reading == Reading::Path
                && !text.starts_with('/')
                && pattern.is_match(format!("/{text}").as_bytes())
    }
}
