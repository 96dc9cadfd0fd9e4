declare module 'systemjs/dist/system.js';
declare module 'systemjs/dist/extras/amd.js';
declare module 'plugin-page-slot' {
  import type { ComponentType, ReactNode } from 'react';

  export function setPluginPage(page: ComponentType<{ children: ReactNode }>): void;
}
declare module '*.woff2' {
  const url: string;
  // An asset module is its address.
  export default url;
}
