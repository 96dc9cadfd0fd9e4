import interCyrillic from '@fontsource-variable/inter/files/inter-cyrillic-wght-normal.woff2';
import interLatinExt from '@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2';
import interLatin from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2';
import monoCyrillic from '@fontsource-variable/roboto-mono/files/roboto-mono-cyrillic-wght-normal.woff2';
import monoLatinExt from '@fontsource-variable/roboto-mono/files/roboto-mono-latin-ext-wght-normal.woff2';
import monoLatin from '@fontsource-variable/roboto-mono/files/roboto-mono-latin-wght-normal.woff2';

const RANGES = {
  latin:
    'U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD',
  latinExt:
    'U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+0304,U+0308,U+0329,U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF',
  cyrillic: 'U+0301,U+0400-045F,U+0490-0491,U+04B0-04B1,U+2116',
};

/**
 * Grafana's two typefaces, in place of the module of `@grafana/ui` that names files only a Grafana serves. The build
 * puts it there; name and shape are that module's.
 */
export function getFontStyles(): object[] {
  return [
    face('Inter', interLatin, RANGES.latin),
    face('Inter', interLatinExt, RANGES.latinExt),
    face('Inter', interCyrillic, RANGES.cyrillic),
    face('Roboto Mono', monoLatin, RANGES.latin),
    face('Roboto Mono', monoLatinExt, RANGES.latinExt),
    face('Roboto Mono', monoCyrillic, RANGES.cyrillic),
  ];
}

function face(fontFamily: string, url: string, unicodeRange: string): object {
  return {
    '@font-face': {
      fontFamily,
      fontStyle: 'normal',
      fontWeight: '100 900',
      fontDisplay: 'swap',
      src: `url('${url}') format('woff2')`,
      unicodeRange,
    },
  };
}
