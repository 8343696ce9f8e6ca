// What stands above the map: figures, cost over time, the steps, the policies.

function showHead() {
  const {head} = DATA;
  document.getElementById('title').textContent = [head.repository, head.branch].filter(Boolean).join(' · ') || 'Audit';
  const dates = COMMITS.map(commit => commit.date).reduce(([least, most], date) => [Math.min(least, date), Math.max(most, date)], [Infinity, -Infinity]);
  const span = COMMITS.length ? `, ${day(dates[0])} to ${day(dates[1])}` : '';
  const gates = head.gates ? `workflows of ${head.gates}, compared with each commit’s own` : 'each commit’s own workflows';
  const about = `${plural(COMMITS.length, head.pull_requests ? 'pull request' : 'commit')}${span}, each as ${head.event}. Woodpecker ${head.woodpecker}, files as ${head.forge} lists them, ${gates}.`;
  document.getElementById('about').replaceChildren(about, ...head.notes.flatMap(note => [h('br'), `Note: ${note}`]));
}

function showFigures() {
  const counts = {run: 0, none: 0, error: 0};
  let [spent, saved, broken, wasted, own, misled] = [0, 0, 0, 0, 0, 0];
  for (const commit of rows) {
    counts[commit.shape.pipeline] += 1;
    const [more, less] = price(commit);
    spent += more;
    saved += less;
    if (isBroken(commit)) broken += 1;
    for (const at of commit.broken) if (commit.shape.verdicts[at] === RUN) wasted += DATA.columns[at]?.cost ?? 0;
    if (columns.some(at => differs(commit, commit.all, at))) misled += 1;
    if (commit.own) own += price({shape: commit.own})[0];
  }
  const figure = (value, what, bad) => h('div', {className: bad ? 'figure bad' : 'figure'}, h('b', {}, value), h('span', {className: 'dim'}, what));
  document.getElementById('figures').replaceChildren(
    figure(number(counts.run), counts.run === 1 ? 'pipeline' : 'pipelines'),
    figure(duration(spent), PRICED ? 'spent' : 'steps ran'),
    figure(duration(saved), PRICED ? 'saved by skipping' : 'steps skipped'),
    ...(DATA.head.gates && PRICED ? [figure(duration(Math.abs(spent - own)), spent > own ? 'more than with their own gates' : 'less than with their own gates')] : []),
    ...(DATA.policies.length ? [figure(number(broken), broken === 1 ? 'commit breaks a policy' : 'commits break a policy', broken > 0)] : []),
    ...(misled ? [figure(number(misled), `${misled === 1 ? 'commit comes' : 'commits come'} out otherwise by all that changed`, true)] : []),
    ...(wasted ? [figure(duration(wasted), 'wasted', true)] : []),
    ...(counts.error ? [figure(number(counts.error), 'refused', true)] : []),
    ...(counts.none ? [figure(number(counts.none), 'without a pipeline')] : []));
}

function svg(tag, attributes, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// Bars of a day, a week or a month: what was spent, and what was saved above it.
function showChart() {
  document.getElementById('chart-title').textContent = PRICED ? 'Cost over time' : 'Steps over time';
  document.getElementById('chart-key').replaceChildren(
    h('span', {}, h('i', {className: 'spent'}), PRICED ? 'spent' : 'ran'), h('span', {}, h('i', {className: 'saved'}), PRICED ? 'saved' : 'skipped'));
  const chart = document.getElementById('chart');
  if (!rows.length) return chart.replaceChildren();
  const dates = rows.map(commit => commit.date);
  const [first, last] = [dates.reduce((a, b) => Math.min(a, b)), dates.reduce((a, b) => Math.max(a, b))];
  const days = (last - first) / 86400;
  const [length, name] = days < 60 ? [86400, 'day'] : days < 730 ? [604800, 'week'] : [2629800, 'month'];
  const count = Math.min(Math.floor((last - first) / length) + 1, 400);
  const buckets = Array.from({length: count}, () => ({spent: 0, saved: 0, commits: 0}));
  for (const commit of rows) {
    const bucket = buckets[Math.min(Math.floor((commit.date - first) / length), count - 1)];
    const [spent, saved] = price(commit);
    bucket.spent += spent;
    bucket.saved += saved;
    bucket.commits += 1;
  }
  const [width, height, left, bottom] = [600, 168, 46, 16];
  const most = Math.max(...buckets.map(({spent, saved}) => spent + saved), 1);
  const unit = PRICED ? 3600 : 1;
  const step = niceStep(most / unit) * unit;
  const y = value => (height - bottom) * (1 - value / (Math.ceil(most / step) * step));
  const parts = [];
  for (let value = 0; value <= Math.ceil(most / step) * step; value += step) {
    parts.push(svg('line', {class: 'grid', x1: left, x2: width, y1: y(value), y2: y(value)}));
    parts.push(svg('text', {x: left - 6, y: y(value) + 3.5, 'text-anchor': 'end'}, PRICED ? `${number(value / unit)} h` : number(value)));
  }
  const wide = (width - left) / count;
  buckets.forEach(({spent, saved, commits}, at) => {
    const x = left + at * wide;
    const bar = (className, from, to) => svg('rect', {class: className, x: x + wide * .12, width: wide * .76, y: y(to), height: Math.max(y(from) - y(to), 0)});
    const said = `${name} of ${day(first + at * length)}: ${plural(commits, 'commit')}, ${duration(spent)} ${PRICED ? 'spent' : 'ran'}, ${duration(saved)} ${PRICED ? 'saved' : 'skipped'}`;
    parts.push(svg('g', {}, svg('title', {}, said), svg('rect', {class: 'hit', x, width: wide, y: 0, height: height - bottom}), bar('spent', 0, spent), bar('saved', spent, spent + saved)));
  });
  parts.push(svg('text', {x: left, y: height - 2}, day(first)));
  if (count > 3) parts.push(svg('text', {x: width, y: height - 2, 'text-anchor': 'end'}, day(last)));
  chart.replaceChildren(svg('svg', {viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img', 'aria-labelledby': 'chart-title'}, ...parts));
  // Bars stretch with the page; letters do not.
  const scale = chart.clientWidth / width;
  for (const text of chart.querySelectorAll('text')) text.setAttribute('transform', `translate(${text.getAttribute('x') * (1 - 1 / scale)} 0) scale(${1 / scale} 1)`);
}

// A step of 1, 2 or 5 times a power of ten, so that four or so reach `most`.
function niceStep(most) {
  const power = 10 ** Math.floor(Math.log10(most / 4));
  const step = [1, 2, 5, 10].map(factor => factor * power).find(step => most / step <= 4);
  return Math.max(step, 1);
}

function showSteps() {
  const counts = tallies();
  const any = key => columns.some(at => counts[at][key] > 0);
  const [unknown, errors] = [any('unknown'), any('errors')];
  const titles = ['', 'share', 'runs', 'skips', ...(unknown ? ['unknown'] : []), ...(errors ? ['refused'] : []), ...(PRICED ? ['cost', 'saved'] : [])];
  const body = [];
  let workflow = null;
  for (const at of columns) {
    const column = DATA.columns[at];
    const {runs, skips, unknown: hang, errors: refused} = counts[at];
    const seen = runs + skips + hang + refused;
    if (!seen) continue;
    if (column.workflow !== workflow) {
      workflow = column.workflow;
      body.push(h('tr', {className: 'workflow'}, h('td', {colSpan: titles.length, title: workflow}, workflow)));
    }
    const fill = h('i');
    fill.style.width = `${100 * runs / seen}%`;
    const cells = [number(runs), number(skips), ...(unknown ? [number(hang)] : []), ...(errors ? [number(refused)] : []),
      ...(PRICED ? [column.cost === null ? '' : duration(runs * column.cost), column.cost === null ? '' : duration(skips * column.cost)] : [])];
    const row = h('tr', {className: 'step'}, h('td', {title: column.step ?? workflow}, column.step ?? '(workflow)'),
      h('td', {}, h('span', {className: 'bar', title: `${Math.round(100 * runs / seen)} %`}, fill)), ...cells.map(cell => h('td', {}, cell)));
    row.addEventListener('click', () => setFilter('step', column.step === null ? workflow : `${workflow}/${column.step}`));
    body.push(row);
  }
  document.getElementById('steps').replaceChildren(h('thead', {}, h('tr', {}, ...titles.map(title => h('th', {scope: 'col'}, title)))), h('tbody', {}, ...body));
}

function showPolicies() {
  const card = document.getElementById('policies-card');
  card.hidden = DATA.policies.length === 0;
  card.parentElement.classList.toggle('two', card.hidden);
  const items = DATA.policies.map((name, at) => {
    const counts = [0, 0, 0];
    for (const {held} of rows) for (const [policy, holding] of held) if (policy === at) counts[holding] += 1;
    const concerned = counts[0] + counts[1] + counts[2];
    const said = counts[BROKEN] ? `broken by ${number(counts[BROKEN])} of ${number(concerned)}`
      : counts[UNCLEAR] ? `${number(counts[UNCLEAR])} of ${number(concerned)} hang on the server`
      : concerned ? `kept by all ${number(concerned)}` : 'concerns no commit here';
    const pressed = filter.policy === String(at);
    const button = h('button', {type: 'button', 'aria-pressed': String(pressed)},
      h('span', {}, counts[BROKEN] ? '✗' : concerned ? '✓' : '·'), h('span', {}, name, h('br'), h('span', {className: counts[BROKEN] ? 'bad' : 'dim'}, said)));
    button.addEventListener('click', () => setFilter('policy', pressed ? '' : String(at)));
    return h('li', {}, button);
  });
  document.getElementById('policies').replaceChildren(...items);
}
