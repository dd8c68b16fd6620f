// @ts-check
// Search as you type: the ARIA 1.2 combobox with a list box. Without script the form still works.
import { words } from './words.js';

/**
 * @typedef {{code: string, name: string, levelName: string, municipality: string,
 *   people: number | null}} Hit
 */

const WAIT = 120; // milliseconds of rest before asking
let count = 0;

/** @param {string} tag @param {string} className @param {string} [text] */
function element(tag, className, text) {
  const node = document.createElement(tag);
  node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

/** @param {Hit} hit */
function describe(hit) {
  const parts = [hit.levelName];
  if (hit.municipality && hit.municipality !== hit.name) parts.push(hit.municipality);
  if (hit.people !== null) parts.push(`${words.number.format(hit.people)} ${words.people}`);
  return parts.join(' · ');
}

/**
 * @param {HTMLInputElement} input
 * @param {string} url of the search
 * @param {(hit: Hit) => void} choose
 */
export function suggest(input, url, choose) {
  const id = `voorstel-${(count += 1)}`;
  const list = element('ul', 'wijk-suggest');
  const status = element('p', 'wijk-hidden');
  list.id = id;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', input.labels?.[0]?.textContent ?? '');
  list.hidden = true;
  status.setAttribute('role', 'status');
  (input.closest('.wijk-search') ?? input.parentElement)?.append(list, status);
  input.setAttribute('role', 'combobox');
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-expanded', 'false');
  input.setAttribute('aria-controls', id);

  /** @type {Hit[]} */
  let hits = [];
  let at = -1;
  let timer = 0;
  /** @type {AbortController | null} */
  let asking = null;

  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };

  /** @param {number} to */
  const mark = (to) => {
    at = to;
    [...list.children].forEach((item, i) => item.setAttribute('aria-selected', String(i === at)));
    if (at >= 0) {
      input.setAttribute('aria-activedescendant', `${id}-${at}`);
    } else {
      input.removeAttribute('aria-activedescendant');
    }
  };

  const show = () => {
    list.replaceChildren(
      ...hits.map((hit, i) => {
        const item = element('li', 'wijk-suggest__item');
        item.id = `${id}-${i}`;
        item.setAttribute('role', 'option');
        item.setAttribute('aria-selected', 'false');
        item.append(
          element('span', 'wijk-suggest__name', hit.name),
          element('span', 'wijk-suggest__where', describe(hit)),
        );
        item.addEventListener('pointerdown', (event) => {
          event.preventDefault();
          close();
          choose(hit);
        });
        return item;
      }),
    );
    list.hidden = hits.length === 0;
    input.setAttribute('aria-expanded', String(hits.length > 0));
    status.textContent = words.found(hits.length);
    mark(-1);
  };

  const ask = async () => {
    asking?.abort();
    const text = input.value.trim();
    if (!text) {
      hits = [];
      close();
      return;
    }
    asking = new AbortController();
    try {
      const query = new URLSearchParams({ q: text, pageSize: '8', lang: words.lang });
      const answer = await fetch(`${url}?${query}`, { signal: asking.signal });
      if (!answer.ok) return;
      hits = (await answer.json()).areas;
      if (document.activeElement === input) show();
    } catch (problem) {
      if (!(problem instanceof DOMException)) close();
    }
  };

  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = window.setTimeout(ask, WAIT);
  });
  input.addEventListener('blur', close);
  input.addEventListener('keydown', (event) => {
    const open = !list.hidden;
    if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && hits.length) {
      event.preventDefault();
      if (!open) show();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      mark(at < 0 && step < 0 ? hits.length - 1 : (at + step + hits.length) % hits.length);
    } else if (event.key === 'Enter' && open && at >= 0) {
      event.preventDefault();
      const hit = hits[at];
      close();
      if (hit) choose(hit);
    } else if (event.key === 'Escape' && open) {
      event.preventDefault();
      close();
    }
  });
}
