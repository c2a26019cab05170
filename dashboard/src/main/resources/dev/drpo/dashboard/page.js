// Puts the page together, and keeps it at what the event stream says.

import { Configuration } from './configuration.js';
import { el, foreign, replace } from './dom.js';
import { ago, duration, number, quantity } from './format.js';
import { define, term } from './glossary.js';
import { runColour } from './lines.js';
import { Loop } from './loop.js';
import { CARDS, Panels } from './panels.js';
import { Samples } from './samples.js';
import { ask, listen } from './stream.js';

const byId = (id) => document.getElementById(id);

const page = await ask('api/page');
define(page.glossary);
const runs = page.runs.map((label, index) => ({
  ...label, index, visible: true, rows: 0, generation: -1, columns: { step: [] }, last: {}, first: {}, evaluations: [], samples: [], state: null,
}));
const loop = new Loop();
const samples = new Samples();
const configuration = new Configuration();
const panels = new Panels(byId('main'), byId('parts'), {
  loop: loop.node, samples: samples.node, configuration: configuration.node,
});

replace(byId('title'), runs.length === 1 ? foreign(runs[0].name) : `${runs.length} runs`);
document.title = runs.length === 1 ? `${runs[0].name} – DRPO` : `${runs.length} runs – DRPO`;
if (runs.length > 1) {
  byId('runs').hidden = false;
  byId('runs').append(...runs.map((run) => el('label', {},
    el('input', { type: 'checkbox', checked: true, on: { change: (event) => { run.visible = event.target.checked; soon('steps'); } } }),
    el('span', { class: `mark of-${runColour(run.index)}`, 'aria-hidden': 'true' }), foreign(run.name))));
}

/** Takes up rows: behind those that are here, or in their place. */
function takeSteps(run, is) {
  if (is.from === 0) {
    run.columns = {};
    run.rows = 0;
  }
  const before = run.columns.step?.length ?? 0;
  for (const [name, values] of Object.entries(is.columns)) {
    run.columns[name] = (run.columns[name] ?? Array(before).fill(null)).concat(values);
  }
  const length = run.columns.step?.length ?? 0;
  for (const [name, values] of Object.entries(run.columns)) {
    if (values.length < length) run.columns[name] = values.concat(Array(length - values.length).fill(null));
  }
  run.columns.step ??= [];
  run.rows = is.rows;
  run.generation = is.generation;
  run.last = is.last;
  run.first = Object.fromEntries(Object.entries(run.columns).map(([name, values]) => [name, values[0]]));
}

const due = new Set();

/** Draws with the next frame, once however much has come. */
function soon(what) {
  if (!due.size) requestAnimationFrame(draw);
  due.add(what);
}

function draw() {
  const what = new Set(due);
  due.clear();
  if (what.has('steps')) panels.draw(runs);
  if (what.has('steps') || what.has('samples')) samples.draw(runs);
  if (what.has('steps') || what.has('state')) drawStanding();
  // Whoever reads a definition or a table there is not to lose it.
  if (what.has('state') && !loop.node.matches(':hover, :focus-within')) loop.draw(runs);
}

function drawStanding() {
  if (runs.length > 1) {
    const done = runs.filter((run) => run.state?.state === 'completed').length;
    byId('standing').textContent = `${done} of ${runs.length} completed`;
    return;
  }
  const [run] = runs;
  const state = run.state ?? {};
  const steps = state.stepsDone ?? run.last.step ?? 0;
  const total = state.stepsTotal ?? run.stepsTotal;
  const parts = [
    state.failure ? `failed: ${state.failure}` : state.state,
    total ? `step ${number(steps)} of ${number(total)}` : `step ${number(steps)}`,
    state.groupsTotal ? `${state.groupsDone} of ${state.groupsTotal} groups` : null,
    state.secondsLeft > 0 ? `${duration(state.secondsLeft)} left` : null,
    state.live || !state.lastStepMillis ? null : `last step ${ago(state.lastStepMillis)}`,
    run.objective,
  ].filter((part) => part);
  byId('standing').textContent = parts.join(' · ');
  byId('bar').hidden = !total;
  byId('done').style.width = `${total ? (100 * steps) / total : 0}%`;
  drawCards(run);
}

const cards = CARDS.map((card) => {
  const now = el('p', { class: 'now' }, '–');
  const since = el('p', { class: 'since' });
  return { ...card, now, since, node: el('div', { class: 'card' }, el('p', { class: 'name' }, term(card.name, card.label)), now, since) };
});
if (runs.length === 1) byId('cards').append(...cards.map((card) => card.node));

function drawCards(run) {
  for (const { name, unit, better, of, now, since } of cards) {
    const value = of ? of(run.last, run) : run.last[name];
    const start = of ? undefined : run.first[name];
    const both = Number.isFinite(value) && Number.isFinite(start) && run.rows > 1;
    const gain = both && better ? (value - start) * better : 0;
    replace(now, number(value, unit), unit && unit !== 'share' && Number.isFinite(value) ? el('span', { class: 'unit' }, ` ${unit}`) : null);
    since.textContent = both ? `from ${quantity(start, unit)}` : '';
    since.className = `since${gain > 0 ? ' good' : gain < 0 ? ' bad' : ''}`;
  }
}

listen('api/events', {
  steps: (run, is) => { takeSteps(runs[run], is); soon('steps'); },
  evaluations: (run, is) => { runs[run].evaluations = is; soon('steps'); },
  samples: (run, is) => { runs[run].samples = is; soon('samples'); },
  state: (run, is) => { runs[run].state = is; soon('state'); },
}, (is) => {
  const box = byId('connection');
  box.className = is ? 'connected' : 'broken';
  box.textContent = is ? 'connected' : 'connection lost; trying again';
});

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => panels.restyle());
configuration.load(runs).catch((error) => replace(configuration.node, el('p', { class: 'note' }, error.message)));
