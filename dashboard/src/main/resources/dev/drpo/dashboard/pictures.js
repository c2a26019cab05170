// Pictures that are no lines over steps: a run's path, and bars. Drawn as SVG.

import { el, replace, svg } from './dom.js';
import { number } from './format.js';

const WIDTH = 640;
const HEIGHT = 340;
const MARGIN = { left: 58, right: 16, top: 14, bottom: 46 };
const POINTS_OF_A_PATH = 40;

/** Round numbers that divide a range into some parts. */
export function ticks(least, most, parts) {
  const raw = (most - least) / parts || 1;
  const unit = 10 ** Math.floor(Math.log10(raw));
  const size = [1, 2, 5, 10].map((factor) => factor * unit).find((candidate) => candidate >= raw);
  const all = [];
  for (let tick = Math.ceil(least / size) * size; tick <= most + size * 1e-9; tick += size) all.push(tick);
  return all;
}

function frame(x, y, xTicks, yTicks, xLabel, yLabel, yUnit) {
  const bottom = HEIGHT - MARGIN.bottom;
  return [
    ...yTicks.map((tick) => svg('g', {},
      svg('line', { class: 'grid', x1: MARGIN.left, x2: WIDTH - MARGIN.right, y1: y(tick), y2: y(tick) }),
      svg('text', { class: 'tick', x: MARGIN.left - 8, y: y(tick) + 4, 'text-anchor': 'end' }, number(tick, yUnit).replace('.0%', '%')))),
    ...xTicks.map((tick) => svg('text', { class: 'tick', x: x(tick.at), y: bottom + 18, 'text-anchor': 'middle' }, tick.text)),
    svg('line', { class: 'axis', x1: MARGIN.left, x2: WIDTH - MARGIN.right, y1: bottom, y2: bottom }),
    svg('text', { class: 'name', x: (MARGIN.left + WIDTH - MARGIN.right) / 2, y: HEIGHT - 8, 'text-anchor': 'middle' }, xLabel),
    svg('text', { class: 'name', x: MARGIN.left, y: 10, 'text-anchor': 'start' }, yLabel),
  ];
}

function picture(words, children) {
  return svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': words, class: 'picture' }, ...children);
}

/** Means over neighbours, so that a long run's path is one line and no scribble. */
export function smooth(values, points = POINTS_OF_A_PATH) {
  const width = Math.max(1, Math.ceil(values.length / points));
  const means = [];
  for (let at = 0; at < values.length; at += width) {
    const some = values.slice(at, at + width).filter((value) => value !== null);
    if (some.length) means.push(some.reduce((sum, value) => sum + value, 0) / some.length);
  }
  return means;
}

/** Accuracy against mean length: training as a path, held-out evaluations as points. */
export function drawPath(node, runs, colourOf) {
  const paths = runs.filter((run) => run.visible && run.rows > 0 && run.columns.meanLength && run.columns.accuracy)
    .map((run) => ({
      run,
      line: zip(smooth(run.columns.meanLength), smooth(run.columns.accuracy)),
      found: run.evaluations.map((one) => [one.evaluation.meanLength, one.evaluation.accuracy, one.step])
        .filter(([length, accuracy]) => length > 0 && accuracy !== null),
    }));
  const all = paths.flatMap((path) => [...path.line, ...path.found]);
  if (!all.length) {
    replace(node, el('p', { class: 'note' }, 'No step is done yet.'));
    return;
  }
  const [x, xTicks] = scale(all.map((point) => point[0]), MARGIN.left, WIDTH - MARGIN.right, 6);
  const [y, yTicks] = scale(all.map((point) => point[1]), HEIGHT - MARGIN.bottom, MARGIN.top + 8, 5, 1);
  const marks = paths.flatMap(({ run, line, found }) => {
    const colour = `of-${paths.length > 1 ? colourOf(run.index) : 'learned'}`;
    const start = found.find((point) => point[2] === 0) ?? line[0];
    const ended = found.filter((point) => point[2] > 0);
    const end = ended.at(-1);
    return [
      svg('polyline', { class: `path ${colour}`, points: line.map((point) => `${x(point[0])},${y(point[1])}`).join(' ') }),
      ...ended.slice(0, -1).map((point) => svg('circle', { class: `between ${colour}`, cx: x(point[0]), cy: y(point[1]), r: 4 })),
      svg('circle', { class: `start ${colour}`, cx: x(start[0]), cy: y(start[1]), r: 6 }),
      end ? svg('rect', { class: `end ${colour}`, x: x(end[0]) - 6, y: y(end[1]) - 6, width: 12, height: 12 }) : null,
    ];
  });
  const words = paths.map(({ run, line, found }) => {
    const start = found.find((point) => point[2] === 0) ?? line[0];
    const end = found.filter((point) => point[2] > 0).at(-1) ?? line.at(-1);
    return `${run.name}: from accuracy ${number(start[1], 'share')} at ${number(start[0])} tokens to ${number(end[1], 'share')} at ${number(end[0])} tokens.`;
  }).join(' ');
  replace(node, picture(words, [
    ...frame(x, y, xTicks.map((tick) => ({ at: tick, text: number(tick) })), yTicks, 'mean length, tokens', 'accuracy', 'share'),
    ...marks.filter((mark) => mark),
  ]));
}

function zip(first, second) {
  return first.slice(0, second.length).map((value, index) => [value, second[index]]);
}

/** A linear scale with room around the values, and its ticks. */
function scale(values, from, to, parts, limit = Infinity) {
  const least = Math.min(...values);
  const most = Math.max(...values);
  const room = (most - least || Math.abs(most) || 1) * 0.06;
  const bottom = Math.max(0, least - room);
  const top = Math.min(limit, most + room);
  return [(value) => from + ((value - bottom) / (top - bottom || 1)) * (to - from), ticks(bottom, top, parts)];
}

/**
 * Bars of now, and the outline of then. `bins`: their labels; `edges`: every so many has one.
 * `sets`: [{now, then, colour}].
 */
export function bars(words, bins, { now, then, colour }, xLabel, yLabel) {
  const most = Math.max(1, ...now, ...(then ?? []));
  const bottom = HEIGHT - MARGIN.bottom;
  const width = (WIDTH - MARGIN.left - MARGIN.right) / bins.length;
  const x = (index) => MARGIN.left + (index + 0.5) * width;
  const y = (value) => bottom - (value / most) * (bottom - MARGIN.top - 8);
  const every = Math.ceil(bins.length / 12);
  const labels = bins.map((text, index) => ({ at: index, text })).filter((_, index) => index % every === 0);
  const outline = (then ?? []).flatMap((value, index) => [[x(index) - width / 2, y(value)], [x(index) + width / 2, y(value)]]);
  return picture(words, [
    ...frame(x, y, labels, ticks(0, most, 4).filter((tick) => Number.isInteger(tick)), xLabel, yLabel, ''),
    ...now.map((value, index) => svg('rect', {
      class: `bar of-${colour}`, x: x(index) - width * 0.42, y: y(value), width: width * 0.84, height: bottom - y(value),
    })),
    then ? svg('polyline', { class: 'then', points: outline.map((point) => point.join(',')).join(' ') }) : null,
  ].filter((part) => part));
}
