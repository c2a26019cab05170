// What only the learner knows: replicas, topics, dead letters, and how groups fared.

import { el, foreign, replace, table } from './dom.js';
import { ago, number } from './format.js';
import { term } from './glossary.js';

const STILL_SECONDS = 60;

export class Loop {
  constructor() {
    this.node = el('div', { class: 'live' });
  }

  draw(runs) {
    replace(this.node, ...runs.map((run) => this.of(run, runs.length > 1)));
  }

  of(run, several) {
    const state = run.state;
    const heading = several ? [el('h3', {}, el('bdi', {}, run.name))] : [];
    if (!state?.live) {
      return el('div', {}, ...heading, el('p', { class: 'note' },
        'Replicas, topics and dead letters are known while the learner runs; its own page shows them, and ./drpo status.'));
    }
    return el('div', {}, ...heading, this.replicas(state), this.topics(state), this.groups(state), this.letters(state));
  }

  replicas(state) {
    if (!state.replicas.length) return part('Rollout replicas', el('p', { class: 'note' }, 'No replica has sampled a group since the learner started.'));
    return part('Rollout replicas', table('Rollout replicas',
      ['replica', term('policyStep', 'version'), term('lag', 'behind'), 'groups', 'tokens/s', 'last group', 'state'],
      state.replicas.map((one) => [foreign(one.name), number(one.version), number(one.lag), number(one.groups),
        number(one.tokensPerSecond), ago(one.lastMillis),
        Date.now() - one.lastMillis > STILL_SECONDS * 1000 ? 'still' : 'samples'])));
  }

  topics(state) {
    if (!state.topics.length) return part('Topics', el('p', { class: 'note' }, state.broker || 'The broker is being asked.'));
    return part('Topics', table('Topics',
      ['topic', 'records', term('waiting', 'waiting'), 'workers'],
      state.topics.map((one) => [foreign(one.name), number(one.records), one.waiting < 0 ? '–' : number(one.waiting),
        el('span', {}, ...one.workers.flatMap((name, at) => [at ? ', ' : null, foreign(name)]).filter((cell) => cell !== null))])));
  }

  groups(state) {
    const names = Object.keys(state.groups ?? {});
    return names.length ? part('Groups', el('dl', { class: 'counts' },
      ...names.map((name) => el('div', {}, el('dt', {}, term(name, name)), el('dd', {}, number(state.groups[name])))))) : null;
  }

  letters(state) {
    if (!state.deadLetters.length) return part('Dead letters', el('p', { class: 'note' }, 'None since the learner started.'));
    return part('Dead letters', table('Dead letters',
      ['service', 'topic', 'step', 'problem', 'reason'],
      state.deadLetters.map((one) => [foreign(one.service), foreign(one.topic), one.step < 0 ? '–' : number(one.step),
        foreign(one.problem), foreign(one.reason)])));
  }
}

function part(title, content) {
  return el('div', { class: 'part' }, el('h3', {}, title), content);
}
