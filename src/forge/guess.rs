use crate::change::Forge;

/// What a repository holds at its root that only one forge reads, the surest first. Many a repository that is mirrored to GitHub has a
/// `.github` folder, so that comes last.
pub const MARKERS: [(&str, Forge); 6] = [
    (".forgejo", Forge::Forgejo),
    (".gitea", Forge::Gitea),
    (".gitlab", Forge::GitLab),
    (".gitlab-ci.yml", Forge::GitLab),
    ("bitbucket-pipelines.yml", Forge::Bitbucket),
    (".github", Forge::GitHub),
];

/// Hosts that everybody knows.
const HOSTS: [(&str, Forge); 6] = [
    ("codeberg.org", Forge::Forgejo),
    ("gitea.com", Forge::Gitea),
    ("github.com", Forge::GitHub),
    ("ssh.github.com", Forge::GitHub),
    ("gitlab.com", Forge::GitLab),
    ("bitbucket.org", Forge::Bitbucket),
];

/// What people name the hosts of their own instances after. Bitbucket Cloud has one host, so any other is a Data Center.
const NAMES: [(&str, Forge); 6] = [
    ("forgejo", Forge::Forgejo),
    ("gitea", Forge::Gitea),
    ("github", Forge::GitHub),
    ("gitlab", Forge::GitLab),
    ("bitbucket", Forge::BitbucketDc),
    ("stash", Forge::BitbucketDc),
];

/// The forge that a remote's host is: a known one, or one with a forge's name among its labels (`gitlab.example.com`,
/// `my-gitea.lan`). `owner` is the path before the repository's name: Bitbucket Data Center serves HTTP below `scm/`. In lower case.
pub fn of_host(host: &str, owner: &str) -> Option<Forge> {
    let known = HOSTS.iter().find(|(known, _)| host == *known || host.strip_prefix("www.") == Some(known));
    let named = || {
        let mut labels = host.split(['.', '-']);
        labels.find_map(|label| NAMES.iter().find(|(name, _)| label == *name))
    };
    let scm = || owner.starts_with("scm/").then_some(Forge::BitbucketDc);
    known.or_else(named).map(|(_, forge)| *forge).or_else(scm)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_known_by_their_names_and_labels() {
        for (host, owner, forge) in [
            ("codeberg.org", "mosaic", Some(Forge::Forgejo)),
            ("github.com", "mosaic", Some(Forge::GitHub)),
            ("github.example.com", "mosaic", Some(Forge::GitHub)),
            ("gitlab.example.com", "group/sub", Some(Forge::GitLab)),
            ("my-gitea.lan", "mosaic", Some(Forge::Gitea)),
            ("bitbucket.org", "mosaic", Some(Forge::Bitbucket)),
            ("bitbucket.example.com", "PRJ", Some(Forge::BitbucketDc)),
            ("git.example.com", "scm/PRJ", Some(Forge::BitbucketDc)),
            ("git.example.com", "mosaic", None),
            // A label is a whole word.
            ("notgithub.com", "mosaic", None),
            ("codeberg.org.example.com", "mosaic", None),
        ] {
            assert_eq!(of_host(host, owner), forge, "{host}");
        }
    }
}
