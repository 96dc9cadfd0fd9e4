import { LangChainInstrumentation } from '@arizeai/openinference-instrumentation-langchain';
import * as CallbackManagerModule from '@langchain/core/callbacks/manager';
import { startSignalbox, type Signalbox } from '../../kit/src/start-signalbox.ts';

/** Starts OpenTelemetry and instruments LangChain. `OTEL_EXPORTER_OTLP_ENDPOINT` says where it goes. */
export function startTelemetry(): Signalbox {
  const signalbox = startSignalbox({ serviceName: process.env['OTEL_SERVICE_NAME'] ?? 'reference-agent' });
  new LangChainInstrumentation().manuallyInstrument(CallbackManagerModule);
  return signalbox;
}
