use super::{Inputs, Library, MemoryTree, inputs};
use crate::server::Version;
use crate::source::{Source, Sources};
use crate::workflow::{File, contents};

/// What the only build of a step with this command reads, in a repository of `files`.
fn read(files: &[(&str, &str)], command: &str) -> (Inputs, Sources) {
    let tree: MemoryTree = files.iter().copied().collect();
    let mut sources = Sources::new();
    let text = format!("steps:\n  - name: build\n    image: docker\n    commands:\n      - {command}\n");
    let id = sources.add(Source::new("x.yaml", text));
    let file = File::read(&sources[id], id, Version::default());
    let rendered = file.render(&std::collections::BTreeMap::new()).expect("it substitutes");
    let lowered = file.lower(&rendered).expect("it is a workflow");
    let steps = &lowered.workflow.steps;
    let content = contents(&lowered.document, &rendered.map, Version::default(), steps);
    let mut found = inputs(&steps[0], &content[0], &[], &Library::new(&tree));
    assert_eq!(found.len(), 1);
    let found = found.remove(0);
    drop(lowered);
    drop(rendered);
    drop(file);
    (found, sources)
}

/// The tracked files, those that are only copied along with a `?`; then what is unknown.
fn shown(files: &[(&str, &str)], command: &str) -> (Vec<String>, Vec<String>) {
    let (found, _) = read(files, command);
    let mut paths: Vec<&str> = files.iter().map(|(path, _)| *path).collect();
    paths.sort_unstable();
    let show = |path: &str| {
        let (_, firm) = found.of(path.as_bytes())?;
        Some(format!("{path}{}", if firm { "" } else { "?" }))
    };
    let unknown = found.unknown.iter().map(|it| {
        let at = it.file.as_ref().map_or_else(String::new, |file| format!("{}: ", file.slice(it.span)));
        format!("{at}{}", it.text)
    });
    (paths.into_iter().filter_map(show).collect(), unknown.collect())
}

/// Of `paths`, which git need not track, those that are read, as [`shown`] has them.
fn read_of(files: &[(&str, &str)], command: &str, paths: &[&str]) -> Vec<String> {
    let (found, _) = read(files, command);
    let show = |path: &&str| {
        let (_, firm) = found.of(path.as_bytes())?;
        Some(format!("{path}{}", if firm { "" } else { "?" }))
    };
    paths.iter().filter_map(show).collect()
}

#[test]
fn the_files_are_those_that_the_sources_cover() {
    let files = [
        (
            "Dockerfile",
            "FROM a\nCOPY go.* ./\nCOPY cmd cmd\nCOPY web/*/dist /x\nCOPY --exclude=*_test.go internal internal\n",
        ),
        (".dockerignore", "cmd/old\n"),
        ("go.mod", ""),
        ("go.sum", ""),
        ("cmd/x/main.go", ""),
        ("cmd/x/README.md", ""),
        ("cmd/old/main.go", ""),
        ("web/a/dist/x.js", ""),
        ("web/a/src/x.ts", ""),
        ("internal/a.go", ""),
        ("internal/a_test.go", ""),
        ("tools/x.go", ""),
    ];
    let (found, unknown) = shown(&files, "docker build .");
    assert_eq!(
        found,
        [
            ".dockerignore?",
            "Dockerfile",
            "cmd/x/README.md?",
            "cmd/x/main.go",
            "go.mod",
            "go.sum",
            "internal/a.go",
            "web/a/dist/x.js"
        ]
    );
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn the_ignore_file_beside_the_dockerfile_goes_first_and_a_context_is_a_root() {
    let files = [
        ("web/docker/Dockerfile", "FROM a\nCOPY . .\nCOPY dist /x\nCOPY $X /x\n"),
        ("web/docker/Dockerfile.dockerignore", "a\n"),
        ("web/.dockerignore", "b\n"),
        ("web/a", ""),
        ("web/b", ""),
        ("c", ""),
    ];
    let (found, unknown) = shown(&files, "docker build -f web/docker/Dockerfile web");
    assert_eq!(found, ["web/.dockerignore?", "web/b", "web/docker/Dockerfile", "web/docker/Dockerfile.dockerignore?"]);
    assert_eq!(unknown, ["$X: it hangs on `$X`", "dist: git tracks nothing there that the build gets"]);
}

#[test]
fn an_ignore_file_counts_where_something_is_copied() {
    let of = |dockerfile| shown(&[("Dockerfile", dockerfile), (".dockerignore", "a\n"), ("b", "")], "docker build .").0;
    assert_eq!(of("FROM a\nCOPY b .\n"), [".dockerignore?", "Dockerfile", "b"]);
    assert_eq!(of("FROM a\nRUN make\n"), ["Dockerfile"]);
}

#[test]
fn what_lies_beside_a_build_is_not_used_unless_it_is_named() {
    let used = |copy: &str| {
        let dockerfile = format!("FROM a\n{copy}\n");
        let paths =
            ["README.md", "a/LICENSE", "docs/x.md", "docs/x.png", ".github/x.yml", "pages/about.md", "NOTES.md"];
        let mut files = paths.map(|path| (path, "")).to_vec();
        files.push(("Dockerfile", &dockerfile));
        let (found, _) = read(&files, "docker build .");
        let firm = |path: &str| found.of(path.as_bytes()).is_some_and(|(_, firm)| firm);
        let show = |path: &&str| format!("{path}{}", if firm(path) { "" } else { "?" });
        paths.iter().filter(|path| found.is_used(path.as_bytes())).map(show).collect::<Vec<_>>()
    };
    assert_eq!(used("COPY . ."), ["pages/about.md?"]);
    assert_eq!(used("COPY README.md a/LICENSE ./"), ["README.md", "a/LICENSE"]);
    assert_eq!(used("COPY docs pages ./"), ["docs/x.md", "docs/x.png", "pages/about.md?"]);
    assert_eq!(used("COPY *.md ./"), ["README.md", "NOTES.md"]);
}

/// The founding claim: none of the apps depends on `packages/mosaic`.
fn monorepo(ui: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![
        ("package.json", "{\"private\": true}"),
        ("pnpm-workspace.yaml", "packages: [apps/*, packages/*]\n"),
        ("pnpm-lock.yaml", ""),
        ("README.md", ""),
        ("docs/x.md", ""),
        (
            "apps/web/Dockerfile",
            "FROM node\nCOPY . .\nRUN pnpm install --frozen-lockfile\nRUN pnpm --filter web... build\n",
        ),
        ("apps/web/package.json", "{\"name\": \"web\", \"dependencies\": {\"@x/ui\": \"workspace:*\"}}"),
        ("apps/web/main.ts", ""),
        ("packages/ui/package.json", ui),
        ("packages/ui/index.ts", ""),
        ("packages/mosaic/package.json", "{\"name\": \"@x/mosaic\"}"),
        ("packages/mosaic/index.ts", ""),
    ]
}

#[test]
fn a_workspace_is_narrowed_to_what_the_built_package_needs() {
    let command = "docker build -f apps/web/Dockerfile .";
    let (found, unknown) = shown(&monorepo("{\"name\": \"@x/ui\"}"), command);
    let apart = [
        "apps/web/Dockerfile",
        "apps/web/main.ts",
        "apps/web/package.json",
        "package.json",
        "packages/ui/index.ts",
        "packages/ui/package.json",
        "pnpm-lock.yaml",
        "pnpm-workspace.yaml",
    ];
    assert_eq!((found, unknown), (apart.map(str::to_owned).to_vec(), Vec::new()));

    let files = monorepo("{\"name\": \"@x/ui\", \"dependencies\": {\"@x/mosaic\": \"workspace:*\"}}");
    let (found, _) = read(&files, command);
    let (line, firm) = found.of(b"packages/mosaic/index.ts").expect("it is read now");
    let way: Vec<String> = found
        .because(line, b"packages/mosaic/index.ts")
        .iter()
        .map(|it| {
            let file = it.file.as_ref().expect("none is in the workflow");
            format!("{}: {} {}", file.name(), file.slice(it.span), it.text)
        })
        .collect();
    assert!(firm);
    assert_eq!(
        way,
        [
            "apps/web/Dockerfile: . reads the whole context",
            "apps/web/Dockerfile: pnpm --filter web... build builds `web`",
            "apps/web/package.json: \"@x/ui\": \"workspace:*\" `web` needs `@x/ui`",
            "packages/ui/package.json: \"@x/mosaic\": \"workspace:*\" `@x/ui` needs `@x/mosaic`",
        ]
    );
}

#[test]
fn files_that_are_yet_to_come_are_read_like_those_beside_them() {
    let command = "docker build -f apps/web/Dockerfile .";
    let paths = [
        "apps/web/new/x",
        "apps/web/docs/x",
        "packages/ui/x.md",
        "packages/mosaic/x",
        "packages/new/x",
        "new.json",
        "NEW.md",
        "src/x",
        ".cargo/x",
    ];
    let found = read_of(&monorepo("{\"name\": \"@x/ui\"}"), command, &paths);
    assert_eq!(found, ["apps/web/new/x", "apps/web/docs/x?", "packages/ui/x.md?", "new.json?"]);

    let files = [
        ("Dockerfile", "FROM a\nCOPY go.* ./\nCOPY services/ .\n"),
        (".dockerignore", "services/*/test\n!services/b/test\n"),
        ("go.mod", ""),
        ("services/a/x.go", ""),
    ];
    let paths = ["services", "services/x", "services/a/test/x", "services/b/test/x", "go.sum", "go.x/y", "other/x"];
    assert_eq!(read_of(&files, "docker build .", &paths), ["services/x", "services/b/test/x", "go.sum"]);
}

#[test]
fn a_package_in_a_package_is_another_one() {
    let files = [
        ("package.json", "{\"name\": \"root\", \"workspaces\": [\"a\", \"a/docs\", \"a/b\"]}"),
        ("a/package.json", "{\"name\": \"a\", \"dependencies\": {\"d\": \"*\"}}"),
        ("a/docs/package.json", "{\"name\": \"d\"}"),
        ("a/b/package.json", "{\"name\": \"b\"}"),
        ("Dockerfile", "FROM a\nCOPY . .\nRUN npm run build -w a\n"),
    ];
    let found = read_of(&files, "docker build .", &["a/x", "a/docs/x", "a/b/x", "a/.github/x"]);
    assert_eq!(found, ["a/x", "a/docs/x", "a/.github/x?"]);
}

#[test]
fn what_a_build_is_about_may_be_used_wherever_it_lies() {
    const NODE: (&str, &str) = ("package.json", "{\"workspaces\": [\"apps/*\", \"docs\"]}");
    const ONLY: (&str, &str) = ("package.json", "{\"workspaces\": [\"docs\"]}");
    const CARGO: (&str, &str) =
        ("Cargo.toml", "package.name = 'root'\nworkspace.members = ['docs']\ndependencies.docs = { path = 'docs' }\n");
    let settings = "vite.config.mts notice.config.cts";
    let (web, docs) = ("apps/web/package.json apps/web/license.ts", "docs/package.json docs/Cargo.toml");
    for (root, dockerfile, expected) in [
        (NODE, "COPY . .\nRUN npm run build -w docs", format!("package.json {settings} {docs} docs/index.md? docs/docs/x?")),
        (NODE, "COPY . .\nRUN npm run build -w web", format!("package.json {settings} {web}")),
        (NODE, "COPY . .", "package.json? vite.config.mts? notice.config.cts? apps/web/package.json? apps/web/license.ts? src/x?".to_owned()),
        // The root is built, and `docs` as it needs it: what else is aside stays so.
        (CARGO, "COPY . .\nRUN cargo build -p root", format!("Cargo.toml {settings} {web} {docs} docs/index.md? docs/docs/x? src/x")),
        // No other package can be meant.
        (ONLY, "COPY . .", "package.json? vite.config.mts? notice.config.cts? apps/web/package.json? apps/web/license.ts? docs/package.json? docs/Cargo.toml? docs/index.md? docs/docs/x? .github/x? src/x?".to_owned()),
        (ONLY, "COPY docs .", format!("{docs} docs/index.md docs/docs/x docs/LICENSE?")),
    ] {
        let dockerfile = format!("FROM a\n{dockerfile}\n");
        let files = [
            root,
            ("vite.config.mts", ""),
            ("notice.config.cts", ""),
            ("apps/web/package.json", "{\"name\": \"web\"}"),
            ("apps/web/license.ts", ""),
            ("docs/package.json", "{\"name\": \"docs\"}"),
            ("docs/Cargo.toml", "package.name = 'docs'\n"),
            ("docs/index.md", ""),
            ("docs/docs/x", ""),
            ("docs/LICENSE", ""),
            (".github/x", ""),
            ("src/x", ""),
            ("Dockerfile", &dockerfile),
        ];
        let (found, _) = read(&files, "docker build .");
        let firm = |path: &str| found.of(path.as_bytes()).is_some_and(|(_, firm)| firm);
        let is_used = |path: &str| found.is_used(path.as_bytes());
        let paths = || files[..files.len() - 1].iter().map(|(path, _)| *path);
        let show = |path: &str| format!("{path}{}", if firm(path) { "" } else { "?" });
        let used: Vec<String> = paths().filter(|path| is_used(path)).map(show).collect();
        assert_eq!(used.join(" "), expected, "{dockerfile}");
        let lost: Vec<&str> = paths().filter(|path| firm(path) && !is_used(path)).collect();
        assert!(lost.is_empty(), "{dockerfile}: {lost:?}");
    }
}

#[test]
fn what_is_not_understood_narrows_nothing() {
    let mut files = monorepo("{\"name\": \"@x/ui\"}");
    files[5].1 = "FROM node\nCOPY . .\nRUN pnpm build\n";
    let (found, _) = shown(&files, "docker build -f apps/web/Dockerfile .");
    assert!(found.contains(&"packages/mosaic/index.ts?".to_owned()), "{found:?}");
    assert!(found.contains(&"pnpm-lock.yaml?".to_owned()), "{found:?}");
}

#[test]
fn what_cannot_be_read_is_said() {
    let dockerfile = ("Dockerfile", "FROM a\nCOPY . .\n");
    for (files, command, expected) in [
        (&[("x", "")][..], "docker build .", "git tracks no `Dockerfile`"),
        (&[dockerfile, (".dockerignore", "[a\n")], "docker build .", "[a: this pattern is malformed"),
        (&[dockerfile], "docker build --target x .", ": there is no stage `x`"),
        (&[("Dockerfile", "FROM a\nDO x\n")], "docker build .", "DO x: this is no instruction"),
    ] {
        let (_, unknown) = shown(files, command);
        assert_eq!(unknown, [expected]);
    }
}
