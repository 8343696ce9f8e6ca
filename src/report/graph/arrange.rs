//! Places for boxes in layers, and for the lines between them: after Sugiyama, Tagawa and Toda (1981).
//!
//! A line that passes a layer gets a slot in it, so that no line runs through a box. In each layer the slots are sorted by the middle of
//! their neighbours, then moved as close below and above these as the others in the layer allow.
//!
//! One direction is called `along` (from layer to layer), the other `across`; who draws decides which is which.

#![expect(clippy::cast_precision_loss, reason = "there are fewer boxes than a f64 can count")]

/// How many times the layers are gone through, down and up, for the order and for the places.
const SWEEPS: usize = 4;
/// The most slots. Lines beyond go straight to where they end.
const MAX_SLOTS: usize = 20_000;

/// A box.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    pub layer: usize,
    pub across: f64,
    pub along: f64,
}

/// A place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    pub across: f64,
    pub along: f64,
}

/// The space between neighbours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gaps {
    pub across: f64,
    pub along: f64,
}

/// Where everything goes. All places are from 0 on.
#[derive(Debug)]
pub(super) struct Arrangement {
    /// The corner of each block that is closest to 0.
    pub corners: Vec<Point>,
    /// The points that each line goes through: the ends, and two for each layer that it passes.
    pub lines: Vec<Vec<Point>>,
    /// The corner of the whole that is farthest from 0.
    pub size: Point,
}

/// Arranges `blocks`, and a line for each pair of them in `lines`.
pub(super) fn arrange(blocks: &[Block], lines: &[(usize, usize)], gaps: Gaps) -> Arrangement {
    let mut grid = Grid::new(blocks, lines);
    grid.sort();
    grid.place(gaps.across);
    grid.finish(blocks, gaps)
}

/// A block, or a line that passes.
struct Slot {
    layer: usize,
    width: f64,
    /// The middle.
    middle: f64,
    before: Vec<usize>,
    behind: Vec<usize>,
}

struct Grid {
    /// The blocks first, in their order.
    slots: Vec<Slot>,
    /// The slots of each layer, in order.
    layers: Vec<Vec<usize>>,
    /// The slots of each line, from end to end.
    chains: Vec<Vec<usize>>,
}

impl Grid {
    fn new(blocks: &[Block], lines: &[(usize, usize)]) -> Self {
        let slot = |layer, width| Slot { layer, width, middle: 0.0, before: Vec::new(), behind: Vec::new() };
        let mut slots: Vec<Slot> = blocks.iter().map(|block| slot(block.layer, block.across)).collect();
        let mut chains = Vec::with_capacity(lines.len());
        for &(from, to) in lines {
            let mut chain = vec![from];
            let passed = blocks[from].layer + 1..blocks[to].layer;
            if slots.len() + passed.len() <= MAX_SLOTS {
                for layer in passed {
                    chain.push(slots.len());
                    slots.push(slot(layer, 0.0));
                }
            }
            chain.push(to);
            if blocks[from].layer < blocks[to].layer {
                for pair in chain.windows(2) {
                    slots[pair[0]].behind.push(pair[1]);
                    slots[pair[1]].before.push(pair[0]);
                }
            }
            chains.push(chain);
        }
        let mut layers = vec![Vec::new(); blocks.iter().map(|block| block.layer + 1).max().unwrap_or(0)];
        // What passes goes by on the near side, unless its neighbours draw it elsewhere.
        for at in (blocks.len()..slots.len()).chain(0..blocks.len()) {
            layers[slots[at].layer].push(at);
        }
        Self { slots, layers, chains }
    }

    /// Layers from the first to the last and back, and from where to look at each: from the one before, or behind.
    fn sweeps(&self) -> Vec<(usize, bool)> {
        let down = (0..self.layers.len()).map(|layer| (layer, true));
        let up = (0..self.layers.len()).rev().map(|layer| (layer, false));
        let once: Vec<(usize, bool)> = down.chain(up).collect();
        once.repeat(SWEEPS)
    }

    /// Sorts each layer by the middle of the neighbours' ranks. What has no neighbours keeps its rank.
    fn sort(&mut self) {
        let mut ranks = vec![0.0; self.slots.len()];
        for layer in &self.layers {
            layer.iter().enumerate().for_each(|(rank, &at)| ranks[at] = rank as f64);
        }
        for (layer, down) in self.sweeps() {
            let mut order: Vec<(f64, usize)> = self.layers[layer]
                .iter()
                .map(|&at| (self.slots[at].neighbours(down).mean(|it| ranks[it]).unwrap_or(ranks[at]), at))
                .collect();
            order.sort_by(|(a, _), (b, _)| a.total_cmp(b));
            self.layers[layer] = order.into_iter().map(|(_, at)| at).collect();
            for (rank, &at) in self.layers[layer].iter().enumerate() {
                ranks[at] = rank as f64;
            }
        }
    }

    /// Moves each slot as close to the middle of its neighbours as its layer allows.
    fn place(&mut self, gap: f64) {
        for layer in 0..self.layers.len() {
            self.settle(layer, gap, |_, _| 0.0);
        }
        for (layer, down) in self.sweeps() {
            self.settle(layer, gap, |slots, at| {
                let middle = |it: usize| slots[it].middle;
                slots[at].neighbours(down).mean(middle).unwrap_or(slots[at].middle)
            });
        }
    }

    /// Gives the slots of `layer` the middles that are closest to those wanted, in least squares, without an overlap.
    fn settle(&mut self, layer: usize, gap: f64, wanted: impl Fn(&[Slot], usize) -> f64) {
        let order = &self.layers[layer];
        let mut offset = 0.0;
        let mut offsets = Vec::with_capacity(order.len());
        // Blocks of neighbours that touch each other: the sum of what they want, and their number.
        let mut runs: Vec<(f64, usize)> = Vec::with_capacity(order.len());
        for (rank, &at) in order.iter().enumerate() {
            if rank > 0 {
                offset += f64::midpoint(self.slots[order[rank - 1]].width, self.slots[at].width) + gap;
            }
            offsets.push(offset);
            let mut run = (wanted(&self.slots, at) - offset, 1);
            while let Some(&(sum, count)) = runs.last() {
                if sum / count as f64 <= run.0 / run.1 as f64 {
                    break;
                }
                runs.pop();
                run = (run.0 + sum, run.1 + count);
            }
            runs.push(run);
        }
        let starts = runs.iter().flat_map(|&(sum, count)| std::iter::repeat_n(sum / count as f64, count));
        for ((&at, start), offset) in order.iter().zip(starts).zip(offsets) {
            self.slots[at].middle = start + offset;
        }
    }

    fn finish(self, blocks: &[Block], gaps: Gaps) -> Arrangement {
        let Self { mut slots, layers, chains } = self;
        let near = slots.iter().map(|slot| slot.middle - slot.width / 2.0).fold(f64::INFINITY, f64::min);
        for slot in &mut slots {
            slot.middle -= near;
        }
        let far = slots.iter().map(|slot| slot.middle + slot.width / 2.0).fold(0.0, f64::max);
        let mut lengths = vec![0.0_f64; layers.len()];
        for block in blocks {
            lengths[block.layer] = lengths[block.layer].max(block.along);
        }
        let mut end = 0.0;
        let starts: Vec<f64> = lengths
            .iter()
            .map(|length| {
                let start = end;
                end = start + length + gaps.along;
                start
            })
            .collect();
        let corners = blocks
            .iter()
            .zip(&slots)
            .map(|(block, slot)| Point { across: slot.middle - slot.width / 2.0, along: starts[block.layer] });
        let point = |at: usize, along: f64| Point { across: slots[at].middle, along };
        let lines = chains.iter().map(|chain| {
            let (from, to) = (chain[0], chain[chain.len() - 1]);
            let passed = chain[1..chain.len() - 1].iter().flat_map(|&at| {
                let layer = slots[at].layer;
                [point(at, starts[layer]), point(at, starts[layer] + lengths[layer])]
            });
            let start = point(from, starts[blocks[from].layer] + blocks[from].along);
            std::iter::once(start).chain(passed).chain([point(to, starts[blocks[to].layer])]).collect()
        });
        let size = Point { across: far, along: (end - gaps.along).max(0.0) };
        Arrangement { corners: corners.collect(), lines: lines.collect(), size }
    }
}

/// The slots that a slot is tied to.
struct Neighbours<'s>(&'s [usize]);

impl Slot {
    fn neighbours(&self, down: bool) -> Neighbours<'_> {
        Neighbours(if down { &self.before } else { &self.behind })
    }
}

impl Neighbours<'_> {
    /// The mean of a value over all of them.
    fn mean(&self, value: impl Fn(usize) -> f64) -> Option<f64> {
        let sum: f64 = self.0.iter().map(|&at| value(at)).sum();
        (!self.0.is_empty()).then(|| sum / self.0.len() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GAPS: Gaps = Gaps { across: 10.0, along: 20.0 };

    fn block(layer: usize, across: f64) -> Block {
        Block { layer, across, along: 30.0 }
    }

    /// No two blocks of one layer overlap, and no line runs through a block.
    fn assert_clear(blocks: &[Block], lines: &[(usize, usize)]) -> Arrangement {
        let made = arrange(blocks, lines, GAPS);
        let span = |at: usize| (made.corners[at].across, made.corners[at].across + blocks[at].across);
        for (a, b) in (0..blocks.len()).flat_map(|a| (0..a).map(move |b| (a, b))) {
            let ((a0, a1), (b0, b1)) = (span(a), span(b));
            assert!(blocks[a].layer != blocks[b].layer || a1 <= b0 || b1 <= a0, "{a} and {b}: {made:?}");
        }
        for (line, points) in lines.iter().zip(&made.lines) {
            for point in &points[1..points.len() - 1] {
                let inside = |at: usize| {
                    let along = made.corners[at].along;
                    let (from, to) = span(at);
                    (from..to).contains(&point.across) && (along..along + blocks[at].along).contains(&point.along)
                };
                assert!(!(0..blocks.len()).any(inside), "{line:?}: {made:?}");
            }
        }
        made
    }

    #[test]
    fn a_chain_is_straight() {
        let made = assert_clear(&[block(0, 40.0), block(1, 80.0), block(2, 20.0)], &[(0, 1), (1, 2)]);
        let middles: Vec<f64> = made.lines.iter().flatten().map(|point| point.across).collect();
        assert_eq!(middles, [40.0; 4]);
        assert_eq!(made.size, Point { across: 80.0, along: 130.0 });
    }

    #[test]
    fn lines_pass_by() {
        let blocks = [block(0, 40.0), block(1, 60.0), block(2, 40.0), block(3, 40.0)];
        let made = assert_clear(&blocks, &[(0, 1), (1, 2), (0, 3), (0, 2)]);
        assert_eq!(made.lines.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 6, 4]);
    }

    #[test]
    fn every_graph_of_four_blocks_is_clear() {
        for shape in 0..4_u32.pow(4) {
            let blocks: Vec<Block> = (0..4).map(|at| block((shape / 4_u32.pow(at) % 4) as usize, 30.0)).collect();
            let pairs = (0..4).flat_map(|from| (0..4).map(move |to| (from, to)));
            let lines: Vec<_> = pairs.filter(|&(from, to)| blocks[from].layer < blocks[to].layer).collect();
            assert_clear(&blocks, &lines);
        }
    }

    #[test]
    fn nothing_and_lines_that_go_back_are_taken_too() {
        assert_eq!(arrange(&[], &[], GAPS).size, Point { across: 0.0, along: 0.0 });
        let made = arrange(&[block(0, 10.0), block(1, 10.0)], &[(1, 0), (0, 0)], GAPS);
        assert!(made.lines.iter().all(|line| line.len() == 2));
    }
}
