//! Values as the server's language, Go, prints them.

use std::fmt::Write as _;

/// Two path parts as `path.Join` joins them: empty parts count for nothing, `.`, `..` and doubled slashes are resolved.
pub(super) fn join_path(first: &str, second: &str) -> String {
    let joined: Vec<&str> = [first, second].into_iter().filter(|part| !part.is_empty()).collect();
    let joined = joined.join("/");
    let absolute = joined.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    for segment in joined.split('/') {
        match segment {
            "" | "." => {}
            ".." if kept.last().is_some_and(|&last| last != "..") => _ = kept.pop(),
            ".." if absolute => {}
            _ => kept.push(segment),
        }
    }
    let clean = kept.join("/");
    match (absolute, clean.is_empty()) {
        (true, _) => format!("/{clean}"),
        (false, true) if !joined.is_empty() => ".".to_owned(),
        (false, _) => clean,
    }
}

/// A list of texts as JSON, as `json.Marshal` writes it: safe for HTML, so `<`, `>` and `&` are escaped.
pub(super) fn json_list(texts: &[String]) -> String {
    let mut json = String::from("[");
    for (at, text) in texts.iter().enumerate() {
        json.push_str(if at == 0 { "\"" } else { ",\"" });
        for c in text.chars() {
            push_json_char(&mut json, c);
        }
        json.push('"');
    }
    json.push(']');
    json
}

fn push_json_char(json: &mut String, c: char) {
    match c {
        '"' | '\\' => json.extend(['\\', c]),
        '\n' => json.push_str("\\n"),
        '\r' => json.push_str("\\r"),
        '\t' => json.push_str("\\t"),
        '\x08' => json.push_str("\\b"),
        '\x0C' => json.push_str("\\f"),
        '\0'..='\x1F' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
            // Writing to a `String` cannot fail.
            let _ = write!(json, "\\u{:04x}", c as u32);
        }
        _ => json.push(c),
    }
}

/// The first run of ASCII digits, or nothing.
pub(super) fn first_number(text: &str) -> &str {
    let Some(start) = text.find(|c: char| c.is_ascii_digit()) else { return "" };
    let rest = text.get(start..).unwrap_or_default();
    rest.get(..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned() {
        for (first, second, joined) in [
            ("m", "s", "m/s"),
            ("", "s", "s"),
            ("m", "", "m"),
            ("", "", ""),
            ("group/sub", "s", "group/sub/s"),
            ("a//b/", "./c", "a/b/c"),
            ("a", "..", "."),
            ("a", "../..", ".."),
            ("/a", "../../b", "/b"),
            ("/", "", "/"),
        ] {
            assert_eq!(join_path(first, second), joined, "{first} {second}");
        }
    }

    #[test]
    fn lists_are_json_that_is_safe_in_html() {
        let files = ["a b.txt", "q\"\\", "<&>", "\u{1}\t\u{7f}ü\u{2028}\u{c}"].map(str::to_owned);
        let expected = r#"["a b.txt","q\"\\","\u003c\u0026\u003e","\u0001\t"#.to_owned() + "\u{7f}ü" + r#"\u2028\f"]"#;
        assert_eq!(json_list(&files), expected);
        assert_eq!(json_list(&[]), "[]");
    }

    #[test]
    fn the_first_number_of_a_ref() {
        assert_eq!(first_number("refs/pull/12/head3"), "12");
        assert_eq!(first_number("refs/heads/main"), "");
    }
}
