use super::Version;

/// One row of [`DIFFERENCES`]: from which version, and up to which, a server behaves so.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The behaviour.
    pub difference: Difference,
    /// The first version that has it; `None`: all versions up to `until`.
    pub since: Option<Version>,
    /// The first version that no longer has it; `None`: it is still there.
    pub until: Option<Version>,
    /// What the server does, for people.
    pub what: &'static str,
}

/// Writes the enum and the table from one list, so that they cannot drift apart.
macro_rules! differences {
    ($($(#[doc = $doc:literal])+ $name:ident: $since:expr, $until:expr;)+) => {
        /// Something that not every server version does. The rows of [`DIFFERENCES`] say which do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Difference {
            $($(#[doc = $doc])+ $name,)+
        }

        /// Every difference between server versions that matters here, in the order of [`Difference`].
        pub const DIFFERENCES: &[Row] = &[
            $(Row { difference: Difference::$name, since: $since, until: $until, what: concat!($($doc,)+).trim_ascii() },)+
        ];
    };
}

#[expect(clippy::unnecessary_wraps, reason = "it fills the table's `since` and `until`")]
const fn v(major: u16, minor: u16) -> Option<Version> {
    Some(Version::new(major, minor))
}

const NEXT: Option<Version> = Some(Version::NEXT);

differences! {
    /// `when.event` takes plain event names only; before, globs and `include`/`exclude` as well.
    ExactEvents: v(3, 0), None;
    /// `when.environment` filters on the deployment target.
    EnvironmentFilter: None, v(3, 0);
    /// `branches`, `pipeline`, `platform`, `networks`, `volumes` at the top and `group`, `cpu_*`, `mem*`, `shm_size` in a step are known.
    LegacyKeys: None, v(3, 0);
    /// `secrets` of a step takes names and `source`/`target` maps, and `environment` a list as well as a map.
    LegacySecrets: None, v(3, 0);
    /// `environment` of a step that is a list stops the pipeline.
    NoEnvironmentList: v(3, 0), None;
    /// A list under `secrets` of a step stops the pipeline; later the key is not known at all.
    RemovedSecrets: v(3, 0), v(3, 14);
    /// One flag trusts a repository with everything; since, network, volumes and security are trusted apart.
    SingleTrust: None, v(3, 0);
    /// The linter stops a pipeline whose step depends on a step that is not in the file.
    DependencyLint: v(3, 0), None;
    /// The linter warns of clone images that get no credentials.
    CloneImageLint: v(3, 0), None;
    /// The settings of services and detached steps are not turned into their environment, so errors in them do not show.
    DetachedSettingsUnread: None, v(3, 0);
    /// `pull_request_closed` is a pull request: path filters and skip-CI apply.
    PullRequestClosedIsPull: v(3, 0), None;
    /// `evaluate` is expr-lang 1.17.0; before, 1.16.9.
    Expr1_17: v(3, 4), None;
    /// An exclude list of `when.path` skips only when EVERY changed file matches it; before, when ANY does.
    ExcludeNeedsEveryFile: v(3, 5), None;
    /// `pull_request_metadata` is an event, and a pull request.
    PullRequestMetadata: v(3, 10), None;
    /// `local` and `on_empty` are YAML booleans; before, strings that Go's `strconv.ParseBool` reads.
    TypedBooleans: v(3, 12), None;
    /// A null inside a nested setting is allowed; before, it crashed the server.
    NullSettings: v(3, 12), None;
    /// `network_mode: none` needs no trust.
    NetworkModeNone: v(3, 13), None;
    /// `evaluate` is expr-lang 1.17.7.
    Expr1_17_7: v(3, 13), None;
    /// A cron job may have variables of its own, which `evaluate` reads.
    CronVariables: v(3, 13), None;
    /// `evaluate` is expr-lang 1.17.8.
    Expr1_17_8: v(3, 14), None;
    /// `when.status` counts only in entries that match, and takes plain names only; before, in every entry, with globs and `include`/`exclude`.
    StatusOfMatchingEntries: v(3, 14), None;
    /// A formerly privileged plugin is allowed in a step that is `privileged` itself.
    PrivilegedStepMayUsePlugin: v(3, 14), None;
    /// `runs_on` is deprecated.
    RunsOnDeprecated: v(3, 14), None;
    /// A dependency may be a map with `name` and `optional`, of steps and of workflows.
    OptionalDependencies: v(3, 15), None;
    /// YAML is read by go-yaml v4, and sequence merges may nest 15 deep; before, by go-yaml v3, and 10 deep.
    YamlV4: v(3, 16), None;
    /// `concurrency` of a workflow is known.
    Concurrency: v(3, 16), None;
    /// An empty matrix axis is ignored; before, it crashed the server.
    EmptyAxisIgnored: v(3, 17), None;
    /// Deprecated `CI_*` variables are reported.
    DeprecatedVariables: v(3, 17), None;
    /// Two steps of one name in a graph stop the pipeline; before, the later one replaced the earlier.
    UniqueStepNames: NEXT, None;
    /// Two services of one name stop the pipeline.
    UniqueServiceNames: NEXT, None;
    /// In a step's `evaluate`, a matrix value hides a server variable of the same name; before, the other way round.
    AxisHidesServerVariables: NEXT, None;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_the_order_of_the_enum() {
        for (at, row) in DIFFERENCES.iter().enumerate() {
            assert_eq!(row.difference as usize, at, "{:?}", row.difference);
            assert!(!row.what.is_empty(), "{:?}", row.difference);
            assert!(row.since.is_some() || row.until.is_some(), "{:?} holds for all versions", row.difference);
        }
    }

    #[test]
    fn a_difference_holds_from_its_first_version_on() {
        let has = |text: &str, difference| text.parse::<Version>().expect("a known version").has(difference);
        assert!(!has("3.4", Difference::ExcludeNeedsEveryFile));
        assert!(has("3.5.0", Difference::ExcludeNeedsEveryFile));
        assert!(has("next", Difference::ExcludeNeedsEveryFile));
        assert!(has("2.8", Difference::LegacyKeys));
        assert!(!has("3.0", Difference::LegacyKeys));
        assert!(!has("3.17", Difference::UniqueStepNames));
        assert!(has("next", Difference::UniqueStepNames));
    }
}
