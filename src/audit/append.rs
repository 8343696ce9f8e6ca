//! Joins the rows of consecutive stretches.
//!
//! A table holds its values in the order in which the rows first need them. So the tables of one stretch, put after those of the one
//! before it, are those of both: it does not show where a history was cut.

use std::hash::Hash;

use super::record::{Breach, Cell, Commit, Ground, Held, Shape};
use super::{Record, Table};

impl Record {
    /// Adds the rows of `other`, which come right after these.
    pub fn append(&mut self, other: Self) {
        let columns = moved(&mut self.columns, &other.columns, Clone::clone);
        let causes = moved(&mut self.causes, &other.causes, Clone::clone);
        let troubles = moved(&mut self.troubles, &other.troubles, Clone::clone);
        let authors = moved(&mut self.authors, &other.authors, Clone::clone);
        let paths = moved(&mut self.paths, &other.paths, Clone::clone);
        let grounds = moved(&mut self.grounds, &other.grounds, |grounds| {
            grounds.iter().map(|ground| Ground { cause: causes[ground.cause as usize], ..*ground }).collect()
        });
        let shapes = moved(&mut self.shapes, &other.shapes, |shape| Shape {
            troubles: shape.troubles.iter().map(|&trouble| troubles[trouble as usize]).collect(),
            cells: shape
                .cells
                .iter()
                .map(|cell| Cell {
                    column: columns[cell.column as usize],
                    ground: grounds[cell.ground as usize],
                    ..*cell
                })
                .collect(),
            ..*shape
        });
        let renumber = |numbers: &mut [u32], moved: &[u32]| {
            for number in numbers {
                *number = moved[*number as usize];
            }
        };
        let unlisted = moved(&mut self.unlisted, &other.unlisted, Clone::clone);
        let held = |mut held: Held| {
            held.unlisted = held.unlisted.map(|number| unlisted[number as usize]);
            for Breach { column, .. } in &mut held.breaches {
                *column = column.map(|number| columns[number as usize]);
            }
            held
        };
        self.commits.reserve(other.commits.len());
        for mut commit in other.commits {
            renumber(&mut commit.files, &paths);
            renumber(&mut commit.hidden, &paths);
            renumber(&mut commit.mentions, &paths);
            let other = |(shape, mut mentions): (u32, Box<[u32]>)| {
                renumber(&mut mentions, &paths);
                (shapes[shape as usize], mentions)
            };
            self.commits.push(Commit {
                author: authors[commit.author as usize],
                shape: shapes[commit.shape as usize],
                own: commit.own.map(other),
                by_git: commit.by_git.map(other),
                held: commit.held.into_iter().map(held).collect(),
                ..commit
            });
        }
        self.unseen.extend(other.unseen);
        self.failures.extend(other.failures);
    }

    /// Whether every number in it leads somewhere: what a file says that was written by somebody else.
    pub(super) fn is_sound(&self) -> bool {
        let column = |number: u32| self.columns.get(number).is_some();
        let path = |&number: &u32| self.paths.get(number).is_some();
        let grounds = self.grounds.iter().flatten().all(|ground| self.causes.get(ground.cause).is_some());
        let shapes = self.shapes.iter().all(|shape| {
            shape.troubles.iter().all(|&number| self.troubles.get(number).is_some())
                && shape.cells.iter().all(|cell| column(cell.column) && self.grounds.get(cell.ground).is_some())
        });
        let mentions = |shape: u32, mentions: &[u32]| {
            mentions.iter().all(path)
                && self.shapes.get(shape).is_some_and(|shape| {
                    let grounds = shape.cells.iter().flat_map(|cell| &self.grounds[cell.ground]);
                    grounds.filter_map(|ground| ground.mention).all(|at| (at as usize) < mentions.len())
                })
        };
        let row = |commit: &Commit| {
            self.authors.get(commit.author).is_some()
                && commit.files.iter().chain(&commit.hidden).all(path)
                && mentions(commit.shape, &commit.mentions)
                && commit.own.iter().chain(&commit.by_git).all(|(shape, files)| mentions(*shape, files))
                && commit.held.iter().all(|held| {
                    held.breaches.iter().all(|breach| breach.column.is_none_or(column))
                        && held.unlisted.is_none_or(|number| self.unlisted.get(number).is_some())
                })
        };
        grounds && shapes && self.commits.iter().all(row)
    }
}

/// Puts the values of `from` into `into`, each made over by `make`: their new numbers, by their old ones.
fn moved<T: Hash + Eq>(into: &mut Table<T>, from: &Table<T>, make: impl Fn(&T) -> T) -> Vec<u32> {
    from.iter().map(|value| into.put(make(value))).collect()
}
