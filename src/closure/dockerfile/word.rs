//! `$NAME`, quotes and escapes in a word of a Dockerfile, as `BuildKit`'s shell lexer has them.

use crate::closure::shell::Variables;

/// The longest value of a variable. Doubled often enough, one would fill the memory.
const MAX_VALUE: usize = 1 << 14;

/// Puts values in place of variables, and takes quotes away.
///
/// # Errors
/// What it hangs on: a variable that the file does not set (the base image may), or an expansion that is not modelled.
pub(super) fn expand(word: &str, escape: char, variables: &Variables) -> Result<String, String> {
    let mut out = String::new();
    let mut quote = None;
    let mut rest = word;
    while let Some(c) = rest.chars().next() {
        let next = &rest[c.len_utf8()..];
        rest = next;
        match (c, quote) {
            ('\'' | '"', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            ('$', None | Some('"')) => rest = variable(next, escape, variables, &mut out)?,
            (c, None | Some('"')) if c == escape => {
                let escaped = next.chars().next();
                let takes = quote.is_none() || matches!(escaped, Some('"' | '$')) || escaped == Some(escape);
                if takes {
                    out.extend(escaped);
                    rest = &next[escaped.map_or(0, char::len_utf8)..];
                } else {
                    out.push(c);
                }
            }
            (c, _) => out.push(c),
        }
    }
    if out.len() > MAX_VALUE { Err("a value that is very long".to_owned()) } else { Ok(out) }
}

/// What follows a `$`: adds its value to `out`, and gives what comes behind it.
fn variable<'w>(text: &'w str, escape: char, variables: &Variables, out: &mut String) -> Result<&'w str, String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let known = |name: &str| match variables.get(name) {
        Some(Some(value)) => Ok(value.clone()),
        _ => Err(format!("${name}")),
    };
    let Some(braced) = text.strip_prefix('{') else {
        let len = text.find(|c| !is_name(c)).unwrap_or(text.len());
        let (name, rest) = text.split_at(len);
        if name.is_empty() {
            out.push('$');
        } else {
            out.push_str(&known(name)?);
        }
        return Ok(rest);
    };
    // No nesting: a default with braces of its own is not modelled.
    let (inner, rest) = braced.split_once('}').ok_or_else(|| format!("${text}"))?;
    let len = inner.find(|c| !is_name(c)).unwrap_or(inner.len());
    let (name, operator) = inner.split_at(len);
    let is_set = || match variables.get(name) {
        Some(Some(value)) => Ok(!value.is_empty()),
        // Set nowhere in the file; the base image may have it.
        _ => Err(format!("${{{inner}}}")),
    };
    match operator.split_at_checked(2) {
        _ if operator.is_empty() => out.push_str(&known(name)?),
        Some((":-", default)) if !default.contains('{') => {
            if is_set()? {
                out.push_str(&known(name)?);
            } else {
                out.push_str(&expand(default, escape, variables)?);
            }
        }
        Some((":+", other)) if !other.contains('{') => {
            if is_set()? {
                out.push_str(&expand(other, escape, variables)?);
            }
        }
        _ => return Err(format!("${{{inner}}}")),
    }
    Ok(rest)
}

/// The `name=value` pairs of `ARG` and `ENV`, values as they are written; a name alone has none. `ENV name value` is one pair.
pub(super) fn pairs(rest: &str, escape: char, legacy: bool) -> Vec<(String, Option<String>)> {
    let words = split(rest, escape);
    if legacy && words.first().is_some_and(|word| !word.contains('=')) {
        let name = words[0].clone();
        let value = rest.trim_start().get(name.len()..).unwrap_or_default().trim_start();
        return vec![(name, Some(value.to_owned()))];
    }
    let pair = |word: String| match word.split_once('=') {
        Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
        None => (word, None),
    };
    words.into_iter().map(pair).collect()
}

/// Words as they are written, with quotes and escapes; space inside of those does not part them.
fn split(text: &str, escape: char) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            (c, None) if c.is_whitespace() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                continue;
            }
            ('\'' | '"', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            (c, None | Some('"')) if c == escape => {
                word.push(c);
                word.extend(chars.next());
                continue;
            }
            _ => {}
        }
        word.push(c);
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_expanded_and_unknown_ones_say_what_they_hang_on() {
        let variables: Variables = [("A", Some("a")), ("E", Some("")), ("U", None)]
            .map(|(name, value)| (name.to_owned(), value.map(str::to_owned)))
            .into();
        for (word, expected) in [
            ("x/$A/y", Ok("x/a/y")),
            ("${A}b", Ok("ab")),
            ("${A:-z}${E:-z}", Ok("az")),
            ("${A:+z}${E:+z}", Ok("z")),
            ("'$A'\"$A\"", Ok("$Aa")),
            ("\\$A", Ok("$A")),
            ("$", Ok("$")),
            ("$U", Err("$U")),
            ("$NONE", Err("$NONE")),
            ("${NONE:-z}", Err("${NONE:-z}")),
            ("${A%b}", Err("${A%b}")),
            ("${A", Err("${A")),
        ] {
            assert_eq!(expand(word, '\\', &variables).as_deref().map_err(String::as_str), expected, "{word}");
        }
    }

    #[test]
    fn pairs_are_taken_apart() {
        let read = |rest, legacy| pairs(rest, '\\', legacy);
        let pair = |name: &str, value: &str| (name.to_owned(), Some(value.to_owned()));
        assert_eq!(read("A=1 B=\"x y\" C=\\ z", true), [pair("A", "1"), pair("B", "\"x y\""), pair("C", "\\ z")]);
        assert_eq!(read("A  b c", true), [pair("A", "b c")]);
        assert_eq!(read("A B=2", false), [("A".to_owned(), None), pair("B", "2")]);
    }
}
