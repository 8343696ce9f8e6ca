use super::*;
use crate::closure::dockerfile::{Arguments, read};
use crate::closure::shell::Variables;
use crate::closure::tree::{Library, MemoryTree};
use crate::closure::workspace::load;

/// The packages that a Dockerfile with `run`s builds, or why that is not known.
fn built(files: &[(&str, &str)], dockerfile: &str) -> String {
    let tree: MemoryTree = files.iter().copied().collect();
    let library = Library::new(&tree);
    let workspaces = load(&library, "");
    let text = format!("FROM x\nWORKDIR /app\nCOPY . .\n{dockerfile}\n");
    let needs = read(&text, None, &Arguments { values: &Variables::new(), complete: true });
    match packages(&workspaces[0], &needs) {
        Ok(found) => {
            let names =
                found.iter().map(|&(at, span)| format!("{} ({})", workspaces[0].members[at].name, &text[span.range()]));
            names.collect::<Vec<_>>().join(", ")
        }
        Err((_, why)) => format!("! {why}"),
    }
}

#[test]
fn a_run_reads_no_package_that_is_not_in_its_stage() {
    let files =
        [("Cargo.toml", "[workspace]\nmembers = ['crates/*']\n"), ("crates/a/Cargo.toml", "[package]\nname = 'a'\n")];
    let of = |text: &str| {
        let tree: MemoryTree = files.into_iter().collect();
        let workspaces = load(&Library::new(&tree), "");
        let needs = read(text, None, &Arguments { values: &Variables::new(), complete: true });
        packages(&workspaces[0], &needs).map(|found| found.len()).map_err(|(_, why)| why)
    };
    let may = |what: &str| Err(format!("`{what}` may read any package"));
    let build = "FROM x AS build\nCOPY . .\nRUN cargo build -p a\n";
    for (before, after, expected) in [
        // Another stage, which has none of them.
        ("FROM n AS web\nCOPY web/package.json web/\nRUN make web\n", "FROM x\nCOPY --from=web /w /\n", Ok(1)),
        ("FROM n AS web\nCOPY web/*.json Cargo.lock ./\nRUN make web\n", "FROM x\nCOPY --from=web /w /\n", Ok(1)),
        // One that has some: its own, from another stage, in its base, under a name that is not known.
        ("FROM n AS web\nCOPY crates /\nRUN make w\n", "FROM x\nCOPY --from=web /w /\n", may("make w")),
        ("FROM n AS web\nCOPY crates/a/src /\nRUN make w\n", "FROM x\nCOPY --from=web /w /\n", may("make w")),
        ("FROM n AS web\nCOPY */x /\nRUN make w\n", "FROM x\nCOPY --from=web /w /\n", may("make w")),
        ("FROM n AS web\nCOPY $X /\nRUN make w\n", "FROM x\nCOPY --from=web /w /\n", may("make w")),
        ("", "FROM x\nCOPY --from=build /a /\nRUN make w\n", may("make w")),
        ("", "FROM build\nRUN make w\n", may("make w")),
        // Before anything is copied, and after.
        ("FROM n AS web\nRUN make w\nCOPY crates /\n", "FROM x\nCOPY --from=web /w /\n", Ok(1)),
    ] {
        let text =
            format!("{before}{build}{after}{}", if after.contains("build") { "" } else { "COPY --from=build / /\n" });
        assert_eq!(of(&text), expected, "{text}");
    }
}

#[test]
fn what_node_commands_build() {
    let files = [
        ("package.json", "{\"workspaces\": [\"apps/*\", \"packages/*\"]}"),
        ("apps/web/package.json", "{\"name\": \"web\"}"),
        ("apps/api/package.json", "{\"name\": \"@x/api\"}"),
        ("packages/ui/package.json", "{\"name\": \"@x/ui\"}"),
    ];
    for (dockerfile, expected) in [
        ("RUN pnpm i && pnpm --filter web... build", "web (pnpm --filter web... build)"),
        ("RUN pnpm -F ./apps/web build", "web (pnpm -F ./apps/web build)"),
        ("RUN pnpm --filter='@x/*' build", "@x/api (pnpm --filter='@x/*' build), @x/ui (pnpm --filter='@x/*' build)"),
        ("RUN pnpm --filter api --prod deploy /out", "@x/api (pnpm --filter api --prod deploy /out)"),
        ("RUN pnpm -C apps/web build", "web (pnpm -C apps/web build)"),
        ("RUN npx -y turbo@2 prune web --docker", "web (npx -y turbo@2 prune web --docker)"),
        ("RUN pnpm turbo run build --filter=web", "web (pnpm turbo run build --filter=web)"),
        ("RUN pnpm dlx turbo prune --scope=@x/api", "@x/api (pnpm dlx turbo prune --scope=@x/api)"),
        ("RUN npm ci\nRUN npm run build -w apps/web", "web (npm run build -w apps/web)"),
        ("RUN npm run build --workspace=web --if-present", "web (npm run build --workspace=web --if-present)"),
        ("RUN yarn && yarn workspace @x/api build", "@x/api (yarn workspace @x/api build)"),
        ("RUN cd apps/web && npm run build", "web (npm run build)"),
        ("WORKDIR apps/web\nRUN npx tsc -p .", "web (npx tsc -p .)"),
        ("RUN [\"pnpm\", \"--filter\", \"web\", \"build\"]", "web (RUN [\"pnpm\", \"--filter\", \"web\", \"build\"])"),
        (
            "RUN cp -r packages/ui/dist x && npm -w web run build",
            "@x/ui (cp -r packages/ui/dist x), web (npm -w web run build)",
        ),
        ("RUN pnpm --filter $P build", "! `pnpm --filter $P build` may read any package"),
        ("RUN pnpm --filter web build && pnpm build", "! `pnpm build` may read any package"),
        ("RUN pnpm -r build", "! `pnpm -r build` may read any package"),
        ("RUN pnpm --filter ...web build", "! `pnpm --filter ...web build` may read any package"),
        ("RUN pnpm --filter none build", "! `pnpm --filter none build` may read any package"),
        ("RUN turbo run build", "! `turbo run build` may read any package"),
        ("RUN ./build.sh", "! `./build.sh` may read any package"),
        ("RUN npm ci", "! no `RUN` says which of them is built"),
        ("RUN echo 'x", "! is not understood, and may read any package"),
    ] {
        assert_eq!(built(&files, dockerfile), expected, "{dockerfile}");
    }
}

#[test]
fn what_cargo_and_go_build() {
    let cargo = [
        ("Cargo.toml", "[workspace]\nmembers = ['a', 'b']\n"),
        ("a/Cargo.toml", "[package]\nname = 'a'\n"),
        ("b/Cargo.toml", "[package]\nname = 'b'\n"),
    ];
    let go = [
        ("go.work", "use (\n./api\n./lib\n)\n"),
        ("api/go.mod", "module example.com/api\n"),
        ("lib/go.mod", "module example.com/lib\n"),
    ];
    for (files, dockerfile, expected) in [
        (&cargo[..], "RUN cargo fetch && cargo build --release -p a", "a (cargo build --release -p a)"),
        (&cargo, "RUN cargo install --path b --root /out", "b (cargo install --path b --root /out)"),
        (
            &cargo,
            "RUN cargo install cargo-chef; cargo build --manifest-path=a/Cargo.toml",
            "a (cargo build --manifest-path=a/Cargo.toml)",
        ),
        (&cargo, "RUN cargo build --release", "! `cargo build --release` may read any package"),
        (&cargo, "RUN cargo build --workspace", "! `cargo build --workspace` may read any package"),
        (
            &go,
            "RUN go mod download && CGO_ENABLED=0 go build -o /out ./api/cmd/x",
            "example.com/api (go build -o /out ./api/cmd/x)",
        ),
        (&go, "RUN cd lib && go build ./...", "example.com/lib (go build ./...)"),
        (&go, "RUN go build example.com/api/cmd/x", "example.com/api (go build example.com/api/cmd/x)"),
        (&go, "RUN go build ./...", "! `go build ./...` may read any package"),
    ] {
        assert_eq!(built(files, dockerfile), expected, "{dockerfile}");
    }
}
