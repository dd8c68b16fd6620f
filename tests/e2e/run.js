// Browser tests of the pages: Chromium drives the real server on the invented town. A plain runner:
// each check is a function in a list; the closing line counts them. `node run.js [PART-OF-A-NAME]`.
//
// WIJK_BIN: the program. WIJK_TMP: a folder to work in. CHROMIUM: the browser's path.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const wijk = process.env.WIJK_BIN ?? '../../build/release/wijk';
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const only = process.argv[2] ?? '';
/* Nothing here is measured in time: a slow or busy machine is no failure, and CTest ends what hangs. */
const PATIENCE = 600000;
const results = fileURLToPath(new URL('./results/', import.meta.url));

const PAGES = [
  '/', '/zoek?q=merel', '/zoek?q=qqqq', '/gebied/GM9901', '/gebied/WK990100', '/gebied/BU99010001',
  '/gebied/GM9901/mix', '/gebied/GM9901/mix?groep=origin', '/gebied/BU99010001/mix', '/gebied/BU99010101/vooruitblik', '/gebied/BU99010001/tabel',
  '/gebied/BU99010001/klopt-niet', '/kaart?gebied=GM9901&niveau=buurt',
  '/vergelijk', '/vergelijk?a=BU99010001&b=BU99010002', '/indicatoren', '/indicator/woz_value',
  '/bronnen', '/prijzen', '/aannames', '/uitleg', '/api', '/plannen', '/plan/plan-1', '/plan/plan-2', '/plan/plan-1/rekening', '/gebied/GM9901/vooruitzicht', '/gebied/BU99010001/vooruitzicht/beleid?scenario=both', '/plan/plan-1/geld',
  '/prijzen/letter?woningen=1000&extra=85000', '/prijzen/functie?loon=56500&wie.1=corp&deel.1=1&wie.2=gem_wmo&deel.2=1',
  '/plan/plan-1/geld/regel?regel=ontruiming', '/eigen', '/laden', '/bestaat-niet',
];

const english = (path) => (path === '/' ? '/en' : `/en${path}`);
const EVERY = PAGES.flatMap((one) => [one, english(one)]);

/** Starts the server on a free port; resolves with its address and a way to stop it. */
function serve(folder) {
  return new Promise((resolve, reject) => {
    const child = spawn(wijk, ['serve', '--town', '--port', '0', '--no-browser'], {
      env: { ...process.env, XDG_DATA_HOME: folder },
    });
    let said = '';
    child.stderr.on('data', (text) => (said += text));
    child.stdout.on('data', (text) => {
      said += text;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (found) {
        resolve({
          base: found[0],
          stop: () => new Promise((done) => (child.once('exit', done), child.kill('SIGTERM'))),
        });
      }
    });
    child.once('exit', (code) => reject(new Error(`wijk serve ended (${code}): ${said}`)));
  });
}

let base = '';
let browser;
const problems = [];

/** A page that notes every request to another host and every complaint of the browser. */
async function open(path, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'nl-NL',
    ...options,
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  page.on('request', (request) => {
    if (!request.url().startsWith(base)) problems.push(`asked another host: ${request.url()}`);
  });
  page.on('console', (message) => {
    const expected = message.text().includes('status of 404'); // asked for on purpose
    if (['error', 'warning'].includes(message.type()) && !expected) {
      problems.push(`${path}: ${message.text()}`);
    }
  });
  page.on('pageerror', (error) => problems.push(`${path}: ${error.message}`));
  if (path) await page.goto(base + path);
  return page;
}

async function violations(page) {
  /* evaluate() runs outside the page's CSP, as a test tool may. */
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    window.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  );
  return found.violations.map(
    (one) => `${one.id} (${one.impact}): ${one.nodes.slice(0, 3).map((n) => n.html).join(' | ')}`,
  );
}

/** Presses a button of a form that leads to a page, which may have the same address. */
const sends = (page, button) =>
  Promise.all([page.waitForNavigation(), page.getByRole('button', button).click()]);

const noSideways = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);

const tests = {
  async 'search: type, choose with the keyboard, arrive'() {
    const page = await open('/');
    await page.getByRole('combobox').fill('sint hubrecht');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('ArrowDown');
    const chosen = page.locator('[role=option][aria-selected=true]');
    assert.equal(await chosen.count(), 1);
    const name = await chosen.locator('.wijk-suggest__name').textContent();
    assert.equal(
      await page.getByRole('combobox').getAttribute('aria-activedescendant'),
      await chosen.getAttribute('id'),
    );
    await page.keyboard.press('Enter');
    await page.waitForURL('**/gebied/**');
    assert.equal(await page.locator('h1').textContent(), name);
    await page.context().close();
  },

  async 'search: Escape closes, a typing error still finds, the form works'() {
    const page = await open('/');
    await page.getByRole('combobox').fill('merelward');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await page.getByRole('option').count(), 0);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/zoek?q=merelward');
    assert.match(await page.locator('.wijk-results').textContent(), /Merelwaard/);
    await page.context().close();
  },

  async 'page: one sentence, key figures with source and year, map, parts of livability'() {
    const page = await open('/gebied/BU99010001');
    assert.ok((await page.locator('.wijk-title .wijk-lead').textContent()).length > 20);
    const cards = page.locator('.wijk-card');
    assert.ok((await cards.count()) >= 6);
    for (const card of await cards.all()) {
      assert.match(await card.locator('.wijk-from').textContent(), /\d{4}/);
    }
    assert.ok((await page.locator('svg.map-view a').count()) > 3);
    assert.match(await page.locator('.wijk-fictional').textContent(), /Verzonnen/);
    for (const figure of await page.locator('figure').all()) {
      assert.ok((await figure.locator('figcaption').textContent()).length > 20);
    }
    await page.context().close();
  },

  async 'contents: every entry leads to a part that is there'() {
    const page = await open('/gebied/BU99010101');
    const links = await page.locator('.wijk-contents a').evaluateAll((all) => all.map((a) => a.hash));
    for (const to of ['#vooruitblik', '#draagkracht', '#mix']) assert.ok(links.includes(to), to);
    for (const to of links) assert.equal(await page.locator(to).count(), 1, to);
    await page.context().close();
  },

  async 'mix: from the area to its own page, other groups, a part, files'() {
    const page = await open('/gebied/GM9901');
    await page.locator('section[aria-labelledby=mix] a').click();
    await page.waitForURL('**/gebied/GM9901/mix');
    assert.match(await page.locator('.wijk-lead').textContent(), /toeval|lot/);
    assert.equal(await page.locator('figure').count(), 5);
    const measures = page.locator('section[aria-labelledby=maten] tbody tr');
    const [value, , chance, left] = (
      await measures.first().locator('td').allTextContents()
    ).map((text) => Number(text.replace(',', '.')));
    assert.ok(value > chance && Math.abs(value - chance - left) < 0.0011);
    await page.getByLabel('Groepen', { exact: true }).selectOption('age');
    await page.getByRole('button', { name: 'Toon' }).click();
    await page.waitForURL(/groep=age/);
    assert.equal(await page.locator('section[aria-labelledby=groepen] tbody tr').count(), 5);
    const json = await page.request.get(
      base + (await page.getByRole('link', { name: 'Als JSON' }).getAttribute('href')),
    );
    const mix = await json.json();
    assert.equal(mix.grouping, 'age');
    assert.ok(Math.abs(mix.groups.reduce((sum, one) => sum + one.share, 0) - 1) < 1e-9);
    await page.goto(base + '/gebied/BU99010001/mix');
    assert.match(await page.locator('section[aria-labelledby=groepen]').textContent(), /1 km/);
    await page.context().close();
  },

  async 'mix, load, outlook: nothing wider than a phone, no table to push sideways'() {
    const page = await open('', { viewport: { width: 360, height: 740 } });
    for (const path of ['GM9901/mix', 'BU99010001/mix', 'GM9901/mix?groep=origin',
      'BU99010101/draagkracht', 'BU99010101/vooruitblik']) {
      for (const lang of ['', '/en']) {
        await page.goto(`${base}${lang}/gebied/${path}`);
        await page.evaluate(() => document.querySelectorAll('details:not(figure details)')
          .forEach((one) => (one.open = true)));
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360, path);
        const wide = await page.locator('table').evaluateAll((all) => all
          .filter((one) => !one.closest('figure') && one.offsetWidth > one.parentElement.clientWidth)
          .map((one) => one.textContent.slice(0, 60)));
        assert.deepEqual(wide, [], `${lang} ${path}`);
      }
    }
    await page.context().close();
  },

  async 'mix: where nothing is published the page leads on'() {
    const page = await open('/gebied/GM9901/mix?groep=origin');
    assert.match(await page.locator('.wijk-lead').textContent(), /niet gepubliceerd/);
    assert.ok((await page.locator('section[aria-labelledby=gepubliceerd] tbody tr').count()) > 3);
    await page.locator('section[aria-labelledby=bekend] a').first().click();
    await page.waitForURL((url) => url.search !== '?groep=origin');
    assert.match(await page.locator('.wijk-lead').textContent(), /toeval|lot/);
    await page.context().close();
  },

  async 'map: by mouse'() {
    const page = await open('/gebied/BU99010001', { viewport: { width: 1280, height: 1400 } });
    const areas = page.locator('svg.map-view a');
    const other = areas.nth(2);
    const label = await other.getAttribute('aria-label');
    await other.dispatchEvent('pointerenter');
    assert.equal(await page.locator('.wijk-map__readout').textContent(), label);
    const view = page.locator('svg.map-view');
    const before = await view.getAttribute('viewBox');
    await page.getByRole('button', { name: 'Inzoomen' }).click();
    assert.notEqual(await view.getAttribute('viewBox'), before);
    const box = await page.locator('.wijk-figure--map .wijk-figure__drawing').boundingBox();
    const zoomed = await view.getAttribute('viewBox');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 60, box.y + box.height / 2 + 40, { steps: 5 });
    await page.mouse.up();
    assert.notEqual(await view.getAttribute('viewBox'), zoomed);
    assert.match(page.url(), /BU99010001/, 'dragging is no click');
    await page.getByRole('button', { name: 'Hele kaart' }).click();
    assert.equal(await view.getAttribute('viewBox'), before);
    const spot = await page.evaluate(() => {
      const box = document.querySelector('.wijk-figure--map .wijk-figure__drawing').getBoundingClientRect();
      for (let y = box.top + 20; y < box.bottom; y += 15) {
        for (let x = box.left + 20; x < box.right - 60; x += 15) {
          const link = document.elementFromPoint(x, y)?.closest('svg.map-view a');
          const href = link?.getAttribute('href');
          if (href && href !== location.pathname) return { x, y, href };
        }
      }
      return null;
    });
    await page.mouse.click(spot.x, spot.y);
    await page.waitForURL(`**${spot.href}`);
    await page.context().close();
  },

  async 'map: by keyboard alone, one tab stop'() {
    const page = await open('/gebied/BU99010001');
    const stops = await page.locator('svg.map-view a[tabindex="0"]').count();
    assert.equal(stops, 1);
    for (let i = 0; i < 200; i += 1) {
      await page.keyboard.press('Tab');
      if (await page.evaluate(() => !!document.activeElement?.closest('svg.map-view'))) break;
    }
    const here = () =>
      page.evaluate(() => ({
        label: document.activeElement?.getAttribute('aria-label'),
        x: Number(document.activeElement?.querySelector('[data-x]')?.getAttribute('data-x')),
      }));
    const first = await here();
    assert.ok(first.label, 'the tab key reached the map');
    await page.keyboard.press('ArrowRight');
    const right = await here();
    assert.notEqual(right.label, first.label);
    assert.ok(right.x > first.x, 'right is right');
    assert.equal(await page.locator('.wijk-map__readout').textContent(), right.label);
    const href = await page.evaluate(() => document.activeElement.getAttribute('href'));
    await page.keyboard.press('Enter');
    await page.waitForURL(`**${href}`);
    await page.context().close();
  },

  async 'switches: level and year change the map in place, focus stays'() {
    const page = await open('/gebied/GM9901');
    await page.locator('.wijk-switches select[name=niveau]').focus();
    const before = await page.locator('svg.map-view a').count();
    await page.locator('.wijk-switches select[name=niveau]').selectOption('buurt');
    await page.waitForURL(/niveau=buurt/);
    await page.waitForFunction(
      (count) => document.querySelectorAll('svg.map-view a').length > count, before);
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'niveau');
    const years = await page.locator('.wijk-switches select[name=jaar] option').allTextContents();
    assert.ok(years.length > 1, 'there is more than one year');
    await page.locator('.wijk-switches select[name=jaar]').selectOption(years[1]);
    await page.waitForURL(new RegExp(`jaar=${years[1]}`));
    await page.waitForFunction((year) =>
      document.querySelector('.wijk-figure--map .wijk-figure__title')?.textContent?.includes(year),
    years[1]);
    await page.context().close();
  },

  async 'compare: two areas, and the margin is named'() {
    const page = await open('/vergelijk?a=BU99010001');
    await page.locator('#b').fill('BU99010002');
    await page.getByRole('button', { name: 'Vergelijken' }).click();
    await page.waitForURL(/b=BU99010002/);
    assert.ok((await page.locator('table tbody tr').count()) > 10);
    assert.equal(await page.locator('table a[href*="/indicator/origin"]').count(), 0);
    await page.context().close();
  },

  async 'language switch keeps the page'() {
    for (const path of ['/', '/gebied/BU99010001', '/kaart?gebied=GM9901&niveau=buurt']) {
      const page = await open(path);
      await page.getByRole('link', { name: 'English' }).click();
      await page.waitForURL(base + english(path));
      assert.equal(await page.locator('html').getAttribute('lang'), 'en');
      await page.getByRole('link', { name: 'Nederlands' }).click();
      await page.waitForURL(base + path);
      assert.equal(await page.locator('html').getAttribute('lang'), 'nl');
      await page.context().close();
    }
  },

  async 'table: sorts by a click and says how'() {
    const page = await open('/gebied/BU99010001/tabel');
    const head = page.locator('thead th').first();
    await head.getByRole('button').click();
    assert.equal(await head.getAttribute('aria-sort'), 'ascending');
    const names = await page.locator('tbody th').allTextContents();
    assert.deepEqual(names, [...names].sort((a, b) => a.localeCompare(b, 'nl')));
    await head.getByRole('button').click();
    assert.equal(await head.getAttribute('aria-sort'), 'descending');
    await page.context().close();
  },

  async 'own area: made, shown, taken off the list'() {
    const page = await open('/eigen');
    await page.getByLabel('Naam van het gebied').fill('Vier straten');
    await page.getByLabel('Codes van de delen').fill('BU99010001, BU99010002');
    await page.getByRole('button', { name: 'Maak dit gebied' }).click();
    await page.waitForURL(/\/gebied\/EIGEN-/);
    assert.equal(await page.locator('h1').textContent(), 'Vier straten');
    await page.goto(`${base}/eigen`);
    await sends(page, { name: /Haal van de lijst/ });
    assert.equal(await page.getByText('Vier straten').count(), 0);
    await page.context().close();
  },

  async 'loading: a folder with nothing known says so'() {
    const page = await open('/laden');
    await page.getByLabel('Map of bestand op deze computer').fill('/bestaat/niet');
    await page.getByRole('button', { name: 'Begin met laden' }).click();
    await page.locator('main', { hasText: '/bestaat/niet' }).waitFor();
    await page.context().close();
  },

  async 'no script: search, page, switches and compare still work'() {
    const page = await open('/', { javaScriptEnabled: false });
    await page.getByRole('searchbox').fill('merelwaard');
    await page.getByRole('button', { name: 'Zoeken' }).click();
    await page.waitForURL('**/zoek?q=merelwaard');
    await page.locator('.wijk-result__name').first().click();
    await page.waitForURL('**/gebied/**');
    await page.goto(`${base}/gebied/GM9901`);
    await page.locator('select[name=niveau]').selectOption('buurt');
    await page.getByRole('button', { name: 'Toon' }).click();
    await page.waitForURL(/niveau=buurt/);
    assert.ok((await page.locator('svg.map-view a').count()) > 20);
    await page.context().close();
  },

  async 'every page, both languages: nothing sticks out on a phone (360) or zoomed to 200% and 400%'() {
    /* Zooming to 200% leaves 640 of 1,280 CSS pixels, 400% leaves 320 (WCAG 1.4.10). */
    const found = [];
    const page = await open('', {});
    for (const path of EVERY) {
      await page.setViewportSize({ width: 640, height: 740 });
      await page.goto(base + path, { waitUntil: 'domcontentloaded' });
      for (const width of [640, 360, 320]) {
        await page.setViewportSize({ width, height: 740 });
        if (!(await noSideways(page))) found.push(`${path} at ${width}`);
      }
    }
    await page.context().close();
    assert.deepEqual(found, []);
  },

  async 'print: controls gone, at most ten pages'() {
    const page = await open('/gebied/BU99010001');
    const pdf = await page.pdf({ preferCSSPageSize: true, path: join(results, 'buurt.pdf') });
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g)?.length ?? 0;
    assert.ok(pages >= 2 && pages <= 10, `${pages} pages`);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('.wijk-nav').isVisible(), false);
    assert.equal(await page.locator('.wijk-switches').first().isVisible(), false);
    await page.context().close();
  },

  async 'axe: nothing found on any page, both languages, light and dark'() {
    const found = {};
    const page = await open('', {});
    for (const path of EVERY) {
      await page.goto(base + path, { waitUntil: 'load' });
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        for (const one of await violations(page)) (found[one] ??= []).push(`${path} ${colorScheme}`);
      }
    }
    await page.context().close();
    assert.deepEqual(found, {});
  },

  async 'axe: nothing found with the folds open and a list of suggestions'() {
    const page = await open('/gebied/BU99010001');
    await page.evaluate(() => document.querySelectorAll('details').forEach((d) => (d.open = true)));
    await page.locator('#zoek').fill('merel');
    await page.getByRole('option').first().waitFor();
    assert.deepEqual(await violations(page), []);
    await page.context().close();
  },

  async 'nothing asked from another host, no complaint of the browser, no CSP violation'() {
    assert.deepEqual([...new Set(problems)], []);
  },

  async 'look: screenshots of desktop, phone, English, dark'() {
    const looks = [
      ['home', '/', {}],
      ['buurt', '/gebied/BU99010001', {}],
      ['buurt-en-dark', '/en/gebied/BU99010001', { colorScheme: 'dark' }],
      ['buurt-360', '/gebied/BU99010001', { viewport: { width: 360, height: 740 } }],
      ['kaart', '/kaart?gebied=GM9901&niveau=buurt&indicator=woz_value', {}],
      ['vergelijk', '/vergelijk?a=BU99010001&b=BU99010002', {}],
    ];
    for (const [name, path, options] of looks) {
      const page = await open(path, options);
      await page.screenshot({ path: join(results, `${name}.png`), fullPage: true });
      await page.context().close();
    }
  },

  async 'forecast: choose a policy, see it narrow live, change it by hand, print it'() {
    const page = await open('/gebied/BU99010001/vooruitzicht');
    await page.getByRole('radio', { name: /^Alleen steun/ }).check();
    await page.selectOption('#paren', '20');
    await sends(page, { name: 'Reken het door' });
    await page.locator('.wijk-fan').first().waitFor();
    /* The first answer is there before the last pair; nothing is pressed until it is done. */
    await page.locator('[data-foresee]').waitFor({ state: 'detached' });
    assert.ok((await page.locator('.wijk-fan svg').count()) >= 6);
    assert.ok((await page.locator('.wijk-kind--assumed').count()) > 6);
    assert.match(await page.locator('[aria-labelledby=kort]').textContent(), /niets doen/);
    assert.match(await page.locator('[aria-labelledby=betaalt]').textContent(), /verdient het zich terug/);
    assert.equal(await page.locator('[aria-labelledby=niet] li').count(), 5);
    await page.evaluate(() => document.querySelectorAll('details').forEach((d) => (d.open = true)));
    assert.deepEqual(await violations(page), []);
    for (const width of [640, 360, 320]) {
      await page.setViewportSize({ width, height: 740 });
      assert.ok(await noSideways(page), `sticks out at ${width}`);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.selectOption('#uitkomst', 'help_waiting');
    await page.locator('[data-part=dichtbij] .wijk-lead', { hasText: 'op hulp wachten' }).waitFor();
    const [pdf] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /Twee pagina/ }).click(),
    ]);
    assert.match(pdf.suggestedFilename(), /vooruitzicht.*\.pdf$/);
    await page.getByRole('link', { name: 'Pas dit beleid aan' }).click();
    await page.waitForURL('**/vooruitzicht/beleid**');
    const rows = await page.locator('button[name=weg]').count();
    await page.selectOption('#knop', 'mediation');
    await page.fill('#waarde', '+2,5');
    await sends(page, { name: 'Zet erbij' });
    assert.equal(await page.locator('button[name=weg]').count(), rows + 1);
    await page.selectOption('#knop', 'mediation');
    await page.fill('#waarde', '5000');
    await page.fill('#vanaf', '2027-01');
    await sends(page, { name: 'Zet erbij' });
    assert.match(await page.getByRole('alert').textContent(), /mediation 5000/);
    assert.equal(await page.inputValue('#waarde'), '5000');
    assert.equal(await page.locator('button[name=weg]').count(), rows + 1);
    await sends(page, { name: /^Weg.*bemiddeling/ });
    assert.equal(await page.locator('button[name=weg]').count(), rows);
    assert.deepEqual(await violations(page), []);
    await page.context().close();
  },

  async 'forecast: how strongly must it work, asked with a button and kept'() {
    const page = await open('/gebied/BU99010003/vooruitzicht/beleid');
    await page.fill('#jaren', '2');
    await page.selectOption('#knop', 'social_management');
    await page.fill('#waarde', '+5');
    await page.fill('#vanaf', '2027-01');
    await sends(page, { name: 'Zet erbij' });
    await page.selectOption('#paren', '20');
    await sends(page, { name: 'Reken het door' });
    await page.locator('[data-foresee]').waitFor({ state: 'detached' });
    const study = page.locator('#onderzoek-break-even');
    assert.match(await study.textContent(), /Dit vraagt 36 paren van berekeningen: op deze machine/);
    await study.getByRole('button', { name: /^Zoek het uit/ }).click();
    await study.getByRole('table', { name: 'Alles samen' }).waitFor();
    assert.match(await study.textContent(), /niet slechter af|slechter af|niet te zeggen/);
    assert.deepEqual(await violations(page), []);
    for (const width of [640, 360, 320]) {
      await page.setViewportSize({ width, height: 740 });
      assert.ok(await noSideways(page), `sticks out at ${width}`);
    }
    await page.context().close();
  },

  async 'forecast: without script the page looks again by itself, and stops on request'() {
    const page = await open('/gebied/BU99010002/vooruitzicht', { javaScriptEnabled: false });
    await page.getByRole('radio', { name: /^Alleen menging/ }).check();
    await page.selectOption('#paren', '200');
    await sends(page, { name: 'Reken het door' });
    await page.locator('.wijk-fan').first().waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.locator('.wijk-note', { hasText: 'Gestopt na' }).waitFor();
    await sends(page, { name: 'Haal deze doorrekening weg' });
    assert.equal(await page.locator('.wijk-fan').count(), 0);
    await page.context().close();
  },

  async 'plans: begin with three fields, complete, freeze, amend with a reason only, verdict'() {
    const page = await open('/plannen');
    await page.fill('#naam', 'Koffie in de flat');
    await page.fill('#gebied', 'Badingshoven');
    await sends(page, { name: 'Maak het plan' });
    await page.waitForURL('**/plan/plan-4');
    assert.match(await page.locator('#vastleggen + p').textContent(), /Begint in/);
    assert.equal(await page.getByRole('button', { name: 'Leg het plan vast' }).count(), 0);
    await page.fill('#begins', '2018');
    await page.fill('#selected', '2016');
    await page.fill('#matters', '0,05');
    await sends(page, { name: /Bewaar.*Wanneer/ });
    await page.fill('#gebied', 'BU99010304');
    await sends(page, { name: 'Gebied erbij' });
    assert.match(await page.locator('[aria-labelledby=vastleggen] .wijk-lead').textContent(),
      /Met 2 gebieden .* een verschil van 0,\d+ of meer/);
    await sends(page, { name: 'Leg het plan vast' });
    assert.equal(await page.locator('.wijk-title .wijk-state').textContent(), 'vastgelegd');
    assert.equal(await page.locator('#begins').count(), 0);
    assert.match(await page.locator('[aria-labelledby=oordeel] .wijk-lead').textContent(),
      /^Het oordeel komt als het plan gesloten is/);
    assert.equal(await page.locator('[aria-labelledby=oordeel] figure').count(), 1);
    await page.locator('summary', { hasText: 'Wijzig met naam' }).click();
    await page.selectOption('#onderdeel', 'matters');
    await page.fill('#waarde', '0,01');
    await page.fill('#namens', 'gemeente');
    await page.fill('#reden', ' ');
    await sends(page, { name: 'Wijzig met naam' });
    const kept = await open('/plan/plan-4');
    assert.equal(await kept.locator('ins').count(), 0);
    await kept.locator('summary', { hasText: 'Wijzig met naam' }).click();
    await kept.selectOption('#onderdeel', 'ends');
    await kept.fill('#waarde', '2024');
    await kept.fill('#namens', 'gemeente');
    await kept.fill('#reden', 'Het geld was er later.');
    await sends(kept, { name: 'Wijzig met naam' });
    await kept.waitForURL('**/plan/plan-4');
    assert.equal(await kept.locator('ins').textContent(), '2024');
    await sends(kept, { name: 'Het is begonnen' });
    await sends(kept, { name: 'Sluit het plan' });
    assert.match(await kept.locator('[aria-labelledby=oordeel] .wijk-lead').textContent(),
      /^(Beter|Slechter|Geen verschil|We kunnen het niet weten)/);
    assert.equal(await kept.locator('[aria-labelledby=oordeel] figure').count(), 2);
    assert.deepEqual(await violations(kept), []);
    await page.context().close();
    await kept.context().close();
  },

  async 'plans: costs and benefits line by line: add, refuse with reasons, change, remove'() {
    const page = await open('/plannen');
    await page.fill('#naam', 'Huismeester');
    await page.fill('#gebied', 'BU99010001');
    await sends(page, { name: 'Maak het plan' });
    await page.getByRole('link', { name: 'Regel voor regel invullen' }).click();
    await page.getByRole('link', { name: 'Kosten erbij' }).click();
    await page.fill('#what', 'een huismeester');
    await page.selectOption('[name="purse.1"]', 'corp');
    await page.fill('[name="purse.1.share"]', '60');
    await page.selectOption('[name="purse.2"]', 'gem_wmo');
    await page.fill('[name="purse.2.share"]', '40');
    await page.selectOption('#price', 'P-02');
    await page.fill('#quantity', '1.400');
    await page.fill('#reach', '120%');
    await sends(page, { name: 'Bewaar deze regel' });
    assert.match(await page.locator('#quantity-uitleg').textContent(), /twee dingen/);
    assert.match(await page.locator('#reach-uitleg').textContent(), /van 0 tot en met 1/);
    assert.equal(await page.locator('#quantity').getAttribute('aria-invalid'), 'true');
    assert.equal(await page.inputValue('#what'), 'een huismeester');
    assert.equal(await page.inputValue('[name="purse.2.share"]'), '40');
    assert.deepEqual(await violations(page), []);
    await page.fill('#quantity', '1400');
    await page.fill('#reach', '');
    await sends(page, { name: 'Bewaar deze regel' });
    assert.match(await page.locator('.wijk-results').textContent(), /een huismeester.*€\s\d/s);
    await page.getByRole('link', { name: 'Baat erbij' }).click();
    await page.fill('#what', 'minder inbraken');
    await page.selectOption('#price', 'P-16');
    await page.fill('#quantity', '12');
    await page.fill('[name="effect.low"]', '0,1');
    await page.fill('#effect', '0,2');
    await page.fill('[name="effect.high"]', '0,3');
    await sends(page, { name: 'Bewaar deze regel' });
    assert.match(await page.locator('#evidence-uitleg').textContent(), /noemt zijn bewijs/);
    await page.selectOption('#evidence', '2');
    await sends(page, { name: 'Bewaar deze regel' });
    assert.equal(await page.locator('.wijk-result').count(), 2);
    await page.getByRole('link', { name: 'minder inbraken' }).click();
    assert.equal(await page.inputValue('[name="effect.low"]'), '0,1');
    await page.fill('#quantity', '24');
    await sends(page, { name: 'Bewaar deze regel' });
    await page.fill('#price_year', '2031');
    await page.locator('form', { has: page.locator('#price_year') }).getByRole('button').click();
    await page.waitForSelector('[role=alert]');
    await page.goto(page.url());
    assert.equal(await page.inputValue('#price_year'), '2024');
    await page.getByRole('link', { name: 'een huismeester' }).click();
    await sends(page, { name: 'Haal deze regel weg' });
    assert.equal(await page.locator('.wijk-result').count(), 1);
    const amounts = page.locator('.wijk-result__where a');
    await amounts.first().click();
    await page.waitForURL(/#./);
    assert.ok((await page.locator(new URL(page.url()).hash).count()) === 1);
    await page.context().close();
  },

  async 'plans: costs of a frozen plan change with a name and a reason only'() {
    const page = await open('/plan/plan-3/geld/regel?nieuw=cost');
    await page.fill('#what', 'zaalhuur');
    await page.selectOption('[name="purse.1"]', 'res');
    await page.locator('summary', { hasText: 'Eigen bedrag' }).click();
    await page.fill('#amount', '1200,50');
    await page.fill('#source', 'begroting');
    await sends(page, { name: 'Bewaar deze regel' });
    assert.match(await page.locator('[role=alert]').textContent(), /een naam .* en een reden/);
    assert.equal(await page.inputValue('#amount'), '1200,50');
    await page.fill('#namens', 'dorpsbelang');
    await page.fill('#reden', 'De huur kwam er later bij.');
    await sends(page, { name: 'Bewaar deze regel' });
    assert.match(await page.locator('.wijk-results').textContent(), /zaalhuur/);
    await page.goto(`${base}/plan/plan-3`);
    assert.match(await page.locator('[aria-labelledby=wijzigingen]').textContent(), /De huur kwam er later bij/);
    await page.context().close();
  },

  async 'plans: every page is clean in both languages and as wide as a phone'() {
    for (const path of ['/plannen', '/plan/plan-1', '/plan/plan-3', '/plan/plan-1/rekening', '/plan/plan-1/geld',
      '/prijzen/letter?woningen=1000&extra=85000', '/prijzen/functie?loon=56500&wie.1=corp&deel.1=1&wie.2=gem_wmo&deel.2=1',
      '/plan/plan-1/geld/regel?regel=beheer']) {
      for (const one of [path, english(path)]) {
        const page = await open(one, { viewport: { width: 360, height: 740 } });
        assert.ok(await noSideways(page), `${one} scrolls sideways`);
        assert.deepEqual(await violations(page), [], one);
        await page.context().close();
      }
    }
  },
};

if (!existsSync(executablePath)) {
  console.log(`no browser at ${executablePath}: nothing was tested`);
  process.exit(77);
}
mkdirSync(results, { recursive: true });
const folder = mkdtempSync(join(process.env.WIJK_TMP ?? tmpdir(), 'wijk-e2e-'));
const server = await serve(folder);
base = server.base;
browser = await chromium.launch({ executablePath, args: ['--no-sandbox'], timeout: PATIENCE });
let passed = 0;
let failed = 0;
for (const [name, test] of Object.entries(tests)) {
  if (!name.includes(only)) continue;
  const began = Date.now();
  try {
    await test();
    passed += 1;
    console.log(`ok      ${name} (${Date.now() - began} ms)`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n${String(error?.stack ?? error).slice(0, 3000)}`);
  }
}
await browser.close();
await server.stop();
rmSync(folder, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
