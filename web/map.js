// @ts-check
// A map that can be walked: one tab stop, arrow keys to the neighbour in that direction, Enter
// opens; buttons, + and − zoom; dragging moves a zoomed map. Names and figures are said below it.
import { words } from './words.js';

const STEP = 1.5;
const DEEPEST = 12;

/** @typedef {{link: SVGAElement, shape: SVGElement, x: number, y: number, title: string}} Place */

/**
 * The place to go to from `from` in direction (dx, dy): nearest by distance along the direction,
 * with what lies aside counted double.
 * @param {Place} from @param {Place[]} places @param {number} dx @param {number} dy
 */
function neighbour(from, places, dx, dy) {
  /** @type {Place | null} */
  let best = null;
  let least = Infinity;
  for (const place of places) {
    const along = (place.x - from.x) * dx + (place.y - from.y) * dy;
    const aside = Math.abs((place.x - from.x) * dy - (place.y - from.y) * dx);
    const cost = along + 2 * aside;
    if (place !== from && along > aside * 0.5 && along > 0 && cost < least) {
      best = place;
      least = cost;
    }
  }
  return best;
}

/** @param {SVGSVGElement} view */
function zooming(view) {
  const box = view.viewBox.baseVal;
  const original = view.getAttribute('viewBox') ?? '';
  const home = { x: box.x, y: box.y, width: box.width, height: box.height };
  const set = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ scale) => {
    const width = home.width / scale;
    const height = home.height / scale;
    const left = Math.min(Math.max(x, home.x), home.x + home.width - width);
    const top = Math.min(Math.max(y, home.y), home.y + home.height - height);
    view.setAttribute('viewBox', `${left} ${top} ${width} ${height}`);
    view.toggleAttribute('data-zoomed', scale > 1);
  };
  const scale = () => home.width / view.viewBox.baseVal.width;
  return {
    whole: () => {
      view.setAttribute('viewBox', original);
      view.toggleAttribute('data-zoomed', false);
    },
    scale,
    /** Zooms by a factor around a point of the drawing; the middle when none is given. */
    by: (/** @type {number} */ factor, /** @type {number} */ px = NaN, /** @type {number} */ py = NaN) => {
      const now = view.viewBox.baseVal;
      const next = Math.min(Math.max(scale() * factor, 1), DEEPEST);
      const fx = Number.isNaN(px) ? 0.5 : (px - now.x) / now.width;
      const fy = Number.isNaN(py) ? 0.5 : (py - now.y) / now.height;
      const x = now.x + fx * now.width;
      const y = now.y + fy * now.height;
      set(x - (fx * home.width) / next, y - (fy * home.height) / next, next);
    },
    move: (/** @type {number} */ dx, /** @type {number} */ dy) => {
      const now = view.viewBox.baseVal;
      set(now.x - dx, now.y - dy, scale());
    },
    /** Keeps a point in sight after a step by keyboard. */
    reveal: (/** @type {number} */ x, /** @type {number} */ y) => {
      const now = view.viewBox.baseVal;
      if (x < now.x || y < now.y || x > now.x + now.width || y > now.y + now.height) {
        set(x - now.width / 2, y - now.height / 2, scale());
      }
    },
  };
}

/** @param {SVGSVGElement} view @param {PointerEvent | WheelEvent} event */
function pointOf(view, event) {
  const matrix = view.getScreenCTM();
  return matrix ? new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse()) : null;
}

/** @param {SVGSVGElement} view @param {ReturnType<typeof zooming>} zoom */
function dragging(view, zoom) {
  /** @type {DOMPoint | null} */
  let from = null;
  let moved = false;
  view.addEventListener('pointerdown', (event) => {
    if (zoom.scale() > 1 && event.isPrimary) {
      from = pointOf(view, event);
      moved = false;
    }
  });
  view.addEventListener('pointermove', (event) => {
    const to = from && pointOf(view, event);
    if (!from || !to) return;
    if (!moved && Math.hypot(to.x - from.x, to.y - from.y) * zoom.scale() > 4) {
      moved = true;
      view.setPointerCapture(event.pointerId);
      view.toggleAttribute('data-dragging', true);
    }
    if (moved) zoom.move(to.x - from.x, to.y - from.y);
  });
  const end = () => {
    from = null;
    view.toggleAttribute('data-dragging', false);
  };
  view.addEventListener('pointerup', end);
  view.addEventListener('pointercancel', end);
  view.addEventListener(
    'click',
    (event) => {
      if (moved) event.preventDefault();
      moved = false;
    },
    true,
  );
  view.addEventListener('dragstart', (event) => event.preventDefault());
  view.addEventListener(
    'wheel',
    (event) => {
      /* Only with Ctrl (and pinching, which says Ctrl): a page must keep scrolling. */
      if (!event.ctrlKey) return;
      event.preventDefault();
      const point = pointOf(view, event);
      if (point) zoom.by(event.deltaY < 0 ? 1.2 : 1 / 1.2, point.x, point.y);
    },
    { passive: false },
  );
}

/** @param {Element} drawing @param {ReturnType<typeof zooming>} zoom */
function tools(drawing, zoom) {
  const box = document.createElement('div');
  box.className = 'wijk-map__tools';
  /** @type {[string, string, () => void][]} */
  const buttons = [
    ['+', words.zoomIn, () => zoom.by(STEP)],
    ['−', words.zoomOut, () => zoom.by(1 / STEP)],
    ['⤢', words.whole, () => zoom.whole()],
  ];
  for (const [text, label, act] of buttons) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'wijk-map__tool';
    button.textContent = text;
    button.setAttribute('aria-label', label);
    button.addEventListener('click', act);
    box.append(button);
  }
  drawing.append(box);
}

/** @param {SVGSVGElement} view @returns {Place[]} */
function placesOf(view) {
  /** @type {Place[]} */
  const places = [];
  for (const link of view.querySelectorAll('a')) {
    const shape = link.querySelector('[data-x]');
    if (!(link instanceof SVGAElement) || !(shape instanceof SVGElement)) continue;
    const title = shape.querySelector('title') ?? link.querySelector('title');
    const text = title?.textContent ?? '';
    link.setAttribute('aria-label', text);
    link.setAttribute('tabindex', '-1');
    shape.removeAttribute('tabindex');
    const { x, y } = shape.dataset;
    places.push({ link, shape, x: Number(x), y: Number(y), title: text });
  }
  return places;
}

/** The middle of a place in the coordinates of the view. @param {Place} place */
function middle(place) {
  const box = place.link.getBBox();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** @param {Element} figure */
export function enliven(figure) {
  const view = figure.querySelector('svg.map-view');
  const drawing = figure.querySelector('.wijk-figure__drawing');
  if (!(view instanceof SVGSVGElement) || !drawing) return;
  const zoom = zooming(view);
  tools(drawing, zoom);
  dragging(view, zoom);
  const places = placesOf(view);
  /* The area that the page is about is outlined by a path of its own, of the same form. */
  const outline = view.querySelector('path.self')?.getAttribute('d');
  const first = places.find((place) => place.shape.getAttribute('d') === outline) ?? places[0];
  if (!first) return;
  first.link.setAttribute('tabindex', '0');

  const readout = document.createElement('p');
  readout.className = 'wijk-map__readout';
  readout.textContent = first.title;
  drawing.after(readout);
  const hint = document.createElement('p');
  hint.className = 'wijk-from';
  hint.textContent = words.mapHint;
  readout.after(hint);

  /** @param {Place} place */
  const enter = (place) => {
    for (const other of places) other.link.setAttribute('tabindex', '-1');
    place.link.setAttribute('tabindex', '0');
    place.link.focus();
    const { x, y } = middle(place);
    zoom.reveal(x, y);
  };
  for (const place of places) {
    const tell = () => {
      readout.textContent = place.title;
    };
    place.link.addEventListener('pointerenter', tell);
    place.link.addEventListener('focus', tell);
    place.link.addEventListener('keydown', (event) => {
      /** @type {Record<string, [number, number]>} */
      const ways = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
      const way = ways[event.key];
      if (way) {
        event.preventDefault();
        const next = neighbour(place, places, way[0], way[1]);
        if (next) enter(next);
      } else if (event.key === '+' || event.key === '=') {
        zoom.by(STEP, middle(place).x, middle(place).y);
      } else if (event.key === '-') {
        zoom.by(1 / STEP, middle(place).x, middle(place).y);
      }
    });
  }
}
