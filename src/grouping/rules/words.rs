//! The words of a rule: separated by white space, with quotes around values that have some.

/// The words of a line. `path:"a b"` is one word, without its quotes, and so is `{{ a b }}`; `\"` inside
/// of quotes is a quote. Everything after a `#` that starts a word is a comment.
pub(super) fn split(line: &str) -> Result<Vec<String>, String> {
    split_also_at(line, &[])
}

/// The words of a line between which there may be other letters than white space.
pub(super) fn split_also_at(line: &str, separators: &[char]) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut is_quoted = false;
    let mut is_word = false;
    let mut braces = 0_u32;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                is_quoted = !is_quoted;
                is_word = true;
            }
            '{' | '}' => {
                braces = if letter == '{' {
                    braces + 1
                } else {
                    braces.saturating_sub(1)
                };
                word.push(letter);
                is_word = true;
            }
            '\\' if is_quoted && matches!(letters.peek(), Some('"' | '\\')) => word.extend(letters.next()),
            '#' if !is_quoted && !is_word => break,
            _ if (letter.is_whitespace() || separators.contains(&letter)) && !is_quoted && braces < 2 => {
                if std::mem::take(&mut is_word) {
                    words.push(std::mem::take(&mut word));
                }
            }
            _ => {
                word.push(letter);
                is_word = true;
            }
        }
    }
    if is_quoted {
        return Err("a quote is not closed".to_owned());
    }
    words.extend(is_word.then_some(word));
    Ok(words)
}

/// What stands before and after the first arrow that is not in quotes.
pub(super) fn around_arrow(line: &str) -> Option<(&str, &str)> {
    let mut is_quoted = false;
    let bytes = line.as_bytes();
    let at = (0..bytes.len()).find(|&at| {
        is_quoted ^= bytes[at] == b'"' && !(at > 0 && bytes[at - 1] == b'\\');
        !is_quoted && bytes[at..].starts_with(b" ->")
    })?;
    Some((&line[..at], &line[at + 3..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hold_words_together() {
        for (line, words) in [
            ("function:a  +app # why", vec!["function:a", "+app"]),
            (
                r#"path:"a b" title="say \"x\"""#,
                vec!["path:a b", r#"title=say "x""#],
            ),
            (r#"path:C:\x ->"#, vec![r"path:C:\x", "->"]),
            ("value:#418 \"\"", vec!["value:#418", ""]),
            ("", vec![]),
        ] {
            assert_eq!(split(line).unwrap(), words, "{line}");
        }
        assert!(split("path:\"a").is_err());
        assert_eq!(
            split_also_at("a,{{ b, c }} d-{{e}}", &[',']).unwrap(),
            ["a", "{{ b, c }}", "d-{{e}}"]
        );
        assert_eq!(around_arrow("f:\"a -> b\" -> c"), Some(("f:\"a -> b\"", " c")));
        assert_eq!(around_arrow("no arrow"), None);
    }
}
