use super::{Build, Unknown, builds};
use crate::server::Version;
use crate::source::{Source, Sources, Span};
use crate::workflow::{File, contents};

/// The builds of a workflow's only step; `${CI_…}` hang on the change.
fn of(step: &str) -> Vec<Result<Build, Unknown>> {
    let text = format!("steps:\n  - name: build\n    {}\n", step.replace('\n', "\n    "));
    let mut files = Sources::new();
    let id = files.add(Source::new("x.yaml", text.as_str()));
    let file = File::read(&files[id], id, Version::default());
    let env = std::collections::BTreeMap::from([("CI_COMMIT_SHA".to_owned(), "unknown".to_owned())]);
    let rendered = file.render(&env).expect("it substitutes");
    let holes: Vec<Span> = rendered.reads.iter().map(|read| read.expansion).collect();
    let lowered = file.lower(&rendered).expect("it is a workflow");
    let steps = &lowered.workflow.steps;
    let content = contents(&lowered.document, &rendered.map, Version::default(), steps);
    builds(&steps[0], &content[0], &holes)
}

fn shown(step: &str) -> Vec<String> {
    let show = |build: Result<Build, Unknown>| match build {
        Ok(build) => {
            let target = build.target.map_or(String::new(), |target| format!(" target {target}"));
            let arguments: Vec<String> = build
                .arguments
                .iter()
                .map(|(name, value)| format!(" {name}={}", value.as_deref().unwrap_or("?")))
                .collect();
            let more = if build.complete { "" } else { " …" };
            format!("{} in `{}`{target}{}{more}", build.dockerfiles.join("|"), build.context, arguments.concat())
        }
        Err((_, why)) => format!("not known: {why}"),
    };
    of(step).into_iter().map(show).collect()
}

fn commands(script: &str) -> Vec<String> {
    let lines: Vec<String> = script.lines().map(|line| format!("\n  - {line:?}")).collect();
    shown(&format!("image: docker\ncommands:{}", lines.concat()))
}

#[test]
fn builds_are_found_among_commands() {
    for (script, expected) in [
        ("docker build .", &["Dockerfile in ``"][..]),
        ("docker build -t a:b --pull -f apps/web/Dockerfile --target run .", &["apps/web/Dockerfile in `` target run"]),
        ("docker buildx build --push --platform linux/amd64 --file=x/Dockerfile x", &["x/Dockerfile in `x`"]),
        ("docker --log-level=debug image build -fD web/", &["D in `web`"]),
        ("cd apps/web && docker build ..", &["apps/Dockerfile in `apps`"]),
        ("(cd a && docker build .)\ndocker build .", &["a/Dockerfile in `a`", "Dockerfile in ``"]),
        ("docker build --build-arg A=1 --build-arg B=$X --build-arg C .", &["Dockerfile in `` A=1 B=? C=?"]),
        ("docker build -t x:${CI_COMMIT_SHA} --build-arg V=${CI_COMMIT_SHA} .", &["Dockerfile in `` V=?"]),
        ("D=x/Dockerfile\ndocker build -f $D .", &["x/Dockerfile in ``"]),
        ("docker build $CI_WORKSPACE/web", &["web/Dockerfile in `web`"]),
        ("docker build $(pwd)", &["Dockerfile in ``"]),
        ("docker build -f $FILE .", &["not known: it hangs on `$FILE`"]),
        ("docker build -f ${CI_COMMIT_SHA} .", &["not known: it hangs on the change"]),
        ("docker build $ARGS -f x/D .", &["x/D in `` …"]),
        ("docker build $CONTEXT", &["not known: it hangs on `$CONTEXT`"]),
        ("docker build $ARGS $CONTEXT", &["Dockerfile in `` …"]),
        ("nerdctl image build web", &["web/Dockerfile in `web`"]),
        ("nerdctl -n ci builder build -f D .", &["D in ``"]),
        ("docker builder build web", &["web/Dockerfile in `web`"]),
        ("docker image build web", &["web/Dockerfile in `web`"]),
        ("podman image build -f D web", &["D|web/D in `web`"]),
        ("docker build a b", &["not known: which of its words is the context is not known"]),
        ("docker build https://example.com/x.git", &["not known: it is not a folder of the repository"]),
        ("docker build - < Dockerfile", &["not known: it is not a folder of the repository"]),
        ("docker build ../..", &["not known: it leads out of the repository"]),
        ("docker build /src", &["not known: where that lies in the repository is not known"]),
        ("cd $X && docker build .", &["not known: the folder it is run in is not known"]),
        ("docker --context default buildx --builder b build --push web", &["web/Dockerfile in `web`"]),
        ("buildah bud --layers -f web/Containerfile web", &["web/Containerfile|web/web/Containerfile in `web`"]),
        ("podman build", &["Containerfile|Dockerfile|Containerfile|Dockerfile in ``"]),
        (
            "/kaniko/executor --context . --dockerfile apps/web/Dockerfile --destination x:$TAG --cache=true --no-push --build-arg=A=b",
            &["apps/web/Dockerfile|apps/web/Dockerfile in `` A=b"],
        ),
        (
            "/kaniko/executor -c dir://$CI_WORKSPACE/web --context-sub-path x",
            &["web/x/Dockerfile|Dockerfile in `web/x`"],
        ),
        ("/kaniko/executor --dockerfile x", &["not known: it has no `--context`"]),
        ("docker push x && make docker", &[]),
        ("echo docker build .", &[]),
    ] {
        assert_eq!(commands(script), expected, "{script}");
    }
}

#[test]
fn builds_whose_inputs_are_written_elsewhere_are_said_not_to_be_known() {
    let elsewhere = "not known: what this builds is written in a file of its own, which is not read";
    let own_rules = "not known: what this tool reads is not known";
    for (script, expected) in [
        ("docker compose build web", elsewhere),
        ("docker --context=x compose -f a.yml --profile p build", elsewhere),
        ("docker compose --file $FILE up -d --build web", elsewhere),
        ("docker compose create --build", elsewhere),
        ("docker-compose build", elsewhere),
        ("docker-compose -p x -f a.yml up --build", elsewhere),
        ("podman compose build", elsewhere),
        ("podman-compose --file=$FILE build", elsewhere),
        ("nerdctl -n ci compose build", elsewhere),
        ("docker buildx bake --push web", elsewhere),
        ("docker -l debug buildx --builder b bake", elsewhere),
        ("depot bake -f a.hcl", elsewhere),
        ("depot build --project x .", own_rules),
        ("KO_DOCKER_REPO=x ko build ./cmd/x", own_rules),
        ("ko resolve -f config/", own_rules),
        ("pack build x --path web", own_rules),
        ("buildctl --addr tcp://x:1 build --frontend dockerfile.v0 --local context=.", own_rules),
        ("buildctl-daemonless.sh build --local context=.", own_rules),
    ] {
        assert_eq!(commands(script), [expected], "{script}");
    }
    for script in [
        "docker compose up -d",
        "docker compose run web make build",
        "docker compose -f build up",
        "docker buildx imagetools create x",
        "docker buildx create --use --name build",
        "ko login x",
        "pack config default-builder build",
        "buildctl du",
        "depot list builds",
    ] {
        assert_eq!(commands(script), [""; 0], "{script}");
    }
}

#[test]
fn plugins_are_known_by_their_images() {
    for (step, expected) in [
        (
            "image: docker.io/woodpeckerci/plugin-docker-buildx:6\nsettings: {dockerfile: x/D, build_args: 'A=1,B=${CI_COMMIT_SHA}', target: t}",
            &["x/D in `` target t A=? B=?"][..],
        ),
        (
            "image: plugins/docker\nsettings: {context: web, dockerfile: web/Dockerfile, build-args: [A=1]}",
            &["web/Dockerfile in `web` A=1"],
        ),
        ("image: plugins/kaniko\nsettings: {repo: x, context: web}", &["Dockerfile|web/Dockerfile in `web`"]),
        ("image: plugins/docker\ndirectory: web\nsettings: {repo: x}", &["web/Dockerfile in `web`"]),
        (
            "image: woodpeckerci/plugin-kaniko\nsettings: {dockerfile: '${CI_COMMIT_SHA}'}",
            &["not known: it hangs on the change"],
        ),
        (
            "image: plugins/docker\nsettings: {dockerfile: {from_secret: x}}",
            &["not known: `dockerfile` is no plain value"],
        ),
        ("image: plugins/docker\nsettings: {build_args_from_env: [X]}", &["Dockerfile in `` …"]),
        ("image: library/docker\nsettings: {x: y}", &[]),
        ("image: plugins/slack\nsettings: {x: y}", &[]),
    ] {
        assert_eq!(shown(step), expected, "{step}");
    }
}
