// The parts of the page, in the order of what matters.

import { el } from './dom.js';
import { find } from './glossary.js';
import { Histograms } from './histograms.js';
import { LineChart, metric, runColour } from './lines.js';
import { drawPath } from './pictures.js';

const ratio = (name, over) => (run) => {
  const values = run.columns[name];
  const sums = over(run);
  return values && sums ? values.map((value, at) => (value === null || !sums[at] ? null : value / sums[at])) : null;
};

const responses = (run) => {
  const { positives, negatives } = run.columns;
  return positives && negatives ? positives.map((value, at) => value + negatives[at]) : null;
};
const groups = (run) => run.columns.groupsLearned ?? null;
const delta = (run) => Number(run.delta);

/** A series that the page makes of several numbers. */
const made = (name, label, colour, of, more = {}) => ({ name, label, colour, of, unit: find(name).unit, ...more });

function charts() {
  return {
    accuracy: [
      new LineChart([metric('accuracy', 'accuracy', 'learned')], { title: 'Accuracy of training responses', unit: 'share' }),
      new LineChart([
        made('allRight', 'all right', 'after', ratio('groupsAllRight', groups)),
        made('mixed', 'mixed', 'learned', ratio('mixedGroups', groups)),
        made('allWrong', 'all wrong', 'wrong', ratio('groupsAllWrong', groups)),
      ], { title: 'Shares of groups', unit: 'share', zero: true }),
    ],
    lengths: [
      new LineChart([
        metric('meanLength', 'all', 'learned'),
        metric('meanLengthCorrect', 'right', 'after'),
        metric('meanLengthWrong', 'wrong', 'wrong'),
        metric('meanLengthEnded', 'ended', 'bound', { dash: [6, 4] }),
      ], { title: 'Mean length', unit: 'tokens' }),
      new LineChart([made('truncatedShare', 'truncated', 'before', ratio('truncated', responses))],
        { title: 'Share truncated', unit: 'share', zero: true }),
    ],
    learning: [
      new LineChart([
        metric('klAfter', 'KL(old || new)', 'learned'),
        made('delta', 'δ', 'bound', (run) => (delta(run) > 0 ? run.columns.step.map(() => delta(run)) : null), { dash: [6, 4] }),
        made('hinge', 'hinge pulled', 'wrong', (run) => (delta(run) > 0 && run.columns.klHinge
          ? run.columns.klHinge.map((pull, at) => (pull > 0 ? (run.columns.klAfter?.[at] ?? delta(run)) : null)) : null), { points: true }),
      ], { title: 'Divergence of a step', unit: 'nats', zero: true }),
      new LineChart([metric('entropy', 'entropy', 'learned')], { title: 'Entropy', unit: 'nats', zero: true }),
      new LineChart([metric('gradientNorm', 'gradient norm', 'learned')], { title: 'Gradient norm', unit: '', zero: true }),
      new LineChart([metric('skippedUpdates', 'skipped updates', 'wrong')], { title: 'Skipped updates', unit: 'mini-batches', zero: true }),
    ],
    loop: [
      new LineChart([
        metric('logProbabilityGapKl', 'KL(sampler || learner)', 'learned'),
        metric('logProbabilityGapKlP99', '99th percentile', 'before', { dash: [6, 4] }),
      ], { title: 'Mismatch of sampler and learner', unit: 'nats', log: true }),
      new LineChart([
        metric('policyLag', 'mean', 'learned'),
        metric('policyLagMax', 'maximum', 'before', { dash: [6, 4] }),
      ], { title: 'Lag of the weights that sampled', unit: 'versions', zero: true }),
      new LineChart([metric('tokensPerSecond', 'tokens per second', 'learned')], { title: 'Throughput', unit: 'tokens/s', zero: true }),
      new LineChart([
        metric('rolloutSeconds', 'learner waits', 'before'),
        metric('learnSeconds', 'learner learns', 'learned'),
        metric('replicaWaitSeconds', 'replicas wait', 'wrong', { dash: [6, 4] }),
      ], { title: 'Who waits for whom', unit: 's', zero: true }),
      new LineChart([
        metric('promptQueueSeconds', 'for a replica', 'first'),
        metric('samplingSeconds', 'sampled', 'second'),
        metric('rolloutQueueSeconds', 'for the judge', 'third'),
        metric('judgingSeconds', 'judged', 'fourth'),
        metric('scoredQueueSeconds', 'for the learner', 'fifth'),
      ], { title: 'Where a group’s time goes', unit: 's', zero: true }),
    ],
    pushed: [
      new LineChart([
        metric('rightPushedDown', 'of this objective', 'wrong'),
        metric('rightPushedDownByDrpo', 'had DRPO weighted them', 'after', { dash: [6, 4] }),
      ], { title: 'Right responses that are pushed down', unit: 'share', zero: true }),
    ],
  };
}

const TITLES = [
  ['path', 'Accuracy against length', 'The run’s path through training; the dot is the starting policy, the square the newest held-out evaluation.'],
  ['histograms', 'Lengths of right and of wrong responses', null],
  ['accuracy', 'Accuracy, and what groups give to learn from', null],
  ['lengths', 'Mean lengths and truncation', null],
  ['learning', 'Divergence, entropy and gradient', null],
  ['loop', 'Sampler, learner and queues', null],
  ['pushed', 'Right responses with a negative weight', 'DRPO weights right responses among themselves, so that none is pushed down, whatever its length. Methods that subtract a penalty from the reward push long right ones down.'],
  ['samples', 'Samples', null],
  ['configuration', 'Configuration', null],
];

/** The page’s sections; `extra` holds what other scripts put below a part’s charts. */
export class Panels {
  constructor(main, links, extra) {
    this.histograms = new Histograms();
    this.path = el('div');
    this.charts = charts();
    for (const [at, [id, title, about]] of TITLES.entries()) {
      const number = id === 'configuration' ? '' : `${at + 1}. `;
      main.append(el('section', { id, 'aria-labelledby': `${id}-title` },
        el('h2', { id: `${id}-title` }, number + title),
        about ? el('p', { class: 'about' }, about) : null,
        ...this.content(id), extra[id] ?? null));
      links.append(el('a', { href: `#${id}` }, title));
    }
  }

  content(id) {
    if (id === 'path') return [el('figure', {}, this.path)];
    if (id === 'histograms') return [this.histograms.node];
    if (!this.charts[id]) return [];
    const drawn = this.charts[id].map((chart) => chart.node);
    return [el('div', { class: 'charts' }, ...drawn, id === 'accuracy' ? this.histograms.rates : null)];
  }

  draw(runs) {
    drawPath(this.path, runs, runColour);
    this.histograms.draw(runs);
    for (const chart of this.all()) chart.draw(runs);
  }

  restyle() {
    for (const chart of this.all()) chart.restyle();
  }

  all() {
    return Object.values(this.charts).flat();
  }
}

/** The few numbers above everything else: of the newest run, and since its first step. */
export const CARDS = [
  { name: 'accuracy', label: 'accuracy', unit: 'share', better: 1 },
  { name: 'meanLength', label: 'mean length', unit: 'tokens', better: -1 },
  { name: 'rightPushedDown', label: 'right, pushed down', unit: 'share' },
  { name: 'klOverDelta', label: 'KL over δ', unit: 'share', of: (values, run) => (delta(run) > 0 ? values.klAfter / delta(run) : undefined) },
  { name: 'tokensPerSecond', label: 'throughput', unit: 'tokens/s' },
  { name: 'policyLag', label: 'lag', unit: 'versions' },
];

