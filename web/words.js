// @ts-check
// The few words that only script says. Everything else comes from the server.

const english = document.documentElement.lang === 'en';

/** @param {string} nl @param {string} en */
const say = (nl, en) => (english ? en : nl);

export const words = {
  lang: english ? 'en' : 'nl',
  zoomIn: say('Inzoomen', 'Zoom in'),
  zoomOut: say('Uitzoomen', 'Zoom out'),
  whole: say('Hele kaart', 'Whole map'),
  mapHint: say(
    'Pijltoetsen gaan naar de buur in die richting, Enter opent, + en − zoomen.',
    'Arrow keys go to the neighbour in that direction, Enter opens, + and − zoom.',
  ),
  /** @param {number} count */
  found: (count) =>
    say(
      count === 1 ? '1 gebied gevonden' : `${count} gebieden gevonden`,
      count === 1 ? '1 area found' : `${count} areas found`,
    ),
  people: say('inwoners', 'people'),
  sort: say('Sorteer op', 'Sort by'),
  number: new Intl.NumberFormat(english ? 'en' : 'nl'),
};
