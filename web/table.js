// @ts-check
// Sorting a table by a click on its head. Cells may carry data-sort with the bare value.
import { words } from './words.js';

/** @param {HTMLTableRowElement} row @param {number} at */
function keyOf(row, at) {
  const cell = row.cells[at];
  const value = /** @type {HTMLElement | null} */ (cell?.matches('[data-sort]') ? cell : null);
  if (value) return Number(value.dataset.sort);
  const text = cell?.textContent?.trim() ?? '';
  return /^\d{4}$/.test(text) ? Number(text) : text;
}

/** @param {string | number} a @param {string | number} b */
function compare(a, b) {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'number') return -1;
  if (typeof b === 'number') return 1;
  return a.localeCompare(b, words.lang);
}

/** @param {HTMLTableElement} table */
export function sortable(table) {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  heads.forEach((head, at) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'wijk-sort';
    button.textContent = head.textContent;
    button.title = `${words.sort} ${head.textContent}`;
    head.replaceChildren(button);
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') === 'ascending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const body = table.tBodies[0];
      if (!body) return;
      const rows = [...body.rows].map((row) => ({ row, key: keyOf(row, at) }));
      rows.sort((a, b) => (down ? -1 : 1) * compare(a.key, b.key));
      body.append(...rows.map(({ row }) => row));
    });
  });
}
