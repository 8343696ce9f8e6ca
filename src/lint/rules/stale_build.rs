use super::super::builds::{Build, Builds, is_of};
use super::super::gaps::{Gap, Gaps, Weight};
use super::super::reading::Reading;
use super::super::rule::{Check, Group, Level, Rule};
use super::super::trigger::Filter;
use super::super::witness::phrase;
use crate::closure::{Because, Extent};
use crate::diag::{Problem, Severity};
use crate::plan::Kind;
use crate::prove::SIMPLER;
use crate::rule::declared;
use crate::text::escape;

pub(super) static RULE: Rule = Rule {
    id: "stale-build",
    group: Group::Closure,
    level: Level::Warn,
    since: "0.1.0",
    summary: "a file that a step's build reads can change without running the step",
    page: include_str!("stale_build.md"),
    echo: None,
    checks: &[Check::Builds(check), Check::Workflow(stray)],
};

/// Most filters that are spoken of for one step.
const MAX_GAPS: usize = 4;

fn check(builds: &Builds<'_>, out: &mut Vec<Problem>) {
    let mut told: Vec<Told<'_, '_>> = Vec::new();
    for build in builds.iter().filter(|build| !build.triggers.events(build.step).is_empty()) {
        let mut tell = |what: What| match told.iter_mut().find(|told| told.what.is_like(&what)) {
            Some(told) => told.builds.push(build),
            None => told.push(Told { what, builds: vec![build] }),
        };
        let mut gaps = Gaps::of(&build);
        let unclear = gaps.unclear.take();
        gaps.into_iter().take(MAX_GAPS).for_each(|gap| tell(What::Stale(Box::new(gap))));
        if let Some(why) = unclear {
            tell(What::Unclear(why));
        }
        let unknown: Vec<Because> = build.inputs.iter().flat_map(|inputs| &inputs.unknown).cloned().collect();
        if !unknown.is_empty() {
            tell(What::Unknown(unknown));
        }
    }
    out.extend(told.iter().map(Told::problem));
}

/// Something to say of builds.
enum What {
    Stale(Box<Gap>),
    Unclear(String),
    Unknown(Vec<Because>),
}

impl What {
    /// Whether it is the same, but for the build.
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Stale(one), Self::Stale(other)) => one.is_like(other),
            (Self::Unclear(one), Self::Unclear(other)) => one == other,
            (Self::Unknown(one), Self::Unknown(other)) => {
                let places = |of: &[Because]| -> Vec<_> {
                    let name = |it: &Because| it.file.as_ref().map(|file| file.name().to_owned());
                    of.iter().map(|it| (name(it), it.span, it.text.clone())).collect()
                };
                places(one) == places(other)
            }
            _ => false,
        }
    }
}

/// What is said of some builds, in one problem: steps that share a filter and a Dockerfile mostly miss the same.
struct Told<'b, 'r> {
    what: What,
    builds: Vec<Build<'b, 'r>>,
}

impl<'b, 'r> Told<'b, 'r> {
    fn problem(&self) -> Problem {
        match &self.what {
            What::Stale(gap) => self.stale(gap),
            What::Unclear(why) => {
                let (steps, reads) = (self.steps(), self.verb("reads", "read"));
                let runs = self.verb("it", "them");
                let problem =
                    RULE.problem(format!("whether all that {steps} {reads} runs {runs} is not decided: {why}"));
                self.at_steps(Problem { severity: Severity::Note, ..problem }, "").help(SIMPLER)
            }
            What::Unknown(unknown) => {
                let problem =
                    RULE.problem(format!("not all that {} {} is known", self.steps(), self.verb("reads", "read")));
                let problem = self.at_steps(Problem { severity: Severity::Note, ..problem }, "");
                let problem =
                    unknown.iter().take(MAX_GAPS).fold(problem, |it, because| self.first().because(it, because));
                problem.help("say what it reads, above the step: `# wp-gate: inputs(GLOB, ...)`")
            }
        }
    }

    fn first(&self) -> &Build<'b, 'r> {
        &self.builds[0]
    }

    fn verb(&self, one: &'static str, many: &'static str) -> &'static str {
        if self.builds.len() == 1 { one } else { many }
    }

    /// The names of the steps, as a phrase.
    fn steps(&self) -> String {
        let name = |build: &Build<'_, '_>| format!("`{}`", build.name());
        match &self.builds[..] {
            [one, other] => format!("{} and {}", name(one), name(other)),
            [one, other, last] => format!("{}, {} and {}", name(one), name(other), name(last)),
            [one, other, more @ ..] => format!("{}, {} and {} other steps", name(one), name(other), more.len()),
            other => other.iter().map(name).collect(),
        }
    }

    /// `problem` with its primary label at the first step, and one at each of the others.
    fn at_steps(&self, problem: Problem, text: impl Into<String>) -> Problem {
        let problem = self.first().at_step(problem, text);
        self.builds[1..].iter().fold(problem, |problem, build| build.at_step(problem, "the same"))
    }

    fn stale(&self, gap: &Gap) -> Problem {
        let (path, steps) = (escape(&gap.path), self.steps());
        let weight = gap.weight();
        let more = match gap.more() {
            0 => String::new(),
            1 => ", and so can another file".to_owned(),
            more => format!(", and so can {more} other files"),
        };
        let is_one = self.builds.len() == 1 || weight != Weight::Beside;
        let what = match (is_one, gap.is_tracked) {
            (true, true) => format!("`{path}` can change"),
            (true, false) => format!("a new file, such as `{path}`, can come"),
            (false, _) => format!("files, such as `{path}`, can change"),
        };
        let others: Vec<String> = gap.beside.iter().map(|file| format!("`{}`", escape(file))).collect();
        let beside =
            if others.is_empty() { String::new() } else { format!(", when {} changes with it", others.join(" and ")) };
        let build = self.verb("build", "builds");
        let does = match (weight, gap.extent) {
            (Weight::Alone | Weight::Beside, _) => self.verb("reads", "read"),
            (Weight::Copied, Extent::Ignore) => self.verb("goes by", "go by"),
            (Weight::Copied, _) => self.verb("copies", "copy"),
        };
        let it = if is_one { "it" } else { "them" };
        let problem = RULE.problem(format!("{what} without {steps}, whose {build} {does} {it}{more}{beside}"));
        let help = match (weight, gap.extent) {
            (Weight::Alone, _) => "let the filter see it, or keep it out of the build",
            (Weight::Beside, _) => "before Woodpecker 3.5 one excluded file is enough: see `old-exclude-semantics`",
            (Weight::Copied, Extent::Ignore) => {
                "let the filter see it: what it no longer leaves out may come into the image"
            }
            (Weight::Copied, _) => {
                "if the build does not use it, keep it out with `.dockerignore`; if it does, let the filter see it"
            }
        };
        let severity = if weight == Weight::Alone { problem.severity } else { Severity::Note };
        let mut problem = Problem { severity, ..problem }.help(help);
        let only = if others.is_empty() { "only that" } else { "these" };
        let phrase = phrase(&gap.missed.event, &gap.missed.change, None);
        problem = self.at_steps(problem, format!("not run on {phrase} that changes {only}"));
        for it in gap.missed.by.iter().chain(&gap.too) {
            problem = self.filter(problem, it, "it");
        }
        for it in gap.others.iter().take(MAX_GAPS - 1) {
            problem = self.filter(problem, it, "others");
        }
        gap.because.iter().fold(problem, |problem, because| self.first().because(problem, because))
    }

    /// `problem` with a label at the filter that misses `what`.
    fn filter(&self, problem: Problem, filter: &Filter, what: &str) -> Problem {
        let reason = &filter.reason;
        let Some(span) = reason.span else { return problem };
        let text = match reason.kind {
            Kind::NoFileIncluded => format!("does not list {what}"),
            _ => format!("leaves {what} out"),
        };
        let own = self.first().reading.file.name();
        let text = if filter.file == self.first().reading.id() {
            text
        } else {
            format!("{text}, and `{}` waits for `{}`", escape(own), escape(&filter.workflow))
        };
        let problem = problem.label(filter.file, span, text);
        reason.via.iter().fold(problem, |problem, &alias| problem.label(filter.file, alias, "through this alias"))
    }
}

/// Declarations that speak of no step.
fn stray(reading: &Reading<'_>, out: &mut Vec<Problem>) {
    let Some(document) = reading.file.document() else { return };
    for declared in declared(reading.file.source(), document) {
        if !reading.workflow.steps.iter().any(|step| is_of(&declared, step)) {
            let problem = RULE.problem("this comment stands at no step, so nothing is declared to be read");
            out.push(
                problem
                    .label(reading.id(), declared.span, "")
                    .help("put it above a step, or at the end of the line that the step begins on"),
            );
        }
    }
}
