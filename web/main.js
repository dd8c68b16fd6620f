// @ts-check
// What script adds to pages that work without it. Each module looks for its own elements and does
// nothing where there are none. No markup is ever made from text: elements are built one by one.
import { suggest } from './search.js';
import { enliven } from './map.js';
import { sortable } from './table.js';
import { follow } from './job.js';
import { switches } from './switches.js';
import { narrow } from './foresee.js';

/** @param {ParentNode} root */
function start(root) {
  for (const form of root.querySelectorAll('form[data-suggest]')) {
    const input = form.querySelector('input[type="search"]');
    if (input instanceof HTMLInputElement && form instanceof HTMLFormElement) {
      suggest(input, form.dataset.suggest ?? '', (hit) => {
        location.assign((form.dataset.area ?? '/gebied/') + encodeURIComponent(hit.code));
      });
    }
  }
  for (const input of root.querySelectorAll('input[data-suggest]')) {
    if (input instanceof HTMLInputElement) {
      suggest(input, input.dataset.suggest ?? '', (hit) => {
        input.value = hit.code;
      });
    }
  }
  for (const figure of root.querySelectorAll('.wijk-figure--map')) {
    enliven(figure);
  }
  for (const table of root.querySelectorAll('table.wijk-table--sortable')) {
    if (table instanceof HTMLTableElement) sortable(table);
  }
  for (const job of root.querySelectorAll('[data-job]')) {
    if (job instanceof HTMLElement) follow(job);
  }
  for (const job of root.querySelectorAll('[data-foresee]')) {
    if (job instanceof HTMLElement) narrow(job, start);
  }
  for (const form of root.querySelectorAll('form[data-switches]')) {
    if (form instanceof HTMLFormElement) switches(form, start);
  }
}

start(document);
