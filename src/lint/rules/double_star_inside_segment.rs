use super::super::reading::GlobUse;
use super::super::rule::{Check, Group, Level, Rule};
use crate::diag::Problem;
use crate::glob::{DoubleStar, Token, TokenKind};
use crate::text::escape;

pub(super) static RULE: Rule = Rule {
    id: "double-star-inside-segment",
    group: Group::Suspicious,
    level: Level::Warn,
    since: "0.1.0",
    summary: "`**` inside of a segment, where it is a `*`",
    page: include_str!("double_star_inside_segment.md"),
    checks: &[Check::Glob(check)],
};

fn check(glob: &GlobUse<'_>, out: &mut Vec<Problem>) {
    let pattern = &glob.glob.pattern;
    let is_star = |token: &&Token| matches!(token.kind, TokenKind::DoubleStar(DoubleStar::Star));
    if let Some(star) = pattern.tokens().iter().find(is_star).filter(|_| pattern.error().is_none()) {
        out.push(a_star(glob, star));
    }
}

fn a_star(glob: &GlobUse<'_>, star: &Token) -> Problem {
    let text = escape(glob.glob.pattern.text());
    let problem = RULE.problem(format!("`**` in `{text}` is no more than `*`: it does not cross `/`"));
    let problem = glob.label(problem, star.span, "not a segment of its own");
    problem.help("write `**/*` for anything at any depth, or `*` if one level is meant")
}
