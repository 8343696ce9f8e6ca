//! Checks of single steps, services and clone steps.

use super::image::{familiar, is_any_of};
use super::{Finding, Policy, Setting, Trust};
use crate::server::{Difference, Version};
use crate::text::escape;
use crate::workflow::{Placed, Step, Workflow};

/// Plugins that were privileged by default before server 3.0, by their short names.
const FORMERLY_PRIVILEGED: [&str; 4] =
    ["plugins/docker", "plugins/gcr", "plugins/ecr", "woodpeckerci/plugin-docker-buildx"];
/// The same list on server 2.8, where it was in force.
const PRIVILEGED_ON_2: [&str; 5] = [
    "plugins/docker",
    "plugins/gcr",
    "plugins/ecr",
    "woodpeckerci/plugin-docker-buildx",
    "codeberg.org/woodpecker-plugins/docker-buildx",
];
/// Clone plugins that get credentials by default. The server's own default plugin is one of them whatever its tag.
const TRUSTED_CLONE: [&str; 2] = ["docker.io/woodpeckerci/plugin-git", "quay.io/woodpeckerci/plugin-git"];

/// Which part of the workflow a step stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Area {
    Clone,
    Steps,
    Services,
}

impl Area {
    const fn key(self) -> &'static str {
        match self {
            Self::Clone => "clone",
            Self::Steps => "steps",
            Self::Services => "services",
        }
    }
}

pub(super) fn check(workflow: &Workflow, policy: &Policy, server: Version, out: &mut Vec<Finding>) {
    if server.has(Difference::CloneImageLint) {
        clone_images(workflow, policy, out);
    }
    let areas = [(Area::Clone, &workflow.clone), (Area::Steps, &workflow.steps), (Area::Services, &workflow.services)];
    for (area, steps) in areas {
        for step in steps {
            let field = format!("{}.{}", area.key(), step.name.value);
            if step.image.value.is_empty() {
                out.push(missing_image(&field, step));
            }
            trust(step, &field, policy, server, out);
            settings(step, &field, server, out);
            privileged_plugin(step, &field, policy, server, out);
            removed_secrets(step, &field, server, out);
            if area == Area::Steps && server.has(Difference::DependencyLint) {
                dependencies(step, workflow, &field, out);
            }
        }
    }
    if server.has(Difference::UniqueServiceNames) {
        service_names(&workflow.services, out);
    }
}

fn missing_image(field: &str, step: &Step) -> Finding {
    let message = format!("step `{}` has no `image`", escape(&step.name.value));
    Finding::error("missing-image", field, message).at(&step.name.place).help("name the image that the step runs in")
}

fn clone_images(workflow: &Workflow, policy: &Policy, out: &mut Vec<Finding>) {
    for step in &workflow.clone {
        let image = &step.image.value;
        let trusted = match &policy.trusted_clone_plugins {
            Some(list) => is_any_of(image, list.iter().map(String::as_str)),
            None => is_any_of(image, TRUSTED_CLONE),
        };
        if !trusted {
            let field = format!("clone.{}", step.name.value);
            let message =
                format!("clone image `{}` gets no credentials: it is not on the server's list", escape(image));
            let finding = Finding::warning("untrusted-clone", "linter", field, message).at(&step.image.place);
            out.push(finding.help(
                "use `docker.io/woodpeckerci/plugin-git`, or have it added to `WOODPECKER_PLUGINS_TRUSTED_CLONE`",
            ));
        }
    }
}

fn trust(step: &Step, field: &str, policy: &Policy, server: Version, out: &mut Vec<Finding>) {
    let (trust, uncertain) = match policy.trust {
        Setting::Known(trust) => (trust.on(server), false),
        Setting::Unknown => (Trust::default(), true),
    };
    let powers = &step.powers;
    let harmless = |mode: &&Placed<String>| mode.value == "none" && server.has(Difference::NetworkModeNone);
    let network_mode = powers.network_mode.as_ref().filter(|mode| !harmless(mode)).map(|mode| &mode.place);
    for (key, place, needs, given) in [
        ("privileged", powers.privileged.as_ref(), "security", trust.security),
        ("shm_size", powers.shm_size.as_ref(), "security", trust.security),
        ("dns", powers.dns.as_ref(), "network", trust.network),
        ("dns_search", powers.dns_search.as_ref(), "network", trust.network),
        ("extra_hosts", powers.extra_hosts.as_ref(), "network", trust.network),
        ("network_mode", network_mode, "network", trust.network),
        ("devices", powers.devices.as_ref(), "volumes", trust.volumes),
        ("volumes", powers.volumes.as_ref(), "volumes", trust.volumes),
        ("tmpfs", powers.tmpfs.as_ref(), "volumes", trust.volumes),
    ] {
        let Some(place) = place.filter(|_| !given) else { continue };
        let message = format!("`{key}` needs a repository that is trusted with {needs}");
        let finding = Finding { uncertain, ..Finding::error("insufficient-trust", field, message).at(place) };
        out.push(finding.help(format!("remove `{key}`, or have the server's administrator trust the repository")));
    }
}

fn settings(step: &Step, field: &str, server: Version, out: &mut Vec<Finding>) {
    if step.settings == 0 {
        return;
    }
    let both = |key: &str| format!("`{key}` and `settings` in one step: settings are for plugins, which have none");
    let finding = if step.commands > 0 {
        Finding::error("settings-and-commands", field, both("commands"))
    } else if step.entrypoint > 0 {
        Finding::error("settings-and-commands", field, both("entrypoint"))
    } else if step.environment > 0 {
        Finding::warning("settings-and-environment", "linter", field, both("environment"))
    } else if !step.secrets.is_empty() && server.has(Difference::LegacySecrets) {
        Finding::warning("settings-and-environment", "linter", field, both("secrets"))
    } else {
        return;
    };
    out.push(finding.at(&step.name.place).help("keep one of the two"));
}

fn privileged_plugin(step: &Step, field: &str, policy: &Policy, server: Version, out: &mut Vec<Finding>) {
    let image = step.image.value.as_str();
    let on_2 = server.has(Difference::SingleTrust);
    let once: &[&str] = if on_2 { &PRIVILEGED_ON_2 } else { &FORMERLY_PRIVILEGED };
    if !once.contains(&&*familiar(image)) {
        return;
    }
    if step.powers.privileged.is_some() && server.has(Difference::PrivilegedStepMayUsePlugin) {
        return;
    }
    let (allowed, uncertain) = match &policy.privileged_plugins {
        Setting::Known(Some(list)) => (is_any_of(image, list.iter().map(String::as_str)), false),
        Setting::Known(None) => (on_2, false),
        Setting::Unknown => (on_2, true),
    };
    if !allowed {
        let message = format!("plugin `{}` is not privileged by default", escape(image));
        let finding = Finding::error("privileged-plugin", field, message).at(&step.image.place);
        let finding = Finding { uncertain, ..finding };
        out.push(
            finding.help("have it added to `WOODPECKER_PLUGINS_PRIVILEGED`, or use a plugin that needs no privileges"),
        );
    }
}

fn removed_secrets(step: &Step, field: &str, server: Version, out: &mut Vec<Finding>) {
    if step.secrets.is_empty() {
        return;
    }
    let message = "`secrets` is deprecated";
    let help = "use `environment` with `from_secret`";
    let finding = if server.has(Difference::RemovedSecrets) {
        Finding { class: "deprecation", ..Finding::error("deprecated", format!("{field}.secrets"), message) }
    } else {
        Finding::warning("deprecated", "deprecation", format!("{field}.secrets"), message)
    };
    out.push(finding.at(step.secrets_key.as_ref().unwrap_or(&step.name.place)).help(help));
}

fn dependencies(step: &Step, workflow: &Workflow, field: &str, out: &mut Vec<Finding>) {
    for dependency in step.depends_on.iter().flatten() {
        if !dependency.optional && !workflow.steps.iter().any(|step| step.name.value == dependency.name) {
            let name = escape(&dependency.name);
            let message = format!("step `{}` depends on `{name}`, which is not a step", escape(&step.name.value));
            let finding = Finding::error("unknown-dependency", format!("{field}.depends_on"), message);
            out.push(finding.at(&dependency.place).help("name a step of this workflow"));
        }
    }
}

fn service_names(services: &[Step], out: &mut Vec<Finding>) {
    for (at, service) in services.iter().enumerate() {
        let name = &service.name.value;
        if services[..at].iter().any(|earlier| earlier.name.value == *name) {
            let message = format!("two services are named `{}`", escape(name));
            let finding = Finding::error("duplicate-service", format!("services.{name}"), message);
            out.push(finding.at(&service.name.place).help("give each service its own name"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_of_privileged_plugins_hold_short_names() {
        for plugin in FORMERLY_PRIVILEGED.iter().chain(&PRIVILEGED_ON_2) {
            assert_eq!(familiar(plugin), *plugin);
        }
    }
}
