import { FRAMEWORKS, recipeFor } from './connect-recipes.ts';

describe('the lines to connect an agent with', () => {
  test.each(FRAMEWORKS)('%s sends to the address of this collector', (framework) => {
    const { shell, file } = recipeFor(framework, 'http://host:4318', false);
    const lines = shell.split('\n');

    expect(lines[0]).toMatch(/^(npm i|pip install) /);
    expect(lines).toContain('export OTEL_EXPORTER_OTLP_ENDPOINT=http://host:4318');
    expect(shell).not.toContain('HEADERS');
    if (file) expect(lines.at(-1)).toContain(`./${file.name}`);
  });

  test('name the key where the collector asks for one', () => {
    expect(recipeFor('gen-ai', 'http://host:4318', true).shell).toContain(
      "'authorization=Bearer <SIGNALBOX_INGEST_KEY>'",
    );
  });
});
