// @ts-check
// A forecast that narrows live: asks how far it is and, when more pairs are done or the first of them
// have come a year further, puts the new part of the same page in place of the old one. What somebody opened stays open.
import { page } from './switches.js';

const PAUSE = 400;

/** @param {ParentNode} root @returns {Set<string>} */
const opened = (root) =>
  new Set([...root.querySelectorAll('details[open] > summary')].map((one) => one.textContent ?? ''));

/**
 * @param {HTMLElement} job
 * @param {(root: ParentNode) => void} start enlivens what was put in
 */
export function narrow(job, start) {
  const here = job.closest('[data-part]');
  if (!(here instanceof HTMLElement)) return;
  const look = async () => {
    if (!here.isConnected) return;
    try {
      const state = await (await fetch(job.dataset.foresee ?? '')).json();
      const { done, years } = job.dataset;
      if (state.phase !== 'waiting' || String(state.done) !== done || String(state.years) !== years) {
        const fresh = (await page(location.href)).querySelector(`[data-part="${here.dataset.part}"]`);
        if (!fresh) throw new Error();
        const part = document.importNode(fresh, true);
        const open = opened(here);
        for (const summary of part.querySelectorAll('details > summary')) {
          if (open.has(summary.textContent ?? '')) summary.parentElement?.setAttribute('open', '');
        }
        here.replaceWith(part);
        start(part);
        return;
      }
    } catch {
      /* The server may be busy or gone; asking again costs nothing. */
    }
    setTimeout(look, PAUSE);
  };
  setTimeout(look, PAUSE);
}
