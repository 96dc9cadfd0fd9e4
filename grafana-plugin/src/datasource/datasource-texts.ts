import { loadTranslations } from '../shared/i18n.ts';

/** Resolves when the data source's texts are there; whatever shows some waits for it. */
export const datasourceTexts = loadTranslations('signalbox-events-datasource');
