// The panel beside the map: what became of one step of one commit, and why.

function openPanel(focus) {
  const panel = document.getElementById('panel');
  const commit = rows[map.row];
  const at = columns[map.column];
  if (!commit || at === undefined) return;
  const was = panel.hidden;
  map.opened = true;
  const column = DATA.columns[at];
  const verdict = commit.shape.verdicts[at];
  const close = h('button', {type: 'button', className: 'close', 'aria-label': 'Close'}, '×');
  close.addEventListener('click', closePanel);
  const parts = [close, h('h2', {}, column.step ?? column.workflow)];
  if (column.step !== null) parts.push(h('p', {className: 'dim'}, `of ${column.workflow}`));
  parts.push(...verdictOf(commit.shape, at, commit.mentions, commit.broken.has(at)));
  if (commit.own) parts.push(h('h3', {}, 'With the commit’s own gates'), ...verdictOf(commit.own, at, commit.ownMentions, false));
  if (commit.all) parts.push(h('h3', {}, `By all that changed, which is not what ${DATA.head.forge} lists`), ...verdictOf(commit.all, at, commit.allMentions, false));
  if (commit.shape.troubles.length && verdict !== ABSENT) parts.push(h('h3', {}, 'The server refuses the pipeline'), list(commit.shape.troubles.map(trouble => DATA.troubles[trouble])));
  const held = commit.held.filter(([, , columns]) => columns.length === 0 || columns.includes(at) || columns.includes(-1));
  if (held.length) {
    const words = ['kept', 'broken', 'hangs on the server'];
    parts.push(h('h3', {}, 'Policies'), list(held.map(([policy, holding, , unlisted]) => `${holding === BROKEN ? '✗' : holding === KEPT ? '✓' : '?'} ${DATA.policies[policy]}: ${words[holding]}${unlisted === null ? '' : `; ${DATA.unlisted[unlisted]}`}`)));
  }
  parts.push(h('h3', {}, 'Commit'), h('p', {}, commit.subject || '(no message)'),
    h('p', {className: 'dim'}, `${commit.author}, ${new Date(commit.date * 1000).toISOString().replace('T', ' ').slice(0, 16)} UTC`), h('p', {className: 'mono dim'}, commit.id));
  const pipeline = commit.shape.pipeline === 'run' ? null : commit.shape.pipeline === 'error' ? 'The server refuses the pipeline.'
    : !commit.shape.has_workflows ? 'No pipeline: there are no workflow files.' : commit.shape.skip_ci ? 'No pipeline: the message asks for none.'
    : commit.shape.unreported ? 'No pipeline: what the forge reports makes none.' : 'No pipeline: no workflow is left to run.';
  if (pipeline) parts.push(h('p', {}, pipeline));
  const mentioned = new Set(commit.mentions);
  const files = list(commit.files.slice(0, 200).map(file => h('span', {className: mentioned.has(file) ? 'mono decided' : 'mono'}, DATA.paths[file])));
  if (commit.changed > 200) files.append(h('li', {className: 'dim'}, `and ${number(commit.changed - 200)} more`));
  parts.push(h('h3', {}, commit.changed ? plural(commit.changed, 'changed file') : 'No changed file is listed'), files);
  if (commit.hidden.length) {
    const hidden = list(commit.hidden.slice(0, 200).map(file => h('span', {className: 'mono dim'}, DATA.paths[file])));
    parts.push(h('h3', {}, `Changed, and not listed by ${DATA.head.forge}`), hidden);
  }
  panel.replaceChildren(...parts);
  panel.hidden = false;
  if (was) layOut();
  placeCell();
  if (focus) panel.focus();
}

function verdictOf(shape, at, mentions, broken) {
  const verdict = shape.verdicts[at];
  const parts = [h('p', {className: 'verdict'}, swatch(verdict, broken), broken ? `${WORDS[verdict]}, against a policy` : WORDS[verdict])];
  const ground = shape.grounds.get(at);
  if (ground !== undefined) {
    const lines = list(because(ground, mentions));
    lines.className = 'because';
    parts.push(lines);
  }
  return parts;
}

function list(items) {
  return h('ul', {}, ...items.map(item => h('li', {}, item)));
}

function closePanel() {
  const panel = document.getElementById('panel');
  if (panel.hidden) return;
  panel.hidden = true;
  map.opened = false;
  layOut();
  map.cell.focus({preventScroll: true});
}
