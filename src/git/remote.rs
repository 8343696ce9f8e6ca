//! Where a remote is: host, owner and name, out of the forms in which git takes a URL.

use bstr::{BString, ByteSlice as _};

/// A configured remote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remote {
    /// Its name: `origin`.
    pub name: String,
    /// The URL that git would contact. It may hold a password: print [`Remote::place`] instead.
    pub url: BString,
    /// What the URL says of the repository on its forge; `None` for a local path, and for a URL without owner and name.
    pub place: Option<Place>,
}

/// A repository on a forge.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The host, in lower case, without user and port.
    pub host: String,
    /// The port, if the URL has one.
    pub port: Option<u16>,
    /// The owner: all of the path before the name. GitLab's subgroups and a forge under a sub-path give it more than one segment.
    pub owner: String,
    /// The repository's name, without `.git`.
    pub name: String,
}

impl Remote {
    pub(super) fn new(name: &str, url: BString) -> Self {
        let place = url.to_str().ok().and_then(Place::parse);
        Self { name: name.to_owned(), url, place }
    }
}

impl Place {
    /// Reads a URL as git does: `scheme://[user@]host[:port]/owner/name[.git]`, or the short form of ssh, `[user@]host:owner/name[.git]`.
    /// `None` for anything else, such as a path or `file://`.
    pub fn parse(url: &str) -> Option<Self> {
        let (authority, path) = match url.split_once("://") {
            Some((scheme, rest)) => {
                let scheme = scheme.to_ascii_lowercase();
                let known = ["ssh", "git", "http", "https", "git+ssh", "ssh+git"].contains(&scheme.as_str());
                rest.split_once('/').filter(|_| known)?
            }
            None => short_form(url)?,
        };
        // The last `@`: a user name or password may hold one.
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let (host, port) = split_port(host)?;
        let path = path.split(['?', '#']).next().unwrap_or_default().trim_matches('/');
        let path = path.strip_suffix(".git").unwrap_or(path);
        let (owner, name) = path.rsplit_once('/')?;
        let (owner, name) = (owner.trim_matches('/'), name.trim());
        if host.is_empty() || owner.is_empty() || name.is_empty() {
            return None;
        }
        Some(Self { host: host.to_ascii_lowercase(), port, owner: owner.to_owned(), name: name.to_owned() })
    }
}

/// Splits `host:path`, `[host:port]:path` and `[ipv6]:path`. A `/` before the colon makes it a path, one letter a Windows drive, and
/// a second colon after it the name of a helper program.
fn short_form(url: &str) -> Option<(&str, &str)> {
    let (authority, path) = match url.split_once("]:") {
        Some((authority, path)) => match authority.strip_prefix('[') {
            // Unwrapped unless it is an address of IPv6, whose colons need the brackets.
            Some(inner) if inner.matches(':').count() < 2 => (inner, path),
            _ => (url.get(..=authority.len())?, path),
        },
        None => url.split_once(':')?,
    };
    (!authority.contains('/') && authority.len() > 1 && !path.starts_with(':')).then_some((authority, path))
}

/// Splits a port off, minding the brackets of IPv6, which are dropped.
fn split_port(host: &str) -> Option<(&str, Option<u16>)> {
    let (host, port) = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => host.find(':').and_then(|colon| host.split_at_checked(colon)).unwrap_or((host, "")),
    };
    match port.strip_prefix(':').unwrap_or(port) {
        "" => Some((host, None)),
        port => Some((host, Some(port.parse().ok()?))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(url: &str) -> Option<(String, Option<u16>, String, String)> {
        Place::parse(url).map(|place| (place.host, place.port, place.owner, place.name))
    }

    #[test]
    fn urls_say_host_owner_and_name() {
        for (url, host, port, owner, name) in [
            ("git@codeberg.org:mosaic/stack.git", "codeberg.org", None, "mosaic", "stack"),
            ("codeberg.org:mosaic/stack", "codeberg.org", None, "mosaic", "stack"),
            ("https://git.example.com/mosaic/stack", "git.example.com", None, "mosaic", "stack"),
            (
                "https://me:p@ss@Git.Example.com:3000/mosaic/stack.git/",
                "git.example.com",
                Some(3000),
                "mosaic",
                "stack",
            ),
            ("ssh://git@host.lan:2222/mosaic/stack.git", "host.lan", Some(2222), "mosaic", "stack"),
            ("ssh://git@[fe80::1]:2222/mosaic/stack.git", "fe80::1", Some(2222), "mosaic", "stack"),
            ("ssh://git@[fe80::1]/mosaic/stack.git", "fe80::1", None, "mosaic", "stack"),
            ("[git@host.lan:2222]:mosaic/stack.git", "host.lan", Some(2222), "mosaic", "stack"),
            ("git@[fe80::1]:mosaic/stack", "fe80::1", None, "mosaic", "stack"),
            ("https://gitlab.com/group/sub/name.git", "gitlab.com", None, "group/sub", "name"),
            ("https://example.com/scm/PRJ/repo.git?x=1", "example.com", None, "scm/PRJ", "repo"),
            ("git@host:/mosaic/stack.git", "host", None, "mosaic", "stack"),
        ] {
            let expected = (host.to_owned(), port, owner.to_owned(), name.to_owned());
            assert_eq!(place(url), Some(expected), "{url}");
        }
    }

    #[test]
    fn what_is_on_no_forge_has_no_place() {
        for url in [
            "",
            "/srv/git/x.git",
            "../x",
            "./a:b/c",
            "file:///srv/git/x.git",
            "C:/git/x",
            "C:\\git\\x",
            "https://host",
            "https://host/name",
            "host:name",
            "https://:80/a/b",
            "https://host:port/a/b",
            "ssh://[::1/a/b",
            ":a/b",
            "://",
            "[]:a/b",
            "ext::sh -c x/y",
            "https:///a/b",
        ] {
            assert_eq!(place(url), None, "{url}");
        }
    }
}
