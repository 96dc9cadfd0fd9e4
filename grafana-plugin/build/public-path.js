// Grafana serves plugins from /public/plugins, from a sub-path or from a CDN: only the loader knows where module.js
// came from, and it tells through the AMD module object.
import amdModule from 'amd-module';

const nested = ['panels/', 'datasource/'].find((folder) => amdModule.uri.includes(`/${folder}`));
const folder = amdModule.uri.slice(0, amdModule.uri.lastIndexOf('/') + 1);
// eslint-disable-next-line no-undef -- the bundler replaces this name
__webpack_public_path__ = nested ? folder.slice(0, folder.lastIndexOf(`/${nested}`) + 1) : folder;
