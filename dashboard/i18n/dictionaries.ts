import type { Dictionary } from './dictionary.ts';
import { incident as incidentEn } from './en/incident.ts';
import { queue as queueEn } from './en/queue.ts';
import { shell as shellEn } from './en/shell.ts';
import { vitals as vitalsEn } from './en/vitals.ts';
import { words as wordsEn } from './en/words.ts';
import type { Language } from './language.ts';
import { incident as incidentZh } from './zh/incident.ts';
import { queue as queueZh } from './zh/queue.ts';
import { shell as shellZh } from './zh/shell.ts';
import { vitals as vitalsZh } from './zh/vitals.ts';
import { words as wordsZh } from './zh/words.ts';

export const DICTIONARIES = {
  zh: { words: wordsZh, shell: shellZh, queue: queueZh, incident: incidentZh, vitals: vitalsZh },
  en: { words: wordsEn, shell: shellEn, queue: queueEn, incident: incidentEn, vitals: vitalsEn },
} as const satisfies Record<Language, Dictionary>;
