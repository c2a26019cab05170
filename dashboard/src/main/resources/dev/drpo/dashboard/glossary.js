// What each number means: on hover, on focus and on a tap of its name, until Escape.

import { el } from './dom.js';

let sections = {};

/** Numbers that the page makes of others. */
const OWN = {
  truncatedShare: ['share', 'Responses of the step that the token budget ended.'],
  allRight: ['share', 'Groups of the step whose responses are all right. Only their lengths can be learned from.'],
  allWrong: ['share', 'Groups of the step whose responses are all wrong. Nothing can be learned from them.'],
  mixed: ['share', 'Groups of the step with both right and wrong responses.'],
  hinge: ['nats', 'Steps on which the divergence left the trust region δ before an update, so that the penalty pulled the policy back.'],
  delta: ['nats', 'δ, the trust region: the KL divergence that a step may move the policy before a penalty pulls it back.'],
  klOverDelta: ['share', 'KL(old || new) after the step’s last update, over δ.'],
  weight: ['', 'Mean weight that the objective gave to the response’s tokens. Below 0 the update makes the response less likely.'],
  lag: ['versions', 'Policy versions between the newest that is published and the newest that the replica sampled with.'],
  waiting: ['records', 'Records of a work queue that no worker is done with; logs have no queue.'],
  solveRates: ['groups', 'How many groups of the step have so many right responses.'],
};

export function define(glossary) {
  sections = glossary;
}

/** Unit and definition of a number: of the page’s own, a step’s, or else of any other section. */
export function find(name) {
  if (OWN[name]) return { unit: OWN[name][0], definition: OWN[name][1] };
  const order = ['step', ...Object.keys(sections)];
  for (const section of order) {
    if (sections[section]?.[name]) return sections[section][name];
  }
  return { unit: '', definition: '' };
}

const tip = () => document.getElementById('tip');

function show(node, name) {
  const { unit, definition } = find(name);
  const box = tip();
  box.textContent = unit && unit !== 'share' ? `${definition} In ${unit}.` : definition;
  box.hidden = false;
  node.setAttribute('aria-describedby', 'tip');
  const place = node.getBoundingClientRect();
  const left = Math.max(8, Math.min(place.left, document.documentElement.clientWidth - box.offsetWidth - 8));
  const below = place.bottom + 6;
  const above = place.top - box.offsetHeight - 6;
  const top = below + box.offsetHeight > window.innerHeight && above > 0 ? above : below;
  box.style.left = `${left + window.scrollX}px`;
  box.style.top = `${top + window.scrollY}px`;
}

function hide(node) {
  tip().hidden = true;
  node.removeAttribute('aria-describedby');
}

/** A number’s name, which tells its definition. */
export function term(name, label) {
  const node = el('button', { type: 'button', class: 'term' }, label);
  if (!find(name).definition) return el('span', {}, label);
  for (const event of ['mouseenter', 'focus', 'click']) node.addEventListener(event, () => show(node, name));
  for (const event of ['mouseleave', 'blur']) node.addEventListener(event, () => hide(node));
  node.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') hide(node);
  });
  return node;
}
