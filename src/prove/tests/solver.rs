//! Formulas by themselves, and how much work they may be.

use super::Bench;
use crate::change::Event;
use crate::plan::Question;
use crate::prove::formula::{Atom, Formula, Formulas};
use crate::prove::limit::Budget;
use crate::prove::solver::Solver;
use crate::prove::{Answer, Case};

fn solve(formulas: &Formulas, formula: Formula) -> Option<Solver> {
    let mut solver = Solver::new(formulas, formula);
    solver.solve(&mut Budget::new(1 << 24)).expect("it is small").then_some(solver)
}

/// Formulas made at random, of which every answer can be tried.
#[test]
fn it_finds_a_model_exactly_where_there_is_one() {
    let mut seed = 1_u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let (mut with, mut without) = (0, 0);
    for _ in 0..200 {
        let mut formulas = Formulas::default();
        let atoms: Vec<Formula> = (0..6).map(|at| formulas.atom(Question::MessageHolds(at.to_string()))).collect();
        let mut made = atoms.clone();
        for _ in 0..8 + random(18) {
            let parts: Vec<Formula> = (0..2 + random(2))
                .map(|_| {
                    let part = made[random(made.len())];
                    if random(2) == 0 { part } else { !part }
                })
                .collect();
            made.push(if random(2) == 0 { formulas.all(parts) } else { formulas.any(parts) });
        }
        let last = made[made.len() - 6..].to_vec();
        let formula = formulas.all(last);
        let of = |bits: usize, atom: &Atom| matches!(atom, Atom::Asked(Question::MessageHolds(at)) if bits >> at.parse::<usize>().unwrap_or(0) & 1 == 1);
        let models = (0..64).filter(|&bits| formulas.holds(formula, |atom| of(bits, atom))).count();
        if let Some(solver) = solve(&formulas, formula) {
            with += 1;
            let bits = atoms.iter().enumerate().map(|(at, &atom)| usize::from(solver.value(atom)) << at).sum();
            assert!(formulas.holds(formula, |atom| of(bits, atom)));
        } else {
            without += 1;
            assert_eq!(models, 0);
        }
    }
    assert!(with > 10 && without > 10, "{with} with a model, {without} without");
}

/// More pigeons than holes: no model, and no short proof either.
#[test]
fn what_takes_too_long_is_given_up() {
    let mut formulas = Formulas::default();
    let (pigeons, holes) = (12, 11);
    let sits = |pigeon: usize, hole: usize| Question::MessageHolds(format!("{pigeon} {hole}"));
    let mut parts = Vec::new();
    for pigeon in 0..pigeons {
        let somewhere: Vec<Formula> = (0..holes).map(|hole| formulas.atom(sits(pigeon, hole))).collect();
        parts.push(formulas.any(somewhere));
    }
    for hole in 0..holes {
        for pigeon in 0..pigeons {
            for other in 0..pigeon {
                let (one, two) = (formulas.atom(sits(pigeon, hole)), formulas.atom(sits(other, hole)));
                parts.push(formulas.any([!one, !two]));
            }
        }
    }
    let formula = formulas.all(parts);
    assert!(Solver::new(&formulas, formula).solve(&mut Budget::new(1 << 16)).is_err());
}

/// To rule out what cannot match helps, but is not needed: where it is too much, an answer that needs little of it is found all the same.
#[test]
fn what_is_only_to_help_does_not_use_up_the_work() {
    let bench = Bench::new(&[]);
    let mut case = Case::new(Event::Push, bench.setting("3.17"));
    let atom = |case: &mut Case<'_>, question| case.formulas.atom(question);
    let outside = atom(&mut case, Question::FileUnmatched(["a/*.page"].into_iter().collect()));
    let no_files = atom(&mut case, Question::NoFiles);
    let some: Vec<Formula> = (0..60)
        .map(|at| {
            let globs: Vec<String> = (0..6).map(|other| format!("**/*{at}?{other}*/**/{other}*")).collect();
            let globs = globs.iter().map(String::as_str).chain(["a/b.page"]).collect();
            atom(&mut case, Question::FileMatched(globs))
        })
        .collect();
    let some = case.formulas.any(some);
    let asked = case.formulas.all([!outside, !no_files, some]);
    let answer = case.find_within(asked, &mut Budget::new(200_000));
    assert!(matches!(answer, Answer::Change(change) if change.files == ["a/b.page"]));
    assert_eq!(case.find_within(asked, &mut Budget::new(50)), Answer::TooLarge);
}
