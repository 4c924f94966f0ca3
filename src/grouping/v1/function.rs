//! Function names, without what compilers and template engines add to them.

use super::frame::Family;
use crate::grouping::Component;
use crate::protocol::event::Frame;

/// What counts of the name of a function.
pub(super) fn component(family: Family, frame: &Frame) -> Option<Component> {
    let names = match family {
        Family::CSharp => [&frame.raw_function, &frame.function],
        _ => [&frame.function, &frame.raw_function],
    };
    let name = names.into_iter().flatten().find(|name| !name.is_empty())?;
    let short = match family {
        Family::JavaScript => name.rsplit('.').next().unwrap_or(name).to_owned(),
        Family::Ruby => ruby(name),
        Family::Php => name
            .rsplit_once("::")
            .filter(|_| is_anonymous_php(name))
            .map_or(name.as_str(), |(_, method)| method)
            .to_owned(),
        Family::CSharp => name.split(" (").next().unwrap_or(name).to_owned(),
        Family::Native => native(name),
        _ => name.clone(),
    };
    let is_nameless = match family {
        Family::JavaScript => {
            matches!(
                short.as_str(),
                "" | "?" | "<anonymous>" | "<anonymous function>" | "Anonymous function"
            ) || short.ends_with("/<")
        }
        Family::Java => short.starts_with("lambda$"),
        Family::Php => is_anonymous_php(&short),
        Family::Native => matches!(short.as_str(), "<redacted>" | "<unknown>"),
        _ => false,
    };
    let component = Component::leaf("function", short);
    Some(if is_nameless {
        component.ignored("has no name")
    } else {
        component
    })
}

fn is_anonymous_php(name: &str) -> bool {
    name.starts_with("[Anonymous") || name.starts_with("class@anonymous")
}

/// Blocks are all one, and compiled templates lose their number: `_app_views_show_erb___123_456`.
fn ruby(name: &str) -> String {
    if name.starts_with("block ") {
        return "block".to_owned();
    }
    let is_number = |text: &str| text.len() >= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let template = name
        .rsplit_once('_')
        .filter(|(_, last)| is_number(last))
        .and_then(|(rest, _)| rest.rsplit_once('_'));
    match template {
        Some((rest, number)) if is_number(number) && rest.ends_with('_') => {
            rest.trim_end_matches('_').to_owned()
        }
        _ => name.to_owned(),
    }
}

/// Without parameters, without the contents of generic brackets, and without Rust's hash at the end.
fn native(name: &str) -> String {
    if name.starts_with(['[', '+', '-']) || matches!(name, "<redacted>" | "<unknown>") {
        return name.to_owned();
    }
    let unhashed = name
        .rsplit_once("::h")
        .filter(|(_, hash)| hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let name = unhashed.map_or(name, |(rest, _)| rest);
    if name.contains("operator") || name.starts_with('<') {
        return name.to_owned();
    }
    let mut short = String::with_capacity(name.len());
    let (mut round, mut angle) = (0_u32, 0_u32);
    for letter in name.trim_end_matches(" const").chars() {
        match letter {
            '(' => round += 1,
            ')' => round = round.saturating_sub(1),
            '<' if round == 0 => {
                if angle == 0 {
                    short.push_str("<T>");
                }
                angle += 1;
            }
            '>' if round == 0 => angle = angle.saturating_sub(1),
            _ if round == 0 && angle == 0 => short.push(letter),
            _ => {}
        }
    }
    let short = short.trim();
    short.rsplit(' ').next().unwrap_or(short).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_changes() {
        for (name, short) in [
            ("tea::brew::h0123456789abcdef", "tea::brew"),
            ("tea::brew::{{closure}}", "tea::brew::{{closure}}"),
            ("void tea::pour(int, char const*) const", "tea::pour"),
            (
                "std::vector<int, std::allocator<int>>::at(unsigned long)",
                "std::vector<T>::at",
            ),
            (
                "<tea::Pot as core::fmt::Debug>::fmt",
                "<tea::Pot as core::fmt::Debug>::fmt",
            ),
            ("-[Tea brew:]", "-[Tea brew:]"),
            ("main", "main"),
        ] {
            assert_eq!(native(name), short, "{name}");
        }
        assert_eq!(
            ruby("_app_views_show_html_erb___1234567_8910"),
            "_app_views_show_html_erb"
        );
        assert_eq!(ruby("block in brew"), "block");
    }
}
