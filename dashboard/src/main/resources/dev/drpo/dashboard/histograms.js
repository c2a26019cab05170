// Histograms of one step against the first: lengths of right and of wrong responses, and how many
// groups have so many right responses. The steps back in time are chosen by a slider.

import { el, replace, table } from './dom.js';
import { number } from './format.js';
import { term } from './glossary.js';
import { bars } from './pictures.js';
import { ask } from './stream.js';

export class Histograms {
  constructor() {
    this.follows = true;
    this.asked = '';
    this.slider = el('input', { type: 'range', min: '1', max: '1', value: '1', id: 'histogram-step', on: { input: () => this.choose() } });
    this.label = el('output', { for: 'histogram-step' });
    this.choice = el('select', { id: 'histogram-run', on: { change: () => this.choose() } });
    this.ofRun = el('label', { for: 'histogram-run', hidden: true }, 'Run ', this.choice);
    this.lengths = el('div', { class: 'charts' });
    this.rates = el('div');
    this.node = el('div', {},
      el('div', { class: 'controls' }, this.ofRun, el('label', { for: 'histogram-step' }, 'Step '), this.slider, this.label),
      this.lengths);
  }

  draw(runs) {
    this.runs = runs.filter((run) => run.rows > 0);
    if (!this.runs.length) {
      replace(this.lengths, el('p', { class: 'note' }, 'No step is done yet.'));
      return;
    }
    if (this.choice.options.length !== this.runs.length) {
      replace(this.choice, ...this.runs.map((run) => el('option', { value: run.index }, run.name)));
      this.ofRun.hidden = this.runs.length < 2;
    }
    this.update();
  }

  run() {
    return this.runs.find((run) => String(run.index) === this.choice.value) ?? this.runs[0];
  }

  choose() {
    this.follows = this.slider.value === this.slider.max;
    this.update();
  }

  update() {
    const steps = this.run().columns.step;
    this.slider.min = steps[0];
    this.slider.max = steps.at(-1);
    if (this.follows) this.slider.value = this.slider.max;
    this.label.textContent = `${this.slider.value}${this.follows ? ' (the last)' : ''}`;
    this.load(this.run(), Number(this.slider.value), steps[0]);
  }

  async load(run, step, first) {
    const asked = `${run.index}/${run.generation}/${step}`;
    if (asked === this.asked) return;
    this.asked = asked;
    try {
      const of = (one) => ask(`api/runs/${run.index}/step?step=${one}`);
      const [now, then] = await Promise.all([of(step), of(first)]);
      if (asked === this.asked) this.show(now, step === first ? null : then);
    } catch (error) {
      replace(this.lengths, el('p', { class: 'note' }, `Step ${step} can't be read: ${error.message}`));
    }
  }

  show(now, then) {
    const against = then ? `step ${now.step} (bars) against step ${then.step} (line)` : `step ${now.step}`;
    replace(this.lengths, ...(now.lengthBins?.length
      ? [this.lengthsOf('lengthsCorrect', 'Right responses', 'after', now, then, against),
        this.lengthsOf('lengthsWrong', 'Wrong responses', 'wrong', now, then, against)]
      : [el('p', { class: 'note' }, 'Not measured in this run: histograms of lengths.')]));
    replace(this.rates, now.solveRates?.length
      ? this.solveRates(now, then, against)
      : el('p', { class: 'note' }, 'Not measured in this run: the histogram of solve rates.'));
  }

  lengthsOf(name, title, colour, now, then, against) {
    const long = now.lengthBins.length >= (then?.lengthBins?.length ?? 0) ? now.lengthBins : then.lengthBins;
    const used = 1 + Math.max(lastUsed(now[name]), lastUsed(then?.[name] ?? []), 3);
    const bins = long.slice(0, used).map((bin) => number(bin));
    return this.figure(title, name, bins, padded(now[name], bins.length), then?.[name] ? padded(then[name], bins.length) : null,
      colour, 'length up to, tokens', 'responses', against);
  }

  solveRates(now, then, against) {
    const bins = now.solveRates.map((_, right) => `${right}`);
    return this.figure('Solve rates', 'solveRates', bins, now.solveRates,
      then?.solveRates ? padded(then.solveRates, bins.length) : null, 'learned', 'right responses of a group', 'groups', against);
  }

  figure(title, name, bins, now, then, colour, xLabel, yLabel, against) {
    const sum = now.reduce((all, one) => all + one, 0);
    const words = `${title}, ${against}: ${number(sum)} ${yLabel}, most of them at ${bins[now.indexOf(Math.max(...now))]}.`;
    return el('figure', {},
      el('figcaption', {}, term(name, title), ` ${against}`),
      bars(words, bins, { now, then, colour }, xLabel, yLabel),
      el('details', { class: 'numbers' }, el('summary', {}, 'Numbers'),
        table(`${title}, ${against}`, [xLabel, 'now', ...(then ? ['then'] : [])],
          bins.map((bin, index) => [bin, number(now[index]), ...(then ? [number(then[index])] : [])]))));
  }
}

function lastUsed(counts) {
  return counts.findLastIndex((count) => count > 0);
}

function padded(counts, length) {
  return Array.from({ length }, (_, index) => counts[index] ?? 0);
}
