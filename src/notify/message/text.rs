//! Text from outside made fit to be told: one line, bounded, without characters that change how the rest is read. Knows
//! no channel: what `<` means to one of them, its own file knows.

use std::fmt::Write;

/// One line of at most `most` characters: runs of white space are one space, and characters that are not seen are gone,
/// those that turn the direction of what follows among them.
pub fn line(text: &str, most: usize) -> String {
    let (mut out, mut chars, mut gap) = (String::new(), 0, false);
    for c in text.chars().filter(|c| !is_hidden(*c)) {
        if c.is_whitespace() || c.is_control() {
            gap = !out.is_empty();
            continue;
        }
        for c in gap.then_some(' ').into_iter().chain([c]) {
            if chars == most {
                return ellipsis(out);
            }
            out.push(c);
            chars += 1;
        }
        gap = false;
    }
    out
}

/// The first `most` characters; an ellipsis is the last of them when that is not all.
pub fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => ellipsis(text[..end].to_owned()),
        None => text.to_owned(),
    }
}

/// What somebody answered, as it can be kept and shown: at most `most` bytes.
pub fn shown(text: &str, most: usize) -> String {
    // No character that is shown has more than 4 bytes.
    let mut shown = line(text, most);
    while shown.len() > most {
        shown = line(&shown, shown.chars().count() - (shown.len() - most).div_ceil(4));
    }
    shown
}

/// The text with what `escape` gives for a character instead of it, and in all at most `most` characters (those beyond
/// 16 bits count twice, as most of those who count do): nothing escaped is cut in two.
pub fn escaped(text: &str, most: usize, escape: impl Fn(char) -> Option<&'static str>) -> String {
    let mut out = String::new();
    let (mut length, mut fits) = (0, 0);
    for c in text.chars() {
        length += escape(c).map_or(c.len_utf16(), str::len);
        if length > most {
            out.truncate(fits);
            out.push('…');
            return out;
        }
        match escape(c) {
            Some(instead) => out.push_str(instead),
            None => out.push(c),
        }
        // So far there is room for an ellipsis.
        if length < most {
            fits = out.len();
        }
    }
    out
}

fn ellipsis(mut text: String) -> String {
    text.pop();
    text.push('…');
    text
}

/// Marks of direction, characters without width and private instructions: they make a title look like another one.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// `1,234,567`.
pub fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 event`, `1,234 events`.
pub fn many(count: u64, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {what}{plural}", number(count))
}

/// A number given in thousandths: `0`, `2.5`, `1,200`; one decimal below a hundred.
pub fn thousandths(milli: u64) -> String {
    let tenths = milli.saturating_add(50) / 100;
    if tenths >= 1_000 || tenths.is_multiple_of(10) {
        return number(tenths.saturating_add(5) / 10);
    }
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// A share given in hundredths of a percent: `99.5 %`.
pub fn share(hundredths: u64) -> String {
    let mut text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    let kept = text.trim_end_matches('0').trim_end_matches('.').len();
    text.truncate(kept);
    text + " %"
}

/// A length of time in minutes: `90 minutes`, `24 hours`, `a minute`.
pub fn minutes(count: u64) -> String {
    match count {
        1 => "a minute".to_owned(),
        60 => "an hour".to_owned(),
        _ if count >= 120 && count.is_multiple_of(60) => format!("{} hours", number(count / 60)),
        _ => format!("{} minutes", number(count)),
    }
}

/// A moment as people read it, with the zone by whose clock it is: `2026-03-01 11:20 CET`.
pub fn moment(time: &jiff::Zoned) -> String {
    time.strftime("%Y-%m-%d %H:%M %Z").to_string()
}

/// Counts as a row of bars, `▁▂█▁`: the highest is the largest. Nothing for nothing.
pub fn sparkline(counts: &[u64]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let Some(largest) = counts.iter().max().filter(|it| **it > 0) else {
        return String::new();
    };
    let bar = |count: &u64| {
        // Little is more than nothing: whatever was counted is at least the second bar.
        let height = u128::from(*count) * 7 / u128::from(*largest);
        BARS[if *count > 0 { height.max(1) as usize } else { 0 }]
    };
    counts.iter().map(bar).collect()
}

/// What a list comes to in a sentence: `a, b and c`.
pub fn list(parts: &[String]) -> String {
    let mut text = String::new();
    for (at, part) in parts.iter().enumerate() {
        let gap = match at {
            0 => "",
            _ if at + 1 == parts.len() => " and ",
            _ => ", ",
        };
        let _ = write!(text, "{gap}{part}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line_and_bounded_and_shows_all_that_it_says() {
        for (given, most, expected) in [
            ("plain", 10, "plain"),
            ("  two\r\n\twords\0 ", 20, "two words"),
            ("evil\u{202e}gpj.exe", 20, "evilgpj.exe"),
            ("a \u{200b}\u{200b} b", 20, "a b"),
            ("\u{feff}\u{7f}", 20, ""),
            ("ääääää", 4, "äää…"),
            ("exactly", 7, "exactly"),
            ("one two", 4, "one…"),
        ] {
            assert_eq!(line(given, most), expected, "{given:?}");
        }
        assert_eq!(line(&"x ".repeat(1_000_000), 50).chars().count(), 50);
        assert_eq!(cut("ääää", 3), "ää…");
        assert_eq!(cut("ääää", 4), "ääää");
    }

    #[test]
    fn what_is_escaped_fits_and_is_whole() {
        let escape = |c| (c == '&').then_some("&amp;");
        for (given, most, expected) in [
            ("a&b", 7, "a&amp;b"),
            ("a&b", 6, "a…"),
            ("&&", 10, "&amp;&amp;"),
            ("&&", 9, "&amp;…"),
            ("aa", 2, "aa"),
            ("aaa", 2, "a…"),
            ("💥💥", 4, "💥💥"),
            ("💥💥", 3, "💥…"),
            ("", 0, ""),
        ] {
            assert_eq!(escaped(given, most, escape), expected, "{given} {most}");
        }
        for answer in ["💥".repeat(1_000), "x ä".repeat(1_000), "x".repeat(501)] {
            assert!((490..=500).contains(&shown(&answer, 500).len()));
        }
        assert_eq!(shown("ok\n", 500), "ok");
    }

    #[test]
    fn numbers_are_said_as_people_say_them() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(number),
            ["0", "999", "1,000", "1,234,567"]
        );
        assert_eq!([1, 2].map(|count| many(count, "event")), ["1 event", "2 events"]);
        assert_eq!(
            [0, 2_500, 3_000, 99_960, 120_400].map(thousandths),
            ["0", "2.5", "3", "100", "120"]
        );
        assert_eq!(
            [9_950, 10_000, 9_999, 5].map(share),
            ["99.5 %", "100 %", "99.99 %", "0.05 %"]
        );
        assert_eq!(
            [1, 60, 90, 1_440].map(minutes),
            ["a minute", "an hour", "90 minutes", "24 hours"]
        );
        assert!(thousandths(u64::MAX).len() < 40);
    }

    #[test]
    fn bars_are_as_high_as_what_they_stand_for() {
        assert_eq!(sparkline(&[0, 1, 50, 100]), "▁▂▄█");
        assert_eq!(sparkline(&[0, 0]), "");
        assert_eq!(sparkline(&[]), "");
        assert_eq!(sparkline(&[u64::MAX, 1]), "█▂");
    }

    #[test]
    fn lists_end_with_and() {
        let parts = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(list(&parts("a b c")), "a, b and c");
        assert_eq!(list(&parts("a")), "a");
    }
}
