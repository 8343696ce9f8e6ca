//! Whether a string is an absolute URI, as Go's `net/url` sees it (gojsonschema's format `uri`).

use std::net::Ipv6Addr;

/// Whether `text` has a scheme and parses. Go checks little: no control characters, well-formed escapes, a plausible authority. A backslash is
/// refused anywhere.
pub(super) fn is_absolute(text: &str) -> bool {
    let (text, fragment) = match text.split_once('#') {
        Some(parts) if !text.contains('\\') => parts,
        None if !text.contains('\\') => (text, ""),
        _ => return false,
    };
    if text.bytes().any(|byte| byte < b' ' || byte == 0x7F) || !has_good_escapes(fragment, true) {
        return false;
    }
    let Some((scheme, rest)) = text.split_once(':').filter(|(scheme, _)| is_scheme(scheme)) else { return false };
    // The query is taken as it is.
    let rest = rest.split_once('?').map_or(rest, |(path, _)| path);
    if !rest.starts_with('/') {
        // Not looked at.
        return true;
    }
    let Some(rest) = rest.strip_prefix("//") else { return has_good_escapes(rest, true) };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    has_good_escapes(path, true) && is_authority(authority, scheme)
}

fn is_scheme(scheme: &str) -> bool {
    let mut bytes = scheme.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

/// Whether each `%` is followed by two hexadecimal digits; outside of paths, only those for bytes that are no ASCII, and `%25`, may stand.
fn has_good_escapes(text: &str, any: bool) -> bool {
    text.bytes().enumerate().filter(|&(_, byte)| byte == b'%').all(|(at, _)| {
        let Some(digits @ [high, low]) = text.as_bytes().get(at + 1..at + 3) else { return false };
        digits.iter().all(u8::is_ascii_hexdigit) && (any || *high >= b'8' || (*high, *low) == (b'2', b'5'))
    })
}

/// `user:password@host:port`
fn is_authority(authority: &str, scheme: &str) -> bool {
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let user_ok = user.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte));
    user_ok && user.split(':').all(|part| has_good_escapes(part, true)) && is_host(host, scheme)
}

fn is_host(host: &str, scheme: &str) -> bool {
    match host.rfind('[') {
        Some(0) => host.rsplit_once(']').is_some_and(|(address, port)| {
            let address = address.get(1..).unwrap_or_default();
            let address = address.split_once("%25").map_or(address, |(address, _)| address);
            is_port(port) && address.parse::<Ipv6Addr>().is_ok()
        }),
        Some(_) => false,
        None => {
            // Elsewhere, databases list hosts with ports of their own.
            let strict = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
            let colon = if strict { host.find(':') } else { host.rfind(':') };
            let (name, port) = host.split_at(colon.unwrap_or(host.len()));
            is_port(port) && is_name(name)
        }
    }
}

/// Nothing, or `:` and digits.
fn is_port(port: &str) -> bool {
    port.is_empty() || port.strip_prefix(':').is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_name(name: &str) -> bool {
    let allowed =
        |byte: u8| !byte.is_ascii() || byte.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:[]<>\"%".contains(&byte);
    name.bytes().all(allowed) && has_good_escapes(name, false)
}

#[cfg(test)]
mod tests {
    use super::is_absolute;

    #[test]
    fn uris_as_go_sees_them() {
        for good in [
            "https://raw.example.com/a/schema.json",
            "file:///etc/x",
            "urn:a b%zz",
            "http://u:p@h:80/p?q#f",
            "pg://a:1,b:2/db",
            "http://[::1]:8080/",
            "a:",
        ] {
            assert!(is_absolute(good), "{good}");
        }
        for bad in [
            "",
            "schema.json",
            "/etc/x",
            "./a:b",
            "1a:b",
            ":a",
            "http://h/%zz",
            "http://h:p/",
            "http://a b/",
            "http://[::1/",
            "http://[1.2.3.4]/",
            "c:\\x",
            "http://h/a\nb",
            "http://%41/",
        ] {
            assert!(!is_absolute(bad), "{bad}");
        }
    }
}
