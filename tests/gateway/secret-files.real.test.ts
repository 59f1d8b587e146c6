import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isFaulty } from '../../gateway/config.ts';
import { loadConfigWithFiles } from '../../gateway/secret-files.ts';
import type { Setting } from '../../gateway/setting.ts';
import { SETTINGS } from '../../gateway/settings.ts';
import { scratchDir } from '../harness/scratch.ts';

const SECRETS = Object.values<Setting>(SETTINGS).filter(({ secret }) => secret === true);

async function secretFile(text: string): Promise<string> {
  const path = join(await scratchDir(), 'secret');
  await writeFile(path, text);
  return path;
}

test('a secret may stand in a file, with or without a line break at its end', async () => {
  for (const end of ['', '\n', '\r\n']) {
    const path = await secretFile(`postgres://zhuji:s3cret@db/zhuji${end}`);
    const config = await loadConfigWithFiles({ DATABASE_URL_FILE: path, ZHUJI_DATA: '/d' });
    expect(config).toMatchObject({ databaseUrl: 'postgres://zhuji:s3cret@db/zhuji', dataDir: '/d' });
  }
});

test('every secret has its file, and nothing else has one', async () => {
  expect(SECRETS.length).toBeGreaterThan(4);
  for (const { key } of SECRETS) {
    const faults = await loadConfigWithFiles({ [`${key}_FILE`]: '/nowhere/secret' });
    if (!isFaulty(faults)) throw new Error(`${key}_FILE is not read`);
    expect(faults).toEqual([expect.objectContaining({ code: 'unreadable', key: `${key}_FILE` })]);
  }
  const faults = await loadConfigWithFiles({ ZHUJI_HTTP_PORT_FILE: await secretFile('8080') });
  expect(faults).toMatchObject([{ code: 'unknown', key: 'ZHUJI_HTTP_PORT_FILE' }]);
});

test('what is wrong with secrets and settings is told together, without a secret in it', async () => {
  const faults = await loadConfigWithFiles({
    DATABASE_URL_FILE: await secretFile('mysql://zhuji:s3cret@db/zhuji'),
    REDIS_URL_FILE: await secretFile('\n'),
    ZHUJI_ADMIN_PASSWORD: 's3cret-of-the-admin',
    ZHUJI_ADMIN_PASSWORD_FILE: await secretFile('another-s3cret'),
    ZHUJI_HTTP_PORT: 'eighty',
  });
  if (!isFaulty(faults)) throw new Error('no faults');
  expect(faults.map(({ code, key }) => `${code} ${key}`)).toEqual([
    'unreadable REDIS_URL_FILE',
    'unreadable ZHUJI_ADMIN_PASSWORD_FILE',
    'bad-value ZHUJI_HTTP_PORT',
    'bad-value DATABASE_URL',
  ]);
  expect(JSON.stringify(faults)).not.toContain('s3cret');
});
