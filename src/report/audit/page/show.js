// Small parts: elements, numbers, marks. Texts become text nodes, never markup.

function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element && name !== 'list') element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter(child => child !== null));
  return element;
}

const number = value => value.toLocaleString('en-US');
const plural = (count, what) => `${number(count)} ${what}${count === 1 ? '' : 's'}`;
const day = seconds => new Date(seconds * 1000).toISOString().slice(0, 10);

function duration(seconds) {
  if (!PRICED) return number(seconds);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours >= 100) return `${number(hours)} h`;
  if (hours > 0) return `${hours} h ${String(minutes).padStart(2, '0')} m`;
  return minutes > 0 ? `${minutes} m` : `${seconds} s`;
}

let colours = {};
function readColours() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ['run', 'skip', 'unknown', 'error', 'broken', 'card', 'line', 'hover', 'text', 'dim']) {
    colours[name] = style.getPropertyValue(`--${name}`).trim();
  }
}

// One mark in the box of 16 by 16 at x, y. Shapes tell verdicts apart where colours do not.
function mark(pen, x, y, verdict, broken, unclear) {
  const [left, top, size] = [x + 3, y + 3, 10];
  pen.lineWidth = 1.5;
  if (verdict === RUN) {
    pen.fillStyle = colours.run;
    pen.fillRect(left, top, size, size);
  } else if (verdict === SKIP || verdict === DROPPED) {
    pen.strokeStyle = pen.fillStyle = colours.skip;
    if (verdict === SKIP) pen.fillRect(left + 3, top + 3, 4, 4);
    else pen.strokeRect(left + 2.5, top + 2.5, 5, 5);
  } else if (verdict === UNKNOWN) {
    pen.fillStyle = colours.unknown;
    pen.beginPath();
    pen.moveTo(left + 5, top);
    pen.lineTo(left + 10, top + 5);
    pen.lineTo(left + 5, top + 10);
    pen.lineTo(left, top + 5);
    pen.fill();
  } else if (verdict === ERROR) {
    pen.strokeStyle = colours.error;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.moveTo(left + 1, top + 1);
    pen.lineTo(left + 9, top + 9);
    pen.moveTo(left + 9, top + 1);
    pen.lineTo(left + 1, top + 9);
    pen.stroke();
  }
  if (broken || unclear) {
    pen.strokeStyle = colours.broken;
    pen.lineWidth = 2;
    pen.setLineDash(broken ? [] : [2, 2]);
    pen.strokeRect(x + 1, y + 1, 14, 14);
    pen.setLineDash([]);
  }
}

// A mark as an element.
function swatch(verdict, broken = false) {
  const scale = window.devicePixelRatio || 1;
  const canvas = h('canvas', {width: 16 * scale, height: 16 * scale});
  const pen = canvas.getContext('2d');
  pen.scale(scale, scale);
  mark(pen, 0, 0, verdict, broken, false);
  return canvas;
}
