use super::super::tree::MemoryTree;
use super::{Library, Workspace, load};

fn loaded(files: &[(&str, &str)]) -> Vec<Workspace> {
    let tree: MemoryTree = files.iter().copied().collect();
    load(&Library::new(&tree), "")
}

/// Each need as `from -> to: what the manifest says`.
fn needs(files: &[(&str, &str)]) -> Vec<String> {
    let mut shown = Vec::new();
    for workspace in loaded(files) {
        assert_eq!(workspace.problem, None);
        for member in &workspace.members {
            for need in &member.needs {
                let to = &workspace.members[need.member].name;
                shown.push(format!("{} -> {to}: {}", member.name, need.manifest.slice(need.span)));
            }
        }
    }
    shown
}

#[test]
fn pnpm_links_by_name_and_by_path() {
    let files = [
        ("package.json", "{\"name\": \"root\"}"),
        ("pnpm-workspace.yaml", "packages:\n  - 'apps/*'\n  - packages/**\n  - '!**/test/**'\n"),
        (
            "apps/web/package.json",
            "{\n\t\"name\": \"web\",\n\t\"dependencies\": {\"@x/ui\": \"workspace:*\", \"react\": \"^19\"}\n}\n",
        ),
        ("apps/api/package.json", "{\"name\": \"api\", \"devDependencies\": {\"u\": \"link:../../packages/ui\"}}"),
        ("packages/ui/package.json", "{\"name\": \"@x/ui\", \"peerDependencies\": {\"m\": \"workspace:@x/mosaic@^\"}}"),
        ("packages/deep/mosaic/package.json", "{\"name\": \"@x/mosaic\", \"dependencies\": {\"web\": \"npm:web@1\"}}"),
        ("packages/ui/test/x/package.json", "{\"name\": \"test\", \"dependencies\": {\"web\": \"*\"}}"),
    ];
    assert_eq!(
        needs(&files),
        [
            "api -> @x/ui: \"u\": \"link:../../packages/ui\"",
            "web -> @x/ui: \"@x/ui\": \"workspace:*\"",
            "@x/ui -> @x/mosaic: \"m\": \"workspace:@x/mosaic@^\"",
        ]
    );
}

#[test]
fn the_lock_file_of_pnpm_says_what_is_linked() {
    let files = |lock: &'static str| {
        vec![
            ("package.json", "{}"),
            ("pnpm-workspace.yaml", "packages: ['*']\n"),
            ("pnpm-lock.yaml", lock),
            ("web/package.json", "{\"name\": \"web\", \"dependencies\": {\"ui\": \"^1\", \"core\": \"^1\"}}"),
            ("ui/package.json", "{\"name\": \"ui\"}"),
            ("core/package.json", "{\"name\": \"core\"}"),
            ("theme/package.json", "{\"name\": \"theme\"}"),
        ]
    };
    let new = "lockfileVersion: '9.0'\nimporters:\n  web:\n    dependencies:\n      core:\n        specifier: ^1\n        version: 1.0.2\n      ui:\n        specifier: ^1\n        version: link:../ui\n    devDependencies:\n      colours:\n        specifier: '*'\n        version: file:theme(react@19)\npackages:\n  [ is not read\n";
    assert_eq!(
        needs(&files(new)),
        [
            "web -> ui: \"ui\": \"^1\"",
            "web -> theme: colours:\n        specifier: '*'\n        version: file:theme(react@19)"
        ]
    );
    let old = "lockfileVersion: 5.4\nimporters:\n  web:\n    specifiers: {core: ^1}\n    dependencies:\n      core: link:../core\n";
    assert_eq!(needs(&files(old)), ["web -> ui: \"ui\": \"^1\"", "web -> core: \"core\": \"^1\""]);
    assert!(loaded(&files("importers: [\n"))[0].problem.is_some());
}

#[test]
fn npm_and_yarn_name_their_workspaces_in_the_manifest() {
    for workspaces in ["[\"a\", \"./b/\"]", "{\"packages\": [\"*\"]}"] {
        let root = format!("{{\"workspaces\": {workspaces}}}");
        let files = [
            ("package.json", root.as_str()),
            ("a/package.json", "{\"name\": \"one\", \"dependencies\": {\"two\": \"^1.0.0\"}}"),
            ("b/package.json", "{\"name\": \"two\"}"),
        ];
        assert_eq!(needs(&files), ["one -> two: \"two\": \"^1.0.0\""], "{workspaces}");
    }
    assert!(loaded(&[("package.json", "{\"name\": \"alone\"}")]).is_empty());
}

#[test]
fn cargo_follows_paths() {
    let files = [
        (
            "Cargo.toml",
            "[workspace]\nmembers = ['crates/*']\nexclude = ['crates/old']\n[workspace.dependencies]\nlib = { path = 'crates/lib' }\n",
        ),
        (
            "crates/app/Cargo.toml",
            "[package]\nname = 'app'\n[dependencies]\nlib.workspace = true\nserde = '1'\n[target.'cfg(unix)'.dependencies]\nx = { path = '../../vendor/x' }\n",
        ),
        ("crates/lib/Cargo.toml", "[package]\nname = 'lib'\n[dev-dependencies]\napp = { path = '../app' }\n"),
        ("crates/old/Cargo.toml", "[package]\nname = 'old'\n"),
        ("vendor/x/Cargo.toml", "[package]\nname = 'x'\n"),
    ];
    assert_eq!(
        needs(&files),
        ["app -> lib: lib", "app -> x: x = { path = '../../vendor/x' }", "lib -> app: app = { path = '../app' }"]
    );
}

#[test]
fn go_modules_require_and_replace() {
    let files = [
        ("go.work", "go 1.24\n\nuse (\n\t./api // the server\n\t./lib\n)\nuse ./tool\n"),
        ("api/go.mod", "module example.com/api\n\nrequire (\n\texample.com/lib v0.0.0\n\tgithub.com/x/y v1.0.0\n)\n"),
        ("lib/go.mod", "module example.com/lib\n"),
        ("tool/go.mod", "module example.com/tool\nreplace example.com/other => ../lib\n"),
    ];
    assert_eq!(
        needs(&files),
        [
            "example.com/api -> example.com/lib: example.com/lib v0.0.0",
            "example.com/tool -> example.com/lib: example.com/other => ../lib",
        ]
    );
}

#[test]
fn a_closure_has_the_shortest_way_and_survives_cycles() {
    let files = [
        ("package.json", "{\"workspaces\": [\"*\"]}"),
        ("a/package.json", "{\"name\": \"a\", \"dependencies\": {\"b\": \"*\", \"c\": \"*\"}}"),
        ("b/package.json", "{\"name\": \"b\", \"dependencies\": {\"c\": \"*\", \"a\": \"*\"}}"),
        ("c/package.json", "{\"name\": \"c\", \"dependencies\": {\"b\": \"*\", \"c\": \"*\"}}"),
        ("d/package.json", "{\"name\": \"d\"}"),
    ];
    let workspaces = loaded(&files);
    let closure = workspaces[0].closure(&[0]);
    let ways: Vec<(usize, usize)> = closure.iter().map(|(&member, way)| (member, way.len())).collect();
    assert_eq!(ways, [(0, 0), (1, 1), (2, 1)]);
    assert_eq!(workspaces[0].owner(b"b/x/y"), Some(1));
    assert_eq!(workspaces[0].owner(b"x"), None);
}

#[test]
fn what_cannot_be_read_is_said_and_nothing_is_concluded() {
    for files in [
        &[("package.json", "{\"workspaces\": [\"*\"]"), ("a/package.json", "{}")][..],
        &[("package.json", "{\"workspaces\": [\"*\"]}"), ("a/package.json", "{")],
        &[("Cargo.toml", "[workspace"), ("a", "")],
        &[("Cargo.toml", "[workspace]\nmembers = ['a']\n"), ("a/Cargo.toml", "x = [")],
        &[("go.work", "use ./a\n")],
        &[("go.work", "use ../a\n")],
    ] {
        let problems: Vec<Option<String>> = loaded(files).into_iter().map(|workspace| workspace.problem).collect();
        assert!(matches!(&problems[..], [Some(_)]), "{files:?}: {problems:?}");
    }
}
