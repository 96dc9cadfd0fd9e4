import { initPluginTranslations } from '@grafana/i18n';

/**
 * Loads the texts of one plugin. Grafana loads translation files by itself only from 12.4 on (before, behind a
 * feature toggle), so ours come with the bundle; English is the default text in the code.
 */
export async function loadTranslations(pluginId: string): Promise<void> {
  await initPluginTranslations(pluginId, [loadLanguage]);
}

async function loadLanguage(language: string): Promise<Record<string, unknown>> {
  if (!language.startsWith('ru')) return {};
  const texts = await import('../locales/ru-RU/signalbox.json');
  return texts.default;
}
