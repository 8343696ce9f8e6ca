// The map: a row a commit, a column a step. Only the rows in view exist; the marks are drawn on one canvas. The cell that has the
// focus is an element, which is what a screen reader hears.

const [ROW, CELL, GAP, HEAD, STRIP] = [20, 16, 8, 118, 46];
const map = {
  view: document.getElementById('view'), space: document.getElementById('space'), heads: document.getElementById('heads'),
  canvas: document.getElementById('cells'), strip: document.getElementById('strip'),
  // Where the columns begin, and the place of each.
  left: 0, x: [], width: 0,
  row: 0, column: 0, pool: [], cell: null, opened: false,
};

// Lays out columns: a gap before each workflow.
function layOut() {
  let [x, workflow] = [0, null];
  map.x = columns.map(at => {
    if (workflow !== null && workflow !== DATA.columns[at].workflow) x += GAP;
    workflow = DATA.columns[at].workflow;
    x += CELL;
    return x - CELL;
  });
  map.width = x;
  // What the columns do not need is for the commits.
  const left = map.view.clientWidth - map.width - STRIP - 120;
  map.left = Math.max(Math.min(left, 760), Math.min(460, map.view.clientWidth * .45), 200);
  map.row = Math.max(0, Math.min(map.row, rows.length - 1));
  map.column = Math.max(0, Math.min(map.column, columns.length - 1));
  map.space.style.height = `${HEAD + rows.length * ROW + 4}px`;
  map.space.style.width = `${map.left + map.width + 100 + STRIP}px`;
  map.view.setAttribute('aria-rowcount', rows.length);
  map.view.setAttribute('aria-colcount', columns.length + 1);
  const heads = [];
  columns.forEach((at, place) => {
    const column = DATA.columns[at];
    const head = h('div', {className: column.step === null ? 'head workflow' : 'head', title: `${column.workflow} ${column.step ?? ''}`}, column.step ?? column.workflow);
    head.style.left = `${map.x[place] + 12}px`;
    head.style.bottom = '2px';
    heads.push(head);
  });
  map.heads.replaceChildren(...heads);
  map.heads.style.left = `${map.left}px`;
  map.heads.style.height = `${HEAD}px`;
  drawStrip();
  draw();
}

function draw() {
  const {view, canvas} = map;
  const [top, right] = [view.scrollTop, view.scrollLeft];
  const first = Math.max(0, Math.floor(top / ROW));
  const last = Math.min(rows.length, Math.ceil((top + view.clientHeight - HEAD) / ROW) + 1);
  for (const head of map.heads.children) head.style.translate = `${-right}px 0`;
  showRows(first, last, right);
  const scale = window.devicePixelRatio || 1;
  const [width, height] = [Math.max(view.clientWidth - map.left, 1), Math.max(view.clientHeight - HEAD, 1)];
  canvas.style.left = `${map.left}px`;
  canvas.style.top = `${HEAD}px`;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  const pen = canvas.getContext('2d');
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  for (let at = first; at < last; at += 1) {
    const y = at * ROW - top;
    const commit = rows[at];
    if (at === map.row) {
      pen.fillStyle = colours.hover;
      pen.fillRect(0, y, width, ROW);
    }
    columns.forEach((column, place) => {
      const x = map.x[place] - right + 4;
      if (x < -CELL || x > width) return;
      mark(pen, x, y + 2, commit.shape.verdicts[column], commit.broken.has(column), commit.unclear.has(column));
      if (differs(commit, commit.own, column) || differs(commit, commit.all, column)) {
        pen.fillStyle = colours.text;
        pen.fillRect(x + 3, y + 17, 10, 1.5);
      }
    });
  }
  const x = map.x[map.column] - right + 4;
  if (map.row >= first && map.row < last && (map.opened || document.activeElement === map.cell)) {
    pen.strokeStyle = colours.text;
    pen.lineWidth = 1.5;
    pen.strokeRect(x - .75, map.row * ROW - top + 1.25, 17.5, 17.5);
  }
  placeCell();
  drawFrame();
}

// The heads of the rows in view.
function showRows(first, last, right) {
  while (map.pool.length < last - first) {
    const row = h('div', {className: 'row', role: 'row'}, h('span', {className: 'date', role: 'rowheader'}), h('span', {className: 'id mono'}), h('span', {className: 'subject'}), h('span', {className: 'who'}));
    row.addEventListener('click', () => { move(Number(row.dataset.at), map.column); openPanel(true); });
    map.space.append(row);
    map.pool.push(row);
  }
  map.pool.forEach((row, place) => {
    const at = first + place;
    row.hidden = at >= last;
    if (row.hidden) return;
    const commit = rows[at];
    row.style.top = `${HEAD + at * ROW}px`;
    row.style.translate = `${right}px 0`;
    row.style.width = `${map.left}px`;
    if (row.commit === commit && row.isNow === (at === map.row)) return;
    [row.commit, row.isNow] = [commit, at === map.row];
    row.className = `row${isBroken(commit) ? ' broken' : ''}${at === map.row ? ' now' : ''}`;
    row.dataset.at = at;
    row.setAttribute('aria-rowindex', at + 1);
    const [date, id, subject, who] = row.children;
    date.textContent = day(commit.date);
    id.textContent = commit.id.slice(0, 8);
    subject.textContent = commit.subject || '(no message)';
    subject.title = commit.subject;
    who.textContent = commit.author.replace(/ <.*/, '');
  });
}

// Puts the element of the current cell where it is drawn.
function placeCell() {
  map.cell ??= map.space.appendChild(h('div', {className: 'cell', role: 'gridcell', tabIndex: 0}));
  map.cell.hidden = !rows.length || !columns.length;
  if (map.cell.hidden) return;
  const commit = rows[map.row];
  const at = columns[map.column];
  const column = DATA.columns[at];
  map.cell.style.left = `${map.left + map.x[map.column] + 4}px`;
  map.cell.style.top = `${HEAD + map.row * ROW}px`;
  const broken = commit.broken.has(at) ? ', breaks a policy' : '';
  map.cell.setAttribute('aria-label', `${column.step ?? 'workflow'} of ${column.workflow}, ${WORDS[commit.shape.verdicts[at]]}${broken}, ${day(commit.date)} ${commit.subject}`);
  map.cell.setAttribute('aria-rowindex', map.row + 1);
  map.cell.setAttribute('aria-colindex', map.column + 2);
}

// Makes a cell the current one, and brings it into view.
function move(row, column) {
  map.row = Math.max(0, Math.min(row, rows.length - 1));
  map.column = Math.max(0, Math.min(column, columns.length - 1));
  const {view} = map;
  const y = map.row * ROW;
  const height = view.clientHeight - HEAD - ROW;
  if (y < view.scrollTop) view.scrollTop = y;
  else if (y > view.scrollTop + height) view.scrollTop = y - height;
  const x = map.x[map.column] ?? 0;
  const width = view.clientWidth - map.left - CELL * 3 - STRIP;
  if (x < view.scrollLeft) view.scrollLeft = x;
  else if (x > view.scrollLeft + width) view.scrollLeft = x - width;
  map.cell?.focus({preventScroll: true});
  draw();
  if (map.opened) openPanel(false);
}

// All rows at once, beside the map: runs in their columns, broken policies at the edge.
function drawStrip() {
  const {strip, view} = map;
  const scale = window.devicePixelRatio || 1;
  const height = Math.max(view.clientHeight - HEAD - 4, 1);
  strip.style.top = `${HEAD + 2}px`;
  strip.style.width = `${STRIP}px`;
  strip.style.height = `${height}px`;
  strip.width = STRIP * scale;
  strip.height = height * scale;
  const pen = strip.getContext('2d');
  pen.scale(scale, scale);
  pen.fillStyle = colours.card;
  pen.fillRect(0, 0, STRIP, height);
  const each = Math.min(height / Math.max(rows.length, 1), 3);
  const wide = (STRIP - 12) / Math.max(columns.length, 1);
  const [thin, every] = [Math.max(each, .5), Math.max(1, Math.floor(rows.length / (height * 2)))];
  pen.fillStyle = colours.run;
  pen.globalAlpha = .75;
  for (let at = 0; at < rows.length; at += every) {
    const {verdicts} = rows[at].shape;
    columns.forEach((column, place) => { if (verdicts[column] === RUN) pen.fillRect(2 + place * wide, at * each, Math.max(wide - .3, .4), thin); });
  }
  pen.globalAlpha = 1;
  rows.forEach((commit, at) => {
    const refused = commit.shape.pipeline === 'error';
    if (!refused && !isBroken(commit)) return;
    pen.fillStyle = refused && !isBroken(commit) ? colours.error : colours.broken;
    pen.fillRect(STRIP - 8, at * each, 6, Math.max(each, 2));
  });
  map.each = each;
  map.picture = h('canvas', {width: strip.width, height: strip.height});
  map.picture.getContext('2d').drawImage(strip, 0, 0);
}

// Where the view is in the strip.
function drawFrame() {
  if (!map.picture) return;
  const pen = map.strip.getContext('2d');
  pen.drawImage(map.picture, 0, 0, STRIP, parseFloat(map.strip.style.height));
  const top = map.view.scrollTop / ROW * map.each;
  const height = Math.max((map.view.clientHeight - HEAD) / ROW * map.each, 6);
  pen.strokeStyle = colours.text;
  pen.lineWidth = 1;
  pen.strokeRect(.5, top + .5, STRIP - 1, height - 1);
}
