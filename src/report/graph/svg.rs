//! The picture as an SVG file of its own: no script, no font, nothing from elsewhere; light or dark as the reader has it.

use std::io::{self, Write};

use unicode_width::UnicodeWidthChar as _;

use super::arrange::{Arrangement, Block, Gaps, Point, arrange};
use super::{Chart, Diagram, Link, mark, title};
use crate::plan::{Outcome, Reason, StepPlan, Verdict};
use crate::text::escape;

/// The most lines of a picture; nobody could follow more. The description says how many are left out.
const MAX_LINES: usize = 4096;
/// The longest name in a box, in columns; the whole of it is in the box's title.
const MAX_NAME: f64 = 36.0;
/// The width of a column of the text in boxes, and of the smaller text.
const COLUMN: f64 = 7.83;
const SMALL: f64 = 6.7;
const STEP_HEIGHT: f64 = 30.0;
/// The space at the edge of a card, the space in it above the steps, and the space around everything.
const PAD: f64 = 18.0;
const CARD_HEAD: f64 = 58.0;
const MARGIN: f64 = 24.0;
/// The space above the cards, and below.
const HEAD: f64 = 66.0;
const FOOT: f64 = 34.0;

const STYLE: &str = "\
text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#1f2328}\
.small{font-size:11px;fill:#59636e}.big{font-weight:600;font-size:14px}\
.page{fill:#fff}.card{fill:#f6f8fa;stroke:#d1d9e0}\
.firm{fill:none;stroke:#59636e;stroke-width:1.5}.faint{fill:none;stroke:#afb8c1;stroke-width:1.5;stroke-dasharray:4 4}\
.tip{fill:#59636e}.faint-tip{fill:#afb8c1}\
.run rect{fill:#dafbe1;stroke:#1a7f37}.run .mark{fill:#1a7f37}\
.skip rect{fill:#fff;stroke:#8c959f;stroke-dasharray:4 3}.skip .name,.skip .mark{fill:#59636e}\
.unknown rect{fill:#fff8c5;stroke:#9a6700}.unknown .mark{fill:#9a6700}\
.dropped rect{fill:#fff;stroke:#9a6700;stroke-dasharray:4 3}.dropped .mark{fill:#9a6700}\
.error rect{fill:#ffebe9;stroke:#cf222e}.error .mark{fill:#cf222e}\
@media (prefers-color-scheme:dark){\
text{fill:#f0f6fc}.small{fill:#9198a1}.page{fill:#0d1117}.card{fill:#151b23;stroke:#3d444d}\
.firm{stroke:#9198a1}.faint{stroke:#59636e}.tip{fill:#9198a1}.faint-tip{fill:#59636e}\
.run rect{fill:#12261e;stroke:#3fb950}.run .mark{fill:#3fb950}\
.skip rect{fill:#0d1117;stroke:#656c76}.skip .name,.skip .mark{fill:#9198a1}\
.unknown rect{fill:#272115;stroke:#d29922}.unknown .mark{fill:#d29922}\
.dropped rect{fill:#0d1117;stroke:#d29922}.dropped .mark{fill:#d29922}\
.error rect{fill:#25171c;stroke:#f85149}.error .mark{fill:#f85149}}";

/// Writes `diagram` as an SVG file: a card a workflow, left to right by what they wait for; in it the steps, top to bottom by stage. The
/// title of each box says why.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_graph_svg(out: &mut dyn Write, diagram: &Diagram<'_>) -> io::Result<()> {
    let cards: Vec<Card<'_>> = diagram.charts.iter().map(Card::new).collect();
    let blocks: Vec<Block> =
        cards.iter().map(|card| Block { layer: card.chart.layer, across: card.height, along: card.width }).collect();
    let (lines, left_out) = pairs(&diagram.links);
    let whole = arrange(&blocks, &lines, Gaps { across: 28.0, along: 64.0 });
    let [first, second] = headings(diagram);
    let text_width = (columns(&first) * COLUMN * 14.0 / 13.0).max(columns(&second) * SMALL).max(LEGEND_WIDTH);
    let width = whole.size.along.max(text_width) + 2.0 * MARGIN;
    let height = whole.size.across + HEAD + FOOT + MARGIN;
    let left_out = left_out + cards.iter().map(|card| card.left_out).sum::<usize>();
    let description = description(diagram, left_out);

    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" \
         role=\"img\" aria-labelledby=\"title description\">\n<title id=\"title\">{}</title>\n<desc id=\"description\">{description}</desc>",
        xml(&first),
    )?;
    writeln!(out, "<style>{STYLE}</style>\n<defs>{}{}</defs>", tip("tip"), tip("faint-tip"))?;
    writeln!(out, "<rect class=\"page\" width=\"100%\" height=\"100%\"/>")?;
    writeln!(out, "<text class=\"big\" x=\"{MARGIN}\" y=\"32\">{}</text>", xml(&first))?;
    writeln!(out, "<text class=\"small\" x=\"{MARGIN}\" y=\"50\">{}</text>", xml(&second))?;
    for (points, link) in whole.lines.iter().zip(firm(&diagram.links)) {
        let points = points.iter().map(|point| (point.along + MARGIN, point.across + HEAD)).collect::<Vec<_>>();
        write_line(out, &points, link, true)?;
    }
    for (card, corner) in cards.iter().zip(&whole.corners) {
        card.write(out, diagram, corner.along + MARGIN, corner.across + HEAD)?;
    }
    legend(out, height - FOOT + 8.0)?;
    writeln!(out, "</svg>")
}

/// A workflow with its steps in their places.
struct Card<'a> {
    chart: &'a Chart<'a>,
    steps: Arrangement,
    width: f64,
    height: f64,
    left_out: usize,
}

impl<'a> Card<'a> {
    fn new(chart: &'a Chart<'a>) -> Self {
        let block = |(step, &layer): (&StepPlan, &usize)| Block {
            layer,
            across: (columns(&cut(&step.name)) * COLUMN + 44.0).max(96.0),
            along: STEP_HEIGHT,
        };
        let blocks: Vec<Block> = chart.workflow.steps.iter().zip(&chart.rows).map(block).collect();
        let (lines, left_out) = pairs(&chart.links);
        let steps = arrange(&blocks, &lines, Gaps { across: 16.0, along: 24.0 });
        let name = columns(&cut(&title(chart.workflow))) * COLUMN * 14.0 / 13.0 + 20.0;
        let width = steps.size.across.max(name).max(150.0) + 2.0 * PAD;
        let height = CARD_HEAD + steps.size.along + PAD;
        Self { chart, steps, width, height, left_out }
    }

    fn write(&self, out: &mut dyn Write, diagram: &Diagram<'_>, x: f64, y: f64) -> io::Result<()> {
        let workflow = self.chart.workflow;
        let Self { width, height, .. } = self;
        let verdict = workflow.verdict.name();
        writeln!(out, "<g transform=\"translate({x:.0} {y:.0})\">")?;
        writeln!(out, "<rect class=\"card\" width=\"{width:.0}\" height=\"{height:.0}\" rx=\"10\"/>")?;
        write!(out, "<g class=\"{verdict}\"><title>{}</title>", told(verdict, &title(workflow), &workflow.reasons))?;
        write!(out, "<text class=\"mark\" x=\"{PAD}\" y=\"26\">{}</text>", mark(workflow.verdict))?;
        writeln!(out, "<text class=\"big\" x=\"{}\" y=\"26\">{}</text></g>", PAD + 16.0, xml(&cut(&title(workflow))))?;
        let file = diagram.explanation.files[workflow.file].name();
        let fits = (width - 2.0 * PAD) / SMALL;
        writeln!(out, "<text class=\"small\" x=\"{PAD}\" y=\"44\">{}</text>", xml(&shortened(file, fits)))?;
        let left = (width - self.steps.size.across) / 2.0;
        for (points, link) in self.steps.lines.iter().zip(firm(&self.chart.links)) {
            let points: Vec<_> = points.iter().map(|point| (point.across + left, point.along + CARD_HEAD)).collect();
            write_line(out, &points, link, false)?;
        }
        for (at, corner) in self.steps.corners.iter().enumerate() {
            self.write_step(out, at, *corner, left)?;
        }
        writeln!(out, "</g>")
    }

    fn write_step(&self, out: &mut dyn Write, at: usize, corner: Point, left: f64) -> io::Result<()> {
        let step = &self.chart.workflow.steps[at];
        let verdict = step.verdict.name();
        let (x, y) = (corner.across + left, corner.along + CARD_HEAD);
        let width = (columns(&cut(&step.name)) * COLUMN + 44.0).max(96.0);
        write!(out, "<g class=\"{verdict}\" transform=\"translate({x:.0} {y:.0})\">")?;
        write!(out, "<title>{}</title>", told(verdict, &step.name, &step.reasons))?;
        write!(out, "<rect width=\"{width:.0}\" height=\"{STEP_HEIGHT}\" rx=\"6\"/>")?;
        write!(out, "<text class=\"mark\" x=\"12\" y=\"20\">{}</text>", mark(step.verdict))?;
        writeln!(out, "<text class=\"name\" x=\"28\" y=\"20\">{}</text></g>", xml(&cut(&step.name)))
    }
}

/// The lines of `links`, as far as they are drawn, and how many are not.
fn pairs(links: &[Link]) -> (Vec<(usize, usize)>, usize) {
    let all: usize = links.iter().map(|link| link.from.len().saturating_mul(link.to.len())).sum();
    let pairs =
        links.iter().flat_map(|link| link.from.iter().flat_map(|&from| link.to.iter().map(move |&to| (from, to))));
    (pairs.take(MAX_LINES).collect(), all.saturating_sub(MAX_LINES))
}

/// Whether each line of `links` is firm, in the order of [`pairs`].
fn firm(links: &[Link]) -> impl Iterator<Item = bool> {
    links.iter().flat_map(|link| std::iter::repeat_n(link.firm, link.from.len().saturating_mul(link.to.len())))
}

/// A curve through `points`: straight where it passes a layer, bent between layers. `sideways`: layers go from left to right.
fn write_line(out: &mut dyn Write, points: &[(f64, f64)], firm: bool, sideways: bool) -> io::Result<()> {
    let pieces = points.iter().enumerate().map(|(at, &(x, y))| {
        let before = at.checked_sub(1).map(|before| points[before]);
        match before {
            None => format!("M{x:.1} {y:.1}"),
            // Every second piece passes a layer.
            Some(_) if at % 2 == 0 => format!("L{x:.1} {y:.1}"),
            Some((left, above)) if sideways => {
                let middle = f64::midpoint(left, x);
                format!("C{middle:.1} {above:.1} {middle:.1} {y:.1} {x:.1} {y:.1}")
            }
            Some((left, above)) => {
                let middle = f64::midpoint(above, y);
                format!("C{left:.1} {middle:.1} {x:.1} {middle:.1} {x:.1} {y:.1}")
            }
        }
    });
    let path: String = pieces.collect();
    let (class, tip) = if firm { ("firm", "tip") } else { ("faint", "faint-tip") };
    writeln!(out, "<path class=\"{class}\" marker-end=\"url(#{tip})\" d=\"{path}\"/>")
}

fn tip(id: &str) -> String {
    format!(
        "<marker id=\"{id}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" \
         markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"{id}\" d=\"M0 0L8 4L0 8z\"/></marker>"
    )
}

const LEGEND: [(Verdict, &str, f64); 4] = [
    (Verdict::Run, "runs", 64.0),
    (Verdict::Skip, "is left out", 116.0),
    (Verdict::Unknown, "hangs on the server", 164.0),
    (Verdict::Error, "is refused", 90.0),
];
const LEGEND_WIDTH: f64 = 440.0;

fn legend(out: &mut dyn Write, y: f64) -> io::Result<()> {
    let mut x = MARGIN;
    for (verdict, text, width) in LEGEND {
        write!(
            out,
            "<g class=\"{}\"><text class=\"mark\" x=\"{x}\" y=\"{y:.0}\">{}</text></g>",
            verdict.name(),
            mark(verdict)
        )?;
        writeln!(out, "<text class=\"small\" x=\"{}\" y=\"{y:.0}\">{text}</text>", x + 14.0)?;
        x += width;
    }
    Ok(())
}

/// The change in a line, and what the pipeline comes to in another.
fn headings(diagram: &Diagram<'_>) -> [String; 2] {
    let explanation = &diagram.explanation;
    let context = explanation.context;
    let branch = context.branch().map(|branch| format!(" on {branch}")).unwrap_or_default();
    let subject = context.message().lines().next().unwrap_or_default();
    let commit = context.commit().map(|id| format!(", {} {subject}", id.get(..10).unwrap_or(id))).unwrap_or_default();
    let first = format!("{}{branch}{commit}", context.event());
    let files = match context.files().len() {
        0 => "no changed file".to_owned(),
        1 => "1 changed file".to_owned(),
        count => format!("{count} changed files"),
    };
    let outcome = match explanation.plan.outcome {
        Outcome::Run => "",
        Outcome::None => "; there is no pipeline",
        Outcome::Error => "; the server refuses the pipeline",
    };
    [shortened(&first, 100.0), format!("Woodpecker {}, {files}{outcome}", explanation.server)]
}

/// What the picture shows, for those who do not see it.
fn description(diagram: &Diagram<'_>, left_out: usize) -> String {
    let mut sentences = Vec::new();
    for chart in &diagram.charts {
        let workflow = chart.workflow;
        sentences.push(format!("Workflow {}: {}.", xml(&title(workflow)), workflow.verdict.name()));
        for verdict in [Verdict::Run, Verdict::Skip, Verdict::Unknown, Verdict::Error] {
            let steps = workflow.steps.iter().filter(|step| step.verdict == verdict);
            let names: Vec<String> = steps.map(|step| xml(&step.name)).collect();
            if !names.is_empty() {
                sentences.push(format!("Steps with verdict {}: {}.", verdict.name(), names.join(", ")));
            }
        }
    }
    if left_out > 0 {
        sentences.push(format!("{left_out} lines are left out."));
    }
    sentences.join(" ")
}

/// A name, its verdict and why, for a title.
fn told(verdict: &str, name: &str, reasons: &[Reason]) -> String {
    let reasons: Vec<String> = reasons.iter().map(|reason| xml(&reason.to_string())).collect();
    format!("{}: {verdict} ({})", xml(name), reasons.join("; "))
}

/// A name as it is shown in a box.
fn cut(name: &str) -> String {
    shortened(name, MAX_NAME)
}

/// `text` as people see it, in at most `most` columns.
fn shortened(text: &str, most: f64) -> String {
    let shown = escape(text).to_string();
    if columns(&shown) <= most {
        return shown;
    }
    let mut width = 1.0;
    let fits = |c: &char| {
        width += f64::from(c.width().unwrap_or(0) as u32);
        width <= most
    };
    shown.chars().take_while(fits).chain(['…']).collect()
}

/// The width of a text, in columns.
fn columns(text: &str) -> f64 {
    f64::from(unicode_width::UnicodeWidthStr::width(text) as u32)
}

/// A text that is safe in XML, and for the eye.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in escape(text).to_string().chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML has no way to write these two.
            '\u{fffe}' | '\u{ffff}' => out.push(char::REPLACEMENT_CHARACTER),
            c => out.push(c),
        }
    }
    out
}
