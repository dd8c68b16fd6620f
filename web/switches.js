// @ts-check
// The switches of a map (indicator, level, year) change the map in place instead of the page. The
// part is taken from the same page that the form would open, so there is one way to draw it.

/**
 * Reads a page as a document. XMLHttpRequest parses without running or trusting anything.
 * @param {string} url
 * @returns {Promise<Document>}
 */
export function page(url) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('GET', url);
    request.responseType = 'document';
    request.onload = () =>
      request.responseXML && request.status === 200 ? resolve(request.responseXML) : reject();
    request.onerror = () => reject();
    request.send();
  });
}

/**
 * Parts elsewhere on the page that show the same choice.
 * @param {string} name of the part that changed
 * @param {Document} made
 * @param {(root: ParentNode) => void} start
 */
function follow(name, made, start) {
  for (const old of document.querySelectorAll(`[data-follows="${name}"]`)) {
    const fresh = old instanceof HTMLElement && made.querySelector(`[data-part="${old.dataset.part}"]`);
    if (fresh) {
      const part = document.importNode(fresh, true);
      old.replaceWith(part);
      start(part);
    }
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {(root: ParentNode) => void} start enlivens what was put in
 */
export function switches(form, start) {
  const here = form.closest('[data-part]');
  if (!(here instanceof HTMLElement)) return;
  const change = async (/** @type {string | undefined} */ focus) => {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) query.set(name, String(value));
    const url = `${form.getAttribute('action') ?? ''}?${query}`;
    try {
      const made = await page(url);
      const fresh = made.querySelector(`[data-part="${here.dataset.part}"]`);
      if (!fresh) throw new Error();
      const part = document.importNode(fresh, true);
      here.replaceWith(part);
      start(part);
      follow(here.dataset.part ?? '', made, start);
      history.replaceState(null, '', url);
      const again = focus ? part.querySelector(`[name="${focus}"]`) : null;
      if (again instanceof HTMLElement) again.focus();
    } catch {
      location.assign(url);
    }
  };
  form.addEventListener('change', (event) => {
    change(event.target instanceof HTMLSelectElement ? event.target.name : undefined);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    change(undefined);
  });
}
