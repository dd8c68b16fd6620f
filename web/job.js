// @ts-check
// Live progress of loading: asks every second, shows the result page when it is done.

const PAUSE = 1000;

/** @param {HTMLElement} box */
export function follow(box) {
  const bar = box.querySelector('progress');
  const what = box.querySelector('[data-job-what]');
  const look = async () => {
    try {
      const answer = await fetch(box.dataset.job ?? '');
      const state = await answer.json();
      if (state.phase !== 'running') {
        location.reload();
        return;
      }
      if (bar) bar.value = Math.round(state.done * 100);
      if (what && what.textContent !== state.what) what.textContent = state.what;
    } catch {
      /* The server may be busy or gone; asking again costs nothing. */
    }
    setTimeout(look, PAUSE);
  };
  setTimeout(look, PAUSE);
}
