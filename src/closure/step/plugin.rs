//! Plugins that build images.

use super::{Build, Search, Unknown, dockerfiles, resolve, touches};
use crate::source::Span;
use crate::workflow::{Content, Setting, Step, Written};

/// The last parts of the names of their images.
const PLUGINS: &[&str] = &[
    "acr",
    "docker",
    "docker-buildx",
    "drone-buildx",
    "drone-docker",
    "drone-docker-buildx",
    "drone-kaniko",
    "ecr",
    "gar",
    "gcr",
    "kaniko",
    "kaniko-acr",
    "kaniko-ecr",
    "kaniko-gcr",
    "plugin-buildah",
    "plugin-docker",
    "plugin-docker-buildx",
    "plugin-kaniko",
    "wp-docker-buildx",
];

/// Of names that others use, too, only these are plugins.
const OWNERS: &[&str] = &["plugins", "woodpeckerci"];

/// The build of a step without commands; `None` when its image is no plugin that builds.
pub(super) fn build(
    step: &Step,
    content: &Content,
    holes: &[Span],
    folder: Option<&str>,
) -> Option<Result<Build, Unknown>> {
    let plugin = plugin(&step.image.value)?;
    let image = step.image.place.span;
    if touches(holes, image) {
        return None;
    }
    Some(read(plugin.contains("kaniko"), image, content, holes, folder))
}

/// The name of the plugin that `image` is.
fn plugin(image: &str) -> Option<&str> {
    let path = image.split('@').next()?;
    let (owner, name) = path.rsplit_once('/').unwrap_or(("", path));
    let name = name.split(':').next()?;
    let owner = owner.rsplit('/').next()?;
    let general = !name.contains('-') && name != "kaniko";
    (PLUGINS.contains(&name) && (!general || OWNERS.contains(&owner))).then_some(name)
}

fn read(kaniko: bool, image: Span, content: &Content, holes: &[Span], folder: Option<&str>) -> Result<Build, Unknown> {
    let setting = |names: &[&str]| {
        content.settings.iter().find(|setting| names.contains(&&*setting.name.to_ascii_lowercase().replace('-', "_")))
    };
    let text = |names: &[&str]| match setting(names) {
        None => Ok(None),
        Some(Setting { values, partial: false, .. }) if values.len() == 1 => {
            let Written { value, place, .. } = &values[0];
            if touches(holes, place.span) {
                Err((place.span, "it hangs on the change".to_owned()))
            } else {
                Ok(Some((value.as_str(), place.span)).filter(|(value, _)| !value.is_empty()))
            }
        }
        Some(setting) => {
            let at = setting.values.first().map_or(image, |value| value.place.span);
            Err((at, format!("`{}` is no plain value", setting.name)))
        }
    };
    let mut build = Build { at: image, complete: true, ..Build::default() };
    let root = text(&["context"])?;
    let at = root.map_or(image, |(_, span)| span);
    build.context = resolve(folder, root.map_or(".", |(path, _)| path)).map_err(|why| (at, why))?;
    let dockerfile = text(&["dockerfile", "containerfile"])?;
    build.named_at = dockerfile.map(|(_, span)| span);
    build.at = build.named_at.unwrap_or(at);
    build.target = text(&["target"])?.map(|(target, _)| target.to_owned());
    let search = if kaniko { Search::HereThenContext } else { Search::Here };
    // The plugins pass `Dockerfile` on when nothing is set: it is looked for where they run.
    let named = dockerfile.map_or("Dockerfile", |(path, _)| path);
    build.dockerfiles = dockerfiles(Some(named), folder, &build.context, search, &[]).map_err(|why| (build.at, why))?;
    for setting in &content.settings {
        match setting.name.to_ascii_lowercase().replace('-', "_").as_str() {
            "build_args" | "buildargs" | "args" => {
                build.complete &= !setting.partial;
                for value in &setting.values {
                    let known = !touches(holes, value.place.span);
                    for (name, text) in value.value.split([',', '\n']).filter_map(|pair| pair.split_once('=')) {
                        build.arguments.insert(name.trim().to_owned(), known.then(|| text.to_owned()));
                    }
                }
            }
            name if name.starts_with("build_args") || name.contains("args_from") => build.complete = false,
            _ => {}
        }
    }
    Ok(build)
}
