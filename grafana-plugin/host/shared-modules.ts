/// <reference types="systemjs" />
import 'systemjs/dist/system.js';
import 'systemjs/dist/extras/amd.js';
import * as emotionCss from '@emotion/css';
import * as grafanaData from '@grafana/data';
import * as grafanaRuntime from '@grafana/runtime';
import * as grafanaUi from '@grafana/ui';
import * as i18next from 'i18next';
import * as lodash from 'lodash';
import * as moment from 'moment';
import * as React from 'react';
import * as ReactDom from 'react-dom';
import * as jsxRuntime from 'react/jsx-runtime';
import * as rxjs from 'rxjs';
import * as rxjsOperators from 'rxjs/operators';

const SHARED: Record<string, object> = {
  '@emotion/css': emotionCss,
  '@grafana/data': grafanaData,
  '@grafana/runtime': grafanaRuntime,
  '@grafana/ui': grafanaUi,
  i18next,
  lodash,
  moment,
  react: React,
  'react-dom': ReactDom,
  'react/jsx-runtime': jsxRuntime,
  rxjs,
  'rxjs/operators': rxjsOperators,
};

/** The module loader as Grafana sets it up: plugins find the shared packages by their bare names. */
export function shareModules(): void {
  for (const [name, module] of Object.entries(SHARED)) System.set(`package:${name}`, { ...module });
  const loader = System.constructor.prototype as { resolve: (id: string, parent?: string) => string };
  const resolve = loader.resolve;
  loader.resolve = function resolveShared(this: unknown, id, parent) {
    return Object.hasOwn(SHARED, id) ? `package:${id}` : resolve.call(this, id, parent);
  };
}

/** Loads one entry of the built plugin, `module.js` or a nested one. */
export async function importPluginModule<T>(entry: string): Promise<T> {
  const module: unknown = await System.import(`/public/plugins/signalbox-agents-app/${entry}`);
  return module as T;
}
