import { initPluginTranslations } from '@grafana/i18n';
import i18next from 'i18next';
import type { ConsoleLanguage } from './preferences.ts';
import russian from './locales/ru-RU.json';

/** Sets the language before the plugin asks for it, and loads the console's own texts. */
export async function startTranslations(language: ConsoleLanguage): Promise<void> {
  await i18next.init({
    lng: language,
    // i18next takes a language for resolved only when it has texts of it from the start.
    resources: { 'ru-RU': { 'signalbox-console': russian } },
    returnEmptyString: false,
    fallbackLng: 'en-US',
    showSupportNotice: false,
  });
  await initPluginTranslations('signalbox-console');
}
