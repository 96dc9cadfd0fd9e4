/** Frameworks a reader can pick the lines for. */
export const FRAMEWORKS = ['langchain-js', 'langchain-python', 'openai-agents', 'ai-sdk', 'gen-ai'] as const;

/** Name of such a framework. */
export type Framework = (typeof FRAMEWORKS)[number];

/** What to run, and for some what to put in a file of the agent. */
export interface Recipe {
  shell: string;
  file: { name: string; code: string } | null;
}

interface Lines {
  install: string;
  run: string;
  file?: Recipe['file'];
  /** Settings beside those every sender needs. */
  more?: string[];
}

const PYTHON = 'opentelemetry-distro opentelemetry-exporter-otlp';
const NODE_START = "import { NodeSDK } from '@opentelemetry/sdk-node';";

const LINES: Record<Framework, Lines> = {
  'langchain-js': {
    install: 'npm i @arizeai/openinference-instrumentation-langchain @opentelemetry/sdk-node',
    run: 'node --import ./instrument.mjs agent.js',
    file: {
      name: 'instrument.mjs',
      code: [
        "import { LangChainInstrumentation } from '@arizeai/openinference-instrumentation-langchain';",
        "import * as callbacks from '@langchain/core/callbacks/manager';",
        NODE_START,
        '',
        'new NodeSDK().start();',
        'new LangChainInstrumentation().manuallyInstrument(callbacks);',
      ].join('\n'),
    },
  },
  'langchain-python': {
    install: `pip install openinference-instrumentation-langchain ${PYTHON}`,
    run: 'opentelemetry-instrument python agent.py',
  },
  'openai-agents': {
    install: `pip install openinference-instrumentation-openai-agents ${PYTHON}`,
    run: 'opentelemetry-instrument python agent.py',
  },
  'ai-sdk': {
    install: 'npm i @opentelemetry/sdk-node',
    run: 'node --import ./instrument.mjs agent.js',
    file: {
      name: 'instrument.mjs',
      code: [
        NODE_START,
        '',
        'new NodeSDK().start();',
        '',
        '// agent.js, in each call of generateText, streamText, …:',
        "// experimental_telemetry: { isEnabled: true, functionId: 'planner' }",
      ].join('\n'),
    },
  },
  'gen-ai': {
    install: `pip install opentelemetry-instrumentation-openai-v2 ${PYTHON}`,
    run: 'opentelemetry-instrument python agent.py',
    more: ['OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true'],
  },
};

/** The lines that make an agent of a framework send to an address. */
export function recipeFor(framework: Framework, http: string, keyed: boolean): Recipe {
  const { install, run, file = null, more = [] } = LINES[framework];
  const settings = [
    `OTEL_EXPORTER_OTLP_ENDPOINT=${http}`,
    'OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf',
    'OTEL_BSP_SCHEDULE_DELAY=200',
    ...(keyed ? ["OTEL_EXPORTER_OTLP_HEADERS='authorization=Bearer <SIGNALBOX_INGEST_KEY>'"] : []),
    ...more,
  ];
  return { shell: [install, ...settings.map((line) => `export ${line}`), run].join('\n'), file };
}
