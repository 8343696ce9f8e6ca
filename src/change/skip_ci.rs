//! `[skip ci]`: a message that asks for no pipeline.

/// Whether the server finds its marker in `message`: `[ci skip]` or `[skip ci]`, in any case, with any number of spaces (or none)
/// between the two words and nothing else inside the brackets.
pub fn asks_to_skip_ci(message: &str) -> bool {
    message.match_indices('[').any(|(at, _)| {
        let rest = &message[at + 1..];
        marker(rest, "ci", "skip") || marker(rest, "skip", "ci")
    })
}

fn marker(rest: &str, first: &str, second: &str) -> bool {
    let after = strip_word(rest, first).map(|rest| rest.trim_start_matches(' '));
    after.and_then(|rest| strip_word(rest, second)).is_some_and(|rest| rest.starts_with(']'))
}

/// `rest` after `word`, ignoring case as the server's regular expression does: U+017F and U+212A fold to `s` and `k`.
fn strip_word<'r>(rest: &'r str, word: &str) -> Option<&'r str> {
    let mut chars = rest.chars();
    for wanted in word.chars() {
        let folded = match chars.next()? {
            '\u{17F}' => 's',
            '\u{212A}' => 'k',
            other => other.to_ascii_lowercase(),
        };
        if folded != wanted {
            return None;
        }
    }
    Some(chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::asks_to_skip_ci;

    #[test]
    fn the_marker_is_found_anywhere_in_any_case() {
        for message in ["[skip ci]", "x [CI SKIP] y", "[ciskip]", "a\n\n[Skip   Ci]", "[[skip ci]]", "[\u{17F}kip ci]"]
        {
            assert!(asks_to_skip_ci(message), "{message}");
        }
    }

    #[test]
    fn other_brackets_are_not_the_marker() {
        for message in ["", "skip ci", "[skip\tci]", "[skip ci", "[ skip ci]", "[skip ci ]", "[skip-ci]", "[no ci]"] {
            assert!(!asks_to_skip_ci(message), "{message}");
        }
    }
}
