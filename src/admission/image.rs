//! Names of container images, compared as the server compares them.
//!
//! The server reads them with distribution's `reference` package (v0.6): `alpine`, `docker.io/library/alpine` and
//! `alpine:latest` are one image. A name that the package cannot read is compared letter by letter.

use std::borrow::Cow;

const DEFAULT_DOMAIN: &str = "docker.io";
/// The longest name, domain and path, that the package reads.
const MAX_NAME: usize = 255;

/// Whether `image` is one of `list`: an entry with a tag must have that tag, one without matches every tag.
pub(super) fn is_any_of<'l>(image: &str, list: impl IntoIterator<Item = &'l str>) -> bool {
    let mut wanted = list.into_iter();
    wanted.any(|entry| {
        if entry.contains(':') { expanded(image) == expanded(entry) } else { familiar(image) == familiar(entry) }
    })
}

/// The short name without tag: `docker.io/library/alpine:3` is `alpine`.
pub(super) fn familiar(image: &str) -> Cow<'_, str> {
    let Some(reference) = Reference::parse(image) else { return Cow::Borrowed(image) };
    if reference.domain != DEFAULT_DOMAIN {
        return Cow::Owned(format!("{}/{}", reference.domain, reference.path));
    }
    let path = match reference.path.strip_prefix("library/") {
        Some(rest) if !rest.contains('/') => rest.to_owned(),
        _ => reference.path.into_owned(),
    };
    Cow::Owned(path)
}

/// The whole name: `alpine` is `docker.io/library/alpine:latest`.
fn expanded(image: &str) -> Cow<'_, str> {
    let Some(Reference { domain, path, tag, digest }) = Reference::parse(image) else { return Cow::Borrowed(image) };
    let tag = tag.or(digest.is_none().then_some("latest"));
    let tag = tag.map(|tag| format!(":{tag}")).unwrap_or_default();
    let digest = digest.map(|digest| format!("@{digest}")).unwrap_or_default();
    Cow::Owned(format!("{domain}/{path}{tag}{digest}"))
}

struct Reference<'i> {
    domain: &'i str,
    path: Cow<'i, str>,
    tag: Option<&'i str>,
    digest: Option<&'i str>,
}

impl<'i> Reference<'i> {
    fn parse(image: &'i str) -> Option<Self> {
        // 64 hex digits are an image's id, `sha256:…` is a digest: neither has a name.
        if is_digest(image) || (image.len() == 64 && image.bytes().all(is_hex)) {
            return None;
        }
        let (domain, rest) = split_domain(image);
        let (rest, digest) = match rest.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (rest, None),
        };
        let (path, tag) = match rest.split_once(':') {
            Some((path, tag)) => (path, Some(tag)),
            None => (rest, None),
        };
        let path = if domain == DEFAULT_DOMAIN && !path.contains('/') {
            Cow::Owned(format!("library/{path}"))
        } else {
            Cow::Borrowed(path)
        };
        let valid = is_domain(domain)
            && path.split('/').all(is_path_component)
            && domain.len() + 1 + path.len() <= MAX_NAME
            && tag.is_none_or(is_tag)
            && digest.is_none_or(is_digest);
        valid.then_some(Self { domain, path, tag, digest })
    }
}

/// The first component is a domain when it looks like one: it has a `.` or `:`, a capital letter, or is `localhost`.
fn split_domain(image: &str) -> (&str, &str) {
    match image.split_once('/') {
        Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" || first.to_lowercase() != first => {
            (if first == "index.docker.io" { DEFAULT_DOMAIN } else { first }, rest)
        }
        _ => (DEFAULT_DOMAIN, image),
    }
}

fn is_domain(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (text, None),
    };
    let component = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    let bracketed = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let host = match bracketed {
        Some(address) => !address.is_empty() && address.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':'),
        None => host.split('.').all(component),
    };
    host && port.is_none_or(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Runs of lower-case letters and digits, joined by `.`, `_`, `__` or any number of `-`.
fn is_path_component(text: &str) -> bool {
    let alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let edges = text.bytes().next().is_some_and(alphanumeric) && text.bytes().next_back().is_some_and(alphanumeric);
    let mut separators = text.split(|c: char| alphanumeric(c as u8) && c.is_ascii()).filter(|run| !run.is_empty());
    edges && separators.all(|run| matches!(run, "." | "_" | "__") || run.bytes().all(|byte| byte == b'-'))
}

fn is_tag(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    (1..=128).contains(&text.len())
        && text.bytes().next().is_some_and(word)
        && text.bytes().all(|byte| word(byte) || matches!(byte, b'.' | b'-'))
}

fn is_digest(text: &str) -> bool {
    let length = match text.split_once(':') {
        Some(("sha256", hex)) => Some((hex, 64)),
        Some(("sha384", hex)) => Some((hex, 96)),
        Some(("sha512", hex)) => Some((hex, 128)),
        _ => None,
    };
    length.is_some_and(|(hex, length)| hex.len() == length && hex.bytes().all(is_hex))
}

fn is_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_name_drops_default_domain_and_tag() {
        for (image, short) in [
            ("alpine", "alpine"),
            ("alpine:3", "alpine"),
            ("docker.io/library/alpine:3", "alpine"),
            ("index.docker.io/alpine", "alpine"),
            ("docker.io/plugins/docker", "plugins/docker"),
            ("quay.io/a/b:1", "quay.io/a/b"),
            ("localhost/x", "localhost/x"),
            ("host:5000/x:1", "host:5000/x"),
            ("library/x/y", "library/x/y"),
        ] {
            assert_eq!(familiar(image), short, "{image}");
        }
    }

    #[test]
    fn names_that_cannot_be_read_stay_as_they_are() {
        let id = "a".repeat(64);
        for image in ["", "UPPER/x:1 2", "a//b", "x:", "x@sha256:12", "-a", "a/B", id.as_str()] {
            assert_eq!(familiar(image), image);
            assert_eq!(expanded(image), image);
        }
    }

    #[test]
    fn an_entry_with_a_tag_matches_that_tag_only() {
        assert!(is_any_of("plugins/docker:2", ["plugins/docker"]));
        assert!(is_any_of("docker.io/plugins/docker:2", ["plugins/docker:2"]));
        assert!(!is_any_of("plugins/docker", ["plugins/docker:2"]));
        assert!(is_any_of("plugins/docker", ["plugins/docker:latest"]));
        assert!(!is_any_of("plugins/docker", []));
    }
}
