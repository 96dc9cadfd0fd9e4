import { EVENT_STATUSES, EVENT_TYPES } from '@signalbox/event-model';
import { collectTexts } from '../build/english-texts.ts';
import consoleTexts from '../host/locales/ru-RU.json';
import path from 'node:path';
import russian from './locales/ru-RU/signalbox.json';

function flatten(texts: object, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(texts)) {
    if (typeof value === 'string') flat.set(prefix + key, value);
    else for (const [name, text] of flatten(value as object, `${prefix}${key}.`)) flat.set(name, text);
  }
  return flat;
}

const FORMS = ['one', 'few', 'many', 'other'];
const folders: [string, string, object][] = [
  ['plugin', __dirname, russian],
  ['console', path.join(__dirname, '..', 'host'), consoleTexts],
];

describe.each(folders)('Russian texts of the %s', (_name, folder, texts) => {
  const english = collectTexts(folder);
  const translated = flatten(texts);
  const wanted = [...english.keys()].flatMap((key) => {
    const plural = /^(.*)_(one|other)$/.exec(key)?.[1];
    return plural ? FORMS.map((form) => `${plural}_${form}`) : [key];
  });

  test('are complete, with all four plural forms, and hold nothing unused', () => {
    expect([...translated.keys()].sort()).toEqual([...new Set(wanted)].sort());
  });

  test('are Russian, and keep every placeholder', () => {
    for (const [key, text] of translated) {
      const original = english.get(key) ?? english.get(key.replace(/_(few|many)$/, '_other')) ?? '';
      const placeholders = (value: string) => (value.match(/\{\{\w+\}\}/g) ?? []).sort();
      expect([key, placeholders(text)]).toEqual([key, placeholders(original)]);
      const words = original.replace(/\{\{\w+\}\}/g, '').replace(/[^A-Za-z]/g, '');
      if (words !== '') expect(text).toMatch(/[А-Яа-яЁё]/);
    }
  });
});

describe('labels', () => {
  const english = collectTexts(__dirname);

  test('every known type and status has a name', () => {
    for (const type of EVENT_TYPES) expect(english.has(`type.${type.replaceAll('_', '-')}`)).toBe(true);
    for (const status of EVENT_STATUSES) expect(english.has(`status.${status.replaceAll('_', '-')}`)).toBe(true);
  });
});
