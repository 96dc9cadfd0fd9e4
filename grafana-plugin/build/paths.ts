import path from 'node:path';

/** Folder of the plugin package. */
export const packageFolder = path.dirname(import.meta.dirname);

/** Where the plugin Grafana loads is built to. */
export const pluginOutput = path.join(packageFolder, 'dist');

/** Where the console host is built to. */
export const hostOutput = path.join(packageFolder, 'dist-host');

/** Where the test-only host on the newest Grafana packages and React 19 is built to. */
export const react19Output = path.join(packageFolder, 'dist-host-react19');

/** Its separately installed packages. */
export const react19Folder = path.join(packageFolder, 'host', 'react19');

/** Installed packages of the repository. */
export const sharedModules = path.join(path.dirname(packageFolder), 'node_modules');
