// The browser of kept responses: a step's list, filtered and sorted; one opened at a time or more.

import { el, foreign, replace } from './dom.js';
import { number, quantity } from './format.js';
import { term } from './glossary.js';
import { ask } from './stream.js';

const SHOWN_AT_ONCE = 15;

const ORDERS = {
  'as sampled': () => 0,
  'longest first': (one, other) => other.tokens - one.tokens,
  'shortest first': (one, other) => one.tokens - other.tokens,
  'least weight first': (one, other) => (one.weight ?? Infinity) - (other.weight ?? Infinity),
};
const FILTERS = {
  all: () => true,
  right: (one) => one.right,
  wrong: (one) => !one.right,
  'pushed down': (one) => one.weight < 0,
};

function choice(id, label, options, listener) {
  const select = el('select', { id, on: { change: listener } }, ...options.map((name) => el('option', { value: name }, name)));
  return { select, node: el('label', { for: id }, `${label} `, select) };
}

export class Samples {
  constructor() {
    this.follows = true;
    this.asked = '';
    this.run = choice('samples-run', 'Run', [], () => this.turn());
    this.step = choice('samples-step', 'Step', [], () => this.turn());
    this.filter = choice('samples-filter', 'Show', Object.keys(FILTERS), () => this.list());
    this.order = choice('samples-order', 'Order', Object.keys(ORDERS), () => this.list());
    this.back = el('button', { type: 'button', on: { click: () => this.go(1) } }, '‹ earlier');
    this.on = el('button', { type: 'button', on: { click: () => this.go(-1) } }, 'later ›');
    this.count = el('p', { class: 'about', role: 'status' });
    this.items = el('div', { class: 'samples' });
    this.more = el('button', { type: 'button', hidden: true, on: { click: () => this.showMore() } }, 'Show more');
    this.node = el('div', {},
      el('div', { class: 'controls' }, this.run.node, this.step.node, this.back, this.on, this.filter.node, this.order.node),
      this.count, this.items, this.more);
  }

  draw(runs) {
    this.runs = runs;
    if (this.run.select.options.length !== runs.length) {
      replace(this.run.select, ...runs.map((run) => el('option', { value: run.index }, run.name)));
      this.run.node.hidden = runs.length < 2;
    }
    this.turnTo(this.present());
  }

  present() {
    return this.runs.find((run) => String(run.index) === this.run.select.value) ?? this.runs[0];
  }

  turn() {
    this.follows = this.step.select.selectedIndex <= 0;
    this.turnTo(this.present());
  }

  /** Goes to a step that is earlier or later, among those that are kept. */
  go(by) {
    const options = this.step.select.options;
    const at = Math.max(0, Math.min(options.length - 1, this.step.select.selectedIndex + by));
    this.step.select.selectedIndex = at;
    this.turn();
  }

  turnTo(run) {
    const steps = run?.samples ?? [];
    const chosen = this.step.select.value;
    const known = [...this.step.select.options].map((option) => option.value).join();
    const newest = [...steps].reverse().map(String);
    if (newest.join() !== known) {
      replace(this.step.select, ...newest.map((step) => el('option', { value: step }, step)));
      this.step.select.value = this.follows || !newest.includes(chosen) ? newest[0] ?? '' : chosen;
    }
    const empty = steps.length === 0;
    for (const control of [this.step.node, this.back, this.on, this.filter.node, this.order.node]) control.hidden = empty;
    this.back.disabled = this.step.select.selectedIndex >= newest.length - 1;
    this.on.disabled = this.step.select.selectedIndex <= 0;
    if (empty) {
      this.count.textContent = 'This run keeps no responses (samples.every and samples.others), or none yet.';
      this.asked = '';
      replace(this.items);
      this.more.hidden = true;
      return;
    }
    this.load(run, Number(this.step.select.value));
  }

  async load(run, step) {
    const asked = `${run.index}/${run.generation}/${step}`;
    if (asked === this.asked) return;
    this.asked = asked;
    try {
      const all = await ask(`api/runs/${run.index}/samples?step=${step}`);
      if (asked !== this.asked) return;
      this.all = all;
      this.place = { run: run.index, step };
      this.list();
    } catch (error) {
      this.count.textContent = `The responses of step ${step} can't be read: ${error.message}`;
      replace(this.items);
    }
  }

  list() {
    this.chosen = (this.all ?? []).filter(FILTERS[this.filter.select.value]).sort(ORDERS[this.order.select.value]);
    const right = this.chosen.filter((one) => one.right).length;
    this.count.textContent = `Step ${this.place.step}: ${this.chosen.length} of ${this.all.length} kept responses, ${right} right.`;
    replace(this.items);
    this.showMore();
  }

  showMore() {
    const from = this.items.childElementCount;
    this.items.append(...this.chosen.slice(from, from + SHOWN_AT_ONCE).map((one) => this.item(one)));
    this.more.hidden = this.items.childElementCount >= this.chosen.length;
  }

  item(one) {
    const body = el('div', { class: 'sample-body' });
    const place = this.place;
    const node = el('details', { class: `sample ${one.right ? 'right' : 'wrong'}`, on: { toggle: () => node.open && this.open(body, place, one) } },
      el('summary', {},
        el('span', { class: 'verdict' }, one.right ? '✓ right' : `✗ ${one.outcome}`),
        el('span', { class: 'length' }, quantity(one.tokens, 'tokens') + (one.cutOff ? ', cut off' : '')),
        Number.isFinite(one.weight) ? el('span', { class: 'weighs' }, `weight ${number(one.weight)}`) : null,
        foreign(one.prompt, 'bdi', { class: 'problem' }),
        foreign(one.text, 'bdi', { class: 'beginning' })),
      body);
    return node;
  }

  async open(body, place, one) {
    if (body.childElementCount) return;
    try {
      this.show(body, await ask(`api/runs/${place.run}/sample?step=${place.step}&group=${one.group}&response=${one.response}`));
    } catch (error) {
      replace(body, el('p', { class: 'note' }, `This response can't be read: ${error.message}`));
    }
  }

  show(body, one) {
    const facts = [
      ['verdict', el('span', {}, one.right ? 'right' : `wrong: ${one.outcome}`)],
      ['rule', foreign(one.rule || 'none decided')],
      ['answer in the text', foreign(one.answer || 'none found')],
      ['the judge read', foreign(one.normalAnswer || '–')],
      ['gold', el('span', {}, ...one.golds.flatMap((gold, at) => (at ? [' | ', foreign(gold)] : [foreign(gold)])))],
      ['the judge read of it', foreign(one.normalGold || '–')],
      ['reward', number(one.reward)],
      [term('weight', 'token weight'), number(one.weight)],
      ['length', quantity(one.tokens, 'tokens') + (one.cutOff ? ', cut off by the budget' : '')],
      ['group', `${one.groupRight} of ${one.groupSize} right`],
      ['policy', one.versions.join(', ')],
      ['replica', foreign(one.replica)],
    ];
    replace(body,
      el('h3', {}, 'Prompt'), text(one.question, 'Prompt'),
      el('h3', {}, 'Response'), text(one.text, 'Response'),
      el('dl', { class: 'facts' }, ...facts.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value)))));
  }
}

function text(content, name) {
  return foreign(content, 'pre', { tabindex: '0', role: 'region', 'aria-label': name });
}
