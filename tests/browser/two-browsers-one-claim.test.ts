import { expect, test } from 'vitest';
import { pressOnce } from '../smoke/world/press.ts';
import { addDevice } from '../smoke/world/register.ts';
import { launchChromium } from './world/chromium.ts';
import { openConsole } from './world/console.ts';
import { untilQuiet, untilSounds } from './world/ears.ts';
import { openSite } from './world/site.ts';

test('of two browsers whose operators take a case at the same moment one has it, and both see who', async (context) => {
  const { gateway, admin, addPerson } = await openSite();
  const browser = await launchChromium(context);
  const people = [await addPerson('li-na'), await addPerson('wang-wei')];
  const consoles = [];
  for (const person of people) consoles.push({ person, ...(await openConsole(browser, gateway, person)) });

  for (const name of ['尤奶奶', '许爷爷']) {
    await pressOnce(await addDevice(gateway, { name }), '{"type":"sos"}');
    for (const { page } of consoles) {
      await page.locator('#panel-heading', { hasText: name }).waitFor({ timeout: 30_000 });
      await untilSounds(page);
    }

    await Promise.all(consoles.map(({ page }) => page.keyboard.press('c')));

    const open = (await admin.list()).items;
    expect(open).toHaveLength(1);
    const incidentId = open[0]?.id ?? '';
    for (const { row } of consoles)
      await row(name).and(row(name).locator(':scope:not([data-holder=nobody])')).waitFor();
    const { owner, log } = await admin.detail(incidentId);
    expect(log.filter(({ type }) => type === 'claim')).toHaveLength(1);
    for (const { person, page, row } of consoles) {
      const isMine = person.api.user.id === owner?.id;
      await page
        .locator(`.row[data-holder=${isMine ? 'me' : 'other'}]`, { hasText: name })
        .waitFor({ timeout: 30_000 });
      // The other is told whose it is, in words.
      if (!isMine) expect(await row(name).textContent()).toContain(owner?.name ?? 'nobody');
      expect(await page.locator('#act-claim').count()).toBe(0);
    }
    await Promise.all(consoles.map(({ page }) => untilQuiet(page)));
    const mine = people.find(({ api }) => api.user.id === owner?.id);
    await mine?.api.act(incidentId, 'resolve', { outcome: 'no-need', contact: 'spoke-with-person' });
    for (const { page } of consoles) await page.keyboard.press('Escape');
  }
});
