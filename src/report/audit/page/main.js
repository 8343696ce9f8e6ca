// Filters, keys, theme: what ties the parts together.

const FILTERS = ['path', 'author', 'step', 'policy', 'outcome'];
const field = name => document.getElementById(`f-${name}`);

function refresh() {
  applyFilter();
  const what = DATA.head.pull_requests ? 'pull request' : 'commit';
  document.getElementById('count').textContent = rows.length === COMMITS.length ? '' : `${number(rows.length)} of ${plural(COMMITS.length, what)}`;
  showFigures();
  showChart();
  showSteps();
  showPolicies();
  document.querySelector('.empty')?.remove();
  if (!rows.length || !columns.length) map.view.append(h('p', {className: 'empty'}, rows.length ? 'No step is named so.' : 'No commit is left.'));
  if (rows.length && columns.length && map.opened) openPanel(false);
  else if (map.opened) closePanel();
  layOut();
}

function setFilter(name, value) {
  filter[name] = value;
  field(name).value = value;
  refresh();
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  readColours();
  document.getElementById('legend').replaceChildren(
    ...[RUN, SKIP, UNKNOWN, DROPPED, ERROR].map(verdict => h('span', {}, swatch(verdict), WORDS[verdict])),
    h('span', {}, swatch(RUN, true), 'against a policy'),
    ...(DATA.head.gates ? [h('span', {}, '▁ differs from its own gates')] : []),
    ...(MISLED ? [h('span', {}, '▁ comes out otherwise by all that changed')] : []));
  layOut();
  if (map.opened) openPanel(false);
}

function start() {
  showHead();
  const option = (value, text) => h('option', {value}, text);
  field('policy').replaceChildren(option('', 'any'), ...(DATA.policies.length ? [option('-1', 'some policy is broken')] : []),
    ...DATA.policies.map((name, at) => option(String(at), `not kept: ${name}`)));
  field('outcome').replaceChildren(option('', 'any'), option('ran', 'a step ran'), option('skipped', 'a step was skipped'), option('unknown', 'a step hangs on the server'),
    option('refused', 'refused'), option('none', 'without a pipeline'), ...(DATA.head.gates ? [option('differs', 'differs from its own gates')] : []),
    ...(MISLED ? [option('listed', 'otherwise by all that changed')] : []));
  document.getElementById('authors').replaceChildren(...DATA.authors.slice(0, 500).map(author => option(author, '')));
  let waiting = 0;
  for (const name of FILTERS) {
    field(name).addEventListener('input', () => {
      filter[name] = field(name).value;
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(refresh);
    });
  }
  document.getElementById('filters').addEventListener('submit', event => event.preventDefault());
  document.getElementById('f-reset').addEventListener('click', () => {
    for (const name of FILTERS) filter[name] = field(name).value = '';
    refresh();
  });
  let drawing = 0;
  map.view.addEventListener('scroll', () => {
    cancelAnimationFrame(drawing);
    drawing = requestAnimationFrame(draw);
  });
  map.view.addEventListener('click', event => {
    const box = map.view.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left - map.left + map.view.scrollLeft - 4, event.clientY - box.top - HEAD + map.view.scrollTop];
    const place = map.x.findIndex(left => x >= left && x < left + CELL);
    if (event.clientX - box.left < map.left || place < 0 || y < map.view.scrollTop || y >= rows.length * ROW) return;
    map.opened = true;
    move(Math.floor(y / ROW), place);
  });
  const jump = event => { map.view.scrollTop = (event.offsetY / map.each - (map.view.clientHeight - HEAD) / ROW / 2) * ROW; };
  map.strip.addEventListener('pointerdown', event => { map.strip.setPointerCapture(event.pointerId); jump(event); });
  map.strip.addEventListener('pointermove', event => { if (event.buttons) jump(event); });
  for (const change of ['focusin', 'focusout']) map.view.addEventListener(change, () => requestAnimationFrame(draw));
  document.addEventListener('keydown', onKey);
  new ResizeObserver(() => { showChart(); layOut(); }).observe(map.view);
  const dark = matchMedia('(prefers-color-scheme: dark)');
  document.getElementById('theme').addEventListener('click', () => setTheme(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark'));
  dark.addEventListener('change', () => setTheme(dark.matches ? 'dark' : 'light'));
  applyFilter();
  setTheme(dark.matches ? 'dark' : 'light');
  refresh();
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape') return closePanel();
  const typing = event.target.closest('input, select, textarea');
  if (event.key === '/' && !typing) {
    event.preventDefault();
    return field('path').focus();
  }
  if (!map.view.contains(event.target)) return;
  const page = Math.max(1, Math.floor((map.view.clientHeight - HEAD) / ROW) - 1);
  const {row, column} = map;
  const moves = {
    ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
    PageUp: [row - page, column], PageDown: [row + page, column], Home: [row, 0], End: [row, columns.length - 1],
  };
  if (event.key in moves) {
    event.preventDefault();
    move(...moves[event.key]);
  } else if (event.key === 'Enter' || event.key === ' ') {
    event.preventDefault();
    openPanel(true);
  }
}

start();
