// A line chart over training steps, drawn by uPlot: one line for each series of each run.

import uPlot from './uplot.js';
import { el, replace, table } from './dom.js';
import { number } from './format.js';
import { find, term } from './glossary.js';

const HEIGHT = 220;
const NARROW = 420;
const RUN_COLOURS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth'];
const DASHES = [[], [6, 4], [2, 3], [9, 3, 2, 3], [1, 5]];
const NUMBERS_SHOWN = 30;
const CROWDED = 600;

/** A colour of the palette, as the reader’s scheme has it. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--plot-${name}`).trim();
}

/** The colour of one of several runs. */
export function runColour(index) {
  return RUN_COLOURS[index % RUN_COLOURS.length];
}

const cursors = uPlot.sync('steps');

/**
 * `series`: [{name, label, colour, of(run) → values by row or null, points}].
 * `options`: {title, unit, log: a logarithmic scale, zero: one that begins at 0}.
 */
export class LineChart {
  constructor(series, options) {
    this.series = series;
    this.options = options;
    this.plot = null;
    this.shape = '';
    this.summary = el('p', { class: 'for-readers' });
    this.legend = el('ul', { class: 'legend' });
    this.picture = el('div', {
      class: 'chart', tabindex: '0', role: 'group', 'aria-roledescription': 'line chart',
      'aria-label': `${options.title}; arrow keys move along the steps`,
      on: { keydown: (event) => this.move(event) },
    });
    this.spoken = el('p', { class: 'for-readers', 'aria-live': 'polite' });
    this.lacks = el('p', { class: 'note', hidden: true });
    this.numbers = el('details', { class: 'numbers', on: { toggle: () => this.tabulate() } },
      el('summary', {}, 'Numbers'));
    this.node = el('figure', {},
      el('figcaption', {}, options.title),
      this.legend, this.picture, this.lacks, this.summary, this.spoken, this.numbers);
    new ResizeObserver(() => this.resize()).observe(this.picture);
  }

  /** Draws what the runs have now. */
  draw(runs) {
    this.runs = runs.filter((run) => run.visible && run.rows > 0);
    this.lines = this.runs.flatMap((run) => this.series
      .map((of) => ({ run, of, values: this.drawable(of.of(run)) }))
      .filter((line) => line.values && line.values.some((value) => value !== null)));
    const empty = this.lines.length === 0;
    this.picture.hidden = empty;
    this.legend.hidden = empty;
    this.numbers.hidden = empty;
    this.lacks.hidden = !empty;
    if (empty) {
      this.lacks.textContent = this.runs.length === 0
        ? 'No step is done yet.'
        : `Not measured in ${this.runs.length > 1 ? 'these runs' : 'this run'}: ${this.series.map((of) => of.label).join(', ')}.`;
      return;
    }
    const shape = this.lines.map((line) => `${line.run.index}/${line.of.name}`).join() + this.runs.length;
    if (shape !== this.shape) {
      this.build();
      this.shape = shape;
    }
    this.plot.setData(this.data());
    this.read(null);
    this.tabulate();
    this.summary.textContent = this.lines.map((line) => this.inWords(line)).join(' ');
  }

  /** What is drawn: on a logarithmic scale exponents, which what is not above 0 has none of. */
  drawable(values) {
    return values && this.options.log ? values.map((value) => (value > 0 ? Math.log10(value) : null)) : values;
  }

  /** A drawn value as people read it. */
  text(value) {
    const is = typeof value === 'number';
    return number(this.options.log && is ? 10 ** value : value, this.options.unit);
  }

  /** After the reader’s scheme has changed. */
  restyle() {
    if (this.plot) this.plot.redraw(false, true);
  }

  data() {
    const steps = (run) => run.columns.step;
    if (this.runs.length === 1) {
      return [steps(this.runs[0]), ...this.lines.map((line) => line.values)];
    }
    return uPlot.join(this.lines.map((line) => [steps(line.run), line.values]));
  }

  colourOf(line) {
    return this.runs.length > 1 ? runColour(line.run.index) : line.of.colour;
  }

  build() {
    this.plot?.destroy();
    const several = this.runs.length > 1;
    const axis = {
      stroke: () => colour('muted'),
      grid: { stroke: () => colour('grid'), width: 1 },
      ticks: { stroke: () => colour('grid'), width: 1 },
      font: '12px system-ui, sans-serif',
    };
    this.plot = new uPlot({
      width: this.width(), height: HEIGHT,
      legend: { show: false },
      cursor: { sync: { key: cursors.key, setSeries: false }, points: { size: 6 } },
      scales: {
        x: { time: false },
        y: { range: (_, least, most) => range(least, most, this.options.zero) },
      },
      axes: [
        { ...axis, size: 30, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000] },
        { ...axis, size: 58, values: (_, ticks) => ticks.map((tick) => this.text(tick).replace('.0%', '%')) },
      ],
      series: [{}, ...this.lines.map((line) => ({
        stroke: () => colour(this.colourOf(line)),
        fill: line.of.points ? () => colour(this.colourOf(line)) : undefined,
        width: line.of.points ? 0 : line.values.length > CROWDED ? 0.8 : 1.6,
        dash: several ? DASHES[this.series.indexOf(line.of) % DASHES.length] : line.of.dash,
        spanGaps: false,
        paths: line.of.points ? () => null : undefined,
        points: line.of.points
          ? { show: true, size: 6, fill: () => colour(this.colourOf(line)) }
          : { show: (_u, _s, first, last) => last - first < 40, size: 4, fill: () => colour(this.colourOf(line)) },
      }))],
      hooks: { setCursor: [(plot) => this.read(plot.cursor.idx)] },
    }, [[]], this.picture);
    replace(this.legend, ...this.lines.map((line) => this.entry(line)));
  }

  entry(line) {
    const mark = el('span', { class: `mark of-${this.colourOf(line)}${line.of.dash ? ' dashed' : ''}`, 'aria-hidden': 'true' });
    line.shown = el('span', { class: 'value' });
    const several = this.runs.length > 1;
    line.entry = el('li', {}, mark, term(line.of.name, line.of.label),
      several ? el('bdi', { class: 'of-run' }, line.run.name) : null, line.shown);
    return line.entry;
  }

  /** Shows the values at a place of the x axis, or the last ones. */
  read(place) {
    const steps = this.plot.data[0];
    this.lines.forEach((line, index) => {
      const entry = this.legend.children[index];
      const values = this.plot.data[index + 1];
      const at = place ?? lastOf(values);
      entry.lastChild.textContent = values && at >= 0 ? this.text(values[at]) : '–';
    });
    this.at = place;
    this.step = place === null ? null : steps?.[place];
  }

  move(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity }[event.key];
    if (!by || !this.plot) return;
    event.preventDefault();
    const steps = this.plot.data[0];
    const place = Math.max(0, Math.min(steps.length - 1, (this.at ?? steps.length - 1) + by));
    this.plot.setCursor({ left: this.plot.valToPos(steps[place], 'x'), top: 10 });
    this.read(place);
    this.spoken.textContent = `Step ${steps[place]}: ` + this.lines
      .map((line, index) => `${this.nameOf(line)} ${this.text(this.plot.data[index + 1][place])}`)
      .join(', ');
  }

  nameOf(line) {
    return this.runs.length > 1 ? `${line.of.label} of ${line.run.name}` : line.of.label;
  }

  inWords(line) {
    const steps = line.run.columns.step;
    const first = line.values.findIndex((value) => value !== null);
    const last = lastOf(line.values);
    return `${this.nameOf(line)}: ${this.text(line.values[first])} at step ${steps[first]}, ${this.text(line.values[last])} at step ${steps[last]}.`;
  }

  tabulate() {
    if (!this.numbers.open || !this.plot) return;
    const [steps, ...columns] = this.plot.data;
    const from = Math.max(0, steps.length - NUMBERS_SHOWN);
    const rows = [];
    for (let at = steps.length - 1; at >= from; at--) {
      rows.push([number(steps[at]), ...columns.map((values) => this.text(values[at]))]);
    }
    const unit = this.options.unit && this.options.unit !== 'share' ? `, ${this.options.unit}` : '';
    replace(this.numbers, this.numbers.firstChild,
      table(`${this.options.title}: the last ${rows.length} steps`, ['step', ...this.lines.map((line) => this.nameOf(line) + unit)], rows));
  }

  width() {
    return Math.max(200, this.picture.clientWidth);
  }

  resize() {
    if (this.plot && !this.picture.hidden && this.plot.width !== this.width()) {
      this.plot.setSize({ width: this.width(), height: this.picture.clientWidth < NARROW ? HEIGHT - 30 : HEIGHT });
    }
  }
}

function lastOf(values) {
  let at = (values?.length ?? 0) - 1;
  while (at >= 0 && (values[at] === null || values[at] === undefined)) at--;
  return at;
}

/** Room around the values; from zero on where that is asked for. */
function range(least, most, zero) {
  if (least === null || most === null) return [0, 1];
  const bottom = zero ? Math.min(0, least) : least;
  if (zero && bottom === 0 && most === 0) return [0, 1];
  const room = (most - bottom || Math.abs(most) || 1) * 0.06;
  return [zero && bottom === 0 ? 0 : bottom - room, most + room];
}

/** A series whose definition, label and unit are the glossary’s. */
export function metric(name, label, colourName, more = {}) {
  return { name, label, colour: colourName, of: (run) => run.columns[name] ?? null, unit: find(name).unit, ...more };
}
