// The configuration, and what of it differs from the nearest preset.

import { el, foreign, replace, table } from './dom.js';
import { ask } from './stream.js';

export class Configuration {
  constructor() {
    this.node = el('div');
  }

  async load(runs) {
    const all = await Promise.all(runs.map((run) => ask(`api/runs/${run.index}/configuration`)));
    replace(this.node, ...runs.map((run, index) => this.of(run, all[index], runs.length > 1)));
  }

  of(run, configuration, several) {
    const heading = several ? el('h3', {}, el('bdi', {}, run.name)) : null;
    if (!configuration) {
      return el('div', {}, heading, el('p', { class: 'note' }, 'The folder has no run.yaml that this version reads.'));
    }
    const { preset, keys } = configuration;
    const differing = keys.filter((key) => key.differs);
    const row = (key) => [el('code', {}, key.key), foreign(key.value), foreign(key.ofPreset)];
    const header = ['key', 'this run', `preset ${preset}`];
    return el('div', {}, heading,
      el('p', { class: 'about' }, differing.length
        ? `${differing.length === 1 ? "1 key differs" : `${differing.length} keys differ`} from the preset ${preset}, the nearest; names, paths and addresses are left out.`
        : `As the preset ${preset} has it, but for names, paths and addresses.`),
      differing.length ? table(`What differs from the preset ${preset}`, header, differing.map(row)) : null,
      el('details', { class: 'numbers' }, el('summary', {}, `All ${keys.length} keys`), table('All keys', header, keys.map(row))));
  }
}
