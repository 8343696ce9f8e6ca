// The record as it was embedded, and what of it the filters leave.

const DATA = JSON.parse(document.getElementById('data').textContent);
const [ABSENT, RUN, SKIP, UNKNOWN, DROPPED, ERROR] = [0, 1, 2, 3, 4, 5];
const WORDS = ['not there', 'ran', 'skipped', 'hangs on the server', 'dropped', 'refused'];
const [KEPT, BROKEN, UNCLEAR] = [0, 1, 2];
const PRICED = DATA.columns.some(column => column.cost !== null);

// The verdict and the ground of each column, by shape.
for (const shape of DATA.shapes) {
  shape.verdicts = new Uint8Array(DATA.columns.length);
  shape.grounds = new Map();
  for (let at = 0; at < shape.cells.length; at += 3) {
    shape.verdicts[shape.cells[at]] = shape.cells[at + 1];
    shape.grounds.set(shape.cells[at], shape.cells[at + 2]);
  }
}

const COMMITS = DATA.commits.map(([id, author, date, subject, shape, changed, files, hidden, mentions, held, own, listed]) => ({
  // `hidden` are changed files that the forge does not list.
  id, author: DATA.authors[author], date, subject, shape: DATA.shapes[shape], changed, files, hidden, mentions, held,
  // What would have become of it by its own gates, and by all that changed where the forge does not list just that.
  own: own ? DATA.shapes[own[0]] : null, ownMentions: own ? own[1] : [],
  all: listed ? DATA.shapes[listed[0]] : null, allMentions: listed ? listed[1] : [],
  // The columns that break a policy, or may.
  broken: new Set(held.filter(([, holding]) => holding === BROKEN).flatMap(([, , columns]) => columns)),
  unclear: new Set(held.filter(([, holding]) => holding === UNCLEAR).flatMap(([, , columns]) => columns)),
}));
const isBroken = commit => commit.held.some(([, holding]) => holding === BROKEN);

const filter = {path: '', author: '', step: '', policy: '', outcome: ''};
// Whether some commit comes out otherwise than by all that changed.
const MISLED = COMMITS.some(commit => DATA.columns.some((_, at) => differs(commit, commit.all, at)));
let rows = [];
let columns = [];

// Fills `rows` and `columns`.
function applyFilter() {
  const step = filter.step.toLowerCase();
  columns = DATA.columns.map((_, at) => at).filter(at => {
    const {workflow, step: name} = DATA.columns[at];
    return !step || `${workflow}/${name ?? ''}`.toLowerCase().includes(step);
  });
  const path = filter.path.toLowerCase();
  const paths = path ? new Set(DATA.paths.flatMap((text, at) => text.toLowerCase().includes(path) ? [at] : [])) : null;
  const author = filter.author.toLowerCase();
  const policy = filter.policy === '' ? null : Number(filter.policy);
  const has = (commit, verdict) => columns.some(at => commit.shape.verdicts[at] === verdict && DATA.columns[at].step !== null);
  const outcomes = {
    ran: commit => has(commit, RUN), skipped: commit => has(commit, SKIP), unknown: commit => has(commit, UNKNOWN),
    refused: commit => commit.shape.pipeline === 'error',
    none: commit => commit.shape.pipeline === 'none',
    differs: commit => columns.some(at => differs(commit, commit.own, at)),
    listed: commit => columns.some(at => differs(commit, commit.all, at)),
  };
  rows = COMMITS.filter(commit =>
    (!paths || [commit.files, commit.hidden].some(files => files.some(file => paths.has(file))))
    && (!author || commit.author.toLowerCase().includes(author))
    && (policy === null || (policy < 0 ? isBroken(commit) : commit.held.some(([at, holding]) => at === policy && holding !== KEPT)))
    && (!filter.outcome || outcomes[filter.outcome](commit)));
}

// Whether a step runs in a commit and not in what that is held against, or the other way round.
function differs(commit, other, at) {
  if (!other || DATA.columns[at].step === null) return false;
  const kind = verdict => verdict === ABSENT || verdict === DROPPED ? SKIP : verdict;
  return kind(commit.shape.verdicts[at]) !== kind(other.verdicts[at]);
}

// Runs, skips, unknown and errors of each column, over the rows.
function tallies() {
  const uses = new Map();
  for (const {shape} of rows) uses.set(shape, (uses.get(shape) ?? 0) + 1);
  const counts = DATA.columns.map(() => [0, 0, 0, 0, 0, 0]);
  for (const [shape, count] of uses) {
    for (const at of columns) counts[at][shape.verdicts[at]] += count;
  }
  return counts.map(([, runs, skips, unknown, dropped, errors]) => ({runs, skips: skips + dropped, unknown, errors}));
}

// What the columns that are shown cost in `commit`, and what skipping them saved; without prices: how many ran and did not.
function price(commit) {
  let [spent, saved] = [0, 0];
  for (const at of columns) {
    const {step, cost} = DATA.columns[at];
    const worth = PRICED ? cost ?? 0 : step === null ? 0 : 1;
    if (commit.shape.verdicts[at] === RUN) spent += worth;
    else if (commit.shape.verdicts[at] === SKIP) saved += worth;
  }
  return [spent, saved];
}

// The lines that say why, with the files of this commit in their places.
function because(ground, mentions) {
  return DATA.grounds[ground].map(line => line.split('\0').map((part, at) => at % 2 ? DATA.paths[mentions[Number(part)]] : part).join(''));
}
